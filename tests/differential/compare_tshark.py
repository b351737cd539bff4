#!/usr/bin/env python3
"""Lets Wireshark's dissector read what mqttwire has written.

    python3 compare_tshark.py --inspect build/mqttwire-inspect --seed 7 --count 3000

Valid cases of the differential test (cases.py), of all packets and versions and with every property in every place, are
decoded and encoded again by mqttwire-inspect. What it has written goes into a capture file, each packet on a TCP
connection of its own behind the CONNECT that tells its version, and tshark dissects the file. It must see the content
that was encoded, and flag nothing but the broken packet that is added to show that it does flag. Exit status: 0 if all
agrees, 1 if not, 2 for a usage error.
"""

import argparse
import codecs
import collections
import itertools
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import cases
import pcap
import reference

FROM_SERVER = ("CONNACK", "SUBACK", "UNSUBACK", "PINGRESP")
LONGEST = 100000   # bytes of a packet
SHOWN = 400   # characters of a packet
PATIENCE = 300   # seconds for tshark

# Fields of the dissector whose bytes are compared; of all others that are named below, the number.
BYTES = frozenset(("mqtt.topic", "mqtt.clientid", "mqtt.protoname", "mqtt.willtopic", "mqtt.willmsg", "mqtt.username",
                   "mqtt.passwd", "mqtt.msg", "mqtt.prop_string", "mqtt.prop_key", "mqtt.prop_value"))
NUMBERS = frozenset(("mqtt.msgtype", "mqtt.dupflag", "mqtt.qos", "mqtt.retain", "mqtt.msgid", "mqtt.ver", "mqtt.kalive",
                     "mqtt.conflag.cleansess", "mqtt.conflag.willflag", "mqtt.conflag.qos", "mqtt.conflag.retain",
                     "mqtt.conflag.uname", "mqtt.conflag.passwd", "mqtt.conack.flags.sp", "mqtt.conack.val",
                     "mqtt.sub.qos", "mqtt.suback.qos", "mqtt.subscription_options_qos",
                     "mqtt.subscription_options_nl", "mqtt.subscription_options_rap",
                     "mqtt.subscription_options_retain", "mqtt.property_id", "mqtt.prop_number"))


def hexadecimal(text):
    """The UTF-8 bytes of a text."""
    return text.encode("utf-8").hex()


def expected_properties(properties):
    """Identifiers and values of a property block, in the order of the identifiers."""
    for name in sorted(properties, key=reference.PROPERTY_IDENTIFIERS.get):
        identifier, value = reference.PROPERTY_IDENTIFIERS[name], properties[name]
        for one in value if isinstance(value, list) else [value]:
            yield "mqtt.property_id", identifier
            if name == "user_property":
                yield "mqtt.prop_key", hexadecimal(one[0])
                yield "mqtt.prop_value", hexadecimal(one[1])
            elif name.endswith("_hex"):
                yield "mqtt.prop_string", one
            elif isinstance(one, str):
                yield "mqtt.prop_string", hexadecimal(one)
            else:
                yield "mqtt.prop_number", one


def expected_connect(fields):
    """What the dissector shows of a CONNECT."""
    will = fields.get("will")
    yield "mqtt.protoname", hexadecimal(fields["protocol_name"])
    yield "mqtt.ver", fields["protocol_version"]
    yield "mqtt.conflag.uname", int(fields.get("user_name") is not None)
    yield "mqtt.conflag.passwd", int(fields.get("password_hex") is not None)
    yield "mqtt.conflag.retain", int(bool(will and will["retain"]))
    yield "mqtt.conflag.qos", will["qos"] if will else 0
    yield "mqtt.conflag.willflag", int(will is not None)
    yield "mqtt.conflag.cleansess", int(fields["clean_start"])
    yield "mqtt.kalive", fields["keep_alive"]
    yield from expected_properties(fields.get("properties", {}))
    yield "mqtt.clientid", hexadecimal(fields["client_id"])
    if will:
        yield from expected_properties(will.get("properties", {}))
        yield "mqtt.willtopic", hexadecimal(will["topic"])
        yield "mqtt.willmsg", will["payload_hex"]
    if fields.get("user_name") is not None:
        yield "mqtt.username", hexadecimal(fields["user_name"])
    if fields.get("password_hex") is not None:
        yield "mqtt.passwd", fields["password_hex"]


def expected_publish(fields):
    """What the dissector shows of a PUBLISH."""
    yield "mqtt.dupflag", int(fields["dup"])
    yield "mqtt.qos", fields["qos"]
    yield "mqtt.retain", int(fields["retain"])
    if fields["topic"]:
        yield "mqtt.topic", hexadecimal(fields["topic"])
    if fields["qos"]:
        yield "mqtt.msgid", fields["packet_id"]
    yield from expected_properties(fields.get("properties", {}))
    if not fields["topic"]:
        yield "mqtt.topic", ""   # what the alias stands for
    yield "mqtt.msg", fields["payload_hex"]


def expected_filters(fields, five):
    """The filters of SUBSCRIBE and UNSUBSCRIBE with what is asked for."""
    for row in fields["filters"]:
        yield "mqtt.topic", hexadecimal(row["filter"])
        if "qos" not in row:
            continue
        if five:
            yield "mqtt.subscription_options_retain", row["retain_handling"]
            yield "mqtt.subscription_options_rap", int(row["retain_as_published"])
            yield "mqtt.subscription_options_nl", int(row["no_local"])
            yield "mqtt.subscription_options_qos", row["qos"]
        else:
            yield "mqtt.sub.qos", row["qos"]


def expected(answer, data):
    """What the dissector must show of a packet, in the order in which it stands there."""
    packet, fields, five = answer["packet"], answer["fields"], answer["version"] == "5.0"
    yield "mqtt.msgtype", reference.PACKET_TYPES[packet]
    if packet == "CONNECT":
        yield from expected_connect(fields)
        return
    if packet == "PUBLISH":
        yield from expected_publish(fields)
        return
    if answer["version"] == "3.1" and packet in reference.FLAGS_0010:
        yield "mqtt.dupflag", 0   # these bits have names in 3.1
        yield "mqtt.qos", 1
    if packet == "CONNACK":
        if "session_present" in fields:
            yield "mqtt.conack.flags.sp", int(fields["session_present"])
        yield "mqtt.connack.reason_code" if five else "mqtt.conack.val", fields["reason_code"]
    if "packet_id" in fields:
        yield "mqtt.msgid", fields["packet_id"]
    short = 2 if packet in ("DISCONNECT", "AUTH") else 4   # bytes of the form without a reason code
    if five and packet in (*cases.ACKNOWLEDGEMENTS, "DISCONNECT", "AUTH") and len(data) > short:
        yield f"mqtt.{packet.lower()}.reason_code", fields["reason_code"]
    yield from expected_properties(fields.get("properties", {}))
    if "filters" in fields:
        yield from expected_filters(fields, five)
    for code in fields.get("reason_codes", ()):
        yield f"mqtt.{packet.lower()}.reason_code" if five else "mqtt.suback.qos", code


# The dissector has fields of their own for these properties.
OWN_FIELDS = {"mqtt.property.content_type": "mqtt.prop_string", "mqtt.property.max_qos": "mqtt.prop_number",
              "mqtt.property.topic_alias": "mqtt.prop_number"}


def seen(proto):
    """What the dissector shows of one packet, in its order."""
    for field in proto.iter("field"):
        name = field.get("name")
        if name == "mqtt.property.content_type":
            yield OWN_FIELDS[name], field.get("value", "")[4:]   # with its length in front
        elif name in BYTES:
            yield name, field.get("value", "")
        elif name in NUMBERS or name in OWN_FIELDS or name.endswith(".reason_code"):
            yield OWN_FIELDS.get(name, name), int(field.get("show"), 0)


def tshark(capture, *options):
    """Starts tshark on a capture file."""
    command = ["timeout", str(PATIENCE), "tshark", "-n", "-r", capture, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


# tshark copies text into its XML as it finds it.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def elements(stream):
    """The elements of an XML document as they end; characters that XML forbids are replaced."""
    parser = xml.etree.ElementTree.XMLPullParser()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while chunk := stream.read(1 << 16):
        parser.feed(NOT_XML.sub("?", decoder.decode(chunk)))
        for _, element in parser.read_events():
            yield element


def dissected(capture):
    """For each frame in which a packet ends: its number and the packets."""
    with tshark(capture, "-T", "pdml", "-J", "mqtt") as process:
        frame = 0
        for element in elements(process.stdout):
            if element.tag != "packet":
                continue
            frame += 1
            packets = [list(seen(proto)) for proto in element.iter("proto") if proto.get("name") == "mqtt"]
            if packets:
                yield frame, packets
            element.clear()
    if process.returncode != 0:
        raise RuntimeError(f"tshark: exit status {process.returncode}")


def flagged(capture):
    """The numbers of the frames of which the dissector has something to complain, with the complaints."""
    with tshark(capture, "-Y", "_ws.malformed || _ws.expert", "-T", "fields", "-e", "frame.number",
                "-e", "_ws.expert.message") as process:
        lines = process.stdout.read().decode("utf-8", "replace").rstrip("\n").split("\n")
    if process.returncode != 0:
        raise RuntimeError(f"tshark: exit status {process.returncode}")
    return {int(number): complaint for number, _, complaint in (line.partition("\t") for line in lines)}


def generated_cases(seed, count):
    """Valid and other cases with every property in every place, every reason code, every flag; then random ones."""
    return itertools.chain(
        cases.property_identifiers(), cases.property_values(), cases.reason_codes(), cases.connect_flags(),
        cases.connack_flags(), cases.required_properties(), cases.subscriptions(), cases.packet_identifiers(),
        cases.texts(), cases.sizes(), itertools.islice(cases.valid_packets(seed), count))


def written_by_mqttwire(inspect, seed, count):
    """What mqttwire-inspect reads and writes again, each once: its bytes and the answer."""
    lines = "".join(cases.as_line(version, data) + "\n" for version, data in generated_cases(seed, count)
                    if len(data) < LONGEST)
    run = subprocess.run([str(inspect.resolve()), "--cases"], input=lines, capture_output=True, text=True, check=False,
                         timeout=PATIENCE)
    written = {}
    for answer in map(json.loads, filter(None, run.stdout.split("\n"))):
        if answer["expect"] == "ok" and answer["reencoded"] is not None:
            written[answer["version"], answer["reencoded"]] = answer
    return [(bytes.fromhex(data), answer) for (_, data), answer in written.items()]


def has_binary_zero(value):
    """True if some binary data has a zero byte."""
    if isinstance(value, dict):
        return any(has_binary_zero(one) or name.endswith("_hex") and one and 0 in bytes.fromhex(one)
                   for name, one in value.items())
    return False


def is_excused(complaint, answer):
    """The dissector takes the binary data of passwords and properties for text, which ends at a zero byte."""
    return complaint == "Trailing stray characters" and has_binary_zero(answer["fields"])


def needs_topic_alias(answer):
    """True for a PUBLISH that can only be understood after another."""
    return answer["packet"] == "PUBLISH" and not answer["fields"]["topic"]


def write_capture(file, packets):
    """Writes the capture; gives the packet of each frame, and the frame of the broken packet."""
    capture = pcap.Capture(file)
    frames = {}
    for number, (data, answer) in enumerate(packets):
        connection = pcap.Connection(capture, number)
        version, packet = answer["version"], answer["packet"]
        if packet != "CONNECT":
            connection.send(cases.frame(0x10, cases.connect(version)))
        if needs_topic_alias(answer):
            alias = b"\x23" + cases.two(answer["fields"]["properties"]["topic_alias"])
            connection.send(cases.frame(0x30, cases.string(b"a") + cases.block(version, alias)))
        frames[connection.send(data, packet in FROM_SERVER)] = data, answer
    connection = pcap.Connection(capture, len(packets))
    connection.send(cases.frame(0x10, cases.connect("5.0")))
    return frames, connection.send(cases.packet_with_block("SUBSCRIBE", b"\x02\x0b\x01\xff"))


def main():
    """Compares, and says how many disagreements there are."""
    parser = argparse.ArgumentParser(description="Compares what mqttwire writes with what tshark reads.")
    parser.add_argument("--inspect", type=pathlib.Path, required=True, metavar="PATH", help="mqttwire-inspect")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random packets (default: %(default)s)")
    parser.add_argument("--count", type=int, default=3000, help="number of random packets (default: %(default)s)")
    parser.add_argument("--show", type=int, default=10, metavar="N",
                        help="disagreements to print (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, {arguments.count} random packets")

    found = []
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        frames, broken = write_capture(file, written_by_mqttwire(arguments.inspect, arguments.seed, arguments.count))
        file.flush()
        complaints = flagged(file.name)
        if complaints.pop(broken, None) is None:
            found.append(("the broken packet is not flagged", b"", ()))
        for frame, complaint in complaints.items():
            data, answer = frames.get(frame, (b"", None))
            if answer is None or not is_excused(complaint, answer):
                found.append((f"flagged in frame {frame}: {complaint}", data, ()))
        unseen = dict(frames)
        for frame, packets in dissected(file.name):
            if frame in unseen:
                data, answer = unseen.pop(frame)
                if packets != [list(expected(answer, data))]:
                    found.append((f"{answer['version']} {answer['packet']}", data,
                                  (f"encoded {list(expected(answer, data))}", f"tshark  {packets}")))
        found += [("not dissected", data, ()) for data, _ in unseen.values()]
    for what, data, details in found[:arguments.show]:
        print(f"DISAGREEMENT: {what}: {data.hex()[:SHOWN]}")
        for detail in details:
            print(f"  {detail[:2 * SHOWN]}")
    kinds = collections.Counter(f"{answer['version']} {answer['packet']}" for _, answer in frames.values())
    print(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    print(f"{len(frames)} packets, {len(found)} disagreements")
    return 1 if found or not frames else 0


if __name__ == "__main__":
    sys.exit(main())
