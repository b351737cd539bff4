#!/usr/bin/env python3
"""A plain reference for the wire format of MQTT 3.1, 3.1.1 and 5.0.

It is slow and simple on purpose: every rule of the specifications stands here once, in words that can be held against
their text, and nothing is shared with the C++ library. The differential test (compare.py) holds the two together.

Run as a program it reads lines `VERSION HEX` (VERSION is 3.1, 3.1.1 or 5.0), each one whole packet buffer, and answers
one JSON object a line, as `mqttwire-inspect --cases` does. For a CONNECT, VERSION is only a hint: its own protocol name
and level decide. HEX may be empty.

Keys of an answer:
    expect       "ok", "error" or "incomplete"
    packet       the type's name; null for the reserved type 0 and for an empty buffer
    version      the version that the bytes were read with
    fields       the decoded content of an "ok" packet
    reencoded    for "ok": the canonical bytes of the same content; null where it must not be written
    error        for "error": code, offset, field, clause, reason_code, skippable, text
    let_pass     for "ok", when a named leniency was needed: the sorted names
    also_accept  other verdicts that are as good, because the specification leaves the choice
"""

import argparse
import json
import sys

VERSIONS = ("3.1", "3.1.1", "5.0")

LENIENCIES = (
    "bridge_bit",                      # CONNECT level 0x83 or 0x84
    "long_client_id",                  # 3.1: a client identifier of more than 23 characters
    "pubrel_flags_0000",               # PUBREL with fixed-header flags 0000
    "suback_failure_in_3_1",           # 3.1: return code 0x80 in SUBACK
    "auth_without_properties",         # AUTH of Remaining Length 1
    "v3_connack",                      # 5.0: a CONNACK of two bytes from a server that knows only 3.x
    # Not leniencies but their opposite: what a receiver may refuse, and is only refused on request.
    "reject_discouraged_characters",   # control characters and non-characters
    "check_payload_format",            # a payload that is not UTF-8 although Payload Format Indicator says so
)

ROLES = ("unknown", "client", "server")   # which side receives the packet

PACKETS = {
    1: "CONNECT", 2: "CONNACK", 3: "PUBLISH", 4: "PUBACK", 5: "PUBREC", 6: "PUBREL", 7: "PUBCOMP", 8: "SUBSCRIBE",
    9: "SUBACK", 10: "UNSUBSCRIBE", 11: "UNSUBACK", 12: "PINGREQ", 13: "PINGRESP", 14: "DISCONNECT", 15: "AUTH",
}
PACKET_TYPES = {name: number for number, name in PACKETS.items()}

# Fixed-header flags of every packet but PUBLISH; those not named here have 0000.
FLAGS_0010 = ("PUBREL", "SUBSCRIBE", "UNSUBSCRIBE")

FROM_CLIENT_ONLY = ("CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "PINGREQ")
FROM_SERVER_ONLY = ("CONNACK", "SUBACK", "UNSUBACK", "PINGRESP")

# Property identifier: name, type, least and greatest value (numbers only), places.
ACKNOWLEDGEMENTS = "PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK"
PROPERTIES = {
    0x01: ("payload_format_indicator", "byte", 0, 1, "PUBLISH WILL"),
    0x02: ("message_expiry_interval", "four", 0, 0xFFFFFFFF, "PUBLISH WILL"),
    0x03: ("content_type", "text", None, None, "PUBLISH WILL"),
    0x08: ("response_topic", "text", None, None, "PUBLISH WILL"),
    0x09: ("correlation_data_hex", "binary", None, None, "PUBLISH WILL"),
    0x0B: ("subscription_identifier", "varint", 1, 268435455, "PUBLISH SUBSCRIBE"),
    0x11: ("session_expiry_interval", "four", 0, 0xFFFFFFFF, "CONNECT CONNACK DISCONNECT"),
    0x12: ("assigned_client_identifier", "text", None, None, "CONNACK"),
    0x13: ("server_keep_alive", "two", 0, 0xFFFF, "CONNACK"),
    0x15: ("authentication_method", "text", None, None, "CONNECT CONNACK AUTH"),
    0x16: ("authentication_data_hex", "binary", None, None, "CONNECT CONNACK AUTH"),
    0x17: ("request_problem_information", "byte", 0, 1, "CONNECT"),
    0x18: ("will_delay_interval", "four", 0, 0xFFFFFFFF, "WILL"),
    0x19: ("request_response_information", "byte", 0, 1, "CONNECT"),
    0x1A: ("response_information", "text", None, None, "CONNACK"),
    0x1C: ("server_reference", "text", None, None, "CONNACK DISCONNECT"),
    0x1F: ("reason_string", "text", None, None, "CONNACK DISCONNECT AUTH " + ACKNOWLEDGEMENTS),
    0x21: ("receive_maximum", "two", 1, 0xFFFF, "CONNECT CONNACK"),
    0x22: ("topic_alias_maximum", "two", 0, 0xFFFF, "CONNECT CONNACK"),
    0x23: ("topic_alias", "two", 1, 0xFFFF, "PUBLISH"),
    0x24: ("maximum_qos", "byte", 0, 1, "CONNACK"),
    0x25: ("retain_available", "byte", 0, 1, "CONNACK"),
    0x26: ("user_property", "pair", None, None,
           "CONNECT CONNACK PUBLISH WILL SUBSCRIBE UNSUBSCRIBE DISCONNECT AUTH " + ACKNOWLEDGEMENTS),
    0x27: ("maximum_packet_size", "four", 1, 0xFFFFFFFF, "CONNECT CONNACK"),
    0x28: ("wildcard_subscription_available", "byte", 0, 1, "CONNACK"),
    0x29: ("subscription_identifier_available", "byte", 0, 1, "CONNACK"),
    0x2A: ("shared_subscription_available", "byte", 0, 1, "CONNACK"),
}
PROPERTY_PLACES = {identifier: frozenset(row[4].split()) for identifier, row in PROPERTIES.items()}
PROPERTY_IDENTIFIERS = {row[0]: identifier for identifier, row in PROPERTIES.items()}

# 5.0 reason codes of each packet. DISCONNECT 0x8C stands in one table of the specification and is missing in another:
# it is read and never written.
REASON_CODES = {
    "CONNACK": frozenset((0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95,
                          0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F)),
    "PUBACK": frozenset((0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99)),
    "PUBREC": frozenset((0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99)),
    "PUBREL": frozenset((0x00, 0x92)),
    "PUBCOMP": frozenset((0x00, 0x92)),
    "SUBACK": frozenset((0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2)),
    "UNSUBACK": frozenset((0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91)),
    "DISCONNECT": frozenset((0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93,
                             0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2)),
    "AUTH": frozenset((0x00, 0x18, 0x19)),
}
BAD_AUTHENTICATION_METHOD = 0x8C

# Codes that only one side may send; every other code of a packet comes from both (or the packet's only) side.
REASON_CODES_FROM_CLIENT = {"AUTH": frozenset((0x19,)), "DISCONNECT": frozenset((0x04,))}
REASON_CODES_FROM_SERVER = {
    "PUBACK": frozenset((0x10,)),
    "PUBREC": frozenset((0x10,)),
    "AUTH": frozenset((0x00,)),
    "DISCONNECT": frozenset((0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2)),
}

# CONNACK return codes 0 to 5 of 3.x in the vocabulary of 5.0.
RETURN_CODES = (0x00, 0x84, 0x85, 0x88, 0x86, 0x87)
SUBACK_RETURN_CODES = {"3.1": frozenset((0, 1, 2)), "3.1.1": frozenset((0, 1, 2, 0x80))}

PROTOCOLS = {(b"MQIsdp", 3): "3.1", (b"MQTT", 4): "3.1.1", (b"MQTT", 5): "5.0"}
BRIDGE_BIT = 0x80

MALFORMED = 0x81
PROTOCOL_ERROR = 0x82
UNSUPPORTED_VERSION = 0x84
CLIENT_ID_NOT_VALID = 0x85
TOPIC_FILTER_INVALID = 0x8F
TOPIC_NAME_INVALID = 0x90
TOPIC_ALIAS_INVALID = 0x94
PAYLOAD_FORMAT_INVALID = 0x99


class Fault(Exception):
    """What is wrong with a packet, where, and the 5.0 reason code that answers it."""

    def __init__(self, text, offset, field, reason_code=MALFORMED, framing=False):
        super().__init__(text)
        self.text = text
        self.offset = offset
        self.field = field
        self.reason_code = reason_code
        self.framing = framing   # the end of the packet cannot be trusted


class EncodeError(ValueError):
    """The content cannot be said in this version."""


class Context:
    """What a decoder is told besides the bytes, and the leniencies that it had to use."""

    def __init__(self, version, leniency=frozenset(), role="unknown"):
        self.version = version
        self.leniency = leniency
        self.role = role
        self.let_pass = set()

    def lenient(self, name):
        """True, and noted, if the deviation `name` is allowed."""
        if name in self.leniency:
            self.let_pass.add(name)
            return True
        return False


# --- Reading -------------------------------------------------------------------------------------------------------


class Reader:
    """Reads fields from data[position:end]; every offset is one of the whole packet."""

    def __init__(self, data, position, end, context):
        self.data = data
        self.position = position
        self.end = end
        self.context = context

    def left(self):
        """How many bytes are left."""
        return self.end - self.position

    def number(self, size, field):
        """A big-endian number of `size` bytes."""
        if self.left() < size:
            raise Fault(f"{field} runs past the end", self.position, field)
        start = self.position
        self.position += size
        return int.from_bytes(self.data[start:self.position], "big")

    def varint(self, field):
        """A 5.0 Variable Byte Integer: one to four bytes, the fewest that do."""
        start = self.position
        value = 0
        for count in range(4):
            if self.left() < 1:
                raise Fault(f"{field} runs past the end", start, field)
            byte = self.data[self.position]
            self.position += 1
            value += (byte & 0x7F) << (7 * count)
            if byte & 0x80 == 0:
                if count > 0 and byte == 0:
                    raise Fault(f"{field} is over-long", start, field)
                return value
        raise Fault(f"{field} has more than four bytes", start, field)

    def size(self, field):
        """Two bytes that tell how many bytes follow; they are there."""
        start = self.position
        size = self.number(2, field)
        if self.left() < size:
            raise Fault(f"{field} runs past the end", start, field)
        return size

    def binary(self, field):
        """Two bytes of length, then the bytes."""
        size = self.size(field)
        self.position += size
        return bytes(self.data[self.position - size:self.position])

    def text(self, field):
        """A UTF-8 string without U+0000."""
        raw = self.binary(field)
        start = self.position - len(raw)
        try:
            value = raw.decode("utf-8", "strict")   # refuses surrogates, over-long forms and all above U+10FFFF
        except UnicodeDecodeError as problem:
            raise Fault(f"{field} is ill-formed UTF-8", start + problem.start, field) from None
        if "\0" in value:
            raise Fault(f"{field} holds U+0000", start + raw.index(0), field)
        if "reject_discouraged_characters" in self.context.leniency:
            for index, character in enumerate(value):
                if discouraged(ord(character)):
                    raise Fault(f"{field} holds a discouraged character",
                                start + len(value[:index].encode("utf-8")), field)
        return value

    def packet_id(self):
        """A Packet Identifier, never 0."""
        value = self.number(2, "packet_id")
        if value == 0:
            raise Fault("packet identifier 0", self.position - 2, "packet_id", PROTOCOL_ERROR)
        return value

    def topic_name(self, field, may_be_empty=False):
        """A UTF-8 string without wildcards."""
        value = self.text(field)
        raw = value.encode("utf-8")
        start = self.position - len(raw)
        if value == "" and not may_be_empty:
            raise Fault(f"{field} is empty", start - 2, field, TOPIC_NAME_INVALID)
        for index, byte in enumerate(raw):
            if byte in b"#+":
                raise Fault(f"{field} holds a wildcard", start + index, field, TOPIC_NAME_INVALID)
        self.check_topic_length(value, start, field)
        return value

    def topic_filter(self):
        """A valid Topic Filter; in 5.0 one that starts with $share/ is a valid shared one."""
        value = self.text("filter")
        start = self.position - len(value.encode("utf-8"))
        fault = filter_fault(value, self.context.version)
        if fault is not None:
            bad_at = start + len(value[:fault].encode("utf-8"))
            raise Fault("topic filter is not valid", bad_at, "filter", TOPIC_FILTER_INVALID)
        self.check_topic_length(value, start, "filter")
        return value

    def check_topic_length(self, value, offset, field):
        """3.1: at most 32,767 characters."""
        if self.context.version == "3.1" and len(value) > 32767:
            raise Fault(f"{field} has more than 32,767 characters", offset, field)

    def payload(self, size, properties):
        """The payload of a PUBLISH or a will; may have to be UTF-8."""
        start = self.position
        self.position += size
        payload = bytes(self.data[start:self.position])
        if properties.get("payload_format_indicator") == 1 and "check_payload_format" in self.context.leniency:
            try:
                payload.decode("utf-8", "strict")
            except UnicodeDecodeError as problem:
                raise Fault("payload is not UTF-8", start + problem.start, "payload", PAYLOAD_FORMAT_INVALID) from None
        return payload

    def finish(self, field):
        """Nothing may be left."""
        if self.left() != 0:
            raise Fault(f"{self.left()} bytes are left over", self.position, field)


def discouraged(code_point):
    """Control characters and non-characters: allowed, but a receiver may refuse them."""
    return (0x01 <= code_point <= 0x1F or 0x7F <= code_point <= 0x9F or 0xFDD0 <= code_point <= 0xFDEF
            or code_point & 0xFFFE == 0xFFFE)


def filter_levels_fault(value):
    """Where a filter that is not shared is wrong, or None: wildcards fill their level, and '#' is the last."""
    if value == "":
        return 0
    levels = value.split("/")
    start = 0
    for index, level in enumerate(levels):
        for position, character in enumerate(level):
            alone = len(level) == 1
            last = index == len(levels) - 1
            if character == "+" and not alone or character == "#" and not (alone and last):
                return start + position
        start += len(level) + 1
    return None


def is_shared(value, version):
    """True for a Shared Subscription, valid or not."""
    return version == "5.0" and value.startswith("$share/")


def filter_fault(value, version):
    """Where the Topic Filter of a SUBSCRIBE or UNSUBSCRIBE is wrong (a character's index), or None."""
    if not is_shared(value, version):
        return filter_levels_fault(value)
    share_name, slash, topic_filter = value[len("$share/"):].partition("/")
    if share_name == "" or slash == "" or "+" in share_name or "#" in share_name:
        return 0
    fault = filter_levels_fault(topic_filter)
    return None if fault is None else fault + len("$share/") + len(share_name) + 1


def read_property_value(reader, identifier):
    """One property's value, with its range checked."""
    name, kind, least, greatest, _ = PROPERTIES[identifier]
    start = reader.position
    if kind == "text":
        return reader.topic_name(name) if name == "response_topic" else reader.text(name)
    if kind == "binary":
        return reader.binary(name).hex()
    if kind == "pair":
        return [reader.text(name), reader.text(name)]
    if kind == "varint":
        value = reader.varint(name)
    else:
        value = reader.number({"byte": 1, "two": 2, "four": 4}[kind], name)
    if not least <= value <= greatest:
        code = TOPIC_ALIAS_INVALID if name == "topic_alias" else PROTOCOL_ERROR
        raise Fault(f"{name} {value} is out of range", start, name, code)
    return value


def read_properties(outer, place):
    """Property Length and the properties of a packet or of the will."""
    start = outer.position
    size = outer.varint("property_length")
    if size > outer.left():
        raise Fault("property length runs past the end", start, "property_length")
    reader = Reader(outer.data, outer.position, outer.position + size, outer.context)
    outer.position += size
    properties = {}
    while reader.left() > 0:
        start = reader.position
        identifier = reader.varint("property_identifier")
        if identifier not in PROPERTIES:
            raise Fault(f"property identifier {identifier} is unknown", start, "property_identifier")
        name = PROPERTIES[identifier][0]
        if place not in PROPERTY_PLACES[identifier]:
            raise Fault(f"{name} may not stand in {place}", start, name)
        if name == "user_property" or name == "subscription_identifier":
            if name == "subscription_identifier" and place == "SUBSCRIBE" and name in properties:
                raise Fault(f"{name} is repeated", start, name, PROTOCOL_ERROR)
            if name == "subscription_identifier" and place == "PUBLISH" and reader.context.role == "server":
                raise Fault(f"{name} in a client's PUBLISH", start, name, PROTOCOL_ERROR)
            properties.setdefault(name, []).append(read_property_value(reader, identifier))
            continue
        if name in properties:
            raise Fault(f"{name} is repeated", start, name, PROTOCOL_ERROR)
        if name == "session_expiry_interval" and place == "DISCONNECT" and reader.context.role == "client":
            raise Fault(f"{name} in a server's DISCONNECT", start, name, PROTOCOL_ERROR)
        if name == "server_reference" and place == "DISCONNECT" and reader.context.role == "server":
            raise Fault(f"{name} in a client's DISCONNECT", start, name, PROTOCOL_ERROR)
        properties[name] = read_property_value(reader, identifier)
    if place == "CONNECT" and "authentication_data_hex" in properties and "authentication_method" not in properties:
        raise Fault("authentication data without method", start, "authentication_data", PROTOCOL_ERROR)
    return properties


def read_reason_code(reader, packet):
    """A 5.0 Reason Code that this packet, from this side, may carry."""
    value = reader.number(1, "reason_code")
    allowed = REASON_CODES[packet]
    if reader.context.role == "server":
        allowed = allowed - REASON_CODES_FROM_SERVER.get(packet, frozenset())
    if reader.context.role == "client":
        allowed = allowed - REASON_CODES_FROM_CLIENT.get(packet, frozenset())
    if value not in allowed:
        raise Fault(f"reason code 0x{value:02x} is not one of {packet}", reader.position - 1, "reason_code",
                    PROTOCOL_ERROR)
    return value


def read_connect(reader, _flags):
    """CONNECT; the context's version is already the packet's own."""
    context = reader.context
    version = context.version
    name = reader.text("protocol_name")
    level = reader.number(1, "protocol_version")
    fields = {"protocol_name": name, "protocol_version": level}
    if (name.encode("utf-8"), level) not in PROTOCOLS:
        base = level & ~BRIDGE_BIT
        bridged = level & BRIDGE_BIT and base in (3, 4) and (name.encode("utf-8"), base) in PROTOCOLS
        if not bridged or not context.lenient("bridge_bit"):
            raise Fault(f"protocol {name!r} with level {level} is not supported", reader.position - 1,
                        "protocol_version", UNSUPPORTED_VERSION)
        fields["protocol_version"] = base
        fields["bridge"] = True

    flags_at = reader.position
    flags = reader.number(1, "connect_flags")

    def flags_fault(text):
        raise Fault(text, flags_at, "connect_flags")

    has_user_name, has_password = bool(flags & 0x80), bool(flags & 0x40)
    will_retain, will_qos, has_will = bool(flags & 0x20), flags >> 3 & 3, bool(flags & 0x04)
    fields["clean_start"] = bool(flags & 0x02)
    if flags & 0x01 and version != "3.1":
        flags_fault("the reserved connect flag is set")
    if has_will and will_qos == 3:
        flags_fault("Will QoS 3")
    if not has_will and (will_qos != 0 or will_retain) and version != "3.1":
        flags_fault("Will QoS or Will Retain without a will")
    if has_password and not has_user_name and version != "5.0":
        flags_fault("password without user name")

    fields["keep_alive"] = reader.number(2, "keep_alive")
    if version == "5.0":
        fields["properties"] = read_properties(reader, "CONNECT")

    client_id_at = reader.position
    client_id = fields["client_id"] = reader.text("client_id")
    if version == "3.1" and client_id == "":
        raise Fault("the client identifier is empty", client_id_at, "client_id", CLIENT_ID_NOT_VALID)
    if version == "3.1" and len(client_id) > 23 and not context.lenient("long_client_id"):
        raise Fault("the client identifier has more than 23 characters", client_id_at, "client_id",
                    CLIENT_ID_NOT_VALID)
    if version == "3.1.1" and client_id == "" and not fields["clean_start"]:
        raise Fault("an empty client identifier needs a clean session", client_id_at, "client_id",
                    CLIENT_ID_NOT_VALID)

    fields["will"] = None
    if has_will:
        will = fields["will"] = {"qos": will_qos, "retain": will_retain}
        if version == "5.0":
            will["properties"] = read_properties(reader, "WILL")
        will["topic"] = reader.topic_name("will_topic")
        size = reader.size("will_payload")
        will["payload_hex"] = reader.payload(size, will.get("properties", {})).hex()

    # In 3.1 the Remaining Length wins over these two flags: the packet may end where a flagged field would begin.
    may_end = version == "3.1"
    fields["user_name"] = None
    if has_user_name and not (may_end and reader.left() == 0):
        fields["user_name"] = reader.text("user_name")
    fields["password_hex"] = None
    if has_password and not (may_end and reader.left() == 0):
        fields["password_hex"] = reader.binary("password").hex()
    reader.finish("packet")
    return fields


def read_connack(reader, _flags):
    """CONNACK."""
    context = reader.context
    version = context.version
    flags_at = reader.position
    flags = reader.number(1, "connect_acknowledge_flags")
    if version == "3.1":
        flags = 0   # an unused byte
    if flags & 0xFE:
        raise Fault("reserved connect acknowledge flags are set", flags_at, "connect_acknowledge_flags")
    fields = {} if version == "3.1" else {"session_present": bool(flags & 1)}
    if version == "5.0" and reader.left() == 1 and context.lenient("v3_connack"):
        fields["reason_code"] = RETURN_CODES[read_return_code(reader)]
        fields["properties"] = {}
    elif version == "5.0":
        fields["reason_code"] = read_reason_code(reader, "CONNACK")
        fields["properties"] = read_properties(reader, "CONNACK")
    else:
        fields["reason_code"] = read_return_code(reader)
    if flags & 1 and fields["reason_code"] != 0:
        raise Fault("session present with a refusal", flags_at, "session_present", PROTOCOL_ERROR)
    reader.finish("packet")
    return fields


def read_return_code(reader):
    """A CONNACK return code of 3.x."""
    value = reader.number(1, "reason_code")
    if value >= len(RETURN_CODES):
        raise Fault(f"return code {value} is reserved", reader.position - 1, "reason_code", PROTOCOL_ERROR)
    return value


def read_publish(reader, flags):
    """PUBLISH; QoS 3 and DUP with QoS 0 were refused with the fixed header."""
    version = reader.context.version
    fields = {"dup": bool(flags & 8), "qos": flags >> 1 & 3, "retain": bool(flags & 1)}
    topic_at = reader.position
    fields["topic"] = reader.topic_name("topic", may_be_empty=version == "5.0")
    if fields["qos"] > 0:
        fields["packet_id"] = reader.packet_id()
    if version == "5.0":
        fields["properties"] = read_properties(reader, "PUBLISH")
        if fields["topic"] == "" and "topic_alias" not in fields["properties"]:
            raise Fault("empty topic name without a topic alias", topic_at, "topic", PROTOCOL_ERROR)
    fields["payload_hex"] = reader.payload(reader.left(), fields.get("properties", {})).hex()
    return fields


def read_acknowledgement(packet):
    """The reader of PUBACK, PUBREC, PUBREL or PUBCOMP."""

    def read(reader, _flags):
        fields = {"packet_id": reader.packet_id()}
        if reader.context.version == "5.0":
            fields["reason_code"] = read_reason_code(reader, packet) if reader.left() > 0 else 0
            fields["properties"] = read_properties(reader, packet) if reader.left() > 0 else {}
        reader.finish("packet")
        return fields

    return read


def read_subscribe(reader, _flags):
    """SUBSCRIBE."""
    version = reader.context.version
    fields = {"packet_id": reader.packet_id()}
    if version == "5.0":
        fields["properties"] = read_properties(reader, "SUBSCRIBE")
    filters = fields["filters"] = []
    while reader.left() > 0:
        topic_filter = reader.topic_filter()
        options_at = reader.position
        options = reader.number(1, "subscription_options")
        subscription = {"filter": topic_filter, "qos": options & 3}
        if options & 3 == 3:
            raise Fault("requested QoS 3", options_at, "qos", PROTOCOL_ERROR)
        if version == "3.1.1" and options & 0xFC:
            raise Fault("reserved bits of the requested QoS are set", options_at, "qos")
        if version == "5.0":
            if options & 0xC0:
                raise Fault("reserved subscription options are set", options_at, "subscription_options")
            subscription["no_local"] = bool(options & 0x04)
            subscription["retain_as_published"] = bool(options & 0x08)
            subscription["retain_handling"] = options >> 4 & 3
            if subscription["retain_handling"] == 3:
                raise Fault("Retain Handling 3", options_at, "retain_handling", PROTOCOL_ERROR)
            if subscription["no_local"] and is_shared(topic_filter, version):
                raise Fault("No Local on a shared subscription", options_at, "no_local", PROTOCOL_ERROR)
        filters.append(subscription)
    if not filters:
        raise Fault("no topic filter", reader.position, "filters", PROTOCOL_ERROR)
    return fields


def read_suback(reader, _flags):
    """SUBACK."""
    context = reader.context
    fields = {"packet_id": reader.packet_id()}
    if context.version == "5.0":
        fields["properties"] = read_properties(reader, "SUBACK")
    codes = fields["reason_codes"] = []
    while reader.left() > 0:
        if context.version == "5.0":
            codes.append(read_reason_code(reader, "SUBACK"))
            continue
        value = reader.number(1, "reason_codes")
        if value not in SUBACK_RETURN_CODES[context.version]:
            if not (context.version == "3.1" and value == 0x80 and context.lenient("suback_failure_in_3_1")):
                raise Fault(f"return code 0x{value:02x} is reserved", reader.position - 1, "reason_codes",
                            PROTOCOL_ERROR)
        codes.append(value)
    if not codes:
        raise Fault("no return code", reader.position, "reason_codes", PROTOCOL_ERROR)
    return fields


def read_unsubscribe(reader, _flags):
    """UNSUBSCRIBE."""
    fields = {"packet_id": reader.packet_id()}
    if reader.context.version == "5.0":
        fields["properties"] = read_properties(reader, "UNSUBSCRIBE")
    filters = fields["filters"] = []
    while reader.left() > 0:
        filters.append({"filter": reader.topic_filter()})
    if not filters:
        raise Fault("no topic filter", reader.position, "filters", PROTOCOL_ERROR)
    return fields


def read_unsuback(reader, _flags):
    """UNSUBACK."""
    fields = {"packet_id": reader.packet_id()}
    if reader.context.version == "5.0":
        fields["properties"] = read_properties(reader, "UNSUBACK")
        codes = fields["reason_codes"] = []
        while reader.left() > 0:
            codes.append(read_reason_code(reader, "UNSUBACK"))
        if not codes:
            raise Fault("no reason code", reader.position, "reason_codes", PROTOCOL_ERROR)
    reader.finish("packet")
    return fields


def read_ping(reader, _flags):
    """PINGREQ or PINGRESP."""
    reader.finish("packet")
    return {}


def read_disconnect(reader, _flags):
    """DISCONNECT."""
    fields = {}
    if reader.context.version == "5.0":
        fields["reason_code"] = read_reason_code(reader, "DISCONNECT") if reader.left() > 0 else 0
        fields["properties"] = read_properties(reader, "DISCONNECT") if reader.left() > 0 else {}
    reader.finish("packet")
    return fields


def read_auth(reader, _flags):
    """AUTH; only Remaining Length 0 says it all without an Authentication Method."""
    start = reader.position
    if reader.left() == 0:
        if reader.context.role == "server":
            raise Fault("reason code 0x00 in a client's AUTH", start, "reason_code", PROTOCOL_ERROR)
        return {"reason_code": 0, "properties": {}}
    fields = {"reason_code": read_reason_code(reader, "AUTH"), "properties": {}}
    if reader.left() == 0 and reader.context.lenient("auth_without_properties"):
        return fields
    properties_at = reader.position
    fields["properties"] = read_properties(reader, "AUTH")
    if "authentication_method" not in fields["properties"]:
        raise Fault("AUTH without an authentication method", properties_at, "authentication_method", PROTOCOL_ERROR)
    reader.finish("packet")
    return fields


READERS = {
    "CONNECT": read_connect, "CONNACK": read_connack, "PUBLISH": read_publish,
    "PUBACK": read_acknowledgement("PUBACK"), "PUBREC": read_acknowledgement("PUBREC"),
    "PUBREL": read_acknowledgement("PUBREL"), "PUBCOMP": read_acknowledgement("PUBCOMP"),
    "SUBSCRIBE": read_subscribe, "SUBACK": read_suback, "UNSUBSCRIBE": read_unsubscribe, "UNSUBACK": read_unsuback,
    "PINGREQ": read_ping, "PINGRESP": read_ping, "DISCONNECT": read_disconnect, "AUTH": read_auth,
}


# --- The fixed header ----------------------------------------------------------------------------------------------


def read_remaining_length(data):
    """(length, bytes it took, minimal), or None if `data` ends inside it; the first byte of data is skipped."""
    length = 0
    for count, byte in enumerate(data[1:5]):
        length += (byte & 0x7F) << (7 * count)
        if byte & 0x80 == 0:
            return length, count + 1, count == 0 or byte != 0
    if len(data) >= 5:
        raise Fault("the remaining length has more than four bytes", 1, "remaining_length", framing=True)
    return None


def check_first_byte(first, context):
    """Packet type and flags."""
    version = context.version
    packet = PACKETS.get(first >> 4)
    flags = first & 0x0F
    if packet is None:
        raise Fault("packet type 0 is reserved", 0, "packet_type", framing=True)
    if packet == "AUTH" and version != "5.0":
        raise Fault("packet type 15 is reserved before 5.0", 0, "packet_type")
    wrong_side = {"client": FROM_CLIENT_ONLY, "server": FROM_SERVER_ONLY, "unknown": ()}[context.role]
    if packet in wrong_side:
        raise Fault(f"{packet} in the wrong direction", 0, "packet_type", PROTOCOL_ERROR)
    if packet == "DISCONNECT" and context.role == "client" and version != "5.0":
        raise Fault("DISCONNECT from a server before 5.0", 0, "packet_type", PROTOCOL_ERROR)
    if packet == "PUBLISH":
        if flags & 6 == 6:
            raise Fault("QoS 3", 0, "qos")
        if flags & 8 and flags & 6 == 0 and version != "3.1":
            raise Fault("DUP with QoS 0", 0, "dup")
        return
    if packet == "PUBREL" and flags == 0 and context.lenient("pubrel_flags_0000"):
        return
    if version == "3.1":
        if packet in FLAGS_0010 and flags & 6 != 2:
            raise Fault(f"{packet} must have QoS 1", 0, "flags")
    elif flags != (2 if packet in FLAGS_0010 else 0):
        raise Fault(f"wrong fixed-header flags for {packet}", 0, "flags")


def possible_length(first, length, context):
    """False if no packet of this first byte can have this Remaining Length."""
    version = context.version
    packet = PACKETS[first >> 4]
    if packet in ("PINGREQ", "PINGRESP"):
        return length == 0
    if version == "5.0":
        if packet == "AUTH":
            return length != 1 or "auth_without_properties" in context.leniency
        if packet == "CONNACK" and length == 2:
            return "v3_connack" in context.leniency
        least = {"CONNECT": 13, "CONNACK": 3, "PUBLISH": 6 if first & 6 else 4, "SUBSCRIBE": 7, "SUBACK": 4,
                 "UNSUBSCRIBE": 6, "UNSUBACK": 4, "DISCONNECT": 0}.get(packet, 2)
        return length >= least
    if packet == "DISCONNECT":
        return length == 0
    least = {"CONNECT": 15 if version == "3.1" else 12, "PUBLISH": 5 if first & 6 else 3, "SUBSCRIBE": 6, "SUBACK": 3,
             "UNSUBSCRIBE": 5}.get(packet)
    return length == 2 if least is None else length >= least


def check_fixed_header(data, context):
    """All that the fixed header alone can show to be wrong, as far as it is there."""
    check_first_byte(data[0], context)
    header = read_remaining_length(data)
    if header is None:
        return
    length, _, minimal = header
    if context.version == "5.0" and not minimal:
        raise Fault("the remaining length is over-long", 1, "remaining_length", framing=True)
    if not possible_length(data[0], length, context):
        raise Fault("no such packet has this remaining length", 1, "remaining_length", framing=True)


def fixed_header_fault(data, context):
    """The fault of the fixed header, or None."""
    try:
        check_fixed_header(data, context)
    except Fault as fault:
        return fault
    return None


def connect_version(data, header, leniency):
    """The version that a CONNECT names, or None if it is not (yet) there or is none that is supported."""
    if header is None:
        return None
    length, length_bytes, _ = header
    start = 1 + length_bytes
    body = data[start:start + min(length, 9)]
    name_size = int.from_bytes(body[:2], "big")
    if len(body) < 2 + name_size + 1:
        return None
    name, level = bytes(body[2:2 + name_size]), body[2 + name_size]
    if "bridge_bit" in leniency and level & ~BRIDGE_BIT in (3, 4):
        level &= ~BRIDGE_BIT
    return PROTOCOLS.get((name, level))


# --- Writing -------------------------------------------------------------------------------------------------------


class Writer:
    """Collects bytes; refuses what does not fit its field."""

    def __init__(self):
        self.data = bytearray()

    def number(self, size, value):
        """A big-endian number of `size` bytes."""
        if not 0 <= value < 1 << (8 * size):
            raise EncodeError(f"{value} does not fit {size} bytes")
        self.data += value.to_bytes(size, "big")

    def varint(self, value):
        """A Variable Byte Integer in its shortest form."""
        self.data += encode_varint(value)

    def binary(self, value):
        """Two bytes of length, then the bytes."""
        self.number(2, len(value))
        self.data += value

    def text(self, value):
        """A UTF-8 string."""
        try:
            self.binary(value.encode("utf-8"))
        except UnicodeEncodeError:
            raise EncodeError("text cannot be written as UTF-8") from None

    def properties(self, properties):
        """Property Length, and the properties in ascending order of their identifier."""
        inner = Writer()
        unknown = set(properties) - set(PROPERTY_IDENTIFIERS)
        if unknown:
            raise EncodeError(f"unknown properties {sorted(unknown)}")
        for identifier in sorted(PROPERTIES):
            name, kind = PROPERTIES[identifier][:2]
            if properties.get(name) is None:
                continue
            value = properties[name]
            for one in value if name in ("user_property", "subscription_identifier") else [value]:
                inner.varint(identifier)
                inner.property_value(kind, one)
        self.varint(len(inner.data))
        self.data += inner.data

    def property_value(self, kind, value):
        """One property's value."""
        if kind == "text":
            self.text(value)
        elif kind == "binary":
            self.binary(bytes.fromhex(value))
        elif kind == "pair":
            self.text(value[0])
            self.text(value[1])
        elif kind == "varint":
            self.varint(value)
        else:
            self.number({"byte": 1, "two": 2, "four": 4}[kind], value)


def encode_varint(value):
    """The shortest form of a Variable Byte Integer or Remaining Length."""
    if not 0 <= value <= 268435455:
        raise EncodeError(f"{value} does not fit a variable byte integer")
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_connect(writer, fields, version):
    """CONNECT."""
    will = fields.get("will")
    flags = 0x02 if fields["clean_start"] else 0
    if fields.get("user_name") is not None:
        flags |= 0x80
    if fields.get("password_hex") is not None:
        flags |= 0x40
    if will is not None:
        if not 0 <= will["qos"] <= 2:
            raise EncodeError("will QoS")
        flags |= 0x04 | will["qos"] << 3 | (0x20 if will["retain"] else 0)
    writer.text(fields["protocol_name"])
    writer.number(1, fields["protocol_version"] | (BRIDGE_BIT if fields.get("bridge") else 0))
    writer.number(1, flags)
    writer.number(2, fields["keep_alive"])
    if version == "5.0":
        writer.properties(fields.get("properties", {}))
    writer.text(fields["client_id"])
    if will is not None:
        if version == "5.0":
            writer.properties(will.get("properties", {}))
        writer.text(will["topic"])
        writer.binary(bytes.fromhex(will["payload_hex"]))
    if fields.get("user_name") is not None:
        writer.text(fields["user_name"])
    if fields.get("password_hex") is not None:
        writer.binary(bytes.fromhex(fields["password_hex"]))


def write_body(writer, packet, fields, version):
    """Everything behind the fixed header, but for CONNECT."""
    five = version == "5.0"
    if packet == "CONNACK":
        writer.number(1, 1 if fields.get("session_present") else 0)
        writer.number(1, fields["reason_code"])
        if five:
            writer.properties(fields.get("properties", {}))
    elif packet == "PUBLISH":
        writer.text(fields["topic"])
        if fields["qos"] > 0:
            writer.number(2, fields["packet_id"])
        if five:
            writer.properties(fields.get("properties", {}))
        writer.data += bytes.fromhex(fields["payload_hex"])
    elif packet in ("PUBACK", "PUBREC", "PUBREL", "PUBCOMP"):
        writer.number(2, fields["packet_id"])
        if five:
            write_short_form(writer, fields)
    elif packet in ("SUBSCRIBE", "UNSUBSCRIBE"):
        writer.number(2, fields["packet_id"])
        if five:
            writer.properties(fields.get("properties", {}))
        for row in fields["filters"]:
            writer.text(row["filter"])
            if packet == "SUBSCRIBE":
                options = row["qos"]
                if five:
                    options |= (row["no_local"] << 2 | row["retain_as_published"] << 3 | row["retain_handling"] << 4)
                writer.number(1, options)
    elif packet in ("SUBACK", "UNSUBACK"):
        writer.number(2, fields["packet_id"])
        if five:
            writer.properties(fields.get("properties", {}))
        for code in fields.get("reason_codes", []):
            writer.number(1, code)
    elif packet in ("DISCONNECT", "AUTH") and five:
        if packet == "DISCONNECT" and fields["reason_code"] == BAD_AUTHENTICATION_METHOD:
            raise EncodeError("DISCONNECT 0x8C is read and never written")
        write_short_form(writer, fields)


def write_short_form(writer, fields):
    """Reason code and properties, each left out if it says nothing."""
    properties = {name: value for name, value in fields.get("properties", {}).items() if value is not None}
    if fields["reason_code"] != 0 or properties:
        writer.number(1, fields["reason_code"])
    if properties:
        writer.properties(properties)


def encode(packet, fields, version, leniency=frozenset()):
    """The canonical bytes of `fields`.

    Raises EncodeError for what cannot be said: the bytes are read again, and must be a valid packet with the same
    content. A CONNECT names its own version, so `version` may be None there.
    """
    flags = 2 if packet in FLAGS_0010 else 0
    if packet == "PUBLISH":
        if not 0 <= fields["qos"] <= 2:
            raise EncodeError("QoS")
        flags = fields["dup"] << 3 | fields["qos"] << 1 | fields["retain"]
    body = Writer()
    if packet == "CONNECT":
        own_version = PROTOCOLS.get((fields["protocol_name"].encode("utf-8"), fields["protocol_version"]))
        if own_version is None or version not in (None, own_version):
            raise EncodeError("protocol name and version")
        version = own_version
        write_connect(body, fields, version)
    else:
        write_body(body, packet, fields, version)
    data = bytes([PACKET_TYPES[packet] << 4 | flags]) + encode_varint(len(body.data)) + bytes(body.data)
    again = decode(version, data, leniency)
    if again["expect"] != "ok" or without_nulls(again["fields"]) != without_nulls(fields):
        raise EncodeError(again["error"]["text"] if "error" in again else "the content does not survive")
    return data


def without_nulls(value):
    """`value` without the keys that are null: an absent field and a null one mean the same."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


# --- Whole buffers -------------------------------------------------------------------------------------------------


def decode(version, data, leniency=frozenset(), role="unknown"):
    """The answer for one buffer, without `reencoded`."""
    answer = {"expect": "incomplete", "packet": None, "version": version, "fields": None}
    if len(data) == 0:
        return answer
    answer["packet"] = PACKETS.get(data[0] >> 4)
    try:
        header = read_remaining_length(data)
    except Fault as fault:
        return as_error(answer, fault)

    own_version = None
    if answer["packet"] == "CONNECT":
        own_version = connect_version(data, header, leniency)
        answer["version"] = own_version or version
    context = Context(answer["version"], leniency, role)

    if header is None or len(data) < 1 + header[1] + header[0]:
        return as_incomplete(answer, data, context, own_version)
    length, length_bytes, minimal = header
    begin, end = 1 + length_bytes, 1 + length_bytes + length
    try:
        check_first_byte(data[0], context)
        if context.version == "5.0" and not minimal:
            raise Fault("the remaining length is over-long", 1, "remaining_length", framing=True)
        answer["fields"] = READERS[answer["packet"]](Reader(data, begin, end, context), data[0] & 0x0F)
        if len(data) > end:
            raise Fault("bytes behind the packet", end, "packet", framing=True)
    except Fault as fault:
        return as_error(answer, fault)
    answer["expect"] = "ok"
    if context.let_pass:
        answer["let_pass"] = sorted(context.let_pass)
    return answer


def as_error(answer, fault):
    """`answer` as an error."""
    skippable = not fault.framing and answer["packet"] != "CONNECT"
    answer.update(expect="error", fields=None)
    answer["error"] = {"code": fault.text, "offset": fault.offset, "field": fault.field, "clause": None,
                       "reason_code": fault.reason_code, "skippable": skippable, "text": fault.text}
    return answer


def as_incomplete(answer, data, context, own_version):
    """The answer for a buffer that ends too early.

    It is incomplete, unless the fixed header alone is already wrong: then both verdicts are right. As long as a CONNECT
    has not told its version, a fixed header that is wrong in one version only may be answered either way.
    """
    contexts = [context]
    if answer["packet"] == "CONNECT" and own_version is None:
        contexts = [Context(version, context.leniency, context.role) for version in VERSIONS]
    faults = [fixed_header_fault(data, each) for each in contexts]
    if None not in faults:
        as_error(answer, faults[0])["also_accept"] = ["incomplete"]
    elif faults != [None] * len(faults):
        answer["also_accept"] = ["error"]
    return answer


def inspect(version, data, leniency=frozenset(), role="unknown"):
    """The whole answer for one buffer."""
    answer = decode(version, data, leniency, role)
    if answer["expect"] == "ok":
        try:
            answer["reencoded"] = encode(answer["packet"], answer["fields"], answer["version"], leniency).hex()
        except EncodeError:
            answer["reencoded"] = None
    return answer


def parse_line(line):
    """(version, bytes) of a line `VERSION HEX`."""
    version, _, digits = line.strip().partition(" ")
    if version not in VERSIONS:
        raise ValueError(f"unknown version {version!r}")
    return version, bytes.fromhex(digits)


def leniency_set(names):
    """The set of a comma-separated list of leniency names."""
    chosen = frozenset(name for name in names.split(",") if name)
    unknown = chosen - set(LENIENCIES)
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown leniency {', '.join(sorted(unknown))}")
    return chosen


def main():
    """Answers the lines of standard input."""
    parser = argparse.ArgumentParser(description="Reference decoder and encoder of MQTT 3.1, 3.1.1 and 5.0.",
                                     epilog="Reads lines 'VERSION HEX', answers one JSON object a line.")
    parser.add_argument("--cases", action="store_true", help="accepted for likeness with mqttwire-inspect")
    parser.add_argument("--lenient", type=leniency_set, default=frozenset(), metavar="NAME,...",
                        help="deviations to let pass: " + ", ".join(LENIENCIES))
    parser.add_argument("--role", choices=ROLES, default="unknown", help="the side that receives the packets")
    arguments = parser.parse_args()
    for number, line in enumerate(sys.stdin, 1):
        try:
            version, data = parse_line(line)
        except ValueError as problem:
            sys.exit(f"line {number}: {problem}")
        sys.stdout.write(json.dumps(inspect(version, data, arguments.lenient, arguments.role)) + "\n")


if __name__ == "__main__":
    main()
