#!/usr/bin/env python3
"""Holds reference.py, cases.py and compare.py against facts that they did not make up themselves.

The facts are the vectors of other projects (tests/vectors/*.jsonl) and examples of whole packets, right and wrong, in
the three versions. Run: python3 test_reference.py [--vectors DIR]
"""

import argparse
import copy
import itertools
import json
import pathlib
import sys
import unittest

import cases
import compare
import reference

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"

ALL = ("3.1", "3.1.1", "5.0")

# name, versions, packet, bytes
EXAMPLES = (
    ("1", ("3.1.1",), "CONNECT", "10 22 00 04 4D 51 54 54 04 C2 00 78 00 06 31 32 33 34 35 36 00 04 79 61 6E 67 00 08 "
     "31 31 32 32 33 33 34 34"),
    ("2", ("3.1.1",), "CONNECT", "10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00"),
    ("3", ("3.1.1",), "CONNECT", "10 18 00 04 4D 51 54 54 04 2E 00 0A 00 02 63 31 00 03 77 2F 74 00 03 62 79 65"),
    ("4", ("3.1",), "CONNECT", "10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31"),
    ("7", ("5.0",), "CONNECT", "10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 63 31"),
    ("8", ("5.0",), "CONNECT", "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 18 00 00 "
     "00 05 01 01 00 03 77 2F 74 00 03 62 79 65 00 01 75 00 01 70"),
    ("9", ("5.0",), "CONNECT", "10 12 00 04 4D 51 54 54 05 42 00 00 00 00 02 63 31 00 01 70"),
    ("10", ("3.1.1",), "CONNACK", "20 02 01 00"),
    ("11", ("3.1.1",), "CONNACK", "20 02 00 05"),
    ("12", ("5.0",), "CONNACK", "20 03 00 00 00"),
    ("13", ("5.0",), "CONNACK", "20 0D 00 00 0A 12 00 02 61 37 21 00 0A 24 01"),
    ("14", ("5.0",), "CONNACK", "20 03 00 84 00"),
    ("15", ("3.1.1",), "PUBLISH", "30 09 00 04 31 31 31 31 39 39 39"),
    ("16", ("3.1.1",), "PUBLISH", "3B 09 00 03 61 2F 62 00 0A 68 69"),
    ("17", ("3.1.1",), "PUBLISH", "31 05 00 03 61 2F 62"),
    ("18", ("5.0",), "PUBLISH", "32 08 00 03 61 2F 62 00 0A 00"),
    ("19", ("5.0",), "PUBLISH", "30 0A 00 03 61 2F 62 03 23 00 01 78"),
    ("20", ("5.0",), "PUBLISH", "30 07 00 00 03 23 00 01 78"),
    ("21", ("5.0",), "PUBLISH", "30 1C 00 03 61 2F 62 15 0B 01 0B C8 01 26 00 01 6B 00 02 76 31 26 00 01 6B 00 02 76 "
     "32 78"),
    ("22", ALL, "PUBACK", "40 02 00 0A"),
    ("23", ("5.0",), "PUBACK", "40 03 00 0A 10"),
    ("24", ("5.0",), "PUBACK", "40 04 00 0A 10 00"),
    ("25", ("5.0",), "PUBREC", "50 09 00 0A 87 05 1F 00 02 6E 6F"),
    ("26", ALL, "PUBREL", "62 02 00 0A"),
    ("27", ALL, "PUBCOMP", "70 02 00 0A"),
    ("28", ("3.1.1",), "SUBSCRIBE", "82 09 00 01 00 04 32 32 32 32 00"),
    ("29", ("3.1.1",), "SUBSCRIBE", "82 0E 00 0A 00 03 61 2F 62 01 00 03 63 2F 64 02"),
    ("30", ("5.0",), "SUBSCRIBE", "82 15 00 0A 03 0B AC 02 00 0C 24 73 68 61 72 65 2F 67 2F 61 2F 23 19"),
    ("31", ("3.1.1",), "SUBACK", "90 05 00 0A 00 02 80"),
    ("32", ("5.0",), "SUBACK", "90 05 00 0A 00 01 8F"),
    ("33", ("3.1.1",), "UNSUBSCRIBE", "A2 0C 00 0A 00 03 61 2F 62 00 03 63 2F 64"),
    ("34", ("5.0",), "UNSUBSCRIBE", "A2 08 00 0A 00 00 03 61 2F 62"),
    ("35", ("3.1.1",), "UNSUBACK", "B0 02 00 0A"),
    ("36", ("5.0",), "UNSUBACK", "B0 05 00 0A 00 00 11"),
    ("37", ALL, "PINGREQ", "C0 00"),
    ("38", ALL, "PINGRESP", "D0 00"),
    ("39", ALL, "DISCONNECT", "E0 00"),
    ("40", ("5.0",), "DISCONNECT", "E0 01 04"),
    ("41", ("5.0",), "DISCONNECT", "E0 07 00 05 11 00 00 00 00"),
    ("42", ("5.0",), "AUTH", "F0 0F 18 0D 15 00 05 53 43 52 41 4D 16 00 02 01 02"),
)

# Examples that are valid and not canonical: properties in another order, and a Property Length that may be left out.
CANONICAL = {
    "8": "10 2F 00 04 4D 51 54 54 05 CE 00 0A 08 11 00 00 00 0A 21 00 14 00 02 63 31 07 01 01 18 00 00 00 05 00 03 77 "
         "2F 74 00 03 62 79 65 00 01 75 00 01 70",
    "24": "40 03 00 0A 10",
}

# name, versions, bytes, expected verdict, 5.0 reason code (None: not looked at)
NEGATIVE_EXAMPLES = (
    ("5", ("3.1",), "10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31", "error", 0x84),
    ("6", ("3.1.1",), "10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31", "error", 0x84),
    ("N1", ("3.1.1",), "30 0B 00 04 31 31 31 31 39 39 39", "incomplete", None),
    ("N2", ALL, "30 FF FF FF FF 01", "error", 0x81),
    ("N3", ("5.0",), "30 8A 00 00 03 61 2F 62 00 61 62 63 64", "error", 0x81),
    ("N4", ALL, "36 07 00 03 61 2F 62 00 01", "error", 0x81),
    ("N5", ("3.1.1", "5.0"), "38 06 00 03 61 2F 62 78", "error", 0x81),
    ("N6", ("3.1.1",), "80 06 00 01 00 01 61 00", "error", None),
    ("N7", ("3.1.1",), "60 02 00 01", "error", None),
    ("N8", ("3.1.1",), "11 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31", "error", None),
    ("N9", ("3.1.1",), "10 0E 00 04 4D 51 54 54 04 03 00 3C 00 02 63 31", "error", None),
    ("N10", ("3.1.1",), "10 11 00 04 4D 51 54 54 04 42 00 3C 00 02 63 31 00 01 70", "error", None),
    ("N11", ("3.1.1",), "10 0C 00 04 4D 51 54 54 04 00 00 3C 00 00", "error", 0x85),
    ("N12", ("3.1.1",), "10 14 00 04 4D 51 54 54 04 1E 00 3C 00 02 63 31 00 01 77 00 01 78", "error", None),
    ("N13", ("3.1.1",), "10 0E 00 04 4D 51 54 54 06 02 00 3C 00 02 63 31", "error", 0x84),
    ("N14", ("3.1.1",), "10 10 00 06 4D 51 49 73 64 70 04 02 00 3C 00 02 63 31", "error", 0x84),
    ("N15", ("3.1.1",), "32 07 00 03 61 2F 62 00 00", "error", None),
    ("N16", ("3.1.1",), "30 06 00 03 61 2F 23 78", "error", None),
    ("N17", ("3.1.1",), "30 06 00 03 61 C0 80 78", "error", None),
    ("N18", ("3.1.1",), "30 06 00 03 ED A0 80 78", "error", None),
    ("N19", ("3.1.1",), "30 06 00 03 61 00 62 78", "error", None),
    ("N20", ("3.1.1",), "30 05 00 09 61 2F 62", "error", None),
    ("N21", ("3.1.1",), "82 02 00 0A", "error", None),
    ("N22", ("3.1.1",), "82 06 00 0A 00 01 61 04", "error", None),
    ("N23", ("3.1.1",), "90 03 00 0A 03", "error", None),
    ("N24", ALL, "C0 01 00", "error", 0x81),
    ("N25", ("3.1", "3.1.1"), "40 03 00 0A 00", "error", None),
    ("N26", ("3.1", "3.1.1"), "E0 01 00", "error", None),
    ("N27", ("3.1", "3.1.1"), "F0 00", "error", None),
    ("N28", ("5.0",), "82 10 00 0A 00 00 0A 24 73 68 61 72 65 2F 67 2F 61 05", "error", 0x82),
    ("N29", ("5.0",), "82 07 00 0A 00 00 01 61 30", "error", 0x82),
    ("N30", ("5.0",), "82 07 00 0A 00 00 01 61 C0", "error", 0x81),
    ("N31", ("5.0",), "82 09 00 0A 02 0B 00 00 01 61 00", "error", 0x82),
    ("N32", ("5.0",), "32 08 00 03 61 2F 62 00 00 00", "error", 0x82),
    ("N33", ("5.0",), "30 04 00 00 00 78", "error", 0x82),
    ("N34", ("5.0",), "30 08 00 01 61 03 23 00 00 78", "error", 0x94),
    ("N35", ("5.0",), "30 08 00 01 61 03 21 00 01 78", "error", 0x81),
    ("N36", ("5.0",), "30 07 00 01 61 02 04 00 78", "error", 0x81),
    ("N37", ("5.0",), "20 09 00 00 06 21 00 05 21 00 05", "error", 0x82),
    ("N38", ("5.0",), "20 05 00 00 02 24 02", "error", 0x82),
    ("N39", ("5.0",), "20 03 01 87 00", "error", None),
    ("N40", ("5.0",), "20 05 00 00 05 24 01", "error", 0x81),
    ("N41", ("5.0",), "40 04 00 0A 92 00", "error", 0x82),
    ("N42", ("5.0",), "F0 02 18 00", "error", 0x82),
)

# The bytes that are wrong in one version are right in another: name, version, bytes, canonical bytes
VALID_ELSEWHERE = (
    ("N5", "3.1", "38 06 00 03 61 2F 62 78", "38 06 00 03 61 2F 62 78"),
    ("N22", "3.1", "82 06 00 0A 00 01 61 04", "82 06 00 0A 00 01 61 00"),
    ("N22 with properties", "5.0", "82 07 00 0A 00 00 01 61 04", "82 07 00 0A 00 00 01 61 04"),
    ("N25", "5.0", "40 03 00 0A 00", "40 02 00 0A"),
    ("N26", "5.0", "E0 01 00", "E0 00"),
    ("N27", "5.0", "F0 00", "F0 00"),
    ("padded length", "3.1.1", "C0 80 80 80 00", "C0 00"),
    ("3.1 flags are unused", "3.1", "CF 00", "C0 00"),
    ("3.1 retry of SUBSCRIBE", "3.1", "8A 06 00 0A 00 01 61 01", "82 06 00 0A 00 01 61 01"),
    ("3.1 CONNACK byte is unused", "3.1", "20 02 FF 05", "20 02 00 05"),
    ("3.1 missing user name", "3.1", "10 10 00 06 4D 51 49 73 64 70 03 C2 00 3C 00 02 63 31",
     "10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 63 31"),
    ("property order", "5.0", "20 08 00 00 05 24 01 21 00 05", "20 08 00 00 05 21 00 05 24 01"),
)

# These make a reader stricter.
SETTINGS = ("reject_discouraged_characters", "check_payload_format")

# leniency, version, bytes that it lets pass, what is written of them
LENIENT = (
    ("bridge_bit", "3.1", "10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31",
     "10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31"),
    ("bridge_bit", "5.0", "10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31",
     "10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31"),
    ("long_client_id", "3.1", "10 26 00 06 4D 51 49 73 64 70 03 02 00 3C 00 18" + " 61" * 24,
     "10 26 00 06 4D 51 49 73 64 70 03 02 00 3C 00 18" + " 61" * 24),
    ("pubrel_flags_0000", "3.1.1", "60 02 00 0A", "62 02 00 0A"),
    ("suback_failure_in_3_1", "3.1", "90 03 00 0A 80", "90 03 00 0A 80"),
    ("auth_without_properties", "5.0", "F0 01 18", "F0 01 18"),
    ("v3_connack", "5.0", "20 02 00 01", "20 03 00 84 00"),
)

# text, whether it is a valid Topic Filter in every version, whether it is a valid Topic Name
TOPICS = (
    ("a/b", True, True), ("/", True, True), ("//", True, True), ("$SYS/x", True, True), (" ", True, True),
    ("#", True, False), ("sport/#", True, False), ("/#", True, False), ("+", True, False), ("+/+", True, False),
    ("/+", True, False), ("+/tennis/#", True, False), ("sport/+/player1", True, False),
    ("sport#", False, False), ("sport/ten#", False, False), ("sport/#/ranking", False, False), ("#/a", False, False),
    ("sport+", False, False), ("+a/b", False, False), ("a/b+", False, False), ("", False, False),
    ("$share", True, True), ("$shared/g/a", True, True), ("$SHARE/g/a", True, True),
)
SHARED_FILTERS = (
    ("$share/g/a/+", True), ("$share/g/#", True), ("$share/g//finance", True), ("$share/g/", False),
    ("$share/g", False), ("$share//a", False), ("$share/g+/a", False), ("$share/#/a", False), ("$share/", False),
)


def hexadecimal(text):
    """Bytes written as hexadecimal with spaces."""
    return bytes.fromhex(text)


class Examples(unittest.TestCase):
    """Whole packets."""

    def test_examples_are_read_and_written(self):
        for name, versions, packet, text in EXAMPLES:
            for version in versions:
                with self.subTest(example=name, version=version):
                    answer = reference.inspect(version, hexadecimal(text))
                    self.assertEqual((answer["expect"], answer["packet"], answer["version"]), ("ok", packet, version))
                    self.assertEqual(answer["reencoded"], hexadecimal(CANONICAL.get(name, text)).hex())

    def test_connect_tells_its_own_version(self):
        for name, versions, packet, text in EXAMPLES:
            for hint in ALL if packet == "CONNECT" else ():
                with self.subTest(example=name, hint=hint):
                    answer = reference.inspect(hint, hexadecimal(text))
                    self.assertEqual((answer["expect"], answer["version"]), ("ok", versions[0]))

    def test_negative_examples_are_refused(self):
        for name, versions, text, verdict, reason_code in NEGATIVE_EXAMPLES:
            for version in versions:
                with self.subTest(example=name, version=version):
                    answer = reference.inspect(version, hexadecimal(text))
                    self.assertEqual(answer["expect"], verdict)
                    self.assertNotIn("also_accept", answer)
                    if reason_code is not None:
                        self.assertEqual(answer["error"]["reason_code"], reason_code)

    def test_rules_that_differ_by_version(self):
        for name, version, text, canonical in VALID_ELSEWHERE:
            with self.subTest(example=name, version=version):
                answer = reference.inspect(version, hexadecimal(text))
                self.assertEqual((answer["expect"], answer.get("reencoded")), ("ok", hexadecimal(canonical).hex()))

    def test_leniencies(self):
        for name, version, text, canonical in LENIENT:
            others = frozenset(reference.LENIENCIES) - {name, *SETTINGS}
            with self.subTest(leniency=name, version=version):
                self.assertEqual(reference.inspect(version, hexadecimal(text))["expect"], "error")
                self.assertEqual(reference.inspect(version, hexadecimal(text), others)["expect"], "error")
                answer = reference.inspect(version, hexadecimal(text), frozenset((name,)))
                self.assertEqual((answer["expect"], answer["let_pass"]), ("ok", [name]))
                self.assertEqual(answer["reencoded"], hexadecimal(canonical).hex())

    def test_discouraged_characters(self):
        setting = frozenset(("reject_discouraged_characters",))
        for character in "\x01\x1f\x7f\x9f\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff":
            raw = ("a" + character).encode("utf-8")
            packet = bytes([0x30, 2 + len(raw), 0, len(raw)]) + raw
            self.assertEqual(reference.inspect("3.1.1", packet)["expect"], "ok")
            self.assertEqual(reference.inspect("3.1.1", packet, setting)["error"]["offset"], 5)
        for character in "\x20\x7e\xa0\ufdcf\ufdf0\ufffd\ufeff\U0001fffd":
            raw = ("a" + character).encode("utf-8")
            packet = bytes([0x30, 2 + len(raw), 0, len(raw)]) + raw
            self.assertEqual(reference.inspect("3.1.1", packet, setting)["expect"], "ok")

    def test_roles(self):
        identifier = hexadecimal("30 06 00 01 61 02 0B 01")
        expiry = hexadecimal("E0 07 00 05 11 00 00 00 00")
        for data, version, refused_by in (
                (identifier, "5.0", "server"), (expiry, "5.0", "client"), (b"\xc0\x00", "3.1.1", "client"),
                (b"\xd0\x00", "3.1.1", "server"), (b"\xe0\x00", "3.1.1", "client"), (b"\xe0\x01\x04", "5.0", "client"),
                (b"\xe0\x01\x8d", "5.0", "server"), (b"\x40\x03\x00\x01\x10", "5.0", "server")):
            for role in reference.ROLES:
                with self.subTest(data=data.hex(), role=role):
                    expected = "error" if role == refused_by else "ok"
                    self.assertEqual(reference.inspect(version, data, role=role)["expect"], expected)

    def test_topics(self):
        for text, as_filter, as_name in TOPICS:
            raw = text.encode("utf-8")
            length = len(raw).to_bytes(2, "big")
            for version in ALL:
                properties = b"\0" if version == "5.0" else b""
                bodies = {0x30: (length + raw + properties, as_name),
                          0x82: (b"\0\1" + properties + length + raw + b"\0", as_filter),
                          0xA2: (b"\0\1" + properties + length + raw, as_filter)}
                for first, (body, valid) in bodies.items():
                    with self.subTest(topic=text, version=version, first=first):
                        answer = reference.inspect(version, bytes([first, len(body)]) + body)
                        self.assertEqual(answer["expect"], "ok" if valid else "error")

    def test_shared_filters(self):
        for text, valid in SHARED_FILTERS:
            with self.subTest(filter=text):
                self.assertEqual(reference.filter_fault(text, "5.0") is None, valid)
                ordinary = text not in ("$share/g+/a", "$share/#/a")
                self.assertEqual(reference.filter_fault(text, "3.1.1") is None, ordinary)


class Framing(unittest.TestCase):
    """Buffers that are too short or too long."""

    def test_every_cut_is_incomplete_and_junk_behind_is_an_error(self):
        for _, versions, _, text in EXAMPLES:
            data = hexadecimal(text)
            for version in versions:
                for size in range(len(data)):
                    self.assertEqual(reference.inspect(version, data[:size])["expect"], "incomplete")
                self.assertEqual(reference.inspect(version, data + b"\0")["expect"], "error")

    def test_wrong_fixed_header_of_a_cut_packet_may_be_either(self):
        for version, text in (("3.1.1", "00"), ("3.1.1", "F0 05"), ("5.0", "36"), ("5.0", "38 07 00"),
                              ("5.0", "30 8A 00"), ("3.1.1", "C0 01"), ("3.1.1", "41 02"), ("5.0", "90 03 00"),
                              ("5.0", "F0 01"), ("3.1", "11 0E 00 04 4D 51 54 54 04")):
            with self.subTest(version=version, data=text):
                answer = reference.inspect(version, hexadecimal(text))
                self.assertEqual((answer["expect"], answer["also_accept"]), ("error", ["incomplete"]))

    def test_cut_connect_of_unknown_version_may_be_either(self):
        answer = reference.inspect("3.1", hexadecimal("11 10 00 04"))
        self.assertEqual((answer["expect"], answer["also_accept"]), ("incomplete", ["error"]))
        answer = reference.inspect("5.0", hexadecimal("11 10 00 06 4D 51 49 73 64 70 03"))
        self.assertEqual((answer["expect"], answer.get("also_accept")), ("incomplete", None))

    def test_length_that_continues_in_its_fourth_byte(self):
        for version in ALL:
            for text in ("30 FF FF FF FF", "00 80 80 80 80", "10 80 80 80 80 00"):
                answer = reference.inspect(version, hexadecimal(text))
                self.assertEqual((answer["expect"], answer.get("also_accept")), ("error", None))

    def test_empty_buffer(self):
        self.assertEqual(reference.inspect("5.0", b"")["expect"], "incomplete")

    def test_impossible_lengths_are_errors_of_whole_packets_too(self):
        """What is called impossible from the fixed header alone must follow from the rules of the body."""
        for version in ALL:
            context = reference.Context(version)
            for first in range(0x10, 0x100):
                for length in range(16):
                    if reference.fixed_header_fault(bytes([first, length]), context) is None:
                        continue
                    for filler in (0, 1, 0x61):
                        answer = reference.inspect(version, bytes([first, length]) + bytes([filler]) * length)
                        self.assertEqual(answer["expect"], "error", (version, first, length))


class Encoding(unittest.TestCase):
    """The canonical encoder."""

    def test_bad_authentication_method_is_read_and_never_written(self):
        answer = reference.inspect("5.0", hexadecimal("E0 01 8C"))
        self.assertEqual((answer["expect"], answer["fields"]["reason_code"], answer["reencoded"]), ("ok", 0x8C, None))

    def test_variable_byte_integers(self):
        for value, text in ((0, "00"), (127, "7F"), (128, "80 01"), (321, "C1 02"), (16383, "FF 7F"),
                            (16384, "80 80 01"), (2097151, "FF FF 7F"), (2097152, "80 80 80 01"),
                            (268435455, "FF FF FF 7F")):
            data = hexadecimal(text)
            self.assertEqual(reference.encode_varint(value), data)
            reader = reference.Reader(data, 0, len(data), reference.Context("5.0"))
            self.assertEqual((reader.varint("value"), reader.left()), (value, 0))
        for value in (-1, 268435456):
            self.assertRaises(reference.EncodeError, reference.encode_varint, value)


def bytes_of(row):
    """The bytes of a vector; long ones are written as parts with a count."""
    if row["hex"] is not None:
        return hexadecimal(row["hex"])
    return b"".join(hexadecimal(part) * count for part, count in row["hex_parts"])


def expanded(value, most=sys.maxsize):
    """Fields with everything that is written as parts with a count in full, or each part at most `most` times."""
    if isinstance(value, list):
        return [expanded(item, most) for item in value]
    if not isinstance(value, dict):
        return value
    if "repeat" in value:
        return ascii_text([value["repeat"]], most)
    fields = {}
    for key, item in value.items():
        name, _, kind = key.rpartition("_")
        if kind not in ("repeat", "parts"):
            fields.setdefault(key, expanded(item, most))
        elif kind == "repeat" and not isinstance(item[0], str):
            fields[name] = [expanded(item[0])] * min(item[1], most)
        elif name in ("payload", "password", "correlation_data", "authentication_data"):
            fields[name + "_hex"] = item[0] * min(item[1], most)
        else:
            fields[name] = ascii_text([item] if kind == "repeat" else item, most)
    return fields


def ascii_text(parts, most):
    """Text of parts, each hexadecimal with a count."""
    return "".join(hexadecimal(part).decode("ascii") * min(count, most) for part, count in parts)


def remaining_length_of(row):
    """The Remaining Length that the fields of a very large packet come to, from two small ones of its kind."""
    counts = [item[1] for key, item in row["fields"].items() if key.endswith("_repeat")]
    small = (reference.encode(row["packet"], expanded(row["fields"], most), row["version"]) for most in (1, 2))
    one, two = (reference.read_remaining_length(data)[0] for data in small)
    return one + (two - one) * (counts[0] - 1)


class Vectors(unittest.TestCase):
    """The packets of other projects, hostile input and streams."""

    def rows(self, wanted):
        """Every row of every vector file that is `wanted`."""
        files = sorted(VECTORS.glob("*.jsonl"))
        self.assertTrue(files, f"no vectors in {VECTORS}")
        rows = []
        for file in files:
            with file.open(encoding="utf-8") as lines:
                rows += filter(wanted, map(json.loads, lines))
        self.assertTrue(rows)
        return rows

    def test_packets(self):
        for row in self.rows(lambda row: "op" not in row and not row.get("stream")):
            with self.subTest(id=row["id"]):
                data = bytes_of(row)
                answer = reference.inspect(row["version"], data, frozenset(row.get("leniency", ())),
                                           row.get("role", "unknown"))
                self.assertEqual(answer["expect"], row["expect"], answer.get("error"))
                self.assertEqual(answer["packet"], row["packet"])
                fields = row["fields"] and expanded(row["fields"])
                self.assertEqual(reference.without_nulls(answer["fields"]), reference.without_nulls(fields))
                if row["expect"] == "ok":
                    self.assertEqual(answer["reencoded"] == data.hex(), row.get("canonical", True))
                for key in ("offset", "reason_code"):
                    if row.get("error", {}).get(key) is not None:
                        self.assertEqual(answer["error"][key], row["error"][key], (key, row["why"]))

    def test_fields_are_written_byte_for_byte(self):
        for row in self.rows(lambda row: row.get("encode") and row.get("canonical", True)):
            with self.subTest(id=row["id"]):
                fields, leniency = expanded(row["fields"]), frozenset(row.get("leniency", ()))
                self.assertEqual(reference.encode(row["packet"], fields, row["version"], leniency), bytes_of(row))

    def test_what_must_not_be_written(self):
        for row in self.rows(lambda row: row.get("op") == "encode"):
            with self.subTest(id=row["id"]):
                self.assertEqual(row["expect"], "error")
                if "payload_repeat" in row["fields"] or "filters_repeat" in row["fields"]:   # 256 MB
                    self.assertRaises(reference.EncodeError, reference.encode_varint, remaining_length_of(row))
                else:
                    fields = expanded(row["fields"])
                    self.assertRaises(reference.EncodeError, reference.encode, row["packet"], fields, row["version"])

    def test_streams(self):
        for row in self.rows(lambda row: row.get("stream")):
            with self.subTest(id=row["id"]):
                answers = list(stream_answers(row["version"], bytes_of(row), row.get("limit")))
                verdicts = [answer["expect"] for answer in answers]
                self.assertIn(verdicts, [row["expect_stream"], *row.get("also_accept", ())])
                for answer, packet, fields in zip(answers, row["packets"], row["fields"]):
                    self.assertIn(packet, (None, answer["packet"]))
                    fields = fields and expanded(fields)
                    self.assertEqual(reference.without_nulls(answer["fields"]), reference.without_nulls(fields))


def stream_answers(version, data, limit):
    """The answers for packets that follow each other, up to one that hides where the next begins."""
    while data:
        size = len(data)
        try:
            header = reference.read_remaining_length(data)
            size = size if header is None else 1 + header[1] + header[0]
        except reference.Fault:
            pass
        answer = reference.inspect(version, data[:size])
        if limit is not None and size > limit:
            answer = {"expect": "error", "packet": answer["packet"], "fields": None, "error": {"skippable": False}}
        yield answer
        if answer["expect"] == "incomplete" or "error" in answer and not answer["error"]["skippable"]:
            return
        version = answer["version"]
        data = data[size:]


class Generator(unittest.TestCase):
    """cases.py."""

    def test_the_seed_decides(self):
        first, again, other = (list(cases.random_cases(seed, 200)) for seed in (1, 1, 2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_every_packet_is_there_right_and_wrong(self):
        """Valid and broken packets of each type and version, from either half of the generator."""
        for half in (cases.systematic_cases(), cases.random_cases(1, 6000)):
            seen = set()
            for version, data in half:
                if len(data) < 100000:
                    answer = reference.decode(version, data)
                    seen.add((answer["version"], answer["packet"], answer["expect"]))
            for version, packet in itertools.product(ALL, reference.PACKET_TYPES):
                for verdict in ("ok", "error", "incomplete"):
                    if packet != "AUTH" or version == "5.0":
                        self.assertIn((version, packet, verdict), seen)

    def test_valid_packets_are_valid(self):
        """The generator's idea of a valid packet and the reference's agree, though each was written on its own."""
        for version, data in itertools.islice(cases.valid_packets(3), 3000):
            answer = reference.inspect(version, data)
            self.assertEqual(answer["expect"], "ok", (version, data.hex(), answer.get("error")))


class Comparison(unittest.TestCase):
    """compare.py finds every kind of disagreement."""

    def setUp(self):
        self.data = hexadecimal("32 08 00 03 61 2F 62 00 0A 00")
        self.ours = reference.inspect("5.0", self.data)

    def differences(self, theirs, ours=None, data=None):
        """What compare.py says."""
        return compare.differences(ours or self.ours, theirs, len(data or self.data))

    def test_equal_answers(self):
        self.assertEqual(self.differences(copy.deepcopy(self.ours)), [])

    def test_null_and_absent_are_equal(self):
        ours = reference.inspect("3.1.1", hexadecimal("10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00"))
        theirs = copy.deepcopy(ours)
        for name in ("will", "user_name", "password_hex"):
            del theirs["fields"][name]
        self.assertEqual(self.differences(theirs, ours), [])

    def test_each_key_counts(self):
        for key, value in (("expect", "error"), ("packet", "PUBACK"), ("version", "3.1.1"), ("reencoded", None)):
            self.assertNotEqual(self.differences({**self.ours, key: value}), [], key)
        theirs = copy.deepcopy(self.ours)
        theirs["fields"]["qos"] = 2
        self.assertNotEqual(self.differences(theirs), [])
        theirs = copy.deepcopy(self.ours)
        theirs["fields"]["retain"] = 0   # a flag is true or false, not a number
        self.assertNotEqual(self.differences(theirs), [])

    def test_errors_must_be_complete(self):
        data = hexadecimal("C0 01 00")
        ours = reference.inspect("5.0", data)
        self.assertEqual(self.differences(copy.deepcopy(ours), ours, data), [])
        for key in compare.ERROR_KEYS:
            theirs = copy.deepcopy(ours)
            del theirs["error"][key]
            self.assertNotEqual(self.differences(theirs, ours, data), [], key)
        for offset in (-1, 4, "1", None, True):
            theirs = copy.deepcopy(ours)
            theirs["error"]["offset"] = offset
            self.assertNotEqual(self.differences(theirs, ours, data), [], offset)

    def test_other_verdicts_that_are_as_good(self):
        data = hexadecimal("C0 01")
        ours = reference.inspect("5.0", data)
        incomplete = {"expect": "incomplete", "packet": "PINGREQ", "version": "5.0", "fields": None}
        self.assertEqual(self.differences(incomplete, ours, data), [])
        self.assertNotEqual(self.differences({**incomplete, "expect": "ok"}, ours, data), [])


def main():
    """Runs the tests on the vectors of the given folder."""
    parser = argparse.ArgumentParser(description="Tests of the reference decoder and encoder.")
    parser.add_argument("--vectors", type=pathlib.Path, default=VECTORS, metavar="DIR", help="default: %(default)s")
    arguments, rest = parser.parse_known_args()
    globals()["VECTORS"] = arguments.vectors
    unittest.main(argv=sys.argv[:1] + rest)


if __name__ == "__main__":
    main()
