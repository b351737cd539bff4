// RecordFile: records in a file of batches that is written on, and now and then anew.
//
// A batch is the size of what follows, its CRC-32, and records. It is there as a whole or not at all: one that is cut
// off did not happen. Batches are brought to the disk in a thread of their own, one at a time: the records that are
// written while the disk is at work with one batch make the next, and all who wait for them wait together.
//
// A new file is written by that thread too, in pieces, between which batches go into the old file; and then, behind
// what the new one began with, into the new one as well, which takes the old one's place when it has them all.
#pragma once

#include "asio.hpp"

#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace network {

template <class T>
concept Number = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// Appends numbers in the machine's own order, texts, bytes and lists with their sizes before them, and of any other
/// type what its `fields(record, value)` names.
class RecordWriter {
public:
    explicit RecordWriter(std::vector<std::byte>& bytes) : bytes_(bytes) {}

    template <class... T>
    void operator()(const T&... values)
    {
        (put(values), ...);
    }

private:
    template <Number T>
    void put(const T& value)
    {
        const auto* begin = reinterpret_cast<const std::byte*>(&value);
        bytes_.insert(bytes_.end(), begin, begin + sizeof value);
    }
    void put(std::span<const std::byte> of)
    {
        put(static_cast<std::uint32_t>(of.size()));
        bytes_.insert(bytes_.end(), of.begin(), of.end());
    }
    void put(const std::vector<std::byte>& of) { put(std::span(of)); }
    void put(std::string_view of) { put(std::as_bytes(std::span(of))); }
    void put(const std::string& of) { put(std::string_view(of)); }
    template <class T>
    void put(const T& value)
    {
        if constexpr (requires { value.size(); }) {
            put(static_cast<std::uint32_t>(value.size()));
            for (const auto& each : value) put(each);
        } else if constexpr (requires { value.second; }) {
            (*this)(value.first, value.second);
        } else {
            fields(*this, value);
        }
    }

    std::vector<std::byte>& bytes_;
};

/// Reads what RecordWriter has written; throws where there is too little.
class RecordReader {
public:
    explicit RecordReader(std::span<const std::byte> rest) : rest_(rest) {}

    bool empty() const { return rest_.empty(); }
    template <class... T>
    void operator()(T&... values)
    {
        (get(values), ...);
    }
    template <class T>
    T next()
    {
        T value{};
        get(value);
        return value;
    }

private:
    std::span<const std::byte> take(std::size_t size);

    template <Number T>
    void get(T& value)
    {
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
    }
    void get(std::vector<std::byte>& of)
    {
        const auto bytes = take(next<std::uint32_t>());
        of.assign(bytes.begin(), bytes.end());
    }
    void get(std::string& of)
    {
        const auto bytes = take(next<std::uint32_t>());
        of.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    template <class T>
    void get(std::vector<T>& of)
    {
        of.clear();
        for (auto count = next<std::uint32_t>(); count != 0; --count) get(of.emplace_back());
    }
    template <class Key, class T>
    void get(std::map<Key, T>& of)
    {
        of.clear();
        for (auto count = next<std::uint32_t>(); count != 0; --count) {
            const Key key = next<Key>();
            get(of[key]);
        }
    }
    template <class T>
    void get(T& value)
    {
        fields(*this, value);
    }

    std::span<const std::byte> rest_;
};

/// Every member throws std::system_error if the file cannot be used, and so does the loop if the thread cannot use it.
class RecordFile {
public:
    explicit RecordFile(asio::io_context& context) : context_(context), kept_news_(context, never) {}
    ~RecordFile();
    RecordFile(const RecordFile&) = delete;
    RecordFile& operator=(const RecordFile&) = delete;

    /// Opens the file, or makes it.
    void open(std::string file);
    bool is_open() const { return descriptor_ != -1; }
    /// Hands over the records of each whole batch; what is behind the last one is cut off.
    void load(const std::function<void(RecordReader&)>& read_record);

    /// Adds values to the batch, if a file is open.
    template <class... T>
    void write(const T&... values)
    {
        if (!is_open()) return;
        RecordWriter{batch_}(values...);
        ++written_;
    }
    /// How many records were written in all: the number of the last.
    std::uint64_t written() const { return written_; }
    bool is_kept(std::uint64_t number) const { return number <= kept_; }
    /// Waits until the records up to that number outlive the program and the loss of power.
    asio::awaitable<void> until_kept(std::uint64_t number);
    /// For as long as it lives: if records are written meanwhile, `number` becomes that of the last.
    class Following {
    public:
        Following(const RecordFile& file, std::uint64_t& number) : file_(file), number_(number) {}
        ~Following()
        {
            if (file_.written() != before_) number_ = file_.written();
        }
        Following(const Following&) = delete;
        Following& operator=(const Following&) = delete;

    private:
        const RecordFile& file_;
        std::uint64_t& number_;
        std::uint64_t before_ = file_.written();
    };
    /// Sees to it that what was written is kept soon.
    void begin_flush();
    /// True if the file has grown so much that it should be written anew.
    bool should_rewrite() const
    {
        return is_open() && !is_rewriting_ && size_ > 67'108'864 && size_ > 2 * size_when_written_;
    }
    /// Begins to write a new file of the records that `write_all` makes now, unless one is being written. Records
    /// behind them are to make sense behind those of the old file too.
    void rewrite(const std::function<void()>& write_all);

private:
    static constexpr auto never = asio::steady_timer::time_point::max();

    struct NewFile {
        int descriptor = -1;
        std::vector<std::byte> bytes{};
        std::size_t at = 0; ///< those before are on the disk
    };

    std::vector<std::byte> take_batch();
    void flush_in_thread();
    /// Does it in the thread, and then something in the loop, which gets the exception if there is one.
    template <class Work, class Then>
    void in_thread(Work work, Then then);

    // In the thread

    void keep(const std::vector<std::byte>& batch);
    void begin_new_file(const std::vector<std::byte>& batch);
    void write_new_file();
    void end_new_file();

    asio::io_context& context_;
    std::string file_;
    int descriptor_ = -1;
    std::vector<std::byte> batch_;
    std::uint64_t written_ = 0;
    std::uint64_t kept_ = 0; ///< of them
    asio::steady_timer kept_news_; ///< never expires; is cancelled when `kept_` grows
    bool is_flushing_ = false; ///< from begin_flush until the disk has the batch
    bool is_rewriting_ = false; ///< until the new file is in the old one's place
    NewFile new_; ///< the thread's
    std::size_t size_ = 0;
    std::size_t size_when_written_ = 0;
    std::optional<asio::thread_pool> thread_;
};

} // namespace network
