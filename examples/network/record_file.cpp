#include "record_file.hpp"

#include <boost/asio/post.hpp>
#include <boost/crc.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
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

constexpr std::size_t head_size = 8; ///< of a batch
constexpr std::size_t piece_size = 8'388'608; ///< of a new file

std::vector<std::byte> with_head(const std::vector<std::byte>& batch)
{
    if (batch.size() > 0xFFFFFFFF) throw std::runtime_error("more is to be written at once than a batch can say");
    std::vector<std::byte> whole;
    whole.reserve(head_size + batch.size());
    RecordWriter{whole}(static_cast<std::uint32_t>(batch.size()), checksum(batch));
    whole.insert(whole.end(), batch.begin(), batch.end());
    return whole;
}

/// Writes, and waits until the disk has the file.
void put(int descriptor, std::span<const std::byte> bytes, const std::string& file)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) fail("cannot write " + file);
        if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (::fdatasync(descriptor) != 0) fail("cannot write " + file);
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
    if (thread_) {
        thread_->stop();
        thread_->join();
    }
    for (const int each : {descriptor_, new_.descriptor})
        if (each != -1) ::close(each);
}

void RecordFile::open(std::string file)
{
    file_ = std::move(file);
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ == -1) fail("cannot open " + file_);
    thread_.emplace(1);
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
    while (rest.size() >= head_size) {
        RecordReader head(rest.first(head_size));
        const auto size = head.next<std::uint32_t>();
        const auto check = head.next<std::uint32_t>();
        if (rest.size() - head_size < size || checksum(rest.subspan(head_size, size)) != check) break;
        for (RecordReader records(rest.subspan(head_size, size)); !records.empty();) read_record(records);
        rest = rest.subspan(head_size + size);
    }
    size_ = all.size() - rest.size();
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0
        || ::lseek(descriptor_, static_cast<off_t>(size_), SEEK_SET) < 0)
        fail("cannot write " + file_);
}

asio::awaitable<void> RecordFile::until_kept(std::uint64_t number)
{
    while (kept_ < number) {
        begin_flush();
        co_await kept_news_.async_wait(quietly);
    }
}

void RecordFile::begin_flush()
{
    if (batch_.empty() || std::exchange(is_flushing_, true)) return;
    asio::post(context_, [this] { flush_in_thread(); }); // behind all that is ready to run
}

template <class Work, class Then>
void RecordFile::in_thread(Work work, Then then)
{
    asio::post(*thread_, [this, work = std::move(work), then] {
        std::exception_ptr failure;
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
        asio::post(context_, [failure, then] {
            if (failure) std::rethrow_exception(failure);
            then();
        });
    });
}

std::vector<std::byte> RecordFile::take_batch()
{
    if (!batch_.empty()) size_ += head_size + batch_.size();
    return std::exchange(batch_, {});
}

void RecordFile::flush_in_thread()
{
    in_thread([this, batch = take_batch()] { keep(batch); },
        [this, number = written_] {
            is_flushing_ = false;
            kept_ = std::max(kept_, number);
            kept_news_.cancel();
        });
}

void RecordFile::rewrite(const std::function<void()>& write_all)
{
    if (!is_open() || std::exchange(is_rewriting_, true)) return;
    const std::uint64_t number = written_;
    in_thread([this, batch = take_batch()] { keep(batch); },
        [this, number] {
            kept_ = std::max(kept_, number);
            kept_news_.cancel();
        });
    size_ = 0;
    write_all();
    written_ = number;
    in_thread([this, batch = take_batch()] { begin_new_file(batch); }, [] {});
    size_when_written_ = size_;
}

void RecordFile::keep(const std::vector<std::byte>& batch)
{
    if (batch.empty()) return;
    const std::vector<std::byte> whole = with_head(batch);
    put(descriptor_, whole, file_);
    if (new_.descriptor != -1) new_.bytes.insert(new_.bytes.end(), whole.begin(), whole.end());
}

void RecordFile::begin_new_file(const std::vector<std::byte>& batch)
{
    const std::string name = file_ + ".new";
    new_ = {.descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
        .bytes = batch.empty() ? batch : with_head(batch)};
    if (new_.descriptor == -1) fail("cannot write " + name);
    write_new_file();
}

/// Writes a piece, and the others behind the batches that wait for the thread.
void RecordFile::write_new_file()
{
    const auto rest = std::span<const std::byte>(new_.bytes).subspan(new_.at);
    const auto piece = rest.first(std::min(rest.size(), piece_size));
    put(new_.descriptor, piece, file_ + ".new"); // and if there is nothing, then an empty file is right
    new_.at += piece.size();
    if (piece.size() == rest.size()) return end_new_file();
    in_thread([this] { write_new_file(); }, [] {});
}

void RecordFile::end_new_file()
{
    if (std::rename((file_ + ".new").c_str(), file_.c_str()) != 0) fail("cannot write " + file_);
    sync_folder(file_);
    if (::dup3(new_.descriptor, descriptor_, O_CLOEXEC) == -1) fail("cannot write " + file_);
    ::close(new_.descriptor);
    new_ = {};
    in_thread([] {}, [this] { is_rewriting_ = false; });
}

} // namespace network
