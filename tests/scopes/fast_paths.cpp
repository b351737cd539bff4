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

/// Bytes at which the checks change their answers, and some that differ from them in one bit or by one.
constexpr std::array<unsigned, 9> samples{0x00, 0x80, 0xFF, '#', '+', ',', 0x01, 0x2A, 0x7F};

/// What is to be said of a text that has this byte somewhere, and otherwise `a`.
struct Expected {
    unsigned byte;
    bool good_text;
    bool good_topic;
    bool plain_topic;

    constexpr explicit Expected(unsigned value)
        : byte(value), good_text(byte != 0 && byte < 0x80), good_topic(good_text && byte != '#' && byte != '+'),
          plain_topic(good_text && byte >= ',')
    {
    }
};

/// Every quick check of this text finds what it should.
template <Plain What>
bool checks_agree(const std::byte* bytes, std::size_t size, bool plain)
{
    if (wire::is_plain_bytewise<What>(bytes, size) != plain) return false;
    if (size >= 8 && wire::is_plain_words<What, std::uint64_t>(bytes, size) != plain) return false;
    if (size >= 4 && wire::is_plain_words<What, std::uint32_t>(bytes, size) != plain) return false;
    if (size > 32 && wire::is_plain_long<What>(bytes, size) != plain) return false;
    return true;
}

bool checks_agree(const std::byte* bytes, std::size_t size, Expected expected)
{
    // No text here is good without being plain, and a wildcard is what keeps good text from being a good topic.
    if (wire::is_good_utf8(bytes, size) != expected.good_text) return false;
    if (wire::is_good_utf8(bytes, size, true) != expected.good_topic) return false;
    const bool misplaced = expected.good_text && !expected.good_topic && size != 1;
    if (wire::wildcards_fit(bytes, 0, size) == misplaced) return false;
    // `is_plain` stands aside for empty text, and where code size counts.
    const bool plain_text = expected.good_text && size != 0 && !config::small;
    if (wire::is_plain<Plain::text>(Text(bytes, size)) != plain_text) return false;
    const bool looks_closely = MQTTWIRE_HAS_BLOCKS != 0 && size >= 16 && size <= 32;
    const bool plain_topic =
        (looks_closely ? expected.good_topic : expected.plain_topic && size != 0) && !config::small;
    if (wire::is_plain<Plain::topic>(Text(bytes, size)) != plain_topic) return false;
    const bool plain_filter = plain_topic && expected.byte != '$';
    if (wire::is_plain<Plain::filter>(Text(bytes, size)) != plain_filter) return false;
    return checks_agree<Plain::text>(bytes, size, expected.good_text)
        && checks_agree<Plain::topic>(bytes, size, expected.plain_topic);
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
            if (!checks_agree(text, size, Expected('a'))) FAIL("size " << size << " at " << alignment);
            for (std::size_t i = 0; i < size; ++i) {
                for (const unsigned byte : samples) {
                    text[i] = static_cast<std::byte>(byte);
                    if (!checks_agree(text, size, Expected(byte)))
                        FAIL("size " << size << " at " << alignment << ", byte " << byte << " at " << i);
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
                if (!checks_agree(buffer.bytes.data(), size, Expected(byte)))
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
            if (!checks_agree(text, size, Expected('a'))) FAIL("size " << size);
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
