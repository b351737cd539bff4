// A case: work on a corpus that can be done for any number of packets, and the floor it is compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Does the work for the first packets of a corpus and gives a sum that depends on all of it.
using Work = std::function<std::uint64_t(std::size_t packets)>;

struct Prepared {
    Work work;
    Work floor;
};

struct Case {
    std::string name;
    std::string_view floor_name;
    std::function<Prepared()> prepare; ///< makes the corpus
};

// Each of these stands in a file of its own in cases/.
void add_decode_cases(std::vector<Case>& cases);
void add_decode_5_cases(std::vector<Case>& cases);
void add_decode_run_time_cases(std::vector<Case>& cases);
void add_decode_any_cases(std::vector<Case>& cases);
void add_encode_cases(std::vector<Case>& cases);
void add_encode_anew_cases(std::vector<Case>& cases);
void add_encode_5_cases(std::vector<Case>& cases);
void add_encode_run_time_cases(std::vector<Case>& cases);
void add_encode_any_cases(std::vector<Case>& cases);
void add_outgoing_cases(std::vector<Case>& cases);
void add_stream_cases(std::vector<Case>& cases);
void add_match_cases(std::vector<Case>& cases);
void add_index_cases(std::vector<Case>& cases);
void add_session_cases(std::vector<Case>& cases);

inline std::vector<Case> all_cases()
{
    std::vector<Case> cases;
    add_decode_cases(cases);
    add_decode_5_cases(cases);
    add_decode_run_time_cases(cases);
    add_decode_any_cases(cases);
    add_encode_cases(cases);
    add_encode_anew_cases(cases);
    add_encode_5_cases(cases);
    add_encode_run_time_cases(cases);
    add_encode_any_cases(cases);
    add_outgoing_cases(cases);
    add_stream_cases(cases);
    add_match_cases(cases);
    add_index_cases(cases);
    add_session_cases(cases);
    return cases;
}

} // namespace bench
