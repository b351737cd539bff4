#include "payload.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace client {

namespace {

constexpr std::size_t small = 65'536; ///< bytes that are kept in memory

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

/// Copies everything into a file without a name; its size.
std::size_t spool(int from, int to)
{
    std::array<char, small> piece;
    std::size_t size = 0;
    for (;;) {
        const ssize_t count = ::read(from, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("cannot read the payload");
        if (count == 0) return size;
        for (ssize_t at = 0; at < count;) {
            const ssize_t written = ::write(to, piece.data() + at, static_cast<std::size_t>(count - at));
            if (written < 0 && errno != EINTR) fail("cannot keep the payload");
            if (written > 0) at += written;
        }
        size += static_cast<std::size_t>(count);
    }
}

int unnamed_file()
{
    std::string name = (std::filesystem::temp_directory_path() / "mqttwire-").string() + std::string(6, 'X');
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor == -1) fail("cannot make a file in " + name);
    ::unlink(name.c_str());
    return descriptor;
}

} // namespace

PayloadPtr Payload::of_file(const std::string& name)
{
    const auto payload = std::make_shared<Payload>();
    payload->descriptor_ = name == "-" ? ::dup(STDIN_FILENO) : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about{};
    if (payload->descriptor_ == -1 || ::fstat(payload->descriptor_, &about) != 0) fail("cannot read " + name);
    payload->size_ = static_cast<std::size_t>(about.st_size);
    if (!S_ISREG(about.st_mode)) {
        const int pipe = std::exchange(payload->descriptor_, unnamed_file());
        payload->size_ = spool(pipe, payload->descriptor_);
        ::close(pipe);
    }
    if (payload->size_ <= small) {
        payload->text_.resize(payload->size_);
        if (!payload->read(0, std::as_writable_bytes(std::span(payload->text_)))) fail("cannot read " + name);
        ::close(std::exchange(payload->descriptor_, -1));
    }
    return payload;
}

Payload::~Payload()
{
    if (!is_in_memory()) ::close(descriptor_);
}

bool Payload::read(std::size_t offset, std::span<std::byte> bytes) const
{
    while (!bytes.empty()) {
        const ssize_t count = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        offset += static_cast<std::size_t>(count);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

} // namespace client
