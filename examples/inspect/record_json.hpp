// Records as JSON.
#pragma once

#include "json.hpp"
#include "record.hpp"

#include <mqttwire/leniency.hpp>

namespace inspect {

/// Writes the members that every JSON line has: offset, size, expect, packet, version and fields; error, missing and
/// let_pass where there is something to say. Of secrets that are not to be shown the size is written.
void write_record(JsonWriter& json, const Record& record, bool secrets);

/// Writes the members that lines of a capture have in front: time, connection, sender, from and to.
void write_passage(JsonWriter& json, const Passage& passage);

/// Writes an array of the names of a set's flags.
void write_names(JsonWriter& json, mqttwire::Leniency flags);

} // namespace inspect
