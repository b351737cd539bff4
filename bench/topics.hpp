// The texts of the measured packets.
#pragma once

#include "mqttwire/wire/text.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace bench {

inline constexpr std::size_t topic_count = 16;

namespace detail {

template <std::size_t Size>
using Numbered = std::array<std::array<char, Size>, topic_count>;

/// Sixteen texts that differ in two digits, which stand where `pattern` has "NN".
template <std::size_t SizeAndNull>
constexpr auto numbered(const char (&pattern)[SizeAndNull])
{
    constexpr std::size_t size = SizeAndNull - 1;
    const std::size_t digits = std::string_view(pattern).find("NN");
    Numbered<size> texts{};
    for (std::size_t n = 0; n < topic_count; ++n) {
        for (std::size_t i = 0; i < size; ++i) texts[n][i] = pattern[i];
        texts[n][digits] = static_cast<char>('0' + n / 10);
        texts[n][digits + 1] = static_cast<char>('0' + n % 10);
    }
    return texts;
}

template <std::size_t Size>
constexpr std::array<mqttwire::Text, topic_count> views(const Numbered<Size>& texts)
{
    std::array<mqttwire::Text, topic_count> views;
    for (std::size_t n = 0; n < topic_count; ++n) views[n] = std::string_view(texts[n].data(), Size);
    return views;
}

inline constexpr auto numbered_topics = numbered("sensors/room-0NN/temp/cc");
inline constexpr auto numbered_client_ids = numbered("sensor-client-NN");

} // namespace detail

/// Topics of 24 bytes.
inline constexpr std::array<mqttwire::Text, topic_count> ascii_topics = detail::views(detail::numbered_topics);

/// Client identifiers of 16 bytes.
inline constexpr std::array<mqttwire::Text, topic_count> client_ids = detail::views(detail::numbered_client_ids);

/// Topics in sixteen languages: characters of one to four bytes, from 16 to 57 bytes in all.
inline constexpr std::array<mqttwire::Text, topic_count> mixed_script_topics{
    "maison/cuisine/température",
    "größe/küche/wärme",
    "дом/кухня/температура",
    "σπίτι/κουζίνα/θερμοκρασία",
    "家/台所/温度/センサー",
    "房子/厨房/温度/传感器",
    "집/부엌/온도/센서",
    "بيت/مطبخ/حرارة",
    "בית/מטבח/טמפרטורה",
    "घर/रसोई/तापमान",
    "บ้าน/ครัว/อุณหภูมิ",
    "სახლი/სამზარეულო",
    "տուն/խոհանոց/ջերմ",
    "nhà/bếp/nhiệt-độ",
    "🏠/🍳/🌡/sensor-16",
    "ev/mutfak/sıcaklık/ölçüm",
};

/// Filters of 24 bytes, every other one with wildcards.
inline constexpr std::array<mqttwire::Text, topic_count> wildcard_filters{
    "sensors/room-000/temp/cc",
    "sensors/room-0001/+/temp",
    "sensors/room-002/temp/cc",
    "sensors/room-003/light/#",
    "sensors/room-004/temp/cc",
    "+/building-005/room/temp",
    "sensors/room-006/temp/cc",
    "sensors/+/temperature/in",
    "sensors/room-008/temp/cc",
    "sensors/room-009/light/+",
    "sensors/room-010/temp/cc",
    "sensors/+/room-11/light/",
    "sensors/room-012/temp/cc",
    "+/building-013/+/outside",
    "sensors/room-014/temp/cc",
    "sensors/+/room-0015/up/#",
};

/// Topics of 5 to 120 bytes, a third of them not ASCII.
inline constexpr std::array<mqttwire::Text, 24> topics_of_the_world{
    "a/b/c",
    "дом/свет",
    "sensors/room-001/temp/cc",
    "plant/line-3/robot/axis/7/motor/current",
    "工厂/三号线/机器人/温度",
    "fleet/0a1b2c3d/position",
    "home/kitchen/light/state",
    "café/été",
    "$SYS/broker/load/messages/received/5min",
    "zigbee2mqtt/0x00158d0001dc1a2b/availability",
    "завод/цех-12/линия-3/станок/температура/подшипник/передний/среднее",
    "ping/",
    "homeassistant/sensor/living_room_temperature_and_humidity/config",
    "bâtiment/étage-3/pièce-12/température/moyenne",
    "spBv1.0/Plant-Floor-07/DDATA/EdgeNode-0012/Compressor-A",
    "devices/8c:aa:b5:7f:01:02/telemetry",
    "中国/上海市/浦东新区/张江高科技园区/三号楼/十二层/会议室/空调/温度/当前值/传感器",
    "v1/gateway/telemetry",
    "org/acme/site/berlin/building/west/floor/03/room/0312/device/thermostat/9f8e7d6c/measurement/temperature/filtered/"
    "value",
    "größe",
    "city/lights/block-17/lamp-0042",
    "owntracks/user/phone",
    "улица/дом-7/квартира-42/счётчик/вода",
    "tele/tasmota_4F2A10/SENSOR",
};

} // namespace bench
