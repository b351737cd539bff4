"""What mqttwire-broker writes into its state file, how much of it."""

import signal
import struct
import time

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


def run(folder):
    subscriptions(folder)
