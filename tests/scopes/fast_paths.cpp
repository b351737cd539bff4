// Every fast path against its plain meaning: quick checks of text and copies, at every length, alignment and position.
#include "support/catch.hpp"

#include "mqttwire/topic.hpp"
#include "mqttwire/wire/bytes.hpp"
#include "mqttwire/wire/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

using namespace mqttwire;
using wire::Plain;

namespace {

constexpr std::size_t longest = 256;
constexpr std::size_t alignments = 32;

/// A byte, and for which of the two checks it is special.
struct Sample {
    unsigned byte;
    bool special_in_text;
    bool special_in_topic;
};

/// The special bytes, and some that differ from them in one bit or by one.
constexpr std::array<Sample, 8> samples{{
    {0x00, true, true},
    {0x80, true, true},
    {0xFF, true, true},
    {'#', false, true},
    {'+', false, true},
    {0x01, false, false},
    {0x2A, false, false},
    {0x7F, false, false},
}};

/// Every quick check of this text finds what it should. `is_plain` stands aside for empty text, and where code size
/// counts.
template <Plain What>
bool checks_agree(const std::byte* bytes, std::size_t size, bool plain)
{
    if (wire::is_plain_bytewise<What>(bytes, size) != plain) return false;
    if (wire::is_plain<What>(Text(bytes, size)) != (plain && size != 0 && !config::small)) return false;
    if (size >= 8 && wire::is_plain_words<What>(bytes, size) != plain) return false;
    if (size > 32 && wire::is_plain_long<What>(bytes, size) != plain) return false;
    return true;
}

bool checks_agree(const std::byte* bytes, std::size_t size, bool plain_text, bool plain_topic)
{
    // No sample is text without being plain, and a wildcard is what keeps plain text from being a plain topic.
    if (wire::is_good_utf8(bytes, size) != plain_text) return false;
    if (wire::is_good_utf8(bytes, size, true) != plain_topic) return false;
    const bool misplaced = plain_text && !plain_topic && size != 1;
    if (wire::wildcards_fit(bytes, 0, size) == misplaced) return false;
    if (wire::is_plain<Plain::filter>(Text(bytes, size)) != (plain_topic && size != 0 && !config::small)) return false;
    return checks_agree<Plain::text>(bytes, size, plain_text) && checks_agree<Plain::topic>(bytes, size, plain_topic);
}

struct Buffer {
    alignas(alignments) std::array<std::byte, longest + 2 * alignments> bytes{};
};

} // namespace

TEST_CASE("the quick checks at every length and alignment, with a special byte at every position")
{
    Buffer buffer;
    for (std::size_t alignment = 0; alignment < alignments; ++alignment) {
        for (std::size_t size = 0; size <= longest; ++size) {
            // Outside the text all bytes are special, so reading them would change the answer.
            buffer.bytes.fill(std::byte{0xFF});
            std::byte* const text = buffer.bytes.data() + alignment;
            std::fill_n(text, size, std::byte{'a'});
            if (!checks_agree(text, size, true, true)) FAIL("size " << size << " at " << alignment);
            for (std::size_t i = 0; i < size; ++i) {
                for (const Sample& sample : samples) {
                    text[i] = static_cast<std::byte>(sample.byte);
                    if (!checks_agree(text, size, !sample.special_in_text, !sample.special_in_topic))
                        FAIL("size " << size << " at " << alignment << ", byte " << sample.byte << " at " << i);
                }
                text[i] = std::byte{'a'};
            }
        }
    }
}

TEST_CASE("the quick checks take every byte for what it is")
{
    Buffer buffer;
    for (unsigned byte = 0; byte < 256; ++byte)
        for (std::size_t size = 1; size <= 72; ++size)
            for (std::size_t i = 0; i < size; ++i) {
                std::fill_n(buffer.bytes.data(), size, std::byte{'a'});
                buffer.bytes.at(i) = static_cast<std::byte>(byte);
                const bool plain = byte != 0 && byte < 128;
                if (!checks_agree(buffer.bytes.data(), size, plain, plain && byte != '#' && byte != '+'))
                    FAIL(byte << " at " << i << " of " << size);
            }
}

TEST_CASE("copies of every length between all alignments")
{
    Buffer from;
    for (std::size_t i = 0; i < from.bytes.size(); ++i) from.bytes.at(i) = static_cast<std::byte>((i * 7 + 1) & 0xFFU);
    for (std::size_t size = 0; size <= longest; ++size) {
        for (std::size_t source = 0; source < alignments; ++source) {
            for (std::size_t target = 0; target < alignments; ++target) {
                Buffer to;
                Buffer expected;
                wire::copy(to.bytes.data() + target, from.bytes.data() + source, size);
                for (std::size_t i = 0; i < size; ++i) expected.bytes.at(target + i) = from.bytes.at(source + i);
                if (to.bytes != expected.bytes) FAIL("size " << size << " from " << source << " to " << target);
            }
        }
    }
}

#if defined(__linux__)
namespace {

/// One page of memory between two that cannot be touched.
class GuardedPage {
public:
    GuardedPage() : size_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE)))
    {
        memory_ = mmap(nullptr, 3 * size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(memory_ != MAP_FAILED);
        REQUIRE(mprotect(begin(), size_, PROT_READ | PROT_WRITE) == 0);
    }
    GuardedPage(const GuardedPage&) = delete;
    GuardedPage& operator=(const GuardedPage&) = delete;
    ~GuardedPage() { munmap(memory_, 3 * size_); }

    std::byte* begin() const { return static_cast<std::byte*>(memory_) + size_; }
    std::byte* end() const { return begin() + size_; }

private:
    std::size_t size_;
    void* memory_ = nullptr;
};

} // namespace

TEST_CASE("no check and no copy touches a byte outside")
{
    const GuardedPage a;
    const GuardedPage b;
    std::fill(a.begin(), a.end(), std::byte{'a'});
    for (std::size_t size = 0; size <= longest; ++size) {
        for (std::byte* const text : {a.begin(), a.end() - size}) {
            if (!checks_agree(text, size, true, true)) FAIL("size " << size);
            if (wire::find_text_fault(Text(text, size)).code != Errc::none) FAIL("size " << size);
            if (!matches(Text(text, size), Text(text, size))) FAIL("size " << size);
            if (size > 0 && matches("+/a", Text(text, size))) FAIL("size " << size);
            for (std::byte* const target : {b.begin(), b.end() - size}) {
                wire::copy(target, text, size);
                if (!std::equal(target, target + size, text)) FAIL("size " << size);
            }
        }
    }
}

TEST_CASE("matching touches no byte outside filter and name")
{
    const GuardedPage a;
    const GuardedPage b;
    for (std::size_t size = 0; size <= 80; ++size) {
        const std::string level(size, 'b');
        for (const std::string& name : {level, "/" + level, level + "/", level + "/" + level, "//" + level}) {
            for (const std::string& filter : {name, "+/" + level, "+/+/" + level, level + "/+", std::string("+"),
                     std::string("+/+"), level + "/#", name + "/#", "/" + level + "/+/" + level}) {
                const bool expected = wire::matches_plainly(Text(filter), Text(name));
                for (std::byte* const at : {a.begin(), a.end() - name.size()}) {
                    for (std::byte* const from : {b.begin(), b.end() - filter.size()}) {
                        std::copy_n(std::as_bytes(std::span(name)).begin(), name.size(), at);
                        std::copy_n(std::as_bytes(std::span(filter)).begin(), filter.size(), from);
                        if (matches(Text(from, filter.size()), Text(at, name.size())) != expected)
                            FAIL(filter << " and " << name);
                    }
                }
            }
        }
    }
}

TEST_CASE("text that is cut at its end is not read on")
{
    const GuardedPage page;
    for (unsigned lead = 0x80; lead < 256; ++lead) {
        for (std::size_t size = 1; size <= 40; ++size) {
            std::byte* const text = page.end() - size;
            std::fill(text, page.end(), std::byte{'a'});
            for (std::size_t left = 1; left <= 3 && left <= size; ++left) {
                page.end()[-static_cast<std::ptrdiff_t>(left)] = static_cast<std::byte>(lead);
                std::fill(page.end() - left + 1, page.end(), std::byte{0xBF});
                wire::find_text_fault(Text(text, size));
                wire::find_topic_filter_fault(Text(text, size), wire::AnyVersion{Version::v5}, Leniency::none);
                wire::find_topic_name_fault(Text(text, size), wire::AnyVersion{Version::v5}, Leniency::none);
                if (wire::is_plain<Plain::topic>(Text(text, size))) FAIL("lead " << lead);
            }
        }
    }
}
#endif
