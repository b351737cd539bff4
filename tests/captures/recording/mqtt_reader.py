"""A small reader of MQTT streams, independent of mqttwire.

It says what the packets of a stream are, and which of them are not canonical: an encoder that always writes the
shortest form in a fixed order would have written them differently.
"""

import dataclasses

LEVELS = {"3.1": 3, "3.1.1": 4, "5.0": 5}

PACKET_NAMES = {
    1: "CONNECT", 2: "CONNACK", 3: "PUBLISH", 4: "PUBACK", 5: "PUBREC", 6: "PUBREL", 7: "PUBCOMP", 8: "SUBSCRIBE",
    9: "SUBACK", 10: "UNSUBSCRIBE", 11: "UNSUBACK", 12: "PINGREQ", 13: "PINGRESP", 14: "DISCONNECT", 15: "AUTH",
}
FIXED_FLAGS = {"PUBREL": 2, "SUBSCRIBE": 2, "UNSUBSCRIBE": 2}

PROPERTIES = {
    0x01: ("payload_format_indicator", "byte"),
    0x02: ("message_expiry_interval", "four"),
    0x03: ("content_type", "text"),
    0x08: ("response_topic", "text"),
    0x09: ("correlation_data", "binary"),
    0x0B: ("subscription_identifier", "varint"),
    0x11: ("session_expiry_interval", "four"),
    0x12: ("assigned_client_identifier", "text"),
    0x13: ("server_keep_alive", "two"),
    0x15: ("authentication_method", "text"),
    0x16: ("authentication_data", "binary"),
    0x17: ("request_problem_information", "byte"),
    0x18: ("will_delay_interval", "four"),
    0x19: ("request_response_information", "byte"),
    0x1A: ("response_information", "text"),
    0x1C: ("server_reference", "text"),
    0x1F: ("reason_string", "text"),
    0x21: ("receive_maximum", "two"),
    0x22: ("topic_alias_maximum", "two"),
    0x23: ("topic_alias", "two"),
    0x24: ("maximum_qos", "byte"),
    0x25: ("retain_available", "byte"),
    0x26: ("user_property", "pair"),
    0x27: ("maximum_packet_size", "four"),
    0x28: ("wildcard_subscription_available", "byte"),
    0x29: ("subscription_identifier_available", "byte"),
    0x2A: ("shared_subscription_available", "byte"),
}


class Malformed(Exception):
    """The bytes are no MQTT stream of the given version."""


@dataclasses.dataclass
class Packet:
    offset: int
    size: int
    name: str
    fields: list = dataclasses.field(default_factory=list)
    deviations: list = dataclasses.field(default_factory=list)  # why the packet is not canonical

    def add(self, name, value):
        self.fields.append(f"{name}={value}")


class Cursor:
    """Reads fields from a bounded range of bytes."""

    def __init__(self, data):
        self.data = data
        self.position = 0

    def left(self):
        return len(self.data) - self.position

    def take(self, count):
        if count > self.left():
            raise Malformed(f"{count} bytes wanted at {self.position}, {self.left()} left")
        self.position += count
        return self.data[self.position - count:self.position]

    def integer(self, width):
        return int.from_bytes(self.take(width), "big")

    def byte(self):
        return self.integer(1)

    def binary(self):
        return self.take(self.integer(2))

    def text(self):
        try:
            return self.binary().decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed(str(error)) from error

    def variable_byte_integer(self):
        """The value, and whether it stands there in as few bytes as possible."""
        value = 0
        for length in range(1, 5):
            byte = self.byte()
            value |= (byte & 0x7F) << (7 * (length - 1))
            if byte < 0x80:
                return value, length == 1 or byte != 0
        raise Malformed("a variable byte integer longer than four bytes")

    def property_value(self, kind):
        """The value, and whether it is canonical."""
        if kind == "varint":
            return self.variable_byte_integer()
        if kind == "pair":
            return (self.text(), self.text()), True
        if kind == "text":
            return self.text(), True
        if kind == "binary":
            return self.binary().hex(), True
        return self.integer({"byte": 1, "two": 2, "four": 4}[kind]), True


@dataclasses.dataclass
class Frame:
    offset: int
    end: int
    first_byte: int
    minimal_length: bool
    body: bytes

    @property
    def name(self):
        return PACKET_NAMES.get(self.first_byte >> 4, "reserved")


def whole_frames(data):
    """The packets that stand completely in `data`; a rest that is still incomplete is left out."""
    frames = []
    cursor = Cursor(data)
    while cursor.left() >= 2:
        offset = cursor.position
        first_byte = cursor.byte()
        if cursor.left() < 4 and all(byte >= 0x80 for byte in data[cursor.position:]):
            break
        length, minimal = cursor.variable_byte_integer()
        if length > cursor.left():
            break
        body = cursor.take(length)
        frames.append(Frame(offset, cursor.position, first_byte, minimal, body))
    return frames


def read_properties(cursor, packet, label="properties"):
    length, minimal = cursor.variable_byte_integer()
    if not minimal:
        packet.deviations.append(f"{label}: length not in its shortest form")
    inner = Cursor(cursor.take(length))
    shown = []
    order = []
    while inner.left():
        identifier, minimal = inner.variable_byte_integer()
        if identifier not in PROPERTIES:
            raise Malformed(f"unknown property 0x{identifier:02X}")
        name, kind = PROPERTIES[identifier]
        value, minimal_value = inner.property_value(kind)
        if not (minimal and minimal_value):
            packet.deviations.append(f"{label}: {name} not in its shortest form")
        shown.append(f"{name}={value!r}")
        order.append(identifier)
    if order != sorted(order):
        packet.deviations.append(f"{label}: in the order " + " ".join(f"0x{identifier:02X}" for identifier in order))
    if shown:
        packet.add(label, "[" + ", ".join(shown) + "]")
    return length


def read_packet_id(cursor, packet):
    packet_id = cursor.integer(2)
    if packet_id == 0:
        raise Malformed("packet identifier 0")
    packet.add("packet_id", packet_id)


def read_connect(cursor, packet, flags, level):
    name, level_byte = cursor.text(), cursor.byte()
    if (name, level_byte) != ("MQIsdp" if level == 3 else "MQTT", level):
        raise Malformed(f"protocol {name!r} with level {level_byte} in a stream of level {level}")
    connect_flags = cursor.byte()
    will, will_qos, will_retain = connect_flags & 4, connect_flags >> 3 & 3, connect_flags >> 5 & 1
    if connect_flags & 1:
        packet.deviations.append("connect flag bit 0 set")
    if not will and (will_qos or will_retain):
        packet.deviations.append("will QoS or will retain without a will")
    packet.add("level", level)
    packet.add("clean_start", connect_flags >> 1 & 1)
    packet.add("keep_alive", cursor.integer(2))
    if level == 5:
        read_properties(cursor, packet)
    packet.add("client_id", repr(cursor.text()))
    if will:
        packet.add("will_qos", will_qos)
        packet.add("will_retain", will_retain)
        if level == 5:
            read_properties(cursor, packet, "will_properties")
        packet.add("will_topic", repr(cursor.text()))
        packet.add("will_payload", cursor.binary())
    if connect_flags & 0x80:
        packet.add("user_name", repr(cursor.text()))
    if connect_flags & 0x40:
        packet.add("password", cursor.binary())


def read_connack(cursor, packet, flags, level):
    acknowledge_flags = cursor.byte()
    if level == 3 and acknowledge_flags:
        packet.deviations.append(f"unused first byte is 0x{acknowledge_flags:02X}")
    elif acknowledge_flags > 1:
        raise Malformed("reserved acknowledge flags")
    packet.add("acknowledge_flags", acknowledge_flags)
    packet.add("reason_code", f"0x{cursor.byte():02X}")
    if level == 5:
        read_properties(cursor, packet)


def read_publish(cursor, packet, flags, level):
    qos = flags >> 1 & 3
    if qos == 3:
        raise Malformed("QoS 3")
    packet.add("dup", flags >> 3)
    packet.add("qos", qos)
    packet.add("retain", flags & 1)
    packet.add("topic", repr(cursor.text()))
    if qos:
        read_packet_id(cursor, packet)
    if level == 5:
        read_properties(cursor, packet)
    payload = cursor.take(cursor.left())
    packet.add("payload", payload if len(payload) <= 40 else f"{payload[:40]}... ({len(payload)} bytes)")


def read_reason_and_properties(cursor, packet):
    """The optional end of the 5.0 acknowledgements, DISCONNECT and AUTH."""
    reason = cursor.byte() if cursor.left() else None
    length = read_properties(cursor, packet) if cursor.left() else None
    packet.add("reason_code", f"0x{reason or 0:02X}")
    if length == 0:
        packet.deviations.append("empty properties written out")
    if reason == 0 and not length:
        packet.deviations.append("reason code 0x00 without properties written out")


def read_acknowledgement(cursor, packet, flags, level):
    read_packet_id(cursor, packet)
    if level == 5:
        read_reason_and_properties(cursor, packet)


def read_subscribe(cursor, packet, flags, level):
    read_packet_id(cursor, packet)
    if level == 5:
        read_properties(cursor, packet)
    while True:
        topic_filter, options = cursor.text(), cursor.byte()
        if level == 3 and options > 3:
            packet.deviations.append(f"unused bits in the requested QoS 0x{options:02X}")
        packet.add("filter", f"{topic_filter!r}:0x{options:02X}")
        if not cursor.left():
            return


def read_suback(cursor, packet, flags, level):
    read_packet_id(cursor, packet)
    if level == 5:
        read_properties(cursor, packet)
    packet.add("reason_codes", cursor.take(cursor.left()).hex(" "))


def read_unsubscribe(cursor, packet, flags, level):
    read_packet_id(cursor, packet)
    if level == 5:
        read_properties(cursor, packet)
    while True:
        packet.add("filter", repr(cursor.text()))
        if not cursor.left():
            return


def read_unsuback(cursor, packet, flags, level):
    read_packet_id(cursor, packet)
    if level == 5:
        read_properties(cursor, packet)
        packet.add("reason_codes", cursor.take(cursor.left()).hex(" "))


def read_nothing(cursor, packet, flags, level):
    pass


def read_disconnect(cursor, packet, flags, level):
    if level == 5:
        read_reason_and_properties(cursor, packet)


def read_auth(cursor, packet, flags, level):
    if level != 5:
        raise Malformed("AUTH before 5.0")
    read_reason_and_properties(cursor, packet)


READERS = {
    "CONNECT": read_connect, "CONNACK": read_connack, "PUBLISH": read_publish, "PUBACK": read_acknowledgement,
    "PUBREC": read_acknowledgement, "PUBREL": read_acknowledgement, "PUBCOMP": read_acknowledgement,
    "SUBSCRIBE": read_subscribe, "SUBACK": read_suback, "UNSUBSCRIBE": read_unsubscribe, "UNSUBACK": read_unsuback,
    "PINGREQ": read_nothing, "PINGRESP": read_nothing, "DISCONNECT": read_disconnect, "AUTH": read_auth,
}


def read_stream(data, version):
    """All packets of a stream, which has to end with a whole one."""
    level = LEVELS[version]
    packets = []
    end = 0
    for frame in whole_frames(data):
        if frame.name not in READERS:
            raise Malformed(f"packet type 0 at {frame.offset}")
        packet = Packet(frame.offset, frame.end - frame.offset, frame.name)
        if not frame.minimal_length:
            packet.deviations.append("remaining length not in its shortest form")
        flags = frame.first_byte & 0x0F
        if frame.name != "PUBLISH" and flags != FIXED_FLAGS.get(frame.name, 0):
            if level > 3:
                raise Malformed(f"{frame.name} with fixed-header flags {flags:04b}")
            packet.deviations.append(f"unused fixed-header flags {flags:04b}")
        cursor = Cursor(frame.body)
        READERS[frame.name](cursor, packet, flags, level)
        if cursor.left():
            raise Malformed(f"{frame.name} at {frame.offset}: {cursor.left()} bytes left over")
        packets.append(packet)
        end = frame.end
    if end != len(data):
        raise Malformed(f"{len(data) - end} bytes of an incomplete packet at the end")
    return packets
