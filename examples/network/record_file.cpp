#include "record_file.hpp"

#include <boost/crc.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace network {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

std::uint32_t checksum(std::span<const std::byte> bytes)
{
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

/// Makes the names in a file's folder outlive the loss of power.
void sync_folder(const std::string& file)
{
    const std::size_t slash = file.rfind('/');
    const std::string folder = slash == file.npos ? "." : file.substr(0, slash + 1);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor == -1) fail("cannot open " + folder);
    ::fsync(descriptor); // some file systems have no such thing
    ::close(descriptor);
}

} // namespace

std::span<const std::byte> RecordReader::take(std::size_t size)
{
    if (size > rest_.size()) throw std::runtime_error("a record of the file is cut off");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
}

RecordFile::~RecordFile()
{
    if (is_open()) ::close(descriptor_);
}

void RecordFile::open(std::string file)
{
    file_ = std::move(file);
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ == -1) fail("cannot open " + file_);
}

void RecordFile::load(const std::function<void(RecordReader&)>& read_record)
{
    struct stat about{};
    if (::fstat(descriptor_, &about) != 0) fail("cannot read " + file_);
    std::vector<std::byte> all(static_cast<std::size_t>(about.st_size));
    for (std::size_t at = 0; at < all.size();) {
        const ssize_t count = ::read(descriptor_, all.data() + at, all.size() - at);
        if (count <= 0) fail("cannot read " + file_);
        at += static_cast<std::size_t>(count);
    }
    std::span<const std::byte> rest(all);
    while (rest.size() >= 8) {
        RecordReader head(rest.first(8));
        const auto size = head.next<std::uint32_t>();
        const auto check = head.next<std::uint32_t>();
        if (rest.size() - 8 < size || checksum(rest.subspan(8, size)) != check) break;
        for (RecordReader records(rest.subspan(8, size)); !records.empty();) read_record(records);
        rest = rest.subspan(8 + size);
    }
    size_ = all.size() - rest.size();
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0
        || ::lseek(descriptor_, static_cast<off_t>(size_), SEEK_SET) < 0)
        fail("cannot write " + file_);
}

void RecordFile::flush()
{
    if (!is_dirty()) return;
    std::vector<std::byte> whole;
    RecordWriter{whole}(static_cast<std::uint32_t>(batch_.size()), checksum(batch_));
    whole.insert(whole.end(), batch_.begin(), batch_.end());
    batch_.clear();
    for (std::size_t at = 0; at < whole.size();) {
        const ssize_t written = ::write(descriptor_, whole.data() + at, whole.size() - at);
        if (written < 0 && errno != EINTR) fail("cannot write " + file_);
        if (written > 0) at += static_cast<std::size_t>(written);
    }
    size_ += whole.size();
    if (::fdatasync(descriptor_) != 0) fail("cannot write " + file_);
}

void RecordFile::rewrite(const std::function<void()>& write_all)
{
    if (!is_open()) return;
    flush();
    const std::string name = file_ + ".new";
    const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor == -1) fail("cannot write " + name);
    const int old = std::exchange(descriptor_, descriptor);
    size_ = 0;
    write_all();
    flush(); // and if there is nothing, then an empty file is right
    if (std::rename(name.c_str(), file_.c_str()) != 0) fail("cannot write " + file_);
    ::close(old);
    sync_folder(file_);
    size_when_written_ = size_;
}

} // namespace network
