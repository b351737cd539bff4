// Passwords and authentication data are shown to nobody who did not ask for them.
#include "run.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <string>
#include <string_view>

namespace mqttwire::test {

namespace {

using inspect::Mode;

/// What all modes show of a stream, in either direction of the bytes of "hush": as text and as digits.
bool shows(std::string_view hex, Mode mode, bool secrets)
{
    inspect::Options options;
    options.mode = mode;
    options.secrets = secrets;
    options.version = Version::v5;
    const Outcome outcome = run(options, to_string(from_hex(hex)));
    CAPTURE(outcome.out);
    REQUIRE_FALSE(outcome.out.empty());
    for (const char* const sign : {"hush", "687573", "68 75", "75 73", "73 68"})
        if (outcome.out.find(sign) != std::string::npos) return true;
    return false;
}

/// CONNECT with the password hush.
constexpr std::string_view password = "101700044d5154540"
                                      "5c2003c00"
                                      "0001"
                                      "63"
                                      "000175"
                                      "000468757368";
/// CONNECT and CONNACK and AUTH with the authentication data hush.
constexpr std::string_view connect_data = "1018"
                                          "00044d51545405"
                                          "02003c"
                                          "0b"
                                          "1500016d"
                                          "16000468757368"
                                          "0000";
constexpr std::string_view connack_data = "200e"
                                          "0000"
                                          "0b"
                                          "1500016d"
                                          "16000468757368";
constexpr std::string_view auth_data = "f00d"
                                       "18"
                                       "0b"
                                       "1500016d"
                                       "16000468757368";

} // namespace

TEST_CASE("Secrets are shown only where they are asked for", "[inspect]")
{
    for (const std::string_view stream : {password, connect_data, connack_data, auth_data}) {
        CAPTURE(stream);
        for (const Mode mode : {Mode::lines, Mode::explain, Mode::json, Mode::stats})
            CHECK_FALSE(shows(stream, mode, false));
        CHECK(shows(stream, Mode::explain, true));
        CHECK(shows(stream, Mode::json, true));
    }
}

TEST_CASE("Where a packet that may hold secrets is broken, what is behind the fault is hidden", "[inspect]")
{
    // A client id that is not UTF-8; a second Receive Maximum; a byte behind the end; a packet that is cut off.
    for (const std::string_view stream : {"101700044d51545405c2003c00"
                                          "0001ff"
                                          "000175"
                                          "000468757368",
             "101e"
             "00044d51545405"
             "02003c"
             "11"
             "210001"
             "210001"
             "1500016d"
             "16000468757368"
             "0000",
             "101800044d51545405c2003c00"
             "0001"
             "63"
             "000175"
             "000468757368"
             "00",
             "1021 00044d51545405 02003c 0b 1500016d 16000468757368 0000",
             "200f"
             "0000"
             "0c"
             "1500016d"
             "16000468757368"
             "ff"}) {
        CAPTURE(stream);
        for (const Mode mode : {Mode::lines, Mode::explain, Mode::json, Mode::stats})
            CHECK_FALSE(shows(stream, mode, false));
        CHECK(shows(stream, Mode::explain, true));
    }
}

TEST_CASE("What may be the rest of a secret is hidden, though the fault is there", "[inspect]")
{
    inspect::Options options;
    // The password is four bytes, and said to have one or none; so is the authentication data.
    for (const std::string_view stream :
        {"101600044d51545404c2003c 000163 000175 0001 54455354", "101600044d51545404c2003c 000163 000175 0000 45455354",
            "1018 00044d51545405 02003c 0b 1500016d 16000154455354 0000",
            "1018 00044d51545405 02003c 0b 1500016d 16000045455354 0000"}) {
        for (const Mode mode : {Mode::lines, Mode::explain}) {
            CAPTURE(stream, mode);
            options.mode = mode;
            options.secrets = false;
            const Outcome hidden = run(options, to_string(from_hex(stream)));
            CAPTURE(hidden.out);
            for (const char* const sign : {" 45", "53 54", "ES", "69, unknown"}) // 69 is 0x45
                CHECK(hidden.out.find(sign) == std::string::npos);
            options.secrets = true;
            CHECK(run(options, to_string(from_hex(stream))).out.find(" 45") != std::string::npos);
        }
    }
}

TEST_CASE("In place of a secret stands its size", "[inspect]")
{
    inspect::Options options;
    options.mode = Mode::json;
    options.version = Version::v5;
    const auto shown = [&options](std::string_view hex) { return run(options, to_string(from_hex(hex))).out; };
    CHECK(shown(password).find("\"password_size\":4") != std::string::npos);
    CHECK(shown(auth_data).find("\"authentication_data_size\":4") != std::string::npos);
    options.secrets = true;
    CHECK(shown(password).find("\"password_hex\":\"68757368\"") != std::string::npos);
    CHECK(shown(auth_data).find("\"authentication_data_hex\":\"68757368\"") != std::string::npos);
}

} // namespace mqttwire::test
