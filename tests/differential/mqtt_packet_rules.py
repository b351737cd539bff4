"""Where mqtt-packet 9.0.2 differs from the specifications, rule by rule."""

# It takes what mqttwire refuses: the check of mqttwire that it does not make, and what it does instead.
LAXITIES = {
    # Lengths
    "bytes_left_over": "ignores bytes behind the last field of a packet or a property block",
    "field_past_end": "makes something up for fields that are cut off: -1, null, or what stands behind",
    "remaining_length_not_minimal": "takes a Remaining Length in more bytes than it needs",
    "varint_not_minimal": "takes other variable byte integers in more bytes than they need",
    # Text
    "utf8_ill_formed": "puts U+FFFD where text is not UTF-8",
    "utf8_surrogate": "puts U+FFFD for surrogates",
    "utf8_null": "takes U+0000 in text",
    # Topics
    "topic_name_empty": "takes empty topic names",
    "topic_name_wildcard": "takes wildcards in topic names",
    "topic_name_too_long": "does not limit topic names in 3.1",
    "topic_missing_without_alias": "takes an empty topic name without a topic alias",
    "topic_filter_empty": "takes empty topic filters",
    "topic_filter_multi_level_misplaced": "takes '#' anywhere in a filter",
    "topic_filter_single_level_misplaced": "takes '+' anywhere in a filter",
    "topic_filter_too_long": "does not limit topic filters in 3.1",
    "share_name_empty": "takes $share without a share name",
    "share_name_wildcard": "takes wildcards in a share name",
    "shared_filter_missing": "takes $share without a filter",
    "no_local_on_shared": "takes No Local on a shared subscription",
    # CONNECT
    "protocol_version_unsupported": "does not compare the protocol name with the level",
    "bridge_bit_set": "takes the bridge bit always",
    "will_qos_3": "takes a will with QoS 3",
    "password_without_user_name": "takes a password without a user name before 5.0",
    "client_id_empty": "takes an empty client identifier always",
    "client_id_too_long": "does not limit client identifiers in 3.1",
    # CONNACK
    "connack_without_properties": "takes a 5.0 CONNACK without a Property Length",
    "session_present_with_failure": "takes Session Present in a refusal",
    "return_code_reserved": "takes any return code in CONNACK",
    "reason_code_not_allowed": "takes any reason code in CONNACK",
    # PUBLISH and what answers it
    "dup_with_qos_0": "takes DUP with QoS 0",
    "packet_id_zero": "takes packet identifier 0",
    # Lists
    "no_topic_filter": "takes SUBSCRIBE and UNSUBSCRIBE without a filter",
    "no_reason_code": "takes SUBACK and UNSUBACK without a code",
    "suback_code_not_allowed": "takes 0x80 in a SUBACK of 3.1",
    # Properties
    "property_not_allowed": "takes every property in every packet",
    "property_repeated": "takes every property more than once",
    "property_value_out_of_range": "does not check the values of properties",
    "topic_alias_zero": "takes topic alias 0",
    "authentication_data_without_method": "takes authentication data without a method",
    "authentication_method_missing": "takes AUTH without a method",
    "auth_without_property_length": "takes AUTH without a Property Length",
}

# Laxities of some packets alone.
ONLY_IN = {
    "reason_code_not_allowed": ("CONNACK",),
    "suback_code_not_allowed": ("SUBACK",),
    "topic_name_empty": ("CONNECT", "PUBLISH"),
}

# It refuses what mqttwire takes: the beginning of its message, when this is so, and why it should not.
SEVERITIES = (
    ("Invalid header flag bits", lambda ours: ours["version"] == "3.1", "3.1 does not use these flags"),
    ("Connect flag bit 0", lambda ours: ours["version"] == "3.1", "3.1 does not use bit 0 of the connect flags"),
    ("Will Retain Flag", lambda ours: ours["version"] == "3.1", "3.1 does not use Will Retain without a will"),
    ("Will QoS", lambda ours: ours["version"] == "3.1", "3.1 does not use Will QoS without a will"),
    ("Cannot parse username", lambda ours: ours["version"] == "3.1", "a 3.1 CONNECT may end before the user name"),
    ("Cannot parse password", lambda ours: ours["version"] == "3.1", "a 3.1 CONNECT may end before the password"),
    ("Invalid connack flags", lambda ours: ours["version"] == "3.1", "3.1 does not use the first byte of CONNACK"),
    ("Invalid subscribe topic flag bits, bits 7-2", lambda ours: ours["version"] == "3.1",
     "3.1 does not use the upper bits of a requested QoS"),
    ("Invalid disconnect reason code", lambda ours: ours["fields"]["reason_code"] == 0x8C,
     "0x8C is a reason code of DISCONNECT in one of the tables of 5.0"),
    ("Invalid auth reason code", lambda ours: ours["reencoded"] == "f000",
     "AUTH with Remaining Length 0 means success"),
)

# One waits where the other has seen enough already.
FIRST_BYTE_ALONE = "judges the first byte before the packet is whole"
WAITS_FOR_TYPE_0 = "waits for the whole of a packet of type 0"

USER_PROPERTIES_ARE_A_MAP = "holds user properties as a map: one entry a name, numbers first, empty values may be lost"

ALL = (*LAXITIES.values(), *(rule for _, _, rule in SEVERITIES), FIRST_BYTE_ALONE, WAITS_FOR_TYPE_0,
       USER_PROPERTIES_ARE_A_MAP)


def explain(ours, theirs):
    """The rule by which two different verdicts are both what was to be expected; or None."""
    verdicts = ours["expect"], theirs["expect"]
    if verdicts == ("error", "ok"):
        code = ours["error"]["code"]
        return LAXITIES.get(code) if ours["packet"] in ONLY_IN.get(code, (ours["packet"],)) else None
    message = theirs.get("text", "")
    if verdicts == ("ok", "error"):
        for beginning, applies, rule in SEVERITIES:
            if message.startswith(beginning) and applies(ours):
                return rule
    if verdicts == ("incomplete", "error") and message.startswith(("Invalid header flag bits", "Packet must not have both")):
        return FIRST_BYTE_ALONE
    if verdicts == ("error", "incomplete") and ours["error"]["code"] == "reserved_packet_type":
        return WAITS_FOR_TYPE_0
    return None


def is_array_index(name):
    """True for names that JavaScript keeps in front of all others, in numerical order."""
    return name.isascii() and name.isdigit() and str(int(name)) == name and int(name) < 2 ** 32 - 1


def as_map(pairs):
    """User properties as they come out of mqtt-packet."""
    entries = {}
    for name, value in pairs:
        if entries.get(name) in (None, [""]):   # an empty value counts as none
            entries[name] = [value]
        else:
            entries[name].append(value)
    numbers = sorted((name for name in entries if is_array_index(name)), key=int)
    names = numbers + [name for name in entries if not is_array_index(name)]
    return [[name, value] for name in names for value in entries[name]]


def reads_as_map(fields):
    """Turns all user properties in the fields into what mqtt-packet makes of them; true if that changed anything."""
    changed = False
    for holder in (fields, fields.get("will") or {}):
        properties = holder.get("properties", {})
        if "user_property" in properties:
            mapped = as_map(properties["user_property"])
            changed |= mapped != properties["user_property"]
            properties["user_property"] = mapped
    return changed
