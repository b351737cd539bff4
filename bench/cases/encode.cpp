#include "encode_case.hpp"

namespace bench {

void add_encode_cases(std::vector<Case>& cases)
{
    using enum Version;
    using enum QoS;
    cases.push_back(encode_case<OutOfLine, PublishScenario<v3_1_1, at_most_once, 64>>("publish-qos0"));
    cases.push_back(encode_case<OutOfLine, PublishScenario<v3_1_1, at_least_once, 1024>>("publish-qos1"));
    cases.push_back(encode_case<OutOfLine, PublishPropertiesScenario>("publish-properties"));
    cases.push_back(encode_case<OutOfLine, ConnectScenario<v3_1_1>>("connect"));
    cases.push_back(encode_case<OutOfLine, PubAckScenario<v3_1_1>>("puback"));
    cases.push_back(encode_case<Inlined, PubAckScenario<v3_1_1>>("puback-inlined"));
    cases.push_back(encode_case<OutOfLine, SubscribeScenario<v3_1_1>>("subscribe"));
    cases.push_back(encode_case<OutOfLine, SubscribeScenario<v3_1_1, wildcard_filters>>("subscribe-wildcards"));
    cases.push_back(encode_case<OutOfLine, SubAckScenario<v3_1_1>>("suback"));
    cases.push_back(
        encode_case<OutOfLine, PublishScenario<v3_1_1, at_most_once, 64, mixed_script_topics>>("publish-utf8"));
    cases.push_back(
        encode_case<OutOfLine, PublishScenario<v3_1_1, at_most_once, 64, topics_of_the_world>>("publish-world"));
}

void add_encode_anew_cases(std::vector<Case>& cases)
{
    using enum Version;
    using enum QoS;
    cases.push_back(encode_case<OutOfLine, PublishScenario<v3_1_1, at_most_once, 64>, Anew>("anew/publish-qos0"));
    cases.push_back(encode_case<OutOfLine, PublishScenario<v3_1_1, at_least_once, 1024>, Anew>("anew/publish-qos1"));
    cases.push_back(encode_case<OutOfLine, PublishPropertiesScenario, Anew>("anew/publish-properties"));
    cases.push_back(encode_case<OutOfLine, ConnectScenario<v3_1_1>, Anew>("anew/connect"));
    cases.push_back(encode_case<Inlined, ConnectScenario<v3_1_1>, Anew>("anew/connect-inlined"));
    cases.push_back(encode_case<OutOfLine, PubAckScenario<v3_1_1>, Anew>("anew/puback"));
    cases.push_back(encode_case<OutOfLine, SubscribeScenario<v3_1_1>, Anew>("anew/subscribe"));
    cases.push_back(
        encode_case<OutOfLine, SubscribeScenario<v3_1_1, wildcard_filters>, Anew>("anew/subscribe-wildcards"));
    cases.push_back(encode_case<OutOfLine, SubscribeOptionsScenario, Anew>("anew/subscribe-options"));
}

} // namespace bench
