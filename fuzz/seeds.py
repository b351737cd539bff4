#!/usr/bin/env python3
"""The inputs that fuzzing begins with.

    seeds.py generate FOLDER         makes FOLDER/TARGET/ of the test vectors and the captures, a file an input
    seeds.py pack TARGET FOLDER      writes seeds/TARGET.hex, a line an input, from a folder of files
    seeds.py unpack TARGET FOLDER    the other way round, with the inputs of regressions/TARGET.hex

fuzz/refresh-seeds goes from the first to the second by way of libFuzzer, which throws out what adds no coverage.
"""

import csv
import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"

VERSIONS = ["3.1", "3.1.1", "5.0", None]
ROLES = [None, "client", "server"]
LENIENCIES = [
    "bridge_bit",
    "long_client_id",
    "pubrel_flags_0000",
    "auth_without_properties",
    "v3_connack",
    "suback_failure_in_3_1",
    "reject_discouraged_characters",
    "check_payload_format",
]
WITHOUT_LENGTH = 0x10
MODES = 4
AS_TEXT = 0x10
HEXADECIMAL = 0x08
LARGEST = 2048


OPENINGS = [
    b"GET /mqtt HTTP/1.1\r\nHost: a\r\nUpgrade: h2c, websocket\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PROXY TCP4 192.0.2.1 192.0.2.2 40000 1883\r\n",
    b"PROXY UNKNOWN " + 91 * b"x" + b"\r\n",
]


def reading(version, role=None, leniency=(), flags=0):
    """The two bytes of support/reading.hpp."""
    first = VERSIONS.index(version) | ROLES.index(role) << 2 | flags
    return bytes([first, sum(1 << LENIENCIES.index(name) for name in leniency)])


def length_of(packet):
    """The Remaining Length and its size; nothing if it is cut off or too long."""
    value = 0
    for size, byte in enumerate(packet[1:5]):
        value |= (byte & 0x7F) << 7 * size
        if byte < 0x80:
            return value, size + 1
    return None


def without_length(packet):
    """A packet in the form of WITHOUT_LENGTH; nothing if its length is wrong or longer than it need be."""
    length = length_of(packet)
    if length is None:
        return None
    value, size = length
    if 1 + size + value != len(packet) or (size > 1 and packet[size] == 0):
        return None
    return packet[:1] + packet[1 + size :]


def packets_in(stream):
    """The whole packets at the front of a stream."""
    while (length := length_of(stream)) and sum(length) + 1 <= len(stream):
        end = sum(length) + 1
        yield stream[:end]
        stream = stream[end:]


def vectors():
    for path in sorted((TESTS / "vectors").glob("*.jsonl")):
        with path.open(encoding="ascii") as lines:
            for line in lines:
                yield json.loads(line)


def captures():
    """Version, role of the receiver, and bytes."""
    with (TESTS / "captures" / "manifest.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            role = "server" if row["sender_role"] == "client" else "client"
            yield row["version"], role, (TESTS / "captures" / row["file"]).read_bytes()


def as_input(packet, version, role=None, leniency=()):
    """An input of the targets that read one packet."""
    short = without_length(packet)
    if short is None:
        return reading(version, role, leniency) + packet
    return reading(version, role, leniency, WITHOUT_LENGTH) + short


def topics_of(fields):
    """Every filter and topic name among the fields of a vector."""
    if not isinstance(fields, dict):
        return
    for key in ("topic", "filter"):
        if isinstance(fields.get(key), str):
            yield fields[key].encode()
    for part in [fields.get("will"), *(fields.get("filters") or [])]:
        yield from topics_of(part)


class Seeds:
    def __init__(self):
        self.inputs = {}

    def add(self, target, data):
        if len(data) <= LARGEST:
            self.inputs.setdefault(target, set()).add(data)

    def add_packet(self, packet, version, role=None, leniency=()):
        for target in ("decode", "round_trip", "raw"):
            self.add(target, as_input(packet, version, role, leniency))
        data = as_input(packet, version, role, leniency)
        for place in (bytes([0, 0, 0]), bytes([1, 0, 0]), bytes([0, 4, 9]), bytes([0, 255, 0])):
            self.add("overlap", data[:2] + place + data[2:])
        self.add("remaining_length", bytes([2]) + packet[1:7])
        if packet[:1] and packet[0] >> 4 == 3:
            self.add("stream", reading(version, role, leniency) + bytes([255, 255, 2, 7, 9]) + packet)
            self.add_publish(as_input(packet, version, role, leniency))

    def add_publish(self, data):
        for receiver in range(len(VERSIONS)):
            # Receiver: version, bits, packet identifier, alias, expiry, identifiers; patch, topic of two bytes, no flag.
            plain = bytes([receiver, 0x01, 0, 7, 0])
            full = bytes([receiver, 0x6A, 1, 2, 0, 3, 0, 0, 0, 9, 1, 0, 0, 1, 0, 0])
            self.add("outgoing", data[:2] + plain + bytes([11, 0, 8, 2]) + b"t/" + bytes(1) + data[2:])
            self.add("outgoing", data[:2] + full + bytes([11, 0, 8, 2]) + b"t/" + bytes(1) + data[2:])

    def add_stream(self, stream, version, role=None, leniency=(), limit=4096):
        # Storage, limit, three piece sizes.
        if len(stream) < 256:
            self.add("framer", (4096).to_bytes(2, "big") + limit.to_bytes(2, "big") + bytes([3, 1, 5, 2]) + stream)
            self.add("stream", reading(version, role, leniency) + limit.to_bytes(2, "big") + bytes([3, 1, 5, 2]) + stream)
        self.add("sniff", stream[:256])
        number = len(self.inputs.get("format", ()))
        show = number % MODES | (HEXADECIMAL if number % 3 == 0 else 0)
        self.add("format", reading(version, role, leniency) + bytes([show, 7]) + stream)

    def add_topics(self, topics):
        for version in range(3):
            for one, other in zip(topics, topics[1:] + topics[:1]):
                if len(one) < 256:
                    self.add("topic", bytes([version, 0, len(one)]) + one + one)
                    self.add("topic", bytes([version, 0, len(one)]) + one + other)

    def write(self, folder):
        for target, inputs in self.inputs.items():
            write_files(folder / target, inputs)


def write_files(folder, inputs):
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def generate(folder):
    seeds = Seeds()
    topics = []
    for vector in vectors():
        topics += topics_of(vector["fields"])
        if vector["hex"] is None:
            continue
        data = bytes.fromhex(vector["hex"])
        how = (vector["version"], vector.get("role"), vector.get("leniency", ()))
        if not vector.get("stream"):
            seeds.add_packet(data, *how)
        seeds.add_stream(data, *how, limit=min(vector.get("limit") or 4096, 4096))
    for version, role, stream in captures():
        for packet in packets_in(stream):
            seeds.add_packet(packet, version, role)
        seeds.add_stream(stream, version, role)
    cases = "".join(f"{v['version']} {v['hex']}\n" for v in vectors() if v["version"] and v["hex"])
    for start in range(0, len(cases), 512):
        seeds.add("format", reading("5.0") + bytes([MODES - 1 | AS_TEXT, 40]) + cases[start : start + 512].encode())
    for opening in OPENINGS:
        seeds.add("sniff", opening)
    seeds.add_topics(sorted(set(topics)))
    # Little else is made of packets as they are written: libFuzzer finds the inputs of `encode`, `limits` and
    # `bridge` by itself.
    for version in range(3):
        for packet_type in range(15):
            seeds.add("encode", bytes([version, 0, packet_type]) + bytes(range(1, 40)))
            for other in range(3):
                seeds.add("bridge", bytes([version, 0, other, 0, packet_type]) + bytes(range(1, 40)))
            seeds.add("limits", bytes([version, 0, 20, 0, 0, 9, 2, 0x7F, packet_type]) + bytes(range(1, 40)))
        for receiver in range(3):
            seeds.add("outgoing", bytes([version, 0, receiver, 1, 0, 7, 0, 0, 0, 1]) + bytes(range(1, 40)))
    for flag in range(2):
        seeds.add("topic_index", bytes([16]) + bytes(8) + bytes([flag]) + bytes(range(1, 200)))
    seeds.write(folder)


def read_lines(path):
    lines = path.read_text(encoding="ascii").splitlines()
    return [bytes.fromhex(line) for line in lines if not line.startswith("#")]


def pack(target, folder):
    inputs = sorted((path.read_bytes() for path in folder.iterdir()), key=lambda data: (len(data), data))
    text = "".join(data.hex() + "\n" for data in inputs)
    (HERE / "seeds" / f"{target}.hex").write_text(text, encoding="ascii")


def unpack(target, folder):
    inputs = read_lines(HERE / "seeds" / f"{target}.hex") + read_lines(HERE / "regressions" / f"{target}.hex")
    write_files(folder, inputs)


def main(arguments):
    match arguments:
        case ["generate", folder]:
            generate(pathlib.Path(folder))
        case ["pack", target, folder]:
            pack(target, pathlib.Path(folder))
        case ["unpack", target, folder]:
            unpack(target, pathlib.Path(folder))
        case _:
            sys.exit(__doc__)


main(sys.argv[1:])
