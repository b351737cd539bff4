// A 3.1.1 client with a session.
#include "session.hpp"

namespace {

SessionClient<Version::v3_1_1, session::Capacities{.outgoing = 8, .incoming = 8}> client;

} // namespace

int main()
{
    Connect connect{.client_id = device.text, .keep_alive = 60, .user_name = device.text, .password = device.binary};
    run<client>(connect);
}
