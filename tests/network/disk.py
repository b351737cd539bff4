"""What mqttwire-broker writes into its state file, how much of it, and who waits for the disk."""

import signal
import struct
import time

import programs
from hostile import connect, open_to, packet, publish, read_packet, subscribe, text
from programs import Broker, check


def subscriptions(folder):
    state = folder / "subscriptions"
    broker = Broker(folder, "--state", state, "--sys", "0")
    client = open_to(broker, connect(b"s", stays=True))
    read_packet(client)
    before = state.stat().st_size
    begun = time.monotonic()
    for i in range(1_000):
        client.sendall(subscribe(1 + i, [b"a/filter/of/usual/length/%03d" % i], 1))
        read_packet(client)
    grown = state.stat().st_size - before
    print(f"     1,000 SUBSCRIBEs take {grown:,} bytes and {time.monotonic() - begun:.2f} s")
    check("each SUBSCRIBE is recorded by itself", grown < 100_000)
    for i in range(0, 1_000, 2):
        client.sendall(packet(0xA2, struct.pack("!H", 1 + i) + text(b"a/filter/of/usual/length/%03d" % i)))
        read_packet(client)
    client.sendall(subscribe(1, [b"a/filter/of/usual/length/001"], 0))
    read_packet(client)
    check("so is each UNSUBSCRIBE", state.stat().st_size - before < 150_000)
    client.close()
    before = state.stat().st_size
    client = open_to(broker, connect(b"s", stays=True))
    check("the session is there", read_packet(client)[1], b"\1\0")
    check("to come back to it writes little", state.stat().st_size - before < 500)
    for how in (signal.SIGKILL, signal.SIGTERM):
        broker.end(how)
        broker = Broker(folder, "--state", state, "--sys", "0")
        client = open_to(broker, connect(b"s", stays=True))
        read_packet(client)
        for i in range(1_000):
            client.sendall(publish(b"a/filter/of/usual/length/%03d" % i, b"%03d" % i, 2, 1 + i))
            client.sendall(packet(0x62, struct.pack("!H", 1 + i)))
        got = {}
        finished = 0
        while finished < 1_000 or len(got) < 500:
            first, body = read_packet(client)
            if first[0] >> 4 == 3:
                got[int(body[-3:])] = first[0] >> 1 & 3
                if first[0] & 6:
                    client.sendall(b"\x40\2" + body[-5:-3])
            finished += first == b"\x70"
        wanted = {i: 0 if i == 1 else 1 for i in range(1, 1_000, 2)}
        check("the subscriptions outlive a kill" if how == signal.SIGKILL else "and a rewritten file", got == wanted)
        client.close()
    check("a clean stop", broker.end(), 0)


class SlowDisk:
    """A disk that needs some time for each file that it is to keep."""

    def __init__(self, folder, milliseconds):
        self.log, self.broken = folder / "disk.log", folder / "disk.broken"
        self.log.touch()
        self.broken.unlink(missing_ok=True)
        self.environment = {"LD_PRELOAD": str(programs.BUILD / "tests" / "network" / "slow_disk.so"),
                            "MQTTWIRE_DISK_MS": str(milliseconds), "MQTTWIRE_DISK_LOG": str(self.log),
                            "MQTTWIRE_DISK_BROKEN": str(self.broken)}

    def writes(self):
        return self.log.stat().st_size


def come_in(broker, *arguments, **options):
    connection = open_to(broker, connect(*arguments, **options))
    read_packet(connection)
    return connection


def seconds(do):
    begun = time.monotonic()
    do()
    return time.monotonic() - begun


def waiting(folder):
    """Answers wait for the disk, one write of which is for many of them; nothing else waits."""
    disk = SlowDisk(folder, 300)
    broker = Broker(folder, "--state", folder / "slow", "--sys", "0", environment=disk.environment)
    kept = come_in(broker, b"kept", stays=True)
    plain, publisher = come_in(broker, b"plain"), come_in(broker, b"publisher")
    time.sleep(0.5)

    kept.sendall(subscribe(1, [b"k/#"], 1))
    check("a SUBACK waits for the disk", seconds(lambda: read_packet(kept)) > 0.28)
    plain.sendall(subscribe(1, [b"p/#"], 2))
    check("that of a session which ends with its connection does not", seconds(lambda: read_packet(plain)) < 0.1)

    def exchange_of_qos_0():
        plain.sendall(publish(b"p/x", b"p") + b"\xc0\0")
        return read_packet(plain), read_packet(plain)

    slowest = 0.0
    for i in range(20):
        publisher.sendall(publish(b"k/x", b"%02d" % i, 1, 1 + i))
        time.sleep(0.02)
        slowest = max(slowest, seconds(exchange_of_qos_0))
    check(f"QoS 0 and PINGREQ do not wait for the disk: {1_000 * slowest:.0f} ms", slowest < 0.1)
    got = [read_packet(kept)[1][7:] for _ in range(20)]
    check("who waits gets all in order", got, [b"%02d" % i for i in range(20)])
    kept.sendall(publish(b"k/x", b"q", 2, 7) + b"\xc0\0")
    check("and its answers too", [read_packet(kept)[0] for _ in range(3)], [b"\x32", b"\x50", b"\xd0"])
    check("the publisher is answered", [read_packet(publisher)[0] for _ in range(20)], 20 * [b"\x40"])
    publisher.sendall(publish(b"k/x", b"q", 2, 7))
    check("when the disk has its message", seconds(lambda: read_packet(publisher)) > 0.28)

    many = [come_in(broker, b"many %d" % i, stays=True) for i in range(10)]
    before = disk.writes()

    def publish_at_once():
        for each in many:
            each.sendall(publish(b"k/y", b"y", 1, 1))
        return all(read_packet(each) == (b"\x40", b"\0\1") for each in many)

    taken = seconds(lambda: [publish_at_once() for _ in range(5)])
    check(f"50 answers wait for {disk.writes() - before} writes, {taken:.1f} s", disk.writes() - before <= 15 and taken < 5)

    disk.broken.touch()
    many[0].sendall(publish(b"k/y", b"y", 1, 1))
    check("nothing is answered when the disk fails", read_packet(many[0]), (b"", b""))
    check("for that is the broker's end", (broker.process.wait(10), "cannot write" in broker.log.read_text()), (1, True))


def rewriting(folder):
    """While the file is written anew everybody is served, and a kill loses and doubles nothing."""
    disk = SlowDisk(folder, 1000)
    state = folder / "rewritten"
    options = "--state", state, "--sys", "0", "--maximum-queue", "100000000"
    broker = Broker(folder, *options, environment=disk.environment)
    plain, large = come_in(broker, b"plain"), come_in(broker, b"large")
    plain.sendall(subscribe(1, [b"p/#"]))
    read_packet(plain)
    slowest, largest, sent = 0.0, 0, 0
    begun = time.monotonic()
    while time.monotonic() - begun < 30 and (largest < 67_000_000 or state.stat().st_size > 10_000_000):
        if sent < 72:
            large.sendall(publish(b"large", bytes(1_000_000), retain=1))
            sent += 1
        plain.sendall(publish(b"p/x", b"p"))
        slowest = max(slowest, seconds(lambda: read_packet(plain)))
        largest = max(largest, state.stat().st_size)
    check(f"{largest:,} bytes are rewritten", (largest > 67_000_000, state.stat().st_size < 10_000_000), (True, True))
    check(f"and meanwhile nobody waits: {1_000 * slowest:.0f} ms", slowest < 0.5)

    broker.end()
    disk = SlowDisk(folder, 300)
    broker = Broker(folder, *options, environment=disk.environment)
    kept = come_in(broker, b"kept", stays=True)
    kept.sendall(subscribe(1, [b"k/#"], 1))
    read_packet(kept)
    kept.close()
    number, answered, hits = 0, [], 0
    for until in (None, 0.3, 0.6, 0.9, 1.2, 1.5, 3):
        publisher = come_in(broker, b"publisher")
        begun = time.monotonic()
        while number < 30 if until is None else time.monotonic() - begun < until:
            size = 1_000_000 if until is None else 10
            publisher.sendall(publish(b"k/x", b"%06d" % number + bytes(size), 1, 1 + number))
            if read_packet(publisher)[0] == b"\x40":
                answered.append(number)
            number += 1
        publisher.sendall(publish(b"k/x", b"%06d" % number, 1, 1 + number))  # without an answer it may be kept or not
        number += 1
        hits += state.with_name("rewritten.new").exists()
        broker.end(signal.SIGKILL)
        last = until == 3
        broker = Broker(folder, *options, environment=None if last else disk.environment)
    kept = come_in(broker, b"kept", stays=True)
    got = []
    while not got or got[-1] < answered[-1]:
        body = read_packet(kept)[1]
        if not body:
            break
        got.append(int(body[7:13]))
        kept.sendall(b"\x40\2" + body[5:7])
    check(f"{hits} kills come while the file is rewritten", hits >= 2)
    check(f"{len(answered)} messages outlive kills while the file is rewritten", set(answered) <= set(got))
    check("each once, in order", got, sorted(set(got)))
    check("a clean stop", broker.end(), 0)


def run(folder):
    subscriptions(folder)
    waiting(folder)
    rewriting(folder)
