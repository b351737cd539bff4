#include "support/vector.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace mqttwire::test {

namespace {

[[noreturn]] void refuse(const std::string& what, std::string_view value)
{
    throw std::runtime_error("vectors: " + what + " \"" + std::string(value) + '"');
}

Verdict verdict_named(const std::string& text)
{
    for (const Verdict verdict : {Verdict::ok, Verdict::error, Verdict::incomplete})
        if (name(verdict) == text) return verdict;
    refuse("unknown verdict", text);
}

Errc errc_named(const std::string& text)
{
    for (const ErrorRow& row : error_table)
        if (row.name == text) return row.code;
    refuse("unknown error", text);
}

Field field_named(const std::string& text)
{
    for (unsigned value = 0; value < 256; ++value)
        if (name(static_cast<Field>(value)) == text) return static_cast<Field>(value);
    refuse("unknown field", text);
}

Role role_named(const std::string& text)
{
    for (const Role role : {Role::client, Role::server})
        if (name(role) == text) return role;
    refuse("unknown role", text);
}

Leniency leniency_of(const Json::Array& names)
{
    Leniency flags{};
    for (const Json& item : names) {
        const Leniency flag = leniency_named(item.text());
        if (flag == Leniency::none) refuse("unknown leniency", item.text());
        flags |= flag;
    }
    return flags;
}

ExpectedError error_of(const Json& json)
{
    ExpectedError error;
    for (const auto& [key, value] : json.object()) {
        if (key == "code") error.code = errc_named(value.text());
        else if (key == "field") error.field = field_named(value.text());
        else if (key == "offset") error.offset = static_cast<std::uint32_t>(value.number());
        else if (key == "clause") error.clause = value.is_null() ? std::string() : value.text();
        else if (key == "reason_code") error.reason_code = static_cast<ReasonCode>(value.number());
        else refuse("unknown key of an error", key);
    }
    return error;
}

ExpectedStream stream_of(const Json& json)
{
    ExpectedStream stream;
    for (const Json& verdict : json.at("expect_stream").array())
        stream.verdicts.push_back(verdict_named(verdict.text()));
    for (const Json& packet : json.at("packets").array())
        stream.packets.push_back(packet.is_null() ? std::nullopt : std::optional(packet.text()));
    for (const Json& fields : json.at("fields").array()) stream.fields.push_back(fields.is_null() ? nullptr : &fields);
    if (const Json* const limit = json.find("limit")) stream.limit = static_cast<std::size_t>(limit->number());
    if (const Json* const chunk = json.find("chunk")) stream.chunk = static_cast<std::size_t>(chunk->number());
    return stream;
}

void check_keys(const Json& json)
{
    constexpr std::string_view known[] = {"id", "source", "version", "hex", "expect", "packet", "fields", "why",
        "layer", "encode", "canonical", "error", "role", "also_accept", "missing", "leniency", "op", "class",
        "elsewhere", "peer", "limit", "expect_stream", "packets", "chunk", "cross_check", "stream", "hex_parts",
        "disputed", "peer_note"};
    for (const Json::Member& member : json.object())
        if (std::ranges::find(known, member.key) == std::end(known)) refuse("unknown key", member.key);
}

Bytes bytes_of(const Json& json)
{
    if (const Json* const parts = json.find("hex_parts")) return repeated_bytes(*parts);
    const Json* const hex = json.find("hex");
    return hex == nullptr ? Bytes{} : from_hex(hex->text());
}

bool is_true(const Json& json, std::string_view key)
{
    const Json* const value = json.find(key);
    return value != nullptr && value->boolean();
}

Vector vector_of(Json line)
{
    check_keys(line);
    Vector vector;
    vector.json = std::move(line);
    const Json& json = vector.json;
    vector.id = json.at("id").text();
    if (const Json* const version = json.find("version")) {
        vector.version = version_named(version->text());
        if (!vector.version) refuse("unknown version", version->text());
    }
    vector.bytes = bytes_of(json);
    vector.encode = is_true(json, "encode");
    vector.canonical = json.find("canonical") == nullptr || is_true(json, "canonical");
    if (const Json* const op = json.find("op")) {
        if (op->text() != "encode") refuse("unknown op", op->text());
        vector.is_for_encoder = true;
    }
    if (const Json* const error = json.find("error")) vector.error = error_of(*error);
    if (const Json* const missing = json.find("missing"))
        vector.missing = static_cast<std::uint32_t>(missing->number());
    if (const Json* const names = json.find("leniency")) vector.leniency = leniency_of(names->array());
    if (const Json* const role = json.find("role")) vector.role = role_named(role->text());
    if (is_true(json, "stream")) {
        vector.stream = stream_of(json);
        return vector;
    }
    vector.expect = verdict_named(json.at("expect").text());
    if (const Json* const others = json.find("also_accept"))
        for (const Json& other : others->array()) vector.also_accept.push_back(verdict_named(other.text()));
    if (const Json* const packet = json.find("packet")) vector.packet = packet->text();
    vector.fields = json.find("fields");
    return vector;
}

VectorFile read_file(const std::filesystem::path& path)
{
    VectorFile file{.name = path.filename().string(), .vectors = {}};
    std::ifstream input(path);
    for (std::string line; std::getline(input, line);) file.vectors.push_back(vector_of(parse_json(line)));
    if (!input.eof()) refuse("cannot read", path.string());
    return file;
}

std::vector<VectorFile> read_all()
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(MQTTWIRE_SOURCE_DIR "/tests/vectors"))
        if (entry.path().extension() == ".jsonl") paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<VectorFile> files;
    for (const auto& path : paths) files.push_back(read_file(path));
    return files;
}

} // namespace

const std::vector<VectorFile>& vector_files()
{
    static const std::vector<VectorFile> files = read_all();
    return files;
}

Bytes repeated_bytes(const Json& parts)
{
    Bytes bytes;
    for (const Json& part : parts.array()) {
        const Bytes piece = from_hex(part.array().at(0).text());
        const auto count = static_cast<std::size_t>(part.array().at(1).number());
        if (piece.size() == 1) { // up to 256 MB, so in one step
            bytes.resize(bytes.size() + count, piece.front());
            continue;
        }
        for (std::size_t i = 0; i < count; ++i) bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    return bytes;
}

} // namespace mqttwire::test
