// What is wrong with a packet, in words and as a picture.
#pragma once

#include "paint.hpp"
#include "printer.hpp"
#include "record.hpp"
#include "secrets.hpp"

#include <cstddef>
#include <string>

namespace inspect {

/// Appends a line with the check that failed.
void append_check(std::string& out, const Record& record, const Paint& paint);

/// Appends two lines: the bytes around the offending one, and a caret below it with its offset in the packet and its
/// field. What is secret is shown as asterisks.
void append_picture(
    std::string& out, const Record& record, const Look& look, const Secrets& secrets, std::size_t indent);

/// Appends a line with the clause, the reason code and whether the packets behind this one can be read.
void append_consequence(std::string& out, const Record& record);

} // namespace inspect
