"""Where the limits of a client and of mqttwire-broker meet: packets larger than a client takes, long topics of aliases, many
messages with QoS 2 at once, and names of WebSocket and of shared subscriptions that not all use."""

import base64
import os
import socket
import struct
import time

from hostile import connect, open_to, packet, publish, read, read_packet, subscribe, text
from programs import Broker, check, client


def connect_5(client_id, maximum_packet=None, properties=b""):
    """A session that goes on, of a client that takes packets of up to so many bytes."""
    properties += b"\x11\0\0\x02\x58" + (b"" if maximum_packet is None else b"\x27" + struct.pack("!I", maximum_packet))
    return packet(0x10, text(b"MQTT") + b"\5\0\0\x3c" + bytes([len(properties)]) + properties + text(client_id))


def subscribe_5(filters, qos=1):
    return packet(0x82, b"\0\1\0" + b"".join(text(each) + bytes([qos]) for each in filters))


def packets_too_large(broker):
    taker = open_to(broker, connect_5(b"takes less") + subscribe_5([b"large/#"]))
    check("a session", (read_packet(taker)[1][:2], read_packet(taker)[1]), (b"\0\0", b"\0\1\0\1"))
    for payload in ("l" * 100, "small"):
        broker.pub("-t", "large/a", "-m", payload, "-q", "1")
    first, body = read_packet(taker)
    check("two messages, which it does not acknowledge", (first, len(body), read_packet(taker)[0]), (b"\x32", 112, b"\x32"))
    taker.close()
    time.sleep(0.2)
    taker = open_to(broker, connect_5(b"takes less", 50))
    check("the session goes on", read_packet(taker)[1][:2], b"\1\0")
    first, body = read_packet(taker)
    check("what it takes no more is not sent again", (first, body[12:]), (b"\x3a", b"small"))
    taker.sendall(b"\x40\2" + body[9:11])
    broker.pub("-t", "large/a", "-m", "n" * 100, "-q", "1")
    broker.pub("-t", "large/a", "-m", "next", "-q", "1")
    check("nor are new ones", read_packet(taker)[1][12:], b"next")
    taker.close()
    time.sleep(0.2)
    taker = open_to(broker, connect_5(b"takes less") + b"\xc0\0")
    check("it counts as delivered", [read_packet(taker)[0] for _ in range(3)], [b"\x20", b"\x3a", b"\xd0"])

    check("a CONNACK that the client does not take", read(open_to(broker, connect_5(b"takes nothing", 2)), 1), b"")
    many = [b"filter/%d" % i for i in range(60)]
    for request in (subscribe_5(many), packet(0xA2, b"\0\1\0" + b"".join(map(text, many)))):
        asks = open_to(broker, connect_5(b"asks much", 50) + request)
        check("an answer that the client does not take",
              (read_packet(asks)[0], read_packet(asks), read_packet(asks)[0]), (b"\x20", (b"\xe0", b"\x95"), b""))


def topics_of_aliases(broker):
    reader = open_to(broker, connect(b"reader", level=5) + subscribe_5([b"long/#"], 0))
    read_packet(reader), read_packet(reader)
    writer = open_to(broker, connect(b"writer", level=5))
    maximum = struct.unpack("!H", read_packet(writer)[1].split(b"\x22", 1)[1][:2])[0]
    topics = [b"long/%02d" % alias + b"t" * 3_000 for alias in range(maximum)]
    for topics_now in (topics, [b""] * maximum, topics[::-1], [b""] * maximum):
        for alias, topic in enumerate(topics_now, 1):
            writer.sendall(packet(0x30, text(topic) + b"\3\x23" + struct.pack("!H", alias) + b"x"))
    got = [read_packet(reader)[1][2:9] for _ in range(4 * maximum)]
    check("all aliases that were announced stand for topics, however long", got,
          [each[:7] for each in 2 * topics + 2 * topics[::-1]])
    for each in (reader, writer):
        each.close()


def many_at_once(folder):
    """3.1.1 has no Receive Maximum: a client may send as many messages with QoS 2 as there are identifiers."""
    broker = Broker(folder, "--state", folder / "state", "--sys", "0")
    count = 3_000
    received = folder / "received"
    with received.open("w") as out: # not by mosquitto_sub, which takes one that is sent again for another
        reader = client("sub", "--quiet", "--version", "3.1.1", "--url", f"mqtt://localhost:{broker.port}", "--expiry", "600",
                        "--qos", "2", "--id", "reader", "--payload", "many", stdout=out)
    time.sleep(0.4)
    messages = [publish(b"many", b"%d" % i, 2, i) for i in range(1, count + 1)]
    sender = open_to(broker, connect(b"sender", stays=True) + b"".join(messages))
    read_packet(sender)
    answers = [read_packet(sender) for _ in range(count)]
    check(f"{count} are received", answers, [(b"\x50", struct.pack("!H", i)) for i in range(1, count + 1)])
    sender.close()
    broker.end()
    broker = Broker(folder, "--state", folder / "state", "--sys", "0", port=broker.port)
    again = publish(b"many", b"again", 2, count, 4)
    sender = open_to(broker, connect(b"sender", stays=True) + again + b"\x62\2" + struct.pack("!H", count) + again)
    check("they are known after a restart", [read_packet(sender)[0] for _ in range(4)], [b"\x20", b"\x50", b"\x70", b"\x50"])
    until = time.monotonic() + 20
    while len(received.read_text().split()) <= count and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(0.3)
    got, wanted = received.read_text().split(), [*map(str, range(1, count + 1)), "again"]
    check(f"each has arrived once, {len(got)}", got == wanted)
    reader.terminate()
    reader.wait(10)
    check("a clean stop", broker.end(), 0)


def shared_in_3_1_1(folder):
    broker = Broker(folder, "--state", folder / "shared state", "--sys", "0")
    for name in (b"one", b"two"):
        member = open_to(broker, connect(name, stays=True) + subscribe(1, [b"$share/g/s", b"$share/g", b"$share/+/s"], 1))
        check("$share is so in 3.1.1 too", (read_packet(member)[0], read_packet(member)[1]), (b"\x20", b"\0\1\1\x80\x80"))
        member.close()
    for restart in (False, True):
        if restart:
            broker.end()
            broker = Broker(folder, "--state", folder / "shared state", "--sys", "0", port=broker.port)
        time.sleep(0.2)
        members = [open_to(broker, connect(name, stays=True)) for name in (b"one", b"two")]
        for each in members:
            read_packet(each)
        for i in range(4):
            broker.pub("-t", "s", "-m", str(i), "-q", "1")
        got = []
        for each in members:
            each.sendall(b"\xc0\0")
            while (came := read_packet(each))[0] != b"\xd0":
                got.append(came[1][5:])
                each.sendall(b"\x40\2" + came[1][3:5])
            each.sendall(b"\xc0\0")
            read_packet(each)
            each.close()
        check(f"one member gets each message{', after a restart' if restart else ''}", sorted(got), [b"0", b"1", b"2", b"3"])
    check("a clean stop", broker.end(), 0)


def websocket_names(broker):
    for offered, chosen in (("mqtt", "mqtt"), ("mqttv3.1", "mqttv3.1"), ("other, mqtt", "mqtt"), ("mqttv3.1, mqtt", "mqtt"),
                            ("mqttx", None)):
        request = (f"GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
                   f"Sec-WebSocket-Protocol: {offered}\r\n\r\n")
        with socket.create_connection(("127.0.0.1", broker.port), 10) as asking:
            asking.sendall(request.encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += asking.recv(4_096)
        fields = dict(line.lower().split(": ", 1) for line in answer.decode().split("\r\n") if ": " in line)
        check(f"of the WebSocket protocols {offered}", fields.get("sec-websocket-protocol"), chosen)


def run(folder):
    broker = Broker(folder, "--sys", "0")
    packets_too_large(broker)
    topics_of_aliases(broker)
    websocket_names(broker)
    check("a clean stop", broker.end(), 0)
    many_at_once(folder)
    shared_in_3_1_1(folder)
