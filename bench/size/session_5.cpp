// A 5.0 client with a session.
#include "session_5.hpp"

int main() { run_client_5<{.outgoing = 8, .incoming = 8}>(); }
