// A 5.0 client with a session.
#pragma once

#include "session.hpp"

template <session::Capacities capacities>
SessionClient<Version::v5, capacities> client_5;

template <session::Capacities capacities>
void run_client_5()
{
    Connect connect{.client_id = device.text,
        .keep_alive = 60,
        .user_name = device.text,
        .password = device.binary,
        .properties = {.session_expiry_interval = device.number, .topic_alias_maximum = capacities.aliases_in}};
    run<client_5<capacities>>(connect);
}
