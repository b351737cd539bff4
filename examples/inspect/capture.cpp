#include "capture.hpp"

#include <algorithm>
#include <array>

#if INSPECT_HAS_PCAP
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#endif

namespace inspect {

bool is_capture(std::string_view beginning) noexcept
{
    using namespace std::string_view_literals;
    // pcap in microseconds and nanoseconds, of either byte order, and pcapng.
    constexpr std::array magics{
        "\xA1\xB2\xC3\xD4"sv, "\xD4\xC3\xB2\xA1"sv, "\xA1\xB2\x3C\x4D"sv, "\x4D\x3C\xB2\xA1"sv, "\x0A\x0D\x0D\x0A"sv};
    return std::ranges::any_of(magics, [beginning](std::string_view magic) {
        return !beginning.empty() && magic.starts_with(beginning.substr(0, magic_size));
    });
}

#if INSPECT_HAS_PCAP

namespace {

constexpr std::int64_t latest_second = 253'402'300'799; ///< of the year 9999, since 1970

/// What libpcap reads: first the beginning, then the rest.
struct Input {
    std::string_view beginning;
    const std::function<long(char*, std::size_t)>& read;

    static ssize_t read_some(void* cookie, char* buffer, std::size_t size)
    {
        Input& input = *static_cast<Input*>(cookie);
        if (input.beginning.empty()) return input.read(buffer, size);
        const std::size_t count = std::min(size, input.beginning.size());
        std::memcpy(buffer, input.beginning.data(), count);
        input.beginning.remove_prefix(count);
        return static_cast<ssize_t>(count);
    }
};

} // namespace

bool reads_captures() noexcept { return true; }

std::string read_capture(std::string_view beginning, const std::function<long(char*, std::size_t)>& read,
    Traffic& traffic, std::string& out, const std::function<bool()>& show)
{
    Input input{beginning, read};
    std::FILE* const file =
        ::fopencookie(&input, "r", {.read = &Input::read_some, .write = {}, .seek = {}, .close = {}});
    if (file == nullptr) return std::strerror(errno);
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    const std::unique_ptr<pcap_t, void (*)(pcap_t*)> pcap(::pcap_fopen_offline(file, reason.data()), &::pcap_close);
    if (pcap == nullptr) {
        std::fclose(file);
        return reason.data();
    }
    const int link_type = ::pcap_datalink(pcap.get());
    if (!knows_link_type(link_type)) {
        const char* const name = ::pcap_datalink_val_to_description(link_type);
        return std::string("cannot read captures of this link type: ") + (name != nullptr ? name : "unknown");
    }
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    int result = 0;
    while ((result = ::pcap_next_ex(pcap.get(), &header, &bytes)) == 1) {
        const auto seconds = std::clamp(std::int64_t{header->ts.tv_sec}, std::int64_t{0}, latest_second);
        const std::int64_t time = seconds * 1'000'000 + header->ts.tv_usec;
        traffic.take(link_type, time, std::as_bytes(std::span(bytes, header->caplen)), out);
        if (!show()) return std::strerror(errno);
    }
    const std::string complaint = result == PCAP_ERROR ? ::pcap_geterr(pcap.get()) : "";
    traffic.finish(out);
    return show() ? complaint : std::strerror(errno);
}

#else

bool reads_captures() noexcept { return false; }

std::string read_capture(std::string_view, const std::function<long(char*, std::size_t)>&, Traffic&, std::string&,
    const std::function<bool()>&)
{
    return "this is a capture file, and mqttwire-inspect was built without libpcap, which would read it";
}

#endif

} // namespace inspect
