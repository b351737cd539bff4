// A constant packet that breaks a rule: the compiler names the rule and the field.
#include <array>
#include <cstddef>
#include <mqttwire/mqttwire.hpp>

namespace mq = mqttwire;

#ifdef MUST_NOT_COMPILE
constexpr const char* name = "room/+";
constexpr const char* response_topic = "answer/#";
#else
constexpr const char* name = "room/1";
constexpr const char* response_topic = "answer";
#endif

constexpr auto encoded(const mq::Publish& publish)
{
    std::array<std::byte, 40> buffer{};
    static_cast<void>(publish.encode<mq::Version::v5>(buffer).value());
    return buffer;
}

constexpr auto broken_field = encoded({.topic = name});
constexpr auto broken_property = encoded({.topic = "t", .properties = {.response_topic = response_topic}});
