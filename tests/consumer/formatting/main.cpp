#include <mqttwire/fmt.hpp>

int main()
{
    return fmt::format("{}", mqttwire::PubAck{.packet_id = 7}) == "PUBACK packet_id: 7, reason_code: success" ? 0 : 1;
}
