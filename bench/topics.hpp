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

} // namespace bench
