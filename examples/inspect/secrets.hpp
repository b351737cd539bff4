// The bytes of a packet that are nobody's business: passwords and authentication data.
#pragma once

#include "record.hpp"

#include <cstddef>
#include <vector>

namespace inspect {

/// Which bytes of a packet are secret. Of a packet that may hold secrets and is malformed, everything behind the
/// offending byte is, and of one that is cut off what was not decoded: nobody knows what it was meant to be.
class Secrets {
public:
    /// Nothing is secret if they are to be shown.
    Secrets(const Record& record, const Reading& reading, bool shown);

    bool hides(std::size_t offset) const noexcept;
    /// True if a byte from this offset on is hidden.
    bool hides_from(std::size_t offset) const noexcept;

private:
    struct Range {
        std::size_t first;
        std::size_t end;
    };
    std::vector<Range> ranges_;
};

} // namespace inspect
