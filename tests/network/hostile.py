"""Clients that mean harm to mqttwire-broker, each of which says in bytes what it does."""

import contextlib
import resource
import select
import signal
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


def connect(client_id, level=4, keep_alive=60, expiry=None, stays=False, aliases=0):
    """`expiry` (5.0) or `stays`: the session outlives the connection. `aliases`: Topic Alias Maximum (5.0)."""
    properties = b""
    if level == 5:
        properties += b"" if expiry is None else b"\x11" + struct.pack("!I", expiry)
        properties += struct.pack("!BH", 0x22, aliases) if aliases else b""
        properties = bytes([len(properties)]) + properties
    flags = 0 if stays or expiry else 2
    return packet(0x10, text(b"MQTT") + bytes([level, flags]) + struct.pack("!H", keep_alive) + properties + text(client_id))


def subscribe(identifier, filters, qos=0):
    return packet(0x82, struct.pack("!H", identifier) + b"".join(text(each) + bytes([qos]) for each in filters))


def publish(topic, payload, qos=0, identifier=1, level=4, retain=0):
    return packet(0x30 | qos << 1 | retain, text(topic) + (struct.pack("!H", identifier) if qos else b"")
                  + (b"\0" if level == 5 else b"") + payload)


def read_packet(connection):
    """First byte and body; nothing if the connection has ended."""
    head = read(connection, 2)
    if len(head) < 2:
        return b"", b""
    size, shift = head[1] & 127, 7
    while head[-1] & 128:
        head += read(connection, 1)
        size |= (head[-1] & 127) << shift
        shift += 7
    return head[:1], read(connection, size)


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


def one_too_many(broker):
    eager = open_to(broker, connect(b"eager", level=5))
    read_packet(eager)
    eager.sendall(b"".join(publish(b"eager", b"", 2, 1 + i, 5) for i in range(65)))
    time.sleep(0.3)
    first, body = read_packet(eager)
    with contextlib.suppress(ConnectionError):
        while first == b"\x50":
            eager.sendall(b"\x62\2" + body[:2])
            first, body = read_packet(eager)
    check("who exceeds Receive Maximum can read so, though it writes on", (first, body[:1]), (b"\xe0", b"\x93"))


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


def many_sessions(folder):
    broker = Broker(folder, "--sys", "0", "--maximum-sessions", "3", "--state", folder / "sessions")

    def knock(*arguments, **options):
        connection = open_to(broker, connect(*arguments, **options))
        answer = read_packet(connection)[1][1]
        connection.close()
        return answer

    check("as many sessions outlive their connections as may", [knock(b"%d" % i, stays=True) for i in range(4)], [0, 0, 0, 3])
    check("5.0 is told why one more may not", knock(b"5", level=5, expiry=100), 0x97)
    check("clients without any come in", [knock(b"6"), knock(b"7", level=5), knock(b"8", level=5, expiry=0)], [0, 0, 0])
    check("and those that have theirs", [knock(b"1", stays=True), knock(b"2", level=5, expiry=100)], [0, 0])
    broker.end(signal.SIGKILL)
    broker = Broker(folder, "--sys", "0", "--maximum-sessions", "3", "--state", folder / "sessions")
    check("they count behind a restart", [knock(b"9", stays=True), knock(b"0", stays=True)], [3, 0])
    check("a session that is given up makes room", [knock(b"0"), knock(b"9", stays=True), knock(b"4", stays=True)], [0, 0, 3])
    before = broker.resident()
    for i in range(3_000):
        knock(b"another %d" % i, stays=True)
    check_growth("3,000 who want a session", before, broker, 4)
    check("a clean stop", broker.end(), 0)


def retained_beyond_the_limit(folder):
    options = "--sys", "0", "--maximum-retained", "100000", "--state", folder / "retained"
    broker = Broker(folder, *options)
    others = open_to(broker, connect(b"others") + subscribe(1, [b"r/#"]))
    read(others, 4 + 5)
    v5 = open_to(broker, connect(b"v5", level=5))
    read_packet(v5)
    v5.sendall(publish(b"r/1", b"r" * 60_000, 1, 1, 5, retain=1))
    check("what fits is retained", read_packet(v5), (b"\x40", b"\0\1"))
    v5.sendall(publish(b"r/2", b"r" * 60_000, 1, 2, 5, retain=1))
    check("a PUBACK says that there is no more room", read_packet(v5), (b"\x40", b"\0\2\x97"))
    v5.sendall(publish(b"r/2", b"r" * 60_000, 2, 3, 5, retain=1))
    check("so does a PUBREC", read_packet(v5), (b"\x50", b"\0\3\x97"))
    v5.sendall(publish(b"r/1", b"s" * 70_000, 2, 3, 5, retain=1))
    check("one that takes another's place counts for what it adds", read_packet(v5), (b"\x50", b"\0\3"))
    v4 = open_to(broker, connect(b"v4"))
    read_packet(v4)
    v4.sendall(publish(b"r/2", b"t" * 60_000, 1, 2, retain=1))
    check("3.1.1 is served, for it cannot be told", read_packet(v4), (b"\x40", b"\0\2"))
    got = [read_packet(others)[1][5:6] for _ in range(3)]
    check("who has subscribed gets what was not refused", got, [b"r", b"s", b"t"])
    check("only what fits was retained", lines(broker.sub("-t", "r/#", "-F", "%t", "-W", "1")), ["r/1"])
    broker.end(signal.SIGKILL)
    broker = Broker(folder, *options)
    check("behind a restart too", lines(broker.sub("-t", "r/#", "-F", "%t", "-W", "1")), ["r/1"])
    check("a clean stop", broker.end(), 0)


def more_than_the_memory(folder):
    """Sessions that nobody comes back to, messages for them, subscriptions and wills take no more than is allowed."""
    broker = Broker(folder, "--sys", "0", "--maximum-memory", "24000000")
    before = broker.resident()
    wanted = []
    for i in range(20):
        away = open_to(broker, connect(b"away %d" % i, stays=True) + subscribe(1, [b"away/%d" % i], 1))
        read(away, 4 + 5)
        away.close()
    v5 = open_to(broker, connect(b"v5", level=5))
    read_packet(v5)
    codes = []
    for i in range(1_000):
        v5.sendall(publish(b"away/%d" % (i % 20), b"%08d" % i + b"a" * 50_000, 1, 1, 5))
        codes.append(read_packet(v5)[1][2:])
        if codes[-1] == b"" and i % 20 == 7:
            wanted.append(b"%08d" % i)
    good = codes.index(b"\x97")
    check("messages are refused when the memory is used up", (250 < good < 500, set(codes[good:])), (True, {b"\x97"}))
    codes = []
    while b"\x97" not in codes and len(codes) < 1_000:
        v5.sendall(publish(b"away/1", b"a", 1, 1, 5))
        codes.append(read_packet(v5)[1][2:])
    check("small ones too", codes[-1], b"\x97")
    v4 = open_to(broker, connect(b"v4") + publish(b"away/1", b"a" * 50_000, 2, 1))
    check("3.1.1 is disconnected without an answer", (read_packet(v4)[0], read_packet(v4)[0]), (b"\x20", b""))
    reader = open_to(broker, connect(b"reader") + subscribe(1, [b"qos/0"]))
    read(reader, 4 + 5)
    v5.sendall(publish(b"qos/0", b"dropped", level=5) + b"\xc0\0")
    read_packet(v5)
    reader.sendall(b"\xc0\0")
    check("QoS 0 is dropped", read_packet(reader)[0], b"\xd0")
    reader.sendall(subscribe(2, [b"more"]))
    check("there is no room for subscriptions", read_packet(reader)[1], b"\0\2\x80")
    for i in range(10_000):
        made = open_to(broker, connect(b"more %d" % i, stays=True))
        code = read_packet(made)[1][1]
        made.close()
        if code != 0:
            break
    check("nor for sessions in the end", code, 3)
    check_growth("all this", before, broker, 40)
    back = open_to(broker, connect(b"away 7", stays=True))
    read_packet(back)
    got = []
    while len(got) < len(wanted):
        body = read_packet(back)[1]
        got.append(body[10:18])
        back.sendall(b"\x40\2" + body[8:10])
    check(f"who comes back gets all {len(got)} that were acknowledged", got, wanted)
    for i in range(5):
        read_packet(open_to(broker, connect(b"away %d" % i)))
    v4 = open_to(broker, connect(b"v4") + publish(b"away/1", b"a" * 50_000, 2, 1))
    check("then there is room again", (read_packet(v4)[0], read_packet(v4)[0]), (b"\x20", b"\x50"))
    check("a clean stop", broker.end(), 0)


def idle_connections(folder):
    count = 2_000
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    broker = Broker(folder, "--sys", "0")
    check_others(broker, "before any is idle")
    before = broker.resident()
    idle = [open_to(broker, connect(b"idle %d" % i)) for i in range(count)]
    check("2,000 clients come in", all(read(each, 4) == bytes.fromhex("20 02 00 00") for each in idle))
    grown = broker.resident() - before
    check(f"an idle connection takes {grown // count} bytes", grown < 3_000 * count)
    for each in idle:
        each.sendall(subscribe(1, [b"idle"]))
    check("all of them subscribe", all(read(each, 5) == bytes.fromhex("90 03 00 01 00") for each in idle))
    message = publish(b"idle", b"i" * 20_000)
    idle[0].sendall(message)
    check("and get a message", all(read(each, len(message)) == message for each in idle))
    for each in idle:
        each.close()
    check_others(broker, "when they have gone")
    check("a clean stop", broker.end(), 0)


def halves_of_packets(folder):
    broker = Broker(folder, "--sys", "0", "--maximum-memory", "24000000")
    before = broker.resident()
    whole = publish(b"h", b"h" * 1_000_000)
    halves = [open_to(broker, connect(b"half %d" % i)) for i in range(100)]
    for each in halves:
        with contextlib.suppress(ConnectionError):
            each.sendall(whole[:900_000])
        time.sleep(0.5 if each is halves[0] else 0)
    check_others(broker, "while 100 clients have sent the better part of a packet")
    check_growth("90 MB of packets that are not whole", before, broker, 40)
    check("who was there first may go on", halves[0].sendall(whole[900_000:] + b"\xc0\0"), None)
    check("to the end", read(halves[0], 6)[4:], b"\xd0\0")
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
    one_too_many(broker)
    announcements(broker)
    single_bytes(broker)
    half_handshakes(broker)
    subscription_storm(broker)
    never_reads_answers(broker)
    noise(broker)
    check("the broker still runs", broker.process.poll(), None)
    check("a clean stop", broker.end(), 0)
    retained_storm(folder)
    idle_connections(folder)
    many_sessions(folder)
    retained_beyond_the_limit(folder)
    more_than_the_memory(folder)
    halves_of_packets(folder)
    slow_readers(folder)
