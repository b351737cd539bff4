#include "encode_case.hpp"

namespace bench {

void add_encode_any_cases(std::vector<Case>& cases)
{
    using enum Version;
    using enum QoS;
    cases.push_back(encode_case<AnyPacket, PublishScenario<v3_1_1, at_most_once, 64>, KeptAsAny>("any/publish-qos0"));
    cases.push_back(encode_case<AnyPacket, PublishPropertiesScenario, KeptAsAny>("any/publish-properties"));
    cases.push_back(encode_case<AnyPacket, ConnectScenario<v3_1_1>, KeptAsAny>("any/connect"));
    cases.push_back(encode_case<AnyPacket, PubAckScenario<v3_1_1>, KeptAsAny>("any/puback"));
    cases.push_back(encode_case<AnyPacket, SubscribeScenario<v3_1_1>, KeptAsAny>("any/subscribe"));
}

} // namespace bench
