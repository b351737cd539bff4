// A 5.0 client with a session, topic aliases both ways.
#include "session_5.hpp"

int main()
{
    run_client_5<{.outgoing = 8,
        .incoming = 8,
        .aliases_in = 8,
        .alias_bytes_in = 256,
        .aliases_out = 8,
        .alias_bytes_out = 256}>();
}
