#include "support/json.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace mqttwire::test {

namespace {

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Json document()
    {
        Json value = this->value();
        skip_blanks();
        if (at_ != text_.size()) fail("something follows the value");
        return value;
    }

private:
    [[noreturn]] void fail(const char* what) const
    {
        throw std::runtime_error("JSON, byte " + std::to_string(at_) + ": " + what);
    }

    void skip_blanks()
    {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    }

    /// The next character, blanks apart, without taking it.
    char peek()
    {
        skip_blanks();
        if (at_ == text_.size()) fail("the text ends too early");
        return text_[at_];
    }

    bool accept(char wanted)
    {
        if (peek() != wanted) return false;
        ++at_;
        return true;
    }

    void expect(char wanted)
    {
        if (!accept(wanted)) fail("another character is needed here");
    }

    void word(std::string_view wanted)
    {
        if (!text_.substr(at_).starts_with(wanted)) fail("unknown word");
        at_ += wanted.size();
    }

    Json value()
    {
        switch (peek()) {
        case '{': return Json(object());
        case '[': return Json(array());
        case '"': return Json(string());
        case 't': word("true"); return Json(true);
        case 'f': word("false"); return Json(false);
        case 'n': word("null"); return Json();
        default: return Json(number());
        }
    }

    Json::Object object()
    {
        Json::Object members;
        expect('{');
        if (accept('}')) return members;
        do {
            if (peek() != '"') fail("a key is needed here");
            std::string key = string();
            for (const Json::Member& member : members)
                if (member.key == key) fail("repeated key");
            expect(':');
            members.push_back({std::move(key), value()});
        } while (accept(','));
        expect('}');
        return members;
    }

    Json::Array array()
    {
        Json::Array elements;
        expect('[');
        if (accept(']')) return elements;
        do elements.push_back(value());
        while (accept(','));
        expect(']');
        return elements;
    }

    std::int64_t number()
    {
        std::int64_t number = 0;
        const char* const first = text_.data() + at_;
        const auto [last, error] = std::from_chars(first, text_.data() + text_.size(), number);
        if (error != std::errc{}) fail("no value");
        at_ += static_cast<std::size_t>(last - first);
        if (at_ < text_.size() && std::string_view(".eE").find(text_[at_]) != std::string_view::npos)
            fail("no whole number");
        return number;
    }

    char next()
    {
        if (at_ == text_.size()) fail("the text ends too early");
        return text_[at_++];
    }

    std::string string()
    {
        std::string result;
        ++at_; // the quotation mark
        for (char c = next(); c != '"'; c = next()) {
            if (static_cast<unsigned char>(c) < 0x20) fail("control character in a string");
            if (c == '\\') escape(result);
            else result += c;
        }
        return result;
    }

    void escape(std::string& result)
    {
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        const char name = next();
        if (name == 'u') return append_utf8(result, code_point());
        const std::size_t index = names.find(name);
        if (index == std::string_view::npos) fail("unknown escape");
        result += meanings[index];
    }

    std::uint32_t four_digits()
    {
        std::uint32_t digits = 0;
        const std::string_view text = text_.substr(at_, 4);
        const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), digits, 16);
        if (error != std::errc{} || last != text.data() + 4) fail("four hexadecimal digits are needed here");
        at_ += 4;
        return digits;
    }

    std::uint32_t code_point()
    {
        const std::uint32_t first = four_digits();
        if (first < 0xD800 || first > 0xDFFF) return first;
        word("\\u");
        const std::uint32_t second = four_digits();
        if (first > 0xDBFF || second < 0xDC00 || second > 0xDFFF) fail("lone surrogate");
        return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
    }

    static void append_utf8(std::string& result, std::uint32_t code_point)
    {
        const auto put = [&](std::uint32_t byte) { result += static_cast<char>(byte); };
        const auto tail = [&](unsigned shift) { put(0x80U | ((code_point >> shift) & 0x3FU)); };
        if (code_point < 0x80) {
            put(code_point);
        } else if (code_point < 0x800) {
            put(0xC0U | (code_point >> 6U));
            tail(0);
        } else if (code_point < 0x10000) {
            put(0xE0U | (code_point >> 12U));
            tail(6);
            tail(0);
        } else {
            put(0xF0U | (code_point >> 18U));
            tail(12);
            tail(6);
            tail(0);
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace

const Json* Json::find(std::string_view key) const
{
    for (const Member& member : object())
        if (member.key == key) return member.value.is_null() ? nullptr : &member.value;
    return nullptr;
}

const Json& Json::at(std::string_view key) const
{
    for (const Member& member : object())
        if (member.key == key) return member.value;
    throw std::out_of_range("JSON object without \"" + std::string(key) + '"');
}

Json parse_json(std::string_view text) { return Parser(text).document(); }

} // namespace mqttwire::test
