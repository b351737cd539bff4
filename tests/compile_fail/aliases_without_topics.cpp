// A session with room for topic aliases and none for their topics would announce what it cannot keep.
#include "mqttwire/session/client.hpp"

using namespace mqttwire::session;

#ifdef MUST_NOT_COMPILE
Client<Capacities{.aliases_in = 4}> client;
#else
Client<Capacities{.aliases_in = 4, .alias_bytes_in = 64}> client;
#endif
