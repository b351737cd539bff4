// RecordFile: records in a file of batches that is written on, and now and then anew.
//
// A batch is the size of what follows, its CRC-32, and records. Records that are written between two calls of `flush`
// make one batch, which is there as a whole or not at all: one that is cut off did not happen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace network {

/// Appends numbers in the machine's own order, and bytes with their size before them.
class RecordWriter {
public:
    explicit RecordWriter(std::vector<std::byte>& bytes) : bytes_(bytes) {}

    template <class Number>
    RecordWriter& number(Number value)
    {
        const auto* begin = reinterpret_cast<const std::byte*>(&value);
        bytes_.insert(bytes_.end(), begin, begin + sizeof value);
        return *this;
    }
    RecordWriter& bytes(std::span<const std::byte> of)
    {
        number(static_cast<std::uint32_t>(of.size()));
        bytes_.insert(bytes_.end(), of.begin(), of.end());
        return *this;
    }
    RecordWriter& text(std::string_view of) { return bytes(std::as_bytes(std::span(of))); }

private:
    std::vector<std::byte>& bytes_;
};

/// Reads what RecordWriter has written; throws where there is too little.
class RecordReader {
public:
    explicit RecordReader(std::span<const std::byte> rest) : rest_(rest) {}

    bool empty() const { return rest_.empty(); }
    template <class Number>
    Number number()
    {
        Number value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::span<const std::byte> bytes() { return take(number<std::uint32_t>()); }
    std::string text()
    {
        const auto of = bytes();
        return {reinterpret_cast<const char*>(of.data()), of.size()};
    }

private:
    std::span<const std::byte> take(std::size_t size);

    std::span<const std::byte> rest_;
};

/// Every member throws std::system_error if the file cannot be used.
class RecordFile {
public:
    RecordFile() = default;
    ~RecordFile();
    RecordFile(const RecordFile&) = delete;
    RecordFile& operator=(const RecordFile&) = delete;

    /// Opens the file, or makes it.
    void open(std::string file);
    bool is_open() const { return descriptor_ != -1; }
    /// Hands over the records of each whole batch; what is behind the last one is cut off.
    void load(const std::function<void(RecordReader&)>& read_record);

    RecordWriter record() { return RecordWriter(batch_); }
    /// True if `flush` has something to do.
    bool is_dirty() const { return is_open() && !batch_.empty(); }
    /// Writes the batch: it outlives the program and the loss of power from now on.
    void flush();
    /// True if the file has grown so much that it should be written anew.
    bool should_rewrite() const { return is_open() && size_ > 67'108'864 && size_ > 2 * size_when_written_; }
    /// Writes a new file of the records that `write_all` makes, and puts it into the old one's place.
    void rewrite(const std::function<void()>& write_all);

private:
    std::string file_;
    int descriptor_ = -1;
    std::vector<std::byte> batch_;
    std::size_t size_ = 0;
    std::size_t size_when_written_ = 0;
};

} // namespace network
