// The same of constants that are read by `*` and by `->`, each of which breaks a rule of its own.
#include <array>
#include <cstddef>
#include <mqttwire/mqttwire.hpp>

namespace mq = mqttwire;

#ifdef MUST_NOT_COMPILE
constexpr const char* name = "room/+";
constexpr const char* filter = "room/#/1";
#else
constexpr const char* name = "room/1";
constexpr const char* filter = "room/+/1";
#endif

inline constexpr std::size_t by_star = [] {
    std::array<std::byte, 40> buffer{};
    const auto bytes = mq::Publish{.topic = name}.encode<mq::Version::v5>(buffer);
    return (*bytes).size();
}();

inline constexpr std::size_t by_arrow = [] {
    std::array<std::byte, 40> buffer{};
    const std::array filters{mq::Subscription{.filter = filter}};
    return mq::Subscribe{.packet_id = 1, .filters = filters}.encode<mq::Version::v5>(buffer)->size();
}();
