#include "decode_case.hpp"

namespace bench {

void add_decode_any_cases(std::vector<Case>& cases)
{
    using enum Version;
    using enum QoS;
    cases.push_back(decode_case<AnyPacket, PublishScenario<v3_1_1, at_most_once, 64>>("any/publish-qos0"));
    cases.push_back(decode_case<AnyPacket, PublishPropertiesScenario>("any/publish-properties"));
    cases.push_back(decode_case<AnyPacket, ConnectScenario<v3_1_1>>("any/connect"));
    cases.push_back(decode_case<AnyPacket, PubAckScenario<v3_1_1>>("any/puback"));
    cases.push_back(decode_case<AnyPacket, SubscribeScenario<v3_1_1>>("any/subscribe"));
}

} // namespace bench
