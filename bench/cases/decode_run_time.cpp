#include "decode_case.hpp"

namespace bench {

void add_decode_run_time_cases(std::vector<Case>& cases)
{
    using enum Version;
    using enum QoS;
    cases.push_back(decode_case<RunTimeVersion, PublishScenario<v3_1_1, at_most_once, 64>>("run-time/publish-qos0"));
    cases.push_back(decode_case<RunTimeVersion, PublishScenario<v3_1_1, at_least_once, 1024>>("run-time/publish-qos1"));
    cases.push_back(decode_case<RunTimeVersion, PublishPropertiesScenario>("run-time/publish-properties"));
    cases.push_back(decode_case<RunTimeVersion, ConnectScenario<v3_1_1>>("run-time/connect"));
    cases.push_back(decode_case<RunTimeVersion, PubAckScenario<v3_1_1>>("run-time/puback"));
    cases.push_back(decode_case<RunTimeVersion, SubscribeScenario<v3_1_1>>("run-time/subscribe"));
}

} // namespace bench
