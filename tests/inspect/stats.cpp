// --stats: sums by type and by topic.
#include "run.hpp"

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <string>
#include <string_view>

namespace mqttwire::test {

TEST_CASE("Packets and bytes are summed by type and by topic, which an alias may stand for", "[inspect]")
{
    constexpr std::string_view stream = "30 08 0001 62 03 230001 ff" // topic b, which alias 1 stands for from here on
                                        "30 06 0000 03 230001 " // so that this is one of b
                                        "30 07 0000 03 230002 00" // and of this nobody knows
                                        "30 05 0001 61 00 78"
                                        "c0 00"
                                        "30 05 0001 23 00 78"; // malformed
    inspect::Options options;
    options.mode = inspect::Mode::stats;
    options.version = Version::v5;
    const Outcome outcome = run(options, to_string(from_hex(stream)));
    CHECK(outcome.status == inspect::Status::failure);
    CHECK(outcome.out
        == "   packets        bytes  type\n"
           "         4           34  PUBLISH\n"
           "         1            2  PINGREQ\n"
           "         1            7  malformed or cut off\n"
           "         6           43  all\n"
           "\n"
           "   packets        bytes  topic\n"
           "         2           18  \"b\"\n"
           "         1            9  (topic alias 2)\n"
           "         1            7  \"a\"\n");
}

} // namespace mqttwire::test
