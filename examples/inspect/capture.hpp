// Capture files: pcap and pcapng, as tcpdump, dumpcap and Wireshark write them.
#pragma once

#include "traffic.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace inspect {

/// Bytes at the front of an input that tell whether it is a capture file.
inline constexpr std::size_t magic_size = 4;

/// True if an input that begins so is a capture file, which no stream of MQTT does. A beginning that is shorter than
/// magic_size is one if what follows can make it one.
bool is_capture(std::string_view beginning) noexcept;

/// True if this program was built with libpcap.
bool reads_captures() noexcept;

/// Reads the capture whose beginning was read already, and whose rest comes from `read`, which is POSIX's with the
/// buffer to fill; `show` is called after each frame. Why that cannot be done, in words; empty if all is well.
std::string read_capture(std::string_view beginning, const std::function<long(char*, std::size_t)>& read,
    Traffic& traffic, std::string& out, const std::function<bool()>& show);

} // namespace inspect
