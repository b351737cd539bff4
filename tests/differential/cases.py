#!/usr/bin/env python3
"""Generates packet buffers for the differential test: lines `VERSION HEX` on standard output.

Two kinds follow each other. The systematic cases are always the same and go through whole matrices: every first byte,
every property identifier in every place, every reason code in every packet, every connect flags byte, good and bad text
in every text field, every cut of a set of packets and so on. The random cases are valid packets of all types and
versions, built part by part, and packets broken in one to three places; the seed decides them.

Nothing here says whether a case is valid: that is the work of reference.py.
"""

import argparse
import itertools
import random
import sys

from reference import PACKET_TYPES, PROPERTIES, PROPERTY_PLACES, REASON_CODES, VERSIONS

PLACES = ("CONNECT", "WILL", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK",
          "UNSUBSCRIBE", "UNSUBACK", "DISCONNECT", "AUTH")
ACKNOWLEDGEMENTS = ("PUBACK", "PUBREC", "PUBREL", "PUBCOMP")
FIRST_BYTES = {name: number << 4 | (2 if name in ("PUBREL", "SUBSCRIBE", "UNSUBSCRIBE") else 0)
               for name, number in PACKET_TYPES.items()}
PROTOCOLS = {"3.1": (b"MQIsdp", 3), "3.1.1": (b"MQTT", 4), "5.0": (b"MQTT", 5)}

GOOD_TEXTS = tuple(text.encode("utf-8") for text in (
    "", "a", "a/b", "\u00e9", "\u4e2d\u6587", "A\U0002a6d4", "\ufeff", "\ufeffa\ufeff", "\x01", "\x1f\x7f\x80\x9f",
    "\u07ff\u0800\ud7ff\ue000", "\ufdd0\ufffd\ufffe\uffff", "\U00010000\U0010ffff\U0001fffe", "\"\\\b\t\n\r\u2028",
    " ", "a" * 127, "a" * 128, "\u00e9" * 64, "abcdefg\u00e9", "abcdefgh\U0001f600", "abcdefghijklmno\u4e2d"))

BAD_TEXTS = (
    b"\x00", b"a\x00b", b"abcdefgh\x00", b"\x80", b"\xbf", b"a\x80", b"\xc0\x80", b"\xc1\xbf", b"\xc2", b"\xc2a",
    b"\xc2\xc2", b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xe1\x80", b"\xe1\x80a", b"\xe1a\x80", b"\xed\xa0\x80",
    b"\xed\xbf\xbf", b"\xed\xa0\xbd\xed\xb8\x80", b"\xef\xbf", b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf",
    b"\xf0\x90\x80", b"\xf0\x90\x80a", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80",
    b"\xfc\x84\x80\x80\x80\x80", b"\xfe", b"\xff", b"a" * 7 + b"\xff", b"a" * 8 + b"\xc3",
    b"a" * 15 + b"\xed\xa0\x80", b"a" * 16 + b"\x00", b"a" * 31 + b"\x80" + b"a" * 9)

TOPICS = tuple(text.encode("utf-8") for text in (
    "/", "//", "a/", "/a", "a//b", "#", "sport/#", "/#", "+", "+/+", "/+", "+/tennis/#", "sport/+/player1", "sport#",
    "sport/ten#", "sport/#/ranking", "#/a", "##", "#/#", "/##", "sport+", "+a/b", "a/b+", "++", "+#", "#+", "+/#",
    "a/+b", "a/#b", "\u00e9#", "\u00e9/#", "\u4e2d+", "abcdefgh#", "abcdefghijklmnop+", "$SYS/#", "$", "$share",
    "$shared/g/a", "$SHARE/g/a", "$share/", "$share//", "$share//a", "$share/g", "$share/g/", "$share/g//",
    "$share/g//a", "$share/g/a", "$share/g/#", "$share/g/+", "$share/g/a/+", "$share/g/a#", "$share/g/#/a",
    "$share/g/+a", "$share/g+/a", "$share/#/a", "$share/+/a", "$share/#", "$share/+", "$share/\u00e9/\u4e2d",
    "$share/$share/a", "$share/g/$share/g/a", "x$share/g"))

LONG_SIZES = (126, 127, 128, 129, 255, 256, 257, 16383, 16384, 32767, 32768, 65534, 65535)


# --- Parts of packets ----------------------------------------------------------------------------------------------


def varint(value):
    """The shortest Variable Byte Integer; beyond four bytes if need be."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | 0x80 if value else low)
        if not value:
            return bytes(out)


def padded(value, width):
    """A Variable Byte Integer stretched to `width` bytes."""
    shortest = varint(value)
    if len(shortest) >= width:
        return shortest
    return shortest[:-1] + bytes([shortest[-1] | 0x80]) + b"\x80" * (width - len(shortest) - 1) + b"\0"


def string(raw):
    """Two bytes of length, then the bytes."""
    return len(raw).to_bytes(2, "big") + raw


def two(value):
    """A Two Byte Integer."""
    return value.to_bytes(2, "big")


def block(version, properties=b""):
    """Property Length and properties in 5.0; nothing before."""
    return varint(len(properties)) + properties if version == "5.0" else b""


def frame(first, body, width=0):
    """A whole packet; its Remaining Length has at least `width` bytes."""
    return bytes([first]) + padded(len(body), width) + body


def connect(version, flags=0x02, client_id=b"c1", properties=b"", rest=b""):
    """The body of a CONNECT; `rest` is what follows the client identifier."""
    name, level = PROTOCOLS[version]
    return (string(name) + bytes([level, flags]) + two(60) + block(version, properties) + string(client_id) + rest)


def will(version, topic=b"w/t", payload=b"bye", properties=b""):
    """Will Properties, Will Topic and Will Payload."""
    return block(version, properties) + string(topic) + string(payload)


def property_value(identifier):
    """One valid value of a property."""
    kind, least = PROPERTIES[identifier][1:3]
    if kind == "pair":
        return string(b"k") + string(b"v")
    if kind in ("text", "binary"):
        return string(b"p/q")
    if kind == "varint":
        return varint(least)
    return max(least, 1).to_bytes({"byte": 1, "two": 2, "four": 4}[kind], "big")


def body_with(place, block_bytes):
    """The body of a 5.0 packet that has `block_bytes` as its Property Length and properties."""
    if place == "CONNECT":
        return string(b"MQTT") + b"\x05\x02\x00\x3c" + block_bytes + string(b"c1")
    if place == "WILL":
        return connect("5.0", 0x0E, rest=block_bytes + string(b"w/t") + string(b"bye"))
    if place == "CONNACK":
        return b"\0\0" + block_bytes
    if place == "PUBLISH":
        return string(b"a/b") + block_bytes + b"x"
    if place == "SUBSCRIBE":
        return b"\0\x0a" + block_bytes + string(b"a/b") + b"\x01"
    if place == "UNSUBSCRIBE":
        return b"\0\x0a" + block_bytes + string(b"a/b")
    if place in ("SUBACK", "UNSUBACK"):
        return b"\0\x0a" + block_bytes + b"\0"
    if place in ACKNOWLEDGEMENTS:
        return b"\0\x0a\0" + block_bytes
    return (b"\x18" if place == "AUTH" else b"\0") + block_bytes


def packet_with_block(place, block_bytes):
    """A 5.0 packet with these bytes as Property Length and properties."""
    return frame(FIRST_BYTES["CONNECT" if place == "WILL" else place], body_with(place, block_bytes))


def packet_with(place, properties):
    """A 5.0 packet with these properties; AUTH gets the method it needs."""
    if place == "AUTH" and properties[:1] != b"\x15":
        properties = b"\x15" + string(b"m") + properties
    return packet_with_block(place, block("5.0", properties))


def simple_bodies(version):
    """(first byte, body) of one or two plain packets of each type."""
    five = version == "5.0"
    reason = b"\0" if five else b""
    user_property = b"\x26\x00\x01k\x00\x01v"
    yield 0x10, connect(version)
    yield 0x10, connect(version, 0xEE, properties=b"\x21\x00\x05" + user_property,
                        rest=will(version, properties=b"\x18\0\0\0\5" + user_property) + string(b"u") + string(b"p"))
    yield 0x20, b"\0\0" + block(version)
    yield 0x20, b"\0\0" + block(version, b"\x12\0\1a" + b"\x24\1" + user_property)
    yield 0x30, string(b"a/b") + block(version) + b"hi"
    yield 0x35, string(b"a/b") + two(10) + block(version, b"\x01\1\x0b\x80\1" + user_property) + b"hi"
    for name in ACKNOWLEDGEMENTS:
        yield FIRST_BYTES[name], two(10)
        if five:
            yield FIRST_BYTES[name], two(10) + reason
            yield FIRST_BYTES[name], two(10) + reason + block(version, b"\x1f\0\1r" + user_property)
    yield 0x82, two(10) + block(version, b"\x0b\xac\2") + string(b"a/b") + b"\1" + string(b"#") + b"\2"
    yield 0x90, two(10) + block(version, user_property) + b"\0\1\2"
    yield 0xA2, two(10) + block(version, user_property) + string(b"a/b") + string(b"+")
    yield 0xB0, two(10) + block(version, user_property) + (b"\0\x11" if five else b"")
    yield 0xC0, b""
    yield 0xD0, b""
    yield 0xE0, b""
    if five:
        yield 0xE0, b"\x04"
        yield 0xE0, b"\x04" + block(version, b"\x11\0\0\0\0" + user_property)
    yield 0xF0, b"\x18" + varint(8) + b"\x15\0\1m\x16\0\1d"


# --- Systematic cases ----------------------------------------------------------------------------------------------


def first_bytes():
    """Every packet type with every flags nibble, whole and cut, before each body of that type."""
    for version in VERSIONS:
        bodies = list(simple_bodies(version))
        for first in range(256):
            fitting = [body for own, body in bodies if own >> 4 == first >> 4] or [b"", b"a"]
            for body in fitting:
                data = frame(first, body)
                yield version, data
                yield version, data[:-1]
                yield version, data[:2]


def short_buffers():
    """No byte, one byte, two bytes; then short bodies of one repeated byte."""
    for version in VERSIONS:
        yield version, b""
        for first in range(256):
            yield version, bytes([first])
            for second in (0, 1, 2, 3, 4, 5, 0x7F, 0x80, 0xFF):
                yield version, bytes([first, second])
        for first in itertools.chain((0, 0x32, 0x35), FIRST_BYTES.values()):
            for size, filler in itertools.product(range(17), (0, 1, 0x61)):
                yield version, frame(first, bytes([filler]) * size)


def remaining_lengths():
    """Shortest and stretched forms, lengths that continue for ever, lengths that are cut off or do not fit."""
    for version in VERSIONS:
        for first, body in simple_bodies(version):
            for width in (2, 3, 4, 5, 6):
                data = frame(first, body, width)
                yield version, data
                yield version, data[:width]
            for size in range(1, 5):
                yield version, bytes([first]) + b"\xff" * size
                yield version, bytes([first]) + b"\x80" * size + body
                yield version, bytes([first]) + b"\xff" * (size - 1) + b"\x7f"
                yield version, bytes([first]) + b"\x80" * (size - 1) + b"\x01" + body
            for difference in (-2, -1, 1, 2, 100):
                yield version, bytes([first]) + varint(max(0, len(body) + difference)) + body


def cuts():
    """Every packet cut at each byte, as it is and with its Remaining Length made right; and with bytes added."""
    for version in VERSIONS:
        for first, body in simple_bodies(version):
            data = frame(first, body)
            for size in range(len(data)):
                yield version, data[:size]
            for size in range(len(body)):
                yield version, frame(first, body[:size])
            for more in (b"\0", b"\1", b"a", b"\0\0", b"\0\1a", b"\xc0\0", data):
                yield version, data + more
                yield version, frame(first, body + more)


def single_bytes():
    """Every byte of every packet replaced by others, removed and doubled."""
    for version in VERSIONS:
        for first, body in simple_bodies(version):
            data = frame(first, body)
            for index, byte in enumerate(data):
                for other in {0, 1, 2, 0x23, 0x7F, 0x80, 0xC0, 0xFF, byte ^ 1, byte ^ 0x80, (byte + 1) & 0xFF}:
                    yield version, data[:index] + bytes([other]) + data[index + 1:]
            for index, byte in enumerate(body):
                yield version, frame(first, body[:index] + body[index + 1:])
                yield version, frame(first, body[:index] + bytes([byte]) + body[index:])


def other_versions():
    """Packets of one version read as another."""
    for written, read in itertools.permutations(VERSIONS, 2):
        for first, body in simple_bodies(written):
            yield read, frame(first, body)


def protocols():
    """Protocol names with every level, and a body in the shape of each version."""
    names = (b"MQTT", b"MQIsdp", b"mqtt", b"MQIsdP", b"MQTTX", b"MQT", b"", b"MQIsd", b"MQ\0T", b"\xff\xff\xff\xff")
    for name in names:
        levels = range(256) if name in (b"MQTT", b"MQIsdp") else (0, 3, 4, 5, 0x83, 0x84)
        for level, rest in itertools.product(levels, (b"\x02\0\x3c\0\2c1", b"\x02\0\x3c\0\0\2c1")):
            data = frame(0x10, string(name) + bytes([level]) + rest)
            for version in VERSIONS if level in (3, 4, 5, 6, 0x83, 0x84, 0x85) else ("3.1.1",):
                yield version, data
    for version, hint in itertools.product(VERSIONS, VERSIONS):
        for first in range(0x10, 0x20):
            data = frame(first, connect(version))
            for size in range(2, len(data) + 1):
                yield hint, data[:size]
            yield hint, frame(first, connect(version), 3)
            yield hint, frame(first, connect(version), 3)[:-1]


def connect_flags():
    """Every connect flags byte, with the fields it calls for, with one missing, none, and one too many."""
    for version, flags in itertools.product(VERSIONS, range(256)):
        fields = []
        if flags & 0x04:
            fields.append(will(version))
        if flags & 0x80:
            fields.append(string(b"u"))
        if flags & 0x40:
            fields.append(string(b"p"))
        for client_id in (b"c1", b""):
            yield version, frame(0x10, connect(version, flags, client_id, rest=b"".join(fields)))
        yield version, frame(0x10, connect(version, flags, rest=b"".join(fields[:-1])))
        yield version, frame(0x10, connect(version, flags, rest=b"".join(fields)[:-1]))
        yield version, frame(0x10, connect(version, flags))
        yield version, frame(0x10, connect(version, flags, rest=b"".join(fields) + string(b"z")))


def connack_flags():
    """Every first byte of CONNACK, with a success and a refusal."""
    for version, flags, code in itertools.product(VERSIONS, range(256), (0, 5, 0x87)):
        yield version, frame(0x20, bytes([flags, code]) + block(version))


def reason_codes():
    """Every reason code or return code in every packet that has one, in each form."""
    for code in range(256):
        byte = bytes([code])
        for version in VERSIONS:
            yield version, frame(0x20, b"\0" + byte + block(version))
            yield version, frame(0x20, b"\0" + byte)
            yield version, frame(0x90, two(10) + block(version) + byte)
            yield version, frame(0x90, two(10) + block(version) + b"\0" + byte)
            yield version, frame(0xB0, two(10) + block(version) + byte)
            yield version, frame(0xE0, byte)
            yield version, frame(0xE0, byte + block(version))
        for name in ACKNOWLEDGEMENTS:
            yield "5.0", frame(FIRST_BYTES[name], two(10) + byte)
            yield "5.0", frame(FIRST_BYTES[name], two(10) + byte + b"\0")
            yield "5.0", frame(FIRST_BYTES[name], two(10) + byte + block("5.0", b"\x1f\0\1r"))
        yield "5.0", frame(0xE0, byte + block("5.0", b"\x1f\0\1r"))
        yield "5.0", frame(0xF0, byte)
        yield "5.0", frame(0xF0, byte + b"\0")
        yield "5.0", frame(0xF0, byte + block("5.0", b"\x15\0\1m"))


def property_identifiers():
    """Every property identifier in every place; those of two bytes, and over-long ones."""
    for place in PLACES:
        for identifier in range(128):
            value = property_value(identifier) if identifier in PROPERTIES else b"\0"
            yield "5.0", packet_with(place, bytes([identifier]) + value)
            yield "5.0", packet_with(place, padded(identifier, 2) + value)
        for identifier in range(128, 256):
            yield "5.0", packet_with(place, bytes([identifier]) + b"\0")
            yield "5.0", packet_with(place, varint(identifier) + b"\0")
        for identifier in (0x80 * 0x1F, 268435455, 268435456):
            yield "5.0", packet_with(place, varint(identifier) + string(b"r"))


def edge_values(identifier):
    """Values of a property at and beyond its limits."""
    kind = PROPERTIES[identifier][1]
    if kind == "byte":
        return [bytes([value]) for value in range(256)]
    if kind == "two":
        return [two(value) for value in (0, 1, 255, 256, 65535)]
    if kind == "four":
        return [value.to_bytes(4, "big") for value in (0, 1, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)]
    if kind == "varint":
        numbers = [varint(value) for value in (0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455, 268435456)]
        over_long = [padded(value, width) for value in (0, 1, 128) for width in (2, 3, 4, 5)]
        return numbers + over_long + [b"\x80", b"\xff" * 4]
    if kind == "text":
        return [string(text) for text in GOOD_TEXTS + BAD_TEXTS + (TOPICS if identifier == 0x08 else ())]
    if kind == "pair":
        texts = [string(text) for text in GOOD_TEXTS + BAD_TEXTS]
        return [text + string(b"v") for text in texts] + [string(b"k") + text for text in texts]
    return [string(value) for value in (b"", b"\0", b"\xff\xfe", bytes(range(256)))]


def property_values():
    """Every property where it may stand: its edge values, cut short, twice, and beside each other one."""
    for place in PLACES:
        allowed = [identifier for identifier in PROPERTIES if place in PROPERTY_PLACES[identifier]]
        for identifier in allowed:
            head, value = bytes([identifier]), property_value(identifier)
            for edge in edge_values(identifier):
                yield "5.0", packet_with(place, head + edge)
            for size in range(len(value)):
                yield "5.0", packet_with(place, head + value[:size])
            yield "5.0", packet_with(place, head + value + head + value)
            yield "5.0", packet_with(place, head + value + b"\x26\0\1k\0\1v" + head + value)
            yield "5.0", packet_with(place, (head + value) * 3)
            for other in allowed:
                yield "5.0", packet_with(place, head + value + bytes([other]) + property_value(other))
        everything = [bytes([identifier]) + property_value(identifier) for identifier in allowed]
        yield "5.0", packet_with_block(place, block("5.0", b"".join(everything)))
        yield "5.0", packet_with_block(place, block("5.0", b"".join(reversed(everything))))
        for left_out in range(len(everything)):
            others = everything[:left_out] + everything[left_out + 1:]
            yield "5.0", packet_with_block(place, block("5.0", b"".join(others)))


def property_lengths():
    """Property Length: stretched, endless, too small, too large."""
    for place in PLACES:
        needed = b"\x15\0\1m" if place == "AUTH" else b""
        for properties in (needed, needed + b"\x26\0\1k\0\1v", needed + b"\x26\0\0\0\x7a" + b"v" * 122):
            size = len(properties)
            for width in (2, 3, 4, 5):
                yield "5.0", packet_with_block(place, padded(size, width) + properties)
            for length in {max(0, size + difference) for difference in (-2, -1, 1, 2, 3, 8, 120, 1000, 268435455)}:
                yield "5.0", packet_with_block(place, varint(length) + properties)
            for length in (b"", b"\xff", b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\x01", b"\x80\x80\x80\x80"):
                yield "5.0", packet_with_block(place, length + properties)


def required_properties():
    """Combinations that depend on each other: authentication method and data, empty topic and alias."""
    method, data, reason = b"\x15\0\1m", b"\x16\0\1d", b"\x1f\0\1r"
    for place in ("CONNECT", "CONNACK", "AUTH"):
        for size in range(4):
            for chosen in itertools.permutations((method, data, b"\x26\0\1k\0\1v", b"\x15\0\0", b"\x16\0\0"), size):
                yield "5.0", packet_with_block(place, block("5.0", b"".join(chosen)))
    for code in (b"\x00", b"\x18", b"\x19"):
        for properties in (b"", reason, data, method, method + data, data + method, reason + method):
            yield "5.0", frame(0xF0, code + block("5.0", properties))
    for version, first, topic in itertools.product(VERSIONS, (0x30, 0x31, 0x32, 0x3A, 0x3D), (b"", b"a")):
        identifier = two(7) if first & 6 else b""
        for properties in (b"", b"\x23\0\0", b"\x23\0\1", b"\x23\xff\xff", b"\x01\1\x23\0\1", b"\x23\0\1\x23\0\1",
                           b"\x26\0\0\0\0"):
            for payload in (b"", b"\0\xff"):
                yield version, frame(first, string(topic) + identifier + block(version, properties) + payload)


def texts():
    """Good and bad text, topics and filters in every field that holds text or binary data."""
    for version, raw in itertools.product(VERSIONS, GOOD_TEXTS + BAD_TEXTS + TOPICS):
        yield version, frame(0x10, connect(version, client_id=raw))
        yield version, frame(0x10, connect(version, 0x06, rest=will(version, topic=raw)))
        yield version, frame(0x10, connect(version, 0x06, rest=will(version, payload=raw)))
        yield version, frame(0x10, connect(version, 0x82, rest=string(raw)))
        yield version, frame(0x10, connect(version, 0xC2, rest=string(b"u") + string(raw)))
        yield version, frame(0x30, string(raw) + block(version) + raw)
        yield version, frame(0x32, string(raw) + two(1) + block(version))
        for first, options in ((0x82, b"\1"), (0xA2, b"")):
            yield version, frame(first, two(10) + block(version) + string(raw) + options)
            yield version, frame(first, two(10) + block(version) + string(b"a") + options + string(raw) + options)


def text_lengths():
    """The two length bytes of each field one too small, one too large and far too large."""
    for version in VERSIONS:
        for first, body in simple_bodies(version):
            for index in range(len(body) - 1):
                length = int.from_bytes(body[index:index + 2], "big")
                for other in {max(0, length - 1), min(65535, length + 1), len(body) - index - 2, 65535}:
                    if 0 <= other <= 65535:
                        yield version, frame(first, body[:index] + two(other) + body[index + 2:])


def subscriptions():
    """Every options byte on plain and shared filters; no filter; every topic filter with and without No Local."""
    for version in VERSIONS:
        for options, raw in itertools.product(range(256), (b"a", b"$share/g/a", b"$share", b"$share/g")):
            yield version, frame(0x82, two(10) + block(version) + string(raw) + bytes([options]))
        for first in (0x82, 0xA2):
            yield version, frame(first, two(10) + block(version))
            yield version, frame(first, two(10) + block(version, b"\x26\0\1k\0\1v"))
        for raw in TOPICS:
            yield version, frame(0x82, two(10) + block(version) + string(raw) + b"\x04")


def packet_identifiers():
    """Packet identifier 0 and others wherever there is one."""
    for version, value in itertools.product(VERSIONS, (0, 1, 255, 256, 65535)):
        for first, body in simple_bodies(version):
            if first >> 4 in (4, 5, 6, 7, 8, 9, 10, 11):
                yield version, frame(first, two(value) + body[2:])
        for first in (0x32, 0x34, 0x3A, 0x3B, 0x3D):
            yield version, frame(first, string(b"a") + two(value) + block(version) + b"x")


def sizes():
    """Fields, lists and packets at and around the sizes where an encoding of their length changes."""
    for version in VERSIONS:
        overhead = len(string(b"a") + block(version))
        for size in (0, 1, 2, 126, 127, 128, 129, 16382, 16383, 16384, 16385, 65535, 65536):
            yield version, frame(0x30, string(b"a") + block(version) + b"p" * max(0, size - overhead))
        characters = ("c", "\u00e9", "\u4e2d", "\U0001f600")
        for size, character in itertools.product((0, 1, 2, 22, 23, 24, 25, 127, 128), characters):
            for flags in (0x00, 0x02):
                yield version, frame(0x10, connect(version, flags, (character * size).encode("utf-8")))
        for size in LONG_SIZES:
            raw = b"t" * size
            yield version, frame(0x30, string(raw) + block(version))
            yield version, frame(0x30, string(("\u00e9" * (size // 2)).encode("utf-8")) + block(version))
            yield version, frame(0x10, connect(version, client_id=raw))
            yield version, frame(0x10, connect(version, 0xC6, rest=will(version, raw, raw) + string(raw) + string(raw)))
            yield version, frame(0x82, two(1) + block(version) + string(raw) + b"\0")
            yield version, frame(0xA2, two(1) + block(version) + string(raw))
        for count in (1, 2, 100, 125, 126, 1000):
            yield version, frame(0x90, two(1) + block(version) + b"\0" * count)
            yield version, frame(0xB0, two(1) + block(version) + b"\0" * count)
            yield version, frame(0x82, two(1) + block(version) + (string(b"a/b") + b"\1") * count)
            yield version, frame(0xA2, two(1) + block(version) + string(b"a/b") * count)
            yield version, frame(0x30, string(b"a") + block(version, b"\x26\0\1k\0\1v" * count) + b"x")
        yield version, frame(0x30, string(b"/" * 32767) + block(version))
        yield version, frame(0x82, two(1) + block(version) + string(b"+/" * 32000 + b"#") + b"\0")
    for place, identifier in itertools.product(PLACES, PROPERTIES):
        if place in PROPERTY_PLACES[identifier] and PROPERTIES[identifier][1] in ("text", "binary", "pair"):
            for size in (123, 124, 125, 127, 128, 16380, 65535):
                value = string(b"v" * size) + (string(b"w" * size) if identifier == 0x26 else b"")
                yield "5.0", packet_with(place, bytes([identifier]) + value)
    for size in (2097151, 2097152):
        yield "3.1.1", frame(0x30, string(b"a") + b"p" * (size - 3))
        yield "5.0", frame(0x30, string(b"a") + b"\0" + b"p" * (size - 4))


def systematic_cases():
    """All cases that do not depend on a seed."""
    return itertools.chain(
        first_bytes(), short_buffers(), remaining_lengths(), cuts(), single_bytes(), other_versions(), protocols(),
        connect_flags(), connack_flags(), reason_codes(), property_identifiers(), property_values(), property_lengths(),
        required_properties(), texts(), text_lengths(), subscriptions(), packet_identifiers(), sizes())


# --- Random valid packets ------------------------------------------------------------------------------------------


class Maker:
    """Makes random valid packets of one version."""

    CHARACTERS = ("abcdefghijklmnopqrstuvwxyz0123456789", "a/b c/", "\u00e9\u00df\u0416", "\u4e2d\u6587\uff21",
                  "\U0001f600\U00010000\U0010ffff", "\x01\x1f\"\\\n\x7f\x80\ufeff\ufffd\uffff\u07ff\u0800\ud7ff\ue000$")

    def __init__(self, rng, version):
        self.rng = rng
        self.version = version
        self.five = version == "5.0"

    def chance(self, probability):
        """True with this probability."""
        return self.rng.random() < probability

    def size(self):
        """A length: mostly small, sometimes at a boundary, rarely very large."""
        chosen = self.rng.random()
        if chosen < 0.95:
            return self.rng.randrange(13)
        if chosen < 0.998:
            return self.rng.choice((23, 24, 126, 127, 128, 129, 255, 256, 300))
        return self.rng.choice((16383, 16384, 65535))

    def text(self, least=0, most=65535):
        """A UTF-8 string of at most `most` bytes."""
        size = min(max(least, self.size()), most)
        if size > 400:
            return self.rng.choice((b"x", b"/", b"\x7f")) * size
        characters = self.rng.choice(self.CHARACTERS)
        if self.chance(0.3):
            characters += self.rng.choice(self.CHARACTERS)
        value = "".join(self.rng.choices(characters, k=size)).encode("utf-8")
        return value if len(value) <= most else value[:most].decode("utf-8", "ignore").encode("utf-8")

    def binary(self):
        """Binary Data."""
        size = self.size()
        return bytes(size) if size > 400 else self.rng.randbytes(size)

    def topic(self):
        """A Topic Name."""
        return self.text(1, 32767 if self.version == "3.1" else 65535)

    def filter(self):
        """A Topic Filter, perhaps shared."""
        levels = [self.rng.choice((b"+", b"", b"a", b"$SYS", self.text(1, 300).replace(b"/", b"-")))
                  for _ in range(self.rng.randrange(1, 6))]
        if self.chance(0.3):
            levels[-1] = b"#"
        value = b"/".join(levels) or b"/"
        if self.chance(0.2):
            value = b"$share/" + self.text(1, 30).replace(b"/", b"-") + b"/" + value
        return value

    def property(self, identifier):
        """One property with a valid value."""
        kind, least, greatest = PROPERTIES[identifier][1:4]
        if identifier == 0x08:
            value = string(self.topic())
        elif kind == "text":
            value = string(self.text())
        elif kind == "binary":
            value = string(self.binary())
        elif kind == "pair":
            value = string(self.text()) + string(self.text())
        else:
            anything = self.rng.randint(least, greatest)
            number = self.rng.choice((least, least + 1, greatest, min(greatest, 127), min(greatest, 128), anything))
            if kind == "varint":
                value = varint(number)
            else:
                value = number.to_bytes({"byte": 1, "two": 2, "four": 4}[kind], "big")
        return bytes([identifier]) + value

    def properties(self, place, needed=(), few=0.5):
        """A Property Length with random properties in random order; nothing before 5.0."""
        if not self.five:
            return b""
        if not needed and self.chance(few):
            return b"\0"
        share = self.rng.random()
        chosen = set(needed)
        chosen.update(identifier for identifier in PROPERTIES
                      if place in PROPERTY_PLACES[identifier] and self.chance(share))
        if 0x16 in chosen:
            chosen.add(0x15)
        parts = []
        for identifier in sorted(chosen):
            repeats = identifier == 0x26 or identifier == 0x0B and place == "PUBLISH"
            for _ in range(self.rng.randrange(1, 4) if repeats else 1):
                parts.append(self.property(identifier))
        self.rng.shuffle(parts)
        return block("5.0", b"".join(parts))

    def packet_id(self):
        """A Packet Identifier."""
        return two(self.rng.choice((1, 10, 255, 256, 65535, self.rng.randint(1, 65535))))

    def packet(self, name):
        """A whole valid packet of the named type."""
        first, body = getattr(self, name.lower())(name)
        if self.version == "3.1" and self.chance(0.1):
            first = self.unused_flags(name, first)
        width = self.rng.randrange(2, 5) if not self.five and self.chance(0.05) else 0
        return frame(first, body, width)

    def unused_flags(self, name, first):
        """3.1: other values of fixed-header flags that nobody looks at."""
        if name == "PUBLISH":
            return first
        if name in ("PUBREL", "SUBSCRIBE", "UNSUBSCRIBE"):
            return first | self.rng.choice((0, 1, 8, 9))
        return first | self.rng.randrange(16)

    def connect(self, _name):
        """CONNECT."""
        flags = self.rng.choice((0x00, 0x02))
        least, most = {"3.1": (1, 23), "3.1.1": (0 if flags else 1, 65535), "5.0": (0, 65535)}[self.version]
        client_id = self.text(least, most)
        rest = b""
        if self.chance(0.5):
            flags |= 0x04 | self.rng.randrange(3) << 3 | self.rng.choice((0, 0x20))
            rest += self.properties("WILL") + string(self.topic()) + string(self.binary())
        elif self.version == "3.1" and self.chance(0.2):
            flags |= self.rng.randrange(8) << 3
        ends = False   # 3.1: the packet ends before what its flags announce
        if self.chance(0.5):
            flags |= 0x80
            ends = self.version == "3.1" and self.chance(0.1)
            rest += b"" if ends else string(self.text())
        if self.chance(0.5) and (self.five or flags & 0x80):
            flags |= 0x40
            ends = ends or self.version == "3.1" and self.chance(0.1)
            rest += b"" if ends else string(self.binary())
        if self.version == "3.1" and self.chance(0.1):
            flags |= 0x01
        name, level = PROTOCOLS[self.version]
        return 0x10, (string(name) + bytes([level, flags]) + two(self.rng.choice((0, 1, 60, 65535)))
                      + self.properties("CONNECT") + string(client_id) + rest)

    def connack(self, name):
        """CONNACK."""
        present = self.rng.randrange(2)
        code = self.rng.choice(sorted(REASON_CODES[name]) if self.five else range(6)) if not present else 0
        if self.version == "3.1" and self.chance(0.2):
            present = self.rng.randrange(256)
        return 0x20, bytes([present, code]) + self.properties(name)

    def publish(self, name):
        """PUBLISH."""
        qos = self.rng.randrange(3)
        first = 0x30 | qos << 1 | self.rng.randrange(2)
        if (qos > 0 or self.version == "3.1") and self.chance(0.3):
            first |= 0x08
        alias_only = self.five and self.chance(0.1)
        return first, (string(b"" if alias_only else self.topic()) + (self.packet_id() if qos else b"")
                       + self.properties(name, (0x23,) if alias_only else ()) + self.binary())

    def acknowledgement(self, name):
        """PUBACK, PUBREC, PUBREL, PUBCOMP: 5.0 has three forms."""
        body = self.packet_id()
        form = self.rng.randrange(3) if self.five else 0
        if form > 0:
            body += bytes([self.rng.choice(sorted(REASON_CODES[name]))])
        if form > 1:
            body += self.properties(name)
        return FIRST_BYTES[name], body

    puback = pubrec = pubrel = pubcomp = acknowledgement

    def subscribe(self, name):
        """SUBSCRIBE."""
        body = self.packet_id() + self.properties(name)
        for _ in range(self.rng.randrange(1, 5)):
            topic_filter = self.filter()
            options = self.rng.randrange(3)
            if self.five:
                options |= self.rng.randrange(2) << 3 | self.rng.randrange(3) << 4
                if not topic_filter.startswith(b"$share/"):
                    options |= self.rng.randrange(2) << 2
            elif self.version == "3.1" and self.chance(0.1):
                options |= self.rng.randrange(64) << 2
            body += string(topic_filter) + bytes([options])
        return 0x82, body

    def suback(self, name):
        """SUBACK."""
        codes = {"3.1": (0, 1, 2), "3.1.1": (0, 1, 2, 0x80), "5.0": sorted(REASON_CODES[name])}[self.version]
        count = self.rng.choice((1, 2, 3, 8, 130))
        return 0x90, self.packet_id() + self.properties(name) + bytes(self.rng.choices(codes, k=count))

    def unsubscribe(self, name):
        """UNSUBSCRIBE."""
        return 0xA2, (self.packet_id() + self.properties(name)
                      + b"".join(string(self.filter()) for _ in range(self.rng.randrange(1, 5))))

    def unsuback(self, name):
        """UNSUBACK."""
        codes = self.rng.choices(sorted(REASON_CODES[name]), k=self.rng.randrange(1, 5)) if self.five else ()
        return 0xB0, self.packet_id() + self.properties(name) + bytes(codes)

    def ping(self, name):
        """PINGREQ, PINGRESP."""
        return FIRST_BYTES[name], b""

    pingreq = pingresp = ping

    def disconnect(self, name):
        """DISCONNECT: 5.0 has three forms."""
        form = self.rng.randrange(3) if self.five else 0
        body = bytes([self.rng.choice(sorted(REASON_CODES[name]))]) if form > 0 else b""
        return 0xE0, body + (self.properties(name) if form > 1 else b"")

    def auth(self, name):
        """AUTH, mostly with the method that it needs."""
        if self.chance(0.1):
            return 0xF0, b""
        return 0xF0, bytes([self.rng.choice(sorted(REASON_CODES[name]))]) + self.properties(name, (0x15,))


def valid_packets(seed):
    """Random valid packets without end, of all types and versions alike."""
    rng = random.Random(seed)
    makers = {version: Maker(rng, version) for version in VERSIONS}
    while True:
        version = rng.choice(VERSIONS)
        name = rng.choice(list(PACKET_TYPES))
        if name == "AUTH" and version != "5.0":
            continue
        yield version, makers[version].packet(name)


# --- Random broken packets -----------------------------------------------------------------------------------------


def unframed(data):
    """The body of a whole packet."""
    position = 1
    while data[position] & 0x80:
        position += 1
    return data[position + 1:]


def flip(rng, data, _other):
    """One bit turned round."""
    index = rng.randrange(len(data))
    return data[:index] + bytes([data[index] ^ 1 << rng.randrange(8)]) + data[index + 1:]


def replace(rng, data, _other):
    """One byte replaced."""
    index = rng.randrange(len(data))
    byte = rng.choice((0, 1, 2, 3, 0x23, 0x26, 0x2B, 0x2F, 0x7F, 0x80, 0xC0, 0xED, 0xFF, rng.randrange(256)))
    return data[:index] + bytes([byte]) + data[index + 1:]


def insert(rng, data, _other):
    """A few bytes put in."""
    index = rng.randrange(len(data) + 1)
    return data[:index] + rng.randbytes(rng.randrange(1, 4)) + data[index:]


def delete(rng, data, _other):
    """A few bytes taken out."""
    index = rng.randrange(len(data))
    return data[:index] + data[index + rng.randrange(1, 4):]


def cut(rng, data, _other):
    """The end taken off."""
    return data[:rng.randrange(len(data))]


def lengthen(rng, data, _other):
    """Something added at the end."""
    return data + rng.choice((b"\0", b"\xff", b"\xc0\0", rng.randbytes(rng.randrange(1, 6))))


def double(rng, data, _other):
    """A stretch of bytes repeated."""
    begin = rng.randrange(len(data))
    end = min(len(data), begin + rng.randrange(1, 12))
    return data[:end] + data[begin:end] + data[end:]


def nudge(rng, data, _other):
    """Two bytes, taken as a number, changed a little: often the length of a field."""
    if len(data) < 2:
        return data
    index = rng.randrange(len(data) - 1)
    value = int.from_bytes(data[index:index + 2], "big") + rng.choice((-256, -2, -1, 1, 2, 256))
    return data[:index] + two(value & 0xFFFF) + data[index + 2:]


def splice(rng, data, other):
    """The beginning of one packet, the end of another."""
    return data[:rng.randrange(1, len(data) + 1)] + other[rng.randrange(len(other)):]


def bad_text(rng, data, _other):
    """Ill-formed text written over a place in the middle."""
    text = rng.choice(BAD_TEXTS)
    index = rng.randrange(len(data))
    return data[:index] + text + data[index + len(text):]


BREAKS = (flip, replace, insert, delete, cut, lengthen, double, nudge, splice, bad_text)


def broken(rng, data, other):
    """A packet broken in one to three places; mostly in the body alone, with the Remaining Length made right."""
    keep_framing = rng.random() < 0.7
    body = unframed(data) if keep_framing else data
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if body:
            body = rng.choice(BREAKS)(rng, body, other)
    return frame(data[0], body) if keep_framing else body


def random_cases(seed, count):
    """Random packets, valid and broken."""
    rng = random.Random(f"broken {seed}")
    valid = valid_packets(seed)
    for _ in range(count):
        version, data = next(valid)
        kind = rng.random()
        if kind < 0.4:
            yield version, data
        elif kind < 0.9:
            yield version, broken(rng, data, next(valid)[1])
        elif kind < 0.95:
            yield rng.choice(VERSIONS), data
        else:
            body = rng.randbytes(rng.randrange(24))
            yield version, frame(rng.choice(list(FIRST_BYTES.values()) + [rng.randrange(256)]), body)


def generate(seed, count):
    """The systematic cases, then `count` random ones."""
    return itertools.chain(systematic_cases(), random_cases(seed, count))


def as_line(version, data):
    """The line of a case."""
    return f"{version} {data.hex()}"


def add_arguments(parser):
    """The options that choose cases."""
    parser.add_argument("--seed", type=int, default=1, help="seed of the random cases (default: %(default)s)")
    parser.add_argument("--count", type=int, default=20000, help="number of random cases (default: %(default)s)")
    parser.add_argument("--only", choices=("systematic", "random"), help="leave the other kind out")


def chosen_cases(arguments):
    """The cases that the options ask for."""
    if arguments.only == "systematic":
        return systematic_cases()
    if arguments.only == "random":
        return random_cases(arguments.seed, arguments.count)
    return generate(arguments.seed, arguments.count)


def main():
    """Prints the cases."""
    parser = argparse.ArgumentParser(description="Prints packet buffers, valid and broken, as lines 'VERSION HEX'.")
    add_arguments(parser)
    for version, data in chosen_cases(parser.parse_args()):
        sys.stdout.write(as_line(version, data) + "\n")


if __name__ == "__main__":
    main()
