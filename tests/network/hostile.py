"""Clients that mean harm to mqttwire-broker, each of which says in bytes what it does."""

import contextlib
import select
import socket
import struct
import time

from programs import Broker, check, lines

MEGABYTE = 1 << 20


def text(of):
    return struct.pack("!H", len(of)) + of


def packet(first, rest):
    size, length = b"", len(rest)
    while True:
        size += bytes([length % 128 | (128 if length > 127 else 0)])
        length //= 128
        if length == 0:
            return bytes([first]) + size + rest


def connect(client_id, level=4, keep_alive=60):
    properties = b"\0" if level == 5 else b""
    return packet(0x10, text(b"MQTT") + bytes([level, 2]) + struct.pack("!H", keep_alive) + properties + text(client_id))


def subscribe(identifier, filters, qos=0):
    return packet(0x82, struct.pack("!H", identifier) + b"".join(text(each) + bytes([qos]) for each in filters))


def publish(topic, payload):
    return packet(0x30, text(topic) + payload)


def open_to(broker, first=b"", receive_buffer=None):
    made = socket.socket()
    if receive_buffer is not None:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    made.settimeout(15)
    made.connect(("127.0.0.1", broker.port))
    made.sendall(first)
    return made


def read(connection, size):
    """As many bytes, or fewer if the connection ends before."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while len(got) < size and (more := connection.recv(size - len(got))):
            got += more
    return got


def is_closed(connection):
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(65_536):
            pass
    return True


def check_others(broker, meanwhile):
    subscriber = broker.sub("-t", "well/behaved", "-q", "1", "-C", "1")
    begun = time.monotonic()
    broker.pub("-t", "well/behaved", "-m", "served", "-q", "1")
    check(f"others are served {meanwhile}", (lines(subscriber), time.monotonic() - begun < 3), (["served"], True))


def check_growth(what, before, broker, most):
    grown = broker.resident() - before
    check(f"{what}: {grown / MEGABYTE:.1f} MB more", grown < most * MEGABYTE)


def broken_packets(broker):
    huge = open_to(broker, connect(b"a") + bytes.fromhex("30 ff ff ff 7f 00 01 61"))
    check("256 MB are refused when they are announced", read(huge, 5), bytes.fromhex("20 02 00 00"))
    first_not_connect = open_to(broker, bytes.fromhex("c0 00"))
    check("the first packet is CONNECT", read(first_not_connect, 1), b"")
    v5 = open_to(broker, connect(b"b", level=5))
    connack = v5.recv(64)
    v5.sendall(bytes.fromhex("36 05 00 01 61 00 01"))
    check("5.0 is told what is wrong", (connack[:1], v5.recv(16)[:1]), (b"\x20", b"\xe0"))


def announcements(broker):
    before = broker.resident()
    as_connect = [open_to(broker, bytes.fromhex("10 ff ff ff 7f 00 04 4d 51 54 54 04")) for _ in range(100)]
    check("100 CONNECTs of 256 MB are refused", all(map(is_closed, as_connect)))
    announced = [open_to(broker, connect(b"announces %d" % i) + bytes.fromhex("30 ff ff 3f 00 01 61")) for i in range(200)]
    check("200 clients announce a packet that is allowed, and send no more",
          all(read(each, 4) == bytes.fromhex("20 02 00 00") for each in announced))
    check_others(broker, "while they wait for it")
    check_growth("what is announced takes no memory", before, broker, 16)
    for each in announced:
        each.close()


def single_bytes(broker):
    slow = open_to(broker)
    for byte in connect(b"slow") + subscribe(1, [b"slow/#"]) + publish(b"slow/x", b"byte by byte"):
        slow.sendall(bytes([byte]))
        time.sleep(0.02)
    wanted = bytes.fromhex("20 02 00 00  90 03 00 01 00") + publish(b"slow/x", b"byte by byte")
    check("a packet may come a byte at a time", read(slow, len(wanted)), wanted)


def half_handshakes(broker):
    before = broker.resident()
    begun = time.monotonic()
    openings = {
        "nothing": b"",
        "a byte of CONNECT": b"\x10",
        "half a CONNECT": connect(b"half")[:9],
        "half a hello of TLS": bytes.fromhex("16 03 01 02 00 01 00 01 fc 03 03"),
        "half a request of HTTP": b"GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: webs",
    }
    waiting = {what: [open_to(broker, first) for _ in range(60)] for what, first in openings.items()}
    never_done = open_to(broker)
    check_others(broker, "while 300 handshakes stand still")
    check_growth("handshakes that stand still", before, broker, 24)
    for byte in connect(b"a client identifier that never comes to its end"):
        time.sleep(0.3)
        if select.select([never_done], [], [], 0)[0]:
            break
        with contextlib.suppress(ConnectionError):
            never_done.sendall(bytes([byte]))
    check("a CONNECT that drips is given up", time.monotonic() - begun < 14 and is_closed(never_done))
    for what, connections in waiting.items():
        check(f"who sends {what} is given up", all(map(is_closed, connections)))
    check("and that within seconds", time.monotonic() - begun < 14)


def subscription_storm(broker):
    before = broker.resident()
    storm = open_to(broker, connect(b"storm"))
    read(storm, 4)
    granted = 0
    for i in range(100):
        storm.sendall(subscribe(1 + i, [b"storm/%d/+/%d/#" % (i, k) for k in range(1_000)]))
        suback = read(storm, 1 + 2 + 2 + 1_000)
        granted += suback[5:].count(0)
    check("of 100,000 subscriptions of one client as many are granted as it may have", granted, 10_000)
    storm.sendall(subscribe(200, [b"+/" * 32_000 + b"%d" % k for k in range(15)]))
    refused = read(storm, 4 + 15)
    check("and no long ones besides", refused[4:], b"\x80" * 15)
    check_others(broker, "beside 10,000 subscriptions")
    check_growth("a storm of subscriptions", before, broker, 24)

    before = broker.resident()
    deep = open_to(broker, connect(b"deep"))
    read(deep, 4)
    granted = 0
    for i in range(20):
        deep.sendall(subscribe(1 + i, [b"+/" * 32_000 + b"%d" % (1_000 * i + k) for k in range(15)]))
        granted += read(deep, 4 + 15)[4:].count(0)
    check("of 300 filters of 32,000 levels few are granted", granted < 40)
    for _ in range(20):
        deep.sendall(publish(b"/" * 32_000, b""))
    check_others(broker, "beside filters and names of 32,000 levels")
    check_growth("filters of 32,000 levels", before, broker, 40)
    storm.close()
    deep.close()


def slow_readers(folder):
    broker = Broker(folder, "--sys", "0", "--maximum-backlog", "4000000", "--maximum-queue", "4000000")
    before = broker.resident()
    sleepers = []
    for i, qos in enumerate((0, 0, 1, 2)):
        sleepers.append(open_to(broker, connect(b"sleeper %d" % i) + subscribe(1, [b"flood/#"], qos), 4_096))
        read(sleepers[-1], 4 + 5)
    reader = broker.sub("-t", "flood/last", "-C", "1", "-W", "60")
    flood = open_to(broker, connect(b"flood"))
    for _ in range(3_000):
        flood.sendall(publish(b"flood/x", b"f" * 10_000))
    flood.sendall(publish(b"flood/last", b"through"))
    check("30 MB go past readers that sleep", reader.communicate(timeout=70)[0], "through\n")
    check_others(broker, "while they sleep")
    check_growth("readers that sleep", before, broker, 40)
    time.sleep(21)
    check_others(broker, "when they are cut off")
    log = broker.log.read_text()
    for i in range(2):
        check(f"sleeper {i} is cut off by name", f"sleeper {i} (" in log and f"sleeper {i}" in "".join(
            line for line in log.splitlines() if "reads too slowly" in line))
    check("a clean stop", broker.end(), 0)


def retained_storm(folder):
    broker = Broker(folder, "--sys", "0", "--maximum-retained", "8000000")
    before = broker.resident()
    storm = open_to(broker, connect(b"storm"))
    for i in range(200):
        storm.sendall(packet(0x31, text(b"big/%d" % i) + b"r" * 500_000))
        storm.sendall(packet(0x31, text(b"%d/" % i + b"/" * 20_000) + b"r"))
    storm.sendall(bytes.fromhex("c0 00"))
    check("a storm of retained messages is borne", read(storm, 6)[4:], bytes.fromhex("d0 00"))
    check_others(broker, "beside it")
    check_growth("retained messages beyond the limit", before, broker, 24)
    check("a clean stop", broker.end(), 0)


def never_reads_answers(broker):
    before = broker.resident()
    rude = open_to(broker, connect(b"rude"), 4_096)
    rude.settimeout(1)
    begun = time.monotonic()
    with contextlib.suppress(TimeoutError, ConnectionError):
        while time.monotonic() - begun < 10:
            rude.sendall(bytes.fromhex("c0 00") * 30_000)
    check_others(broker, "beside one that asks and never reads")
    check_growth("answers that nobody reads", before, broker, 40)
    rude.close()


def noise(broker):
    """Bytes of no meaning, behind a CONNECT and without, and connections that end at once."""
    seed = 1
    for i in range(300):
        junk = bytearray()
        for _ in range(200):
            seed = seed * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407 & (1 << 64) - 1
            junk.append(seed >> 56)
        with contextlib.suppress(ConnectionError):
            made = open_to(broker, (connect(b"noise", 4 + i % 2) if i % 3 else b"") + bytes(junk))
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            made.close()
    check_others(broker, "after 300 connections of noise")


def run(folder):
    broker = Broker(folder, "--sys", "0")
    check_others(broker, "before any harm")
    broken_packets(broker)
    announcements(broker)
    single_bytes(broker)
    half_handshakes(broker)
    subscription_storm(broker)
    never_reads_answers(broker)
    noise(broker)
    check("the broker still runs", broker.process.poll(), None)
    check("a clean stop", broker.end(), 0)
    retained_storm(folder)
    slow_readers(folder)
