// Every byte string of up to three bytes through decode, in every version. So short a packet has a body of at most one
// byte, for which the rules are few enough to write them out a second time.
#include "support/catch.hpp"

#include "mqttwire/mqttwire.hpp"

#include <array>
#include <span>
#include <string>

using namespace mqttwire;

namespace {

enum class Verdict { good, error, incomplete };

/// The reason codes of DISCONNECT, and 0x8C, which is read all the same.
constexpr std::array<unsigned, 30> disconnect_codes{0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D,
    0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2};

bool is_disconnect_code(unsigned code)
{
    for (const unsigned each : disconnect_codes)
        if (each == code) return true;
    return false;
}

/// What a body of no byte (`code` is -1) or of one byte is worth.
Verdict verdict_of_body(unsigned first, int code, bool minimal, Version version)
{
    const bool v5 = version == Version::v5;
    const unsigned type = first >> 4U;
    const unsigned flags = first & 15U;
    if (v5 && !minimal) return Verdict::error;
    const bool without_body = type == 12 || type == 13 || type == 14 || (type == 15 && v5);
    if (!without_body) return Verdict::error;
    if (flags != 0 && version != Version::v3_1) return Verdict::error;
    if (code < 0) return Verdict::good;
    return type == 14 && v5 && is_disconnect_code(static_cast<unsigned>(code)) ? Verdict::good : Verdict::error;
}

Verdict reference(std::span<const std::byte> bytes, Version version)
{
    const auto at = [bytes](std::size_t i) { return static_cast<unsigned>(bytes[i]); };
    if (bytes.empty()) return Verdict::incomplete;
    if (at(0) < 16) return Verdict::error; // the reserved type, whatever follows
    if (bytes.size() == 1) return Verdict::incomplete;
    if (at(1) >= 128) {
        // The length goes on. Of three bytes, it can only end here by saying 0 in two bytes.
        if (bytes.size() == 3 && at(1) == 128 && at(2) == 0) return verdict_of_body(at(0), -1, false, version);
        return Verdict::incomplete;
    }
    if (2 + at(1) > bytes.size()) return Verdict::incomplete;
    if (2 + at(1) < bytes.size()) return Verdict::error;
    return verdict_of_body(at(0), bytes.size() == 3 ? static_cast<int>(at(2)) : -1, true, version);
}

/// Empty, or what is wrong.
std::string disagreement(std::span<const std::byte> bytes, Version version)
{
    const Result<Packet> result = decode(bytes, version);
    const Verdict expected = reference(bytes, version);
    const Verdict seen = result                   ? Verdict::good
        : result.error().code == Errc::incomplete ? Verdict::incomplete
                                                  : Verdict::error;
    if (seen != expected) return "another verdict";
    if (!result) {
        const Error error = result.error();
        if (error.offset > bytes.size()) return "an offset outside the packet";
        if ((error.needed > bytes.size()) != (error.code == Errc::incomplete)) return "a wrong size needed";
        return {};
    }
    if (result->index() + 1 != static_cast<unsigned>(bytes[0]) >> 4U) return "another packet type";
    if (bytes.size() == 3 && bytes[1] == std::byte{1}
        && std::get<Disconnect>(*result).reason_code != static_cast<ReasonCode>(bytes[2]))
        return "another reason code";
    std::array<std::byte, 3> buffer{};
    const auto written = encode(*result, buffer, version);
    const bool not_written = bytes.size() == 3 && bytes[2] == std::byte{0x8C};
    if (written.has_value() == not_written) return "re-encoding is wrongly allowed or refused";
    if (!written) return {};
    if (written->size() > bytes.size()) return "re-encoding gives more bytes";
    if (!(decode(*written, version) == result)) return "re-encoding gives another packet";
    return {};
}

std::string text_of(std::span<const std::byte> bytes)
{
    std::string text;
    for (const std::byte byte : bytes) text += std::to_string(static_cast<unsigned>(byte)) + " ";
    return text;
}

} // namespace

TEST_CASE("every byte string of up to three bytes in every version")
{
    std::array<std::byte, 3> bytes{};
    for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5}) {
        std::uint64_t end = 1;
        for (std::size_t size = 0; size <= 3; ++size, end *= 256) {
            for (std::uint32_t all = 0; all < end; ++all) {
                std::uint32_t rest = all;
                for (std::size_t i = 0; i < size; ++i, rest /= 256) bytes.at(i) = static_cast<std::byte>(rest & 0xFFU);
                const std::string wrong = disagreement(std::span(bytes).first(size), version);
                if (!wrong.empty())
                    FAIL(wrong << " in " << name(version) << ": " << text_of(std::span(bytes).first(size)));
            }
        }
    }
}

TEST_CASE("every byte string of up to three bytes before the version is known")
{
    std::array<std::byte, 3> bytes{};
    for (std::uint32_t all = 0; all < 0x1000000; ++all) {
        bytes = {static_cast<std::byte>(all & 0xFFU), static_cast<std::byte>(all >> 8U & 0xFFU),
            static_cast<std::byte>(all >> 16U)};
        const Result<Packet> result = decode(bytes);
        if (result) FAIL("no CONNECT is this short: " << text_of(bytes));
        const bool framed = reference(bytes, Version::v3_1) != Verdict::incomplete && (all & 0xFFU) >= 16
            && (bytes[1] == std::byte{1} || bytes[1] == std::byte{128});
        const Errc framed_code = (all & 0xFFU) >> 4U == 1 ? Errc::field_past_end : Errc::version_unknown;
        if (framed != (result.error().code == framed_code)) FAIL(text_of(bytes));
    }
}
