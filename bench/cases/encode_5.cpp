#include "encode_case.hpp"

namespace bench {

void add_encode_5_cases(std::vector<Case>& cases)
{
    using enum Version;
    using enum QoS;
    cases.push_back(encode_case<OutOfLine, PublishScenario<v5, at_most_once, 64>>("5.0/publish-qos0"));
    cases.push_back(encode_case<OutOfLine, PublishScenario<v5, at_least_once, 1024>>("5.0/publish-qos1"));
    cases.push_back(encode_case<OutOfLine, ConnectScenario<v5>>("5.0/connect"));
    cases.push_back(encode_case<OutOfLine, PubAckScenario<v5>>("5.0/puback"));
    cases.push_back(encode_case<Inlined, PubAckScenario<v5>>("5.0/puback-inlined"));
    cases.push_back(encode_case<OutOfLine, SubscribeScenario<v5>>("5.0/subscribe"));
    cases.push_back(encode_case<OutOfLine, SubscribeOptionsScenario>("5.0/subscribe-options"));
    cases.push_back(encode_case<OutOfLine, SubAckScenario<v5>>("5.0/suback"));
    cases.push_back(encode_case<OutOfLine, ConnAckPropertiesScenario>("5.0/connack-properties"));
}

} // namespace bench
