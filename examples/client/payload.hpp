// Payload: what a message carries, in memory if it is small, in a file if it is not.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace client {

class Payload {
public:
    explicit Payload(std::string text = {}) : text_(std::move(text)), size_(text_.size()) {}
    /// The contents of a file, or of standard input for "-". What comes through a pipe is put into a file without a
    /// name first, for its size stands before it in the packet. Throws if it cannot be read.
    static std::shared_ptr<const Payload> of_file(const std::string& name);
    ~Payload();
    Payload(const Payload&) = delete;
    Payload& operator=(const Payload&) = delete;

    std::size_t size() const { return size_; }
    bool is_in_memory() const { return descriptor_ == -1; }
    /// All of it, if it is in memory.
    std::string_view text() const { return text_; }
    /// Fills the bytes with those from `offset` on; false if the file has become shorter.
    bool read(std::size_t offset, std::span<std::byte> bytes) const;

private:
    std::string text_{};
    int descriptor_ = -1;
    std::size_t size_ = 0;
};

using PayloadPtr = std::shared_ptr<const Payload>;

} // namespace client
