// The test vectors of tests/vectors/*.jsonl; the README there tells what each key means.
#pragma once

#include "support/hex.hpp"
#include "support/json.hpp"

#include <mqttwire/mqttwire.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mqttwire::test {

enum class Verdict : std::uint8_t { ok, error, incomplete };

constexpr std::string_view name(Verdict verdict)
{
    constexpr std::string_view names[] = {"ok", "error", "incomplete"};
    return names[static_cast<std::size_t>(verdict)];
}

/// The verdict that a failed decode amounts to.
constexpr Verdict verdict_of(const Error& error)
{
    return error.code == Errc::incomplete ? Verdict::incomplete : Verdict::error;
}

/// What a vector says of its error; what it leaves open is absent.
struct ExpectedError {
    std::optional<Errc> code;
    std::optional<Field> field;
    std::optional<std::uint32_t> offset;
    std::optional<std::string> clause; ///< empty: no numbered statement is broken
    std::optional<ReasonCode> reason_code;
};

/// What a vector that is a stream has in place of one verdict.
struct ExpectedStream {
    std::vector<Verdict> verdicts;
    std::vector<std::optional<std::string>>
        packets; ///< a name for each verdict; none where the fixed header is refused
    std::vector<const Json*> fields; ///< nullptr unless the verdict is ok
    std::optional<std::size_t> limit;
    std::optional<std::size_t> chunk;
};

struct Vector {
    Vector() = default;
    Vector(Vector&&) noexcept = default;

    std::string id;
    Json json; ///< the whole line, which the members below point into
    std::optional<Version> version;
    Bytes bytes;
    Verdict expect{}; ///< of a vector that is no stream
    std::vector<Verdict> also_accept;
    std::optional<std::string> packet;
    const Json* fields = nullptr;
    bool encode = false;
    bool canonical = true;
    bool is_for_encoder = false; ///< there are no bytes: `fields` must be refused
    ExpectedError error;
    std::optional<std::uint32_t> missing;
    Leniency leniency{};
    Role role{};
    std::optional<ExpectedStream> stream;
};

/// A file with its vectors, in their order.
struct VectorFile {
    std::string name;
    std::vector<Vector> vectors;
};

/// Every file of tests/vectors, read once. Throws if one is not as the README says, unknown keys included.
const std::vector<VectorFile>& vector_files();

/// The vectors of all files for which `wanted` is true.
template <class Predicate>
std::vector<const Vector*> vectors_where(Predicate wanted)
{
    std::vector<const Vector*> result;
    for (const VectorFile& file : vector_files())
        for (const Vector& vector : file.vectors)
            if (wanted(vector)) result.push_back(&vector);
    return result;
}

inline bool is_for_decoder(const Vector& vector) { return !vector.is_for_encoder && !vector.stream; }
inline bool is_valid_packet(const Vector& vector) { return is_for_decoder(vector) && vector.expect == Verdict::ok; }

/// The packet of a vector for decoders, as its rules have it read.
inline Result<Packet> decode_vector(const Vector& vector)
{
    return decode(vector.bytes, vector.version.value(), vector.leniency, vector.role);
}

/// The bytes of a list of [hex, count].
Bytes repeated_bytes(const Json& parts);

} // namespace mqttwire::test
