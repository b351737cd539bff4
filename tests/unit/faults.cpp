#include "unit/faults.hpp"

namespace check {

namespace {

std::vector<Fault> list_faults()
{
    using enum Errc;
    constexpr Version v3_1 = Version::v3_1;
    constexpr Version v3_1_1 = Version::v3_1_1;
    constexpr Version v5 = Version::v5;
    constexpr ReasonCode malformed = ReasonCode::malformed_packet;
    constexpr ReasonCode protocol = ReasonCode::protocol_error;
    constexpr ReasonCode unsupported = ReasonCode::unsupported_protocol_version;
    constexpr ReasonCode bad_id = ReasonCode::client_identifier_not_valid;
    constexpr ReasonCode bad_name = ReasonCode::topic_name_invalid;
    constexpr ReasonCode bad_filter = ReasonCode::topic_filter_invalid;
    const auto property_field = [](PropertyId id) { return field(id); };
    const auto subscribe_5 = [](std::string_view filter) { return packet(0x82, bytes("00 0A 00") + prefixed(filter) + bytes("00")); };
    const std::string long_topic(32'768, 'a');
    return {
        {incomplete, v3_1_1, bytes("30 0B 00 04 31 31 31 31 39 39 39"), 11, Field::packet, "section 2.2.3", malformed, false},
        {incomplete, v5, bytes("30 80"), 2, Field::remaining_length, "section 2.1.4", malformed, false},
        {bytes_after_packet, v3_1_1, bytes("C0 00 00"), 2, Field::packet, "section 2.2.3", malformed, false},
        {remaining_length_too_long, v3_1_1, bytes("30 FF FF FF FF 01"), 1, Field::remaining_length, "section 2.2.3", malformed, false},
        {remaining_length_too_long, v5, bytes("30 FF FF FF FF"), 1, Field::remaining_length, "section 2.1.4", malformed, false},
        {remaining_length_not_minimal, v5, bytes("30 8A 00 00 03 61 2F 62 00 61 62 63 64"), 1, Field::remaining_length, "MQTT-1.5.5-1", malformed, false},
        {reserved_packet_type, v5, bytes("00 00"), 0, Field::fixed_header, "section 2.1.2", malformed, false},
        {reserved_packet_type, v3_1_1, bytes("F0 00"), 0, Field::fixed_header, "section 2.2.1", malformed, true},
        {wrong_direction, v3_1_1, bytes("C0 00"), 0, Field::fixed_header, "section 2.2.1", protocol, true, {}, Role::client},
        {wrong_direction, v5, bytes("D0 00"), 0, Field::fixed_header, "section 2.1.2", protocol, true, {}, Role::server},
        {wrong_flags, v3_1_1, bytes("80 06 00 01 00 01 61 00"), 0, Field::fixed_header, "MQTT-3.8.1-1", malformed, true},
        {wrong_flags, v3_1_1, bytes("60 02 00 01"), 0, Field::fixed_header, "MQTT-3.6.1-1", malformed, true, {}, {}, Leniency::pubrel_flags_0000},
        {wrong_flags, v5, bytes("60 02 00 01"), 0, Field::fixed_header, "MQTT-3.6.1-1", malformed, true, {}, {}, Leniency::pubrel_flags_0000},
        {wrong_flags, v3_1, bytes("60 02 00 01"), 0, Field::fixed_header, "", malformed, true, {}, {}, Leniency::pubrel_flags_0000},
        {wrong_flags, v3_1_1, bytes("11 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 63 31"), 0, Field::fixed_header, "MQTT-2.2.2-2", malformed, false},
        {wrong_flags, v5, bytes("4F 02 00 01"), 0, Field::fixed_header, "MQTT-2.1.3-1", malformed, true},
        {field_past_end, v3_1_1, bytes("30 05 00 09 61 2F 62"), 2, Field::topic, "section 2.2.3", malformed, true},
        {field_past_end, v5, bytes("40 01 00"), 2, Field::packet_id, "section 2.1.4", malformed, true},
        {field_past_end, v3_1_1, bytes("10 04 00 04 4D 51"), 2, Field::protocol_name, "section 2.2.3", malformed, false},
        {bytes_left_over, v3_1_1, bytes("C0 01 00"), 2, Field::packet, "section 2.2.3", malformed, true},
        {bytes_left_over, v3_1_1, bytes("40 03 00 0A 00"), 4, Field::packet, "section 2.2.3", malformed, true},
        {bytes_left_over, v3_1_1, bytes("E0 01 00"), 2, Field::packet, "section 2.2.3", malformed, true},
        {varint_too_long, v5, bytes("20 07 00 00 FF FF FF FF 01"), 4, Field::property_length, "section 1.5.5", malformed, true},
        {varint_not_minimal, v5, bytes("20 04 00 00 80 00"), 4, Field::property_length, "MQTT-1.5.5-1", malformed, true},
        {utf8_ill_formed, v3_1_1, bytes("30 06 00 03 61 C0 80 78"), 5, Field::topic, "MQTT-1.5.3-1", malformed, true},
        {utf8_ill_formed, v3_1, bytes("30 06 00 03 61 C0 80 78"), 5, Field::topic, "", malformed, true},
        {utf8_surrogate, v3_1_1, bytes("30 06 00 03 ED A0 80 78"), 4, Field::topic, "MQTT-1.5.3-1", malformed, true},
        {utf8_surrogate, v5, bytes("E0 08 00 06 1F 00 03 ED BF BF"), 7, property_field(PropertyId::reason_string), "MQTT-1.5.4-1", malformed, true},
        {utf8_null, v3_1_1, bytes("30 06 00 03 61 00 62 78"), 5, Field::topic, "MQTT-1.5.3-2", malformed, true},
        {utf8_null, v5, bytes("30 05 00 02 61 00 00"), 5, Field::topic, "MQTT-1.5.4-2", malformed, true},
        {utf8_discouraged, v3_1_1, bytes("30 04 00 02 61 01"), 5, Field::topic, "section 1.5.3", malformed, true, Leniency::reject_discouraged_characters},
        {utf8_discouraged, v5, bytes("30 06 00 03 EF BF BF 00"), 4, Field::topic, "section 1.5.4", malformed, true, Leniency::reject_discouraged_characters},
        {topic_name_empty, v3_1_1, bytes("30 02 00 00"), 2, Field::topic, "MQTT-4.7.3-1", bad_name, true},
        {topic_name_empty, v5, bytes("10 13 00 04 4D 51 54 54 05 06 00 3C 00 00 01 63 00 00 00 00 00"), 17, Field::will_topic, "MQTT-4.7.3-1", bad_name, false},
        {topic_name_wildcard, v3_1_1, bytes("30 06 00 03 61 2F 23 78"), 6, Field::topic, "MQTT-3.3.2-2", bad_name, true},
        {topic_name_wildcard, v5, bytes("30 09 00 01 61 05 08 00 02 61 2B"), 10, property_field(PropertyId::response_topic), "MQTT-3.3.2-14", bad_name, true},
        {topic_name_wildcard, v3_1_1, bytes("10 12 00 04 4D 51 54 54 04 06 00 3C 00 01 63 00 01 23 00 00"), 17, Field::will_topic, "MQTT-4.7.1-1", bad_name, false},
        {topic_name_too_long, v3_1, packet(0x30, prefixed(long_topic)), 6, Field::topic, "", bad_name, true},
        {topic_filter_empty, v3_1_1, bytes("82 05 00 0A 00 00 00"), 4, Field::filter, "MQTT-4.7.3-1", bad_filter, true},
        {topic_filter_too_long, v3_1, packet(0xA2, bytes("00 0A") + prefixed(long_topic)), 8, Field::filter, "", bad_filter, true},
        {topic_filter_multi_level_misplaced, v3_1_1, bytes("82 07 00 0A 00 02 61 23 00"), 7, Field::filter, "MQTT-4.7.1-2", bad_filter, true},
        {topic_filter_multi_level_misplaced, v5, bytes("A2 08 00 0A 00 00 03 23 2F 61"), 7, Field::filter, "MQTT-4.7.1-1", bad_filter, true},
        {topic_filter_single_level_misplaced, v3_1_1, bytes("82 07 00 0A 00 02 61 2B 00"), 7, Field::filter, "MQTT-4.7.1-3", bad_filter, true},
        {topic_filter_single_level_misplaced, v5, subscribe_5("+a"), 7, Field::filter, "MQTT-4.7.1-2", bad_filter, true},
        {share_name_empty, v5, subscribe_5("$share//a"), 14, Field::filter, "MQTT-4.8.2-1", bad_filter, true},
        {share_name_wildcard, v5, subscribe_5("$share/g+/a"), 15, Field::filter, "MQTT-4.8.2-2", bad_filter, true},
        {shared_filter_missing, v5, subscribe_5("$share/g/"), 16, Field::filter, "MQTT-4.8.2-2", bad_filter, true},
        {packet_id_zero, v3_1_1, bytes("32 07 00 03 61 2F 62 00 00"), 7, Field::packet_id, "MQTT-2.3.1-1", protocol, true},
        {packet_id_zero, v5, bytes("32 08 00 03 61 2F 62 00 00 00"), 7, Field::packet_id, "MQTT-2.2.1-3", protocol, true},
        {protocol_name_unknown, v3_1_1, bytes("10 0E 00 04 6D 71 74 74 04 02 00 3C 00 02 63 31"), 2, Field::protocol_name, "MQTT-3.1.2-1", unsupported, false},
        {protocol_version_unsupported, v3_1_1, bytes("10 0E 00 04 4D 51 54 54 06 02 00 3C 00 02 63 31"), 8, Field::protocol_version, "MQTT-3.1.2-2", unsupported, false},
        {protocol_version_unsupported, v3_1_1, bytes("10 10 00 06 4D 51 49 73 64 70 04 02 00 3C 00 02 63 31"), 10, Field::protocol_version, "MQTT-3.1.2-2", unsupported, false},
        {bridge_bit_set, v3_1_1, bytes("10 0E 00 04 4D 51 54 54 84 02 00 3C 00 02 63 31"), 8, Field::protocol_version, "MQTT-3.1.2-2", unsupported, false, {}, {}, Leniency::bridge_bit},
        {bridge_bit_set, v3_1, bytes("10 10 00 06 4D 51 49 73 64 70 83 02 00 3C 00 02 63 31"), 10, Field::protocol_version, "", unsupported, false, {}, {}, Leniency::bridge_bit},
        {connect_flags_reserved, v3_1_1, bytes("10 0E 00 04 4D 51 54 54 04 03 00 3C 00 02 63 31"), 9, Field::connect_flags, "MQTT-3.1.2-3", malformed, false},
        {will_flags_without_will, v5, bytes("10 0F 00 04 4D 51 54 54 05 22 00 3C 00 00 02 63 31"), 9, Field::connect_flags, "MQTT-3.1.2-11", malformed, false},
        {will_qos_3, v3_1_1, bytes("10 14 00 04 4D 51 54 54 04 1E 00 3C 00 02 63 31 00 01 77 00 01 78"), 9, Field::connect_flags, "MQTT-3.1.2-14", malformed, false},
        {will_qos_3, v5, bytes("10 16 00 04 4D 51 54 54 05 1E 00 3C 00 00 02 63 31 00 00 01 77 00 01 78"), 9, Field::connect_flags, "MQTT-3.1.2-12", malformed, false},
        {password_without_user_name, v3_1_1, bytes("10 11 00 04 4D 51 54 54 04 42 00 3C 00 02 63 31 00 01 70"), 9, Field::connect_flags, "MQTT-3.1.2-22", malformed, false},
        {client_id_empty, v3_1_1, bytes("10 0C 00 04 4D 51 54 54 04 00 00 3C 00 00"), 12, Field::client_id, "MQTT-3.1.3-8", bad_id, false},
        {client_id_too_long, v3_1, packet(0x10, bytes("00 06 4D 51 49 73 64 70 03 02 00 3C") + prefixed("abcdefghijklmnopqrstuvwx")), 14, Field::client_id, "", bad_id, false, {}, {}, Leniency::long_client_id},
        {acknowledge_flags_reserved, v3_1_1, bytes("20 02 02 00"), 2, Field::acknowledge_flags, "section 3.2.2.1", malformed, true},
        {acknowledge_flags_reserved, v5, bytes("20 03 80 00 00"), 2, Field::acknowledge_flags, "MQTT-3.2.2-1", malformed, true},
        {session_present_with_failure, v3_1_1, bytes("20 02 01 05"), 2, Field::acknowledge_flags, "MQTT-3.2.2-4", protocol, true},
        {session_present_with_failure, v5, bytes("20 03 01 87 00"), 2, Field::acknowledge_flags, "MQTT-3.2.2-6", protocol, true},
        {return_code_reserved, v3_1_1, bytes("20 02 00 06"), 3, Field::reason_code, "section 3.2.2.3", protocol, true},
        {connack_without_properties, v5, bytes("20 02 00 01"), 4, Field::property_length, "MQTT-2.2.2-1", malformed, true, {}, {}, Leniency::v3_connack},
        {qos_3, v3_1, bytes("36 07 00 03 61 2F 62 00 01"), 0, Field::fixed_header, "", malformed, true},
        {qos_3, v5, bytes("36 08 00 03 61 2F 62 00 01 00"), 0, Field::fixed_header, "MQTT-3.3.1-4", malformed, true},
        {dup_with_qos_0, v3_1_1, bytes("38 06 00 03 61 2F 62 78"), 0, Field::fixed_header, "MQTT-3.3.1-2", malformed, true},
        {topic_missing_without_alias, v5, bytes("30 04 00 00 00 78"), 2, Field::topic, "MQTT-4.7.3-1", protocol, true},
        {topic_alias_zero, v5, bytes("30 08 00 01 61 03 23 00 00 78"), 7, property_field(PropertyId::topic_alias), "MQTT-3.3.2-8", ReasonCode::topic_alias_invalid, true},
        {subscription_identifier_from_client, v5, bytes("30 06 00 01 61 02 0B 05"), 6, property_field(PropertyId::subscription_identifier), "MQTT-3.3.4-6", protocol, true, {}, Role::server},
        {payload_not_utf8, v5, bytes("30 08 00 01 61 02 01 01 78 FF"), 9, Field::payload, "section 3.3.2.3.2", ReasonCode::payload_format_invalid, true, Leniency::check_payload_format},
        {no_topic_filter, v3_1_1, bytes("82 02 00 0A"), 4, Field::filter, "MQTT-3.8.3-3", protocol, true},
        {no_topic_filter, v5, bytes("A2 03 00 0A 00"), 5, Field::filter, "MQTT-3.10.3-2", protocol, true},
        {requested_qos_3, v3_1_1, bytes("82 06 00 0A 00 01 61 03"), 7, Field::subscription_options, "MQTT-3.8.3-4", protocol, true},
        {requested_qos_3, v5, bytes("82 07 00 0A 00 00 01 61 03"), 8, Field::subscription_options, "section 3.8.3.1", protocol, true},
        {subscription_options_reserved, v3_1_1, bytes("82 06 00 0A 00 01 61 04"), 7, Field::subscription_options, "MQTT-3.8.3-4", malformed, true},
        {subscription_options_reserved, v5, bytes("82 07 00 0A 00 00 01 61 C0"), 8, Field::subscription_options, "MQTT-3.8.3-5", malformed, true},
        {retain_handling_3, v5, bytes("82 07 00 0A 00 00 01 61 30"), 8, Field::subscription_options, "section 3.8.3.1", protocol, true},
        {no_local_on_shared, v5, bytes("82 10 00 0A 00 00 0A 24 73 68 61 72 65 2F 67 2F 61 05"), 17, Field::subscription_options, "MQTT-3.8.3-4", protocol, true},
        {reason_code_not_allowed, v5, bytes("40 04 00 0A 92 00"), 4, Field::reason_code, "MQTT-3.4.2-1", protocol, true},
        {reason_code_not_allowed, v5, bytes("50 03 00 0A 92"), 4, Field::reason_code, "MQTT-3.5.2-1", protocol, true},
        {reason_code_not_allowed, v5, bytes("62 03 00 0A 10"), 4, Field::reason_code, "MQTT-3.6.2-1", protocol, true},
        {reason_code_not_allowed, v5, bytes("70 03 00 0A 10"), 4, Field::reason_code, "MQTT-3.7.2-1", protocol, true},
        {reason_code_not_allowed, v5, bytes("20 03 00 01 00"), 3, Field::reason_code, "MQTT-3.2.2-8", protocol, true},
        {reason_code_not_allowed, v5, bytes("90 04 00 0A 00 03"), 5, Field::reason_code, "MQTT-3.9.3-2", protocol, true},
        {reason_code_not_allowed, v5, bytes("B0 04 00 0A 00 01"), 5, Field::reason_code, "MQTT-3.11.3-2", protocol, true},
        {reason_code_not_allowed, v5, bytes("E0 01 01"), 2, Field::reason_code, "MQTT-3.14.2-1", protocol, true},
        {reason_code_not_allowed, v5, bytes("F0 06 01 04 15 00 01 6D"), 2, Field::reason_code, "MQTT-3.15.2-1", protocol, true},
        {reason_code_wrong_sender, v5, bytes("E0 01 04"), 2, Field::reason_code, "section 2.4", protocol, true, {}, Role::client},
        {no_reason_code, v3_1_1, bytes("90 02 00 0A"), 4, Field::reason_code, "section 3.9.3", protocol, true},
        {no_reason_code, v5, bytes("B0 03 00 0A 00"), 5, Field::reason_code, "section 3.11.3", protocol, true},
        {suback_code_not_allowed, v3_1_1, bytes("90 03 00 0A 03"), 4, Field::reason_code, "MQTT-3.9.3-2", protocol, true},
        {suback_code_not_allowed, v3_1, bytes("90 03 00 0A 80"), 4, Field::reason_code, "", protocol, true, {}, {}, Leniency::suback_failure_in_3_1},
        {property_length_past_end, v5, bytes("20 05 00 00 05 24 01"), 4, Field::property_length, "section 2.2.2.1", malformed, true},
        {property_unknown, v5, bytes("30 07 00 01 61 02 04 00 78"), 6, Field::property_id, "section 2.2.2.2", malformed, true},
        {property_not_allowed, v5, bytes("30 08 00 01 61 03 21 00 01 78"), 6, Field::property_id, "section 2.2.2.2", malformed, true},
        {property_repeated, v5, bytes("20 09 00 00 06 21 00 05 21 00 05"), 8, property_field(PropertyId::receive_maximum), "section 2.2.2.2", protocol, true},
        {property_value_out_of_range, v5, bytes("20 05 00 00 02 24 02"), 6, property_field(PropertyId::maximum_qos), "section 2.2.2.2", protocol, true},
        {property_value_out_of_range, v5, bytes("82 09 00 0A 02 0B 00 00 01 61 00"), 6, property_field(PropertyId::subscription_identifier), "section 2.2.2.2", protocol, true},
        {session_expiry_from_server, v5, bytes("E0 07 00 05 11 00 00 00 00"), 4, property_field(PropertyId::session_expiry_interval), "MQTT-3.14.2-2", protocol, true, {}, Role::client},
        {authentication_method_missing, v5, bytes("F0 02 18 00"), 3, property_field(PropertyId::authentication_method), "section 3.15.2.2.2", protocol, true},
        {authentication_data_without_method, v5, bytes("20 07 00 00 04 16 00 01 64"), 5, property_field(PropertyId::authentication_data), "section 3.1.2.11.10", protocol, true},
        {auth_without_property_length, v5, bytes("F0 01 18"), 3, Field::property_length, "section 3.15.2.2.1", malformed, true, {}, {}, Leniency::auth_without_properties},
    };
}

} // namespace

const std::vector<Fault>& faults()
{
    static const std::vector<Fault> list = list_faults();
    return list;
}

} // namespace check
