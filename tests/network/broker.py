"""What mqttwire-broker owes to the clients of 5.0 over time and between them, in bytes: keep alive, expiry, wills, takeover,
options of subscriptions, shared ones, refusals. Each part has clients of its own, so those that wait do so side by side."""

import concurrent.futures
import socket
import struct
import time

import hostile
from hostile import is_closed, open_to, packet, read, read_packet, text
from programs import Broker, check

NO_LOCAL, AS_PUBLISHED, IF_NEW, NEVER = 0x04, 0x08, 0x10, 0x20 # of Subscription Options; the last two: Retain Handling 1, 2


def session_expiry(seconds):
    return b"\x11" + struct.pack("!I", seconds)


def message_expiry(seconds):
    return b"\x02" + struct.pack("!I", seconds)


def will_delay(seconds):
    return b"\x18" + struct.pack("!I", seconds)


def connect_5(client_id, properties=b"", clean=False, keep_alive=60, will=None, will_qos=0):
    """`will`: its properties, topic and payload."""
    flags, tail = 2 if clean else 0, text(client_id)
    if will is not None:
        flags |= 4 | will_qos << 3
        tail += bytes([len(will[0])]) + will[0] + text(will[1]) + text(will[2])
    return packet(0x10, text(b"MQTT") + struct.pack("!BBHB", 5, flags, keep_alive, len(properties)) + properties + tail)


def disconnect(reason_code, properties=b""):
    return packet(0xE0, bytes([reason_code, len(properties)]) + properties)


def must(what, seen, wanted):
    """What the checks stand on: says something only if it is not so."""
    if seen != wanted:
        check(what, seen, wanted)


def enter(broker, client_id, properties=b"", present=0, **more):
    """A connection whose CONNACK has come, with that Session Present."""
    made = open_to(broker, connect_5(client_id, properties, **more))
    first, body = read_packet(made)
    must(f"{client_id.decode()} is let in", (first, body[:2]), (b"\x20", bytes([present, 0])))
    return made


def leave(connection, last=b""):
    """Behind this the broker knows that the connection has ended."""
    connection.sendall(last)
    connection.shutdown(socket.SHUT_WR)
    is_closed(connection)
    connection.close()


def subscribe(connection, *filters, identifier=b""):
    """`filters`: each with its options; `identifier`: the subscription's, as it stands in the packet."""
    properties = b"\x0b" + identifier if identifier else b""
    connection.sendall(packet(0x82, b"\0\1" + bytes([len(properties)]) + properties
                              + b"".join(text(name) + bytes([options]) for name, options in filters)))
    granted = bytes(options & 3 for _, options in filters)
    must(f"{filters} are granted", read_packet(connection), (b"\x90", b"\0\1\0" + granted))


def tell(writer, topic, payload, qos=1, retain=0, properties=b""):
    """Publishes; behind this the broker has given the message to all who get it now."""
    identifier = b"\0\1" if qos else b""
    writer.sendall(packet(0x30 | qos << 1 | retain,
                          text(topic) + identifier + bytes([len(properties)]) + properties + payload))
    must("the broker takes the message", read_packet(writer)[1][:2] if qos else b"", identifier)
    if qos == 2:
        writer.sendall(b"\x62\2" + identifier)
        must("and its PUBREL", read_packet(writer)[0], b"\x70")


def parsed(first, body):
    """Of PUBLISH the first byte, topic, properties and payload; other packets as they are."""
    if not first or first[0] >> 4 != 3:
        return first[0] if first else None, body
    size = struct.unpack("!H", body[:2])[0]
    topic, rest = body[2:2 + size], body[2 + size + (2 if first[0] & 6 else 0):]
    return first[0], topic, rest[1:1 + rest[0]], rest[1 + rest[0]:]


def come(connection):
    """All that has come so far."""
    connection.sendall(b"\xc0\0")
    got = []
    while (each := read_packet(connection))[0] not in (b"\xd0", b""):
        got.append(parsed(*each))
    must("PINGREQ is answered", each, (b"\xd0", b""))
    return got


def payloads(connection):
    return [each[-1] for each in come(connection)]


def come_for(connection):
    """The same of messages without other properties than Subscription Identifiers, whose order has no meaning."""
    return [(first, topic, sorted(b"\x0b" + each for each in properties.split(b"\x0b")[1:]), payload)
            for first, topic, properties, payload in come(connection)]


def error_of(connection):
    """The reason code with which the broker disconnects, if nothing else comes before or after."""
    first, body = read_packet(connection)
    return first, body[:1], read(connection, 1)


def keep_alive(broker):
    """[3.1.1: MQTT-3.1.2-24; 5.0: MQTT-3.1.2-22, reason code 0x8D]"""
    silent = [open_to(broker, hostile.connect(b"silent 4", keep_alive=1)),
              open_to(broker, connect_5(b"silent 5", keep_alive=1))]
    patient = enter(broker, b"patient", keep_alive=0)
    for each in silent:
        read_packet(each)
    time.sleep(1)
    for each in silent:
        must("one second is not too long", come(each), [])
    begun = time.monotonic()
    got = []
    for each in silent:
        got.append((read_packet(each), read(each, 1)))
        check(f"half as long again as the keep alive: {time.monotonic() - begun:.2f} s",
              1.4 < time.monotonic() - begun < 3.5)
    check("then 3.1.1 is closed, and 5.0 told why", [(first, body[:1], end) for (first, body), end in got],
          [(b"", b"", b""), (b"\xe0", b"\x8d", b"")])
    check("without keep alive nobody is cut", come(patient), [])


def session_end(broker):
    """[5.0: MQTT-3.1.2-23], and of the interval in DISCONNECT section 3.14.2.2.2"""
    for name, seconds in ((b"ends", 2), (b"stays", 600)):
        leave(enter(broker, name, session_expiry(seconds)))
        leave(enter(broker, name, session_expiry(seconds), present=1))
    leave(enter(broker, b"shortens", session_expiry(600)), disconnect(0, session_expiry(2)))
    leave(enter(broker, b"leaves it", session_expiry(600)), disconnect(0))
    leave(enter(broker, b"at once", session_expiry(600)), disconnect(0, session_expiry(0)))
    connack = read_packet(open_to(broker, connect_5(b"at once", session_expiry(600))))[1]
    check("DISCONNECT with expiry 0 ends the session at once", connack[:2], b"\0\0")
    for properties in (b"", session_expiry(0)):
        never = enter(broker, b"never", properties)
        never.sendall(disconnect(0, session_expiry(10)))
        check("DISCONNECT cannot begin what CONNECT has not", error_of(never), (b"\xe0", b"\x82", b""))
    time.sleep(3.2)
    for name, present in ((b"ends", 0), (b"stays", 1), (b"shortens", 0), (b"leaves it", 1)):
        connack = read_packet(open_to(broker, connect_5(name, session_expiry(600))))[1]
        check(f"after 3 seconds a session that {name.decode()}", connack[:2], bytes([present, 0]))


def wills(broker):
    """[5.0: MQTT-3.1.2-8, -10, MQTT-3.1.3-9, MQTT-3.14.4-3]"""
    watcher = enter(broker, b"watches wills")
    subscribe(watcher, (b"will/#", 1))
    will = (will_delay(600), b"will/0", b"w")
    leave(enter(broker, b"leaves 0", session_expiry(0), will=will), disconnect(0))
    check("DISCONNECT 0x00 takes the will along", come(watcher), [])
    leave(enter(broker, b"leaves 4", session_expiry(0), will=will), disconnect(4))
    check("0x04 does not", come(watcher), [(0x30, b"will/0", b"", b"w")])
    leave(enter(broker, b"is lost", session_expiry(0), will=will))
    check("where the session ends with the connection there is no delay", payloads(watcher), [b"w"])

    leave(enter(broker, b"expires", session_expiry(1), will=(will_delay(600), b"will/1", b"of the session")))
    begun = time.monotonic()
    check("a will waits no longer than the session", parsed(*read_packet(watcher)), (0x30, b"will/1", b"", b"of the session"))
    check(f"and as long as that: {time.monotonic() - begun:.2f} s", 0.9 < time.monotonic() - begun < 3)

    comes_back = session_expiry(600)
    begun = time.monotonic()
    leave(enter(broker, b"comes back", comes_back, will=(will_delay(2), b"will/2", b"first")))
    again = enter(broker, b"comes back", comes_back, present=1, will=(will_delay(2), b"will/2", b"second"))
    time.sleep(max(0.0, begun + 3 - time.monotonic()))
    check("who comes back in time has left no will", come(watcher), [])
    leave(again)
    begun = time.monotonic()
    check("who does not has", parsed(*read_packet(watcher)), (0x30, b"will/2", b"", b"second"))
    check(f"after the delay: {time.monotonic() - begun:.2f} s", 1.9 < time.monotonic() - begun < 4)


def take_over(broker):
    """[5.0: MQTT-3.1.4-3], and of the will the remark in section 3.1.4"""
    watcher = enter(broker, b"watches takeover")
    subscribe(watcher, (b"taken/#", 1))
    for what, expiry, delay, clean, is_sent in (
            ("without delay, its will is sent", 600, 0, False, True),
            ("with delay, its will is not sent", 600, 600, False, False),
            ("by a clean start, its will is sent", 600, 600, True, True),
            ("of a session that ends with the connection, its will is sent", 0, 600, False, True)):
        will = (will_delay(delay), b"taken/over", what.encode())
        old = enter(broker, b"taken", session_expiry(expiry), clean=True, will=will)
        new = enter(broker, b"taken", session_expiry(expiry), clean=clean, present=int(expiry != 0 and not clean))
        check("who is taken over is told so", error_of(old), (b"\xe0", b"\x8e", b""))
        check(what, payloads(watcher), [what.encode()] if is_sent else [])
        leave(new, disconnect(0))
    time.sleep(0.5)
    check("nor does one come later", come(watcher), [])


def is_left(properties, of):
    """True for a Message Expiry Interval that is what is left of it after three seconds or somewhat more."""
    return properties[:1] == b"\x02" and of - 20 <= struct.unpack("!I", properties[1:])[0] <= of - 3


def message_end(broker):
    """[5.0: MQTT-3.3.2-5, -6]"""
    writer = enter(broker, b"writes messages that end")
    away = enter(broker, b"away for three seconds", session_expiry(600))
    subscribe(away, (b"queued/#", 1))
    leave(away)
    for kind, retain in ((b"queued", 0), (b"retained", 1)):
        for name, properties in ((b"short", message_expiry(2)), (b"long", message_expiry(100)), (b"endless", b"")):
            tell(writer, kind + b"/" + name, name, 1, retain, properties)
    reader = enter(broker, b"reads in time")
    subscribe(reader, (b"retained/#", 1))
    check("what has not expired is there", sorted(payloads(reader)), [b"endless", b"long", b"short"])
    time.sleep(3.2)
    reader = enter(broker, b"reads too late")
    subscribe(reader, (b"retained/#", 0))
    away = enter(broker, b"away for three seconds", session_expiry(600), present=1)
    for kind, connection, first in (("queued", away, 0x32), ("retained", reader, 0x31)):
        got = {each[1]: each for each in come(connection)}
        endless, long = (f"{kind}/{name}".encode() for name in ("endless", "long"))
        check(f"{kind}: what has expired does not come", sorted(got), [endless, long])
        check("what never does comes as it was", got.get(endless), (first, endless, b"", b"endless"))
        check("and else it is told how much is left", long in got and is_left(got[long][2], 100))


def refused_by_the_receiver(broker):
    """[5.0: MQTT-4.4.0-2, MQTT-4.9.0-2], and that such a PUBREC gives the quota back: section 4.9"""
    writer = enter(broker, b"writes to one who refuses")
    properties = session_expiry(600) + b"\x21\0\1" # Receive Maximum
    taker = enter(broker, b"refuses", properties)
    subscribe(taker, (b"refused", 2))
    for payload in (b"first", b"second", b"third"):
        tell(writer, b"refused", payload, 2)
    first, body = read_packet(taker)
    check("one message comes", parsed(first, body), (0x34, b"refused", b"", b"first"))
    check("and no more", come(taker), [])
    taker.sendall(b"\x50\3" + body[9:11] + b"\x83")
    check("if it is refused, the next", come(taker), [(0x34, b"refused", b"", b"second")])
    leave(taker)
    taker = enter(broker, b"refuses", properties, present=1)
    check("what was refused does not come again", come(taker), [(0x3C, b"refused", b"", b"second")])


def no_local(broker):
    """[5.0: MQTT-3.8.3-3], beside a subscription of the same client without it"""
    talks = enter(broker, b"talks to itself")
    other = enter(broker, b"talks to it")
    subscribe(talks, (b"local/#", 1 | NO_LOCAL), identifier=b"\x01")
    tell(talks, b"local/a", b"mine", 0)
    tell(other, b"local/a", b"another's")
    check("with No Local comes what others say", come(talks), [(0x32, b"local/a", b"\x0b\x01", b"another's")])
    subscribe(talks, (b"local/+", 0), identifier=b"\x02")
    talks.sendall(packet(0x32, text(b"local/a") + b"\0\7\0mine"))
    got = [parsed(*read_packet(talks)) for _ in range(2)]
    check("what it says itself comes for the other subscription alone",
          [each for each in got if each[0] >> 4 == 3], [(0x30, b"local/a", b"\x0b\x02", b"mine")])
    check("and only once", come(talks), [])
    tell(other, b"local/a", b"another's")
    check("what others say comes for both", come_for(talks),
          [(0x32, b"local/a", [b"\x0b\x01", b"\x0b\x02"], b"another's")])


def retain_handling(broker):
    """[5.0: MQTT-3.3.1-9, -10, -11, MQTT-3.8.4-4]"""
    writer = enter(broker, b"writes what is retained")
    tell(writer, b"handling/a", b"r", 1, 1)
    retained = [(0x33, b"handling/a", b"", b"r")]
    for handling, options, for_new, for_old in ((0, 0, True, True), (1, IF_NEW, True, False), (2, NEVER, False, False)):
        reader = enter(broker, b"handles", session_expiry(600), clean=True)
        subscribe(reader, (b"handling/+", 1 | options))
        check(f"Retain Handling {handling}, new", come(reader), retained if for_new else [])
        subscribe(reader, (b"handling/+", 1 | options))
        check(f"Retain Handling {handling}, again", come(reader), retained if for_old else [])
        leave(reader)
        reader = enter(broker, b"handles", session_expiry(600), present=1)
        come(reader) # what has not been acknowledged
        subscribe(reader, (b"handling/+", 1 | options))
        check(f"Retain Handling {handling}, in a session that goes on", come(reader), retained if for_old else [])
        tell(writer, b"handling/b", b"new")
        check("what is new comes either way", come(reader), [(0x32, b"handling/b", b"", b"new")])
        reader.sendall(packet(0xA2, b"\0\2\0" + text(b"handling/+")))
        read_packet(reader)
        subscribe(reader, (b"handling/+", 1 | options))
        check(f"Retain Handling {handling}, new once more", come(reader), retained if for_new else [])


def retain_as_published(broker):
    """[5.0: MQTT-3.3.1-12, -13]"""
    writer = enter(broker, b"writes with RETAIN")
    for as_published in (0, AS_PUBLISHED):
        reader = enter(broker, b"reads RETAIN")
        subscribe(reader, (b"published/#", as_published))
        for retain in (0, 1):
            tell(writer, b"published/a", b"p", 1, retain)
            check(f"RETAIN {retain} with Retain As Published {int(as_published != 0)}", come(reader),
                  [(0x30 | (retain if as_published else 0), b"published/a", b"", b"p")])
        tell(writer, b"published/a", b"", 1, 1)


def subscription_identifiers(broker):
    """[5.0: MQTT-3.3.4-2 to -5]; the broker sends one copy, of which MQTT-3.3.4-4 says what it carries"""
    writer = enter(broker, b"writes to identifiers")
    reader = enter(broker, b"has identifiers")
    subscribe(reader, (b"id/#", 0), identifier=b"\x01")
    subscribe(reader, (b"id/a", 1), identifier=b"\xff\xff\xff\x7f") # the largest
    subscribe(reader, (b"id/+", 2))
    largest, smallest = b"\x0b\xff\xff\xff\x7f", b"\x0b\x01"
    tell(writer, b"id/a", b"all three", 2)
    check("all identifiers, the highest QoS", come_for(reader),
          [(0x34, b"id/a", [smallest, largest], b"all three")])
    tell(writer, b"id/b", b"two", 1)
    check("those that match", come(reader), [(0x32, b"id/b", smallest, b"two")])
    tell(writer, b"id/b/c", b"one", 1)
    check("and their QoS", come(reader), [(0x30, b"id/b/c", smallest, b"one")])
    subscribe(reader, (b"id/#", 0), identifier=b"\x7f")
    tell(writer, b"id/b/c", b"replaced", 1)
    check("another identifier takes the place", come(reader), [(0x30, b"id/b/c", b"\x0b\x7f", b"replaced")])
    subscribe(reader, (b"id/#", 0))
    tell(writer, b"id/b/c", b"taken away", 1, 1)
    check("and none", come(reader), [(0x30, b"id/b/c", b"", b"taken away")])
    subscribe(reader, (b"id/b/#", 0), identifier=b"\x05")
    check("a retained message has that of the subscription it comes for", come(reader),
          [(0x31, b"id/b/c", b"\x0b\x05", b"taken away")])


def shared(broker):
    writer = enter(broker, b"writes to members")
    members = [enter(broker, b"member %d" % i, session_expiry(600)) for i in range(3)]
    for each in members:
        subscribe(each, (b"$share/group/shared", 1))
    for i in range(6):
        tell(writer, b"shared", b"%d" % i)
    turns = list(map(payloads, members))
    check("members of a shared subscription take turns", sorted(turns), [[b"0", b"3"], [b"1", b"4"], [b"2", b"5"]])
    for each in members[:2]:
        leave(each)
    for i in range(6, 10):
        tell(writer, b"shared", b"%d" % i)
    check("who is connected gets what others would have to wait for", payloads(members[2]), [b"6", b"7", b"8", b"9"])
    leave(members[2])
    tell(writer, b"shared", b"10")
    back = [payloads(enter(broker, b"member %d" % i, session_expiry(600), present=1)) for i in range(3)]
    check("and if nobody is, one gets it in the end", sum(each.count(b"10") for each in back), 1)


def shared_flows(broker):
    """What becomes of a message that one member of a shared subscription was given [5.0: MQTT-4.8.2-4 to -6]."""
    writer = enter(broker, b"writes to takers")
    taker = enter(broker, b"taker", session_expiry(600))
    subscribe(taker, (b"$share/takers/flow", 2))
    tell(writer, b"flow", b"cut off", 2)
    must("the only member gets it", parsed(*read_packet(taker)), (0x34, b"flow", b"", b"cut off"))
    other = enter(broker, b"other taker", session_expiry(600))
    subscribe(other, (b"$share/takers/flow", 2))
    leave(taker)
    check("another member does not get what is cut off", come(other), [])
    taker = enter(broker, b"taker", session_expiry(600), present=1)
    check("whose delivery goes on where it began", come(taker), [(0x3C, b"flow", b"", b"cut off")])
    leave(taker)
    enter(broker, b"taker", clean=True)
    check("nor when that session ends", come(other), [])
    tell(writer, b"flow", b"refused")
    first, body = read_packet(other)
    must("the only member gets it", parsed(first, body), (0x32, b"flow", b"", b"refused"))
    third = enter(broker, b"third taker", session_expiry(600))
    subscribe(third, (b"$share/takers/flow", 2))
    other.sendall(b"\x40\4" + body[6:8] + b"\x97\0")
    check("nobody is offered what one has refused", (come(other), come(third)), ([], []))


def authentication(broker):
    """[5.0: MQTT-4.12.0-1, -6, -7]"""
    stranger = open_to(broker, connect_5(b"stranger", b"\x15" + text(b"nobody knows")))
    first, body = read_packet(stranger)
    check("an unknown method is refused", (first, body[:2], read(stranger, 1)), (b"\x20", b"\0\x8c", b""))
    method = b"\x15" + text(b"method")
    for what, auth in (("AUTH without a method", b"\x19\0"), ("AUTH of reason code 0x18 without one", b"\x18\0"),
                       ("AUTH with a method that CONNECT did not have", b"\x19" + bytes([len(method)]) + method)):
        sender = enter(broker, b"sends AUTH")
        sender.sendall(packet(0xF0, auth))
        check(what, error_of(sender), (b"\xe0", b"\x82", b""))


def sys_topics(broker):
    watcher = enter(broker, b"watches $SYS")
    subscribe(watcher, (b"$SYS/#", 2))
    writer = enter(broker, b"writes to $SYS")
    for qos, answer in ((1, b"\x40"), (2, b"\x50")):
        writer.sendall(packet(0x31 | qos << 1, text(b"$SYS/broker/mine") + b"\0\5\0" + b"m"))
        first, body = read_packet(writer)
        check(f"nobody publishes to $SYS, QoS {qos}", (first, body[:3]), (answer, b"\0\5\x87"))
    tell(writer, b"$SYS/broker/mine", b"m", 0, 1)
    check("QoS 0 goes nowhere", come(writer), [])
    old = open_to(broker, hostile.connect(b"3.1.1 and $SYS") + hostile.publish(b"$SYS/broker/mine", b"m", 1, 6, retain=1))
    check("nor does 3.1.1, which cannot be told", (read_packet(old)[0], read_packet(old)), (b"\x20", (b"\x40", b"\0\6")))
    check("none of these has come", come(watcher), [])
    subscribe(watcher, (b"$SYS/broker/#", 2))
    check("nor is it retained", come(watcher), [])

    with_will = open_to(broker, connect_5(b"will on $SYS", will=(b"", b"$SYS/broker/will", b"w")))
    first, body = read_packet(with_will)
    check("a will on $SYS is refused", first == b"" or (first == b"\x20" and body[1] >= 0x80))
    with_will.close()
    will = text(b"will on $SYS") + text(b"$SYS/broker/will") + text(b"w")
    old = open_to(broker, packet(0x10, text(b"MQTT") + b"\4\6\0\x3c" + will))
    read_packet(old)
    old.close()
    time.sleep(0.5)
    check("nobody gets it", come(watcher), [])


def maximum_connections(folder):
    broker = Broker(folder, "--sys", "0", "--maximum-connections", "2")
    inside = [enter(broker, b"inside %d" % i) for i in range(2)]
    check("one too many is closed", read(open_to(broker, connect_5(b"outside")), 1), b"")
    check("the others stay", list(map(come, inside)), [[], []])
    leave(inside.pop(), disconnect(0))
    time.sleep(0.5)
    inside.append(enter(broker, b"inside now"))
    check("when one has gone there is room again", list(map(come, inside)), [[], []])
    check("a clean stop", broker.end(), 0)


def run(folder):
    broker = Broker(folder, "--sys", "0")
    parts = (keep_alive, session_end, wills, take_over, message_end, refused_by_the_receiver, no_local, retain_handling,
             retain_as_published, subscription_identifiers, shared, shared_flows, authentication, sys_topics)
    with concurrent.futures.ThreadPoolExecutor(len(parts)) as pool:
        for part, done in [(part, pool.submit(part, broker)) for part in parts]:
            try:
                done.result()
            except OSError as error: # an answer that does not come, for instance
                check(f"{part.__name__} goes on to its end", error, None)
    check("a clean stop", broker.end(), 0)
    maximum_connections(folder)
