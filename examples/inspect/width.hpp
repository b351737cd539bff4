// Lines that fit a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace inspect {

/// Columns that a text takes. Sequences that set colours take none, characters of East Asia and pictures two.
std::size_t columns(std::string_view text) noexcept;

/// Appends a line, without its end; of one that is wider only the front, and dots. A width of 0 fits every line.
void append_cut(std::string& out, std::string_view line, std::size_t width);

/// Appends a line, without its end; one that is wider goes on in lines that begin with `indent` blanks. It is broken at
/// blanks if there are any.
void append_wrapped(std::string& out, std::string_view line, std::size_t width, std::size_t indent);

} // namespace inspect
