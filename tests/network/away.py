"""What mqttwire-broker keeps for clients that are away, and for how long: wills, sessions and messages, over its own end, with
a state file and without."""

import concurrent.futures
import pathlib
import signal
import tempfile
import time

import hostile
from broker import connect_5, disconnect, enter, leave, message_expiry, must, payloads, session_expiry, subscribe, tell
from broker import will_delay
from hostile import open_to, packet, read_packet, text
from programs import Broker, check


def wills(folder):
    """Whatever ends the broker, a will is sent once, after its delay [5.0: MQTT-3.1.2-8, MQTT-3.1.3-9, section 4.1]."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        options = ("--sys", "0", "--state", str(folder / f"wills.{how}"))
        broker = Broker(folder, *options)
        reader = enter(broker, b"reads wills", session_expiry(600))
        subscribe(reader, (b"will/#", 1))
        leave(reader)
        there = [enter(broker, name, session_expiry(expiry), will=(will_delay(delay), b"will/" + name, name), will_qos=1)
                 for name, expiry, delay in ((b"at once", 600, 0), (b"later", 600, 3), (b"much later", 600, 600),
                                             (b"back", 600, 3), (b"without session", 0, 600))]
        leave(enter(broker, b"says good-bye", session_expiry(600), will=(b"", b"will/none", b"none")), disconnect(0))
        time.sleep(0.3)
        broker.end(how)
        check("all have been there to the end", len(there), 5)
        broker = Broker(folder, *options)
        back = enter(broker, b"back", session_expiry(600), present=1)
        time.sleep(0.5)
        got = payloads(enter(broker, b"reads wills", session_expiry(600), present=1))
        check(f"wills that are due when the broker is there again, after {how.name}", sorted(got),
              [b"at once", b"without session"])
        time.sleep(3)
        got = payloads(enter(broker, b"reads wills", session_expiry(600), present=1))
        check("one whose delay has passed since, and those not acknowledged", sorted(got),
              [b"at once", b"later", b"without session"])
        leave(back, disconnect(0))
        broker.end(how)


def sessions(folder):
    """[5.0: MQTT-4.1.0-2]: the time in which the broker did not run counts as well."""
    options = ("--sys", "0", "--state", str(folder / "sessions"))
    broker = Broker(folder, *options)
    for name, seconds in ((b"ends", 3), (b"stays", 600)):
        leave(enter(broker, name, session_expiry(seconds)))
    leave(enter(broker, b"leaves nothing", will=(b"", b"will", b"w")))
    for _ in range(4):
        broker.end()
        time.sleep(1)
        broker = Broker(folder, *options)
    for name, present in ((b"ends", 0), (b"stays", 1)):
        connack = read_packet(open_to(broker, connect_5(name, session_expiry(600))))[1]
        check(f"after four seconds and restarts a session that {name.decode()}", connack[:2], bytes([present, 0]))
    broker.end()
    broker = Broker(folder, "--sys", "1", *options[2:])
    reader = enter(broker, b"counts")
    subscribe(reader, (b"$SYS/broker/clients/total", 0))
    check("nobody else is remembered", payloads(reader), [b"2"])
    broker.end()


def longest_session(folder):
    broker = Broker(folder, "--sys", "0", "--maximum-session-expiry", "1")
    leave(enter(broker, b"asks in DISCONNECT", session_expiry(1)), disconnect(0, session_expiry(0xFFFFFFFF)))
    leave(enter(broker, b"asks in CONNECT", session_expiry(600)))
    old = open_to(broker, hostile.connect(b"asks in 3.1.1", stays=True))
    must("3.1.1 is let in", read_packet(old), (b"\x20", b"\0\0"))
    leave(old)
    time.sleep(2)
    for name in (b"asks in DISCONNECT", b"asks in CONNECT"):
        check(f"no session is longer than the broker says, whoever {name.decode()}",
              read_packet(open_to(broker, connect_5(name, session_expiry(600))))[1][:2], b"\0\0")
    check("nor in 3.1.1", read_packet(open_to(broker, hostile.connect(b"asks in 3.1.1", stays=True))), (b"\x20", b"\0\0"))
    broker.end()


def room_of_what_has_expired(folder):
    """[5.0: MQTT-3.3.2-5, section 3.3.2.3.3]"""
    broker = Broker(folder, "--sys", "0", "--maximum-retained", "100000", "--maximum-queue", "100000")
    writer = enter(broker, b"writes much")
    reader = enter(broker, b"is away", session_expiry(600))
    subscribe(reader, (b"queued", 1))
    leave(reader)
    tell(writer, b"queued", 90_000 * b"q", 1, 0, message_expiry(1))
    tell(writer, b"retained/1", 60_000 * b"r", 1, 1, message_expiry(1))
    writer.sendall(packet(0x33, text(b"retained/2") + b"\0\2\0" + 60_000 * b"r"))
    check("there is no room for two", read_packet(writer), (b"\x40", b"\0\2\x97"))
    time.sleep(2.5)
    tell(writer, b"queued", 80_000 * b"n")
    tell(writer, b"retained/2", 60_000 * b"n", 1, 1)
    reader = enter(broker, b"is away", session_expiry(600), present=1)
    check("what has expired is no longer in the way of what waits", payloads(reader), [80_000 * b"n"])
    subscribe(writer, (b"retained/#", 0))
    check("nor of what is retained", payloads(writer), [60_000 * b"n"])
    broker.end()


def overlap_with_shared(folder):
    """A client's own subscriptions bring a message once, and a shared one once more [5.0: section 4.8.2]."""
    broker = Broker(folder, "--sys", "0")
    reader = enter(broker, b"subscribes twice over")
    subscribe(reader, *((each, 0) for each in (b"o/1", b"o/+", b"+/1", b"#", b"$share/g/o/1", b"$share/g/o/+", b"$share/h/#")))
    writer = enter(broker, b"writes once")
    tell(writer, b"o/1", b"m")
    check("one for all its own, one for each shared one", payloads(reader), 4 * [b"m"])
    broker.end()


def run(folder):
    parts = (wills, sessions, longest_session, room_of_what_has_expired, overlap_with_shared)
    with tempfile.TemporaryDirectory() as apart, concurrent.futures.ThreadPoolExecutor() as pool:
        folders = [pathlib.Path(apart) / part.__name__ for part in parts]
        for each in folders:
            each.mkdir()
        for done in [pool.submit(part, each) for part, each in zip(parts, folders)]:
            done.result()
