// One publisher and many subscribers: how many messages a second, and how long each takes.
#include "link.hpp"
#include "scenarios.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <variant>

namespace load {

namespace {

constexpr std::size_t payload_size = 64;
constexpr const char* topic = "bench/broker/topic";

class Run {
public:
    Run(std::uint16_t port, const Flow& flow) : flow_(flow)
    {
        for (std::uint32_t i = 0; i <= flow.subscribers; ++i) {
            links_.emplace_back(port);
            const std::string id = "load-" + std::to_string(i);
            links_.back().put(mq::Connect{.client_id = id, .clean_start = true, .keep_alive = 600});
            if (i != 0) {
                const mq::Subscription filter{.filter = topic, .qos = flow.qos};
                links_.back().put(mq::Subscribe{.packet_id = 1, .filters = {&filter, 1}});
            }
            links_.back().write();
            poll_.add(links_.back(), i);
        }
        while (ready_ != 1 + 2 * flow.subscribers) turn();
    }

    /// Publishes for some seconds with at most so many messages on their way.
    Figures measure(double duration, std::uint64_t window)
    {
        latencies_.clear();
        const std::uint64_t received_before = received_;
        const double begun = seconds();
        while (seconds() < begun + duration) {
            while (sent_ * flow_.subscribers < received_ + window * flow_.subscribers && sent_ < finished_ + window)
                publish();
            turn();
        }
        Figures figures{.rate = static_cast<double>(received_ - received_before) / (seconds() - begun)};
        const double limit = seconds() + 20;
        while (received_ < sent_ * flow_.subscribers || finished_ < sent_) {
            if (seconds() > limit) fail("messages are missing");
            turn();
        }
        const auto at = [this](double share) {
            const auto place =
                latencies_.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies_.size() - 1));
            std::nth_element(latencies_.begin(), place, latencies_.end());
            return 1e6 * static_cast<double>(*place);
        };
        figures.half = at(0.5);
        figures.most = at(0.99);
        return figures;
    }

private:
    void publish()
    {
        std::array<std::byte, payload_size> payload{};
        const double now = seconds();
        std::memcpy(payload.data(), &now, sizeof now);
        mq::Publish publish{.topic = topic, .payload = payload, .qos = flow_.qos};
        if (flow_.qos != mq::QoS::at_most_once) publish.packet_id = static_cast<std::uint16_t>(sent_ % 65'535 + 1);
        else ++finished_;
        ++sent_;
        links_[0].put(publish);
    }

    /// Writes what waits, waits for what comes, and answers it.
    void turn()
    {
        if (!links_[0].write()) fail("the publisher's connection");
        poll_.wait(100, [this](std::uint32_t number) {
            Link& link = links_[number];
            const bool good = link.read(
                [&](const mq::Packet& packet) { std::visit([&](const auto& each) { received(link, each); }, packet); });
            if (!good || !link.write()) fail("a connection");
        });
    }

    void received(Link& link, const mq::Publish& publish)
    {
        double then = 0;
        std::memcpy(&then, publish.payload.view().data(), sizeof then);
        latencies_.push_back(static_cast<float>(seconds() - then));
        ++received_;
        if (publish.qos == mq::QoS::at_least_once) link.put(mq::PubAck{.packet_id = publish.packet_id});
        if (publish.qos == mq::QoS::exactly_once) link.put(mq::PubRec{.packet_id = publish.packet_id});
    }
    void received(Link&, const mq::PubAck&) { ++finished_; }
    void received(Link& link, const mq::PubRec& packet) { link.put(mq::PubRel{.packet_id = packet.packet_id}); }
    void received(Link& link, const mq::PubRel& packet) { link.put(mq::PubComp{.packet_id = packet.packet_id}); }
    void received(Link&, const mq::PubComp&) { ++finished_; }
    void received(Link&, const mq::ConnAck&) { ++ready_; }
    void received(Link&, const mq::SubAck&) { ++ready_; }
    template <class Packet>
    void received(Link&, const Packet&)
    {
        fail("an unexpected packet");
    }

    Flow flow_;
    std::vector<Link> links_; ///< the publisher first
    Poll poll_;
    std::uint64_t ready_ = 0; ///< CONNACKs and SUBACKs
    std::uint64_t sent_ = 0;
    std::uint64_t finished_ = 0; ///< of them, at the publisher
    std::uint64_t received_ = 0;
    std::vector<float> latencies_; ///< seconds
};

} // namespace

void measure_flow(std::uint16_t port, const Flow& flow, double duration)
{
    Run run(port, flow);
    run.measure(duration / 4, flow.window);
    const Figures full = run.measure(duration, flow.window);
    const Figures single = run.measure(duration / 2, 1);
    std::printf("%.0f %.0f %.0f %.0f %.0f\n", full.rate, full.half, full.most, single.half, single.most);
}

void idle(std::uint16_t port, unsigned count)
{
    std::vector<Link> links;
    for (unsigned i = 0; i < count; ++i) {
        const std::string id = "idle-" + std::to_string(i);
        links.emplace_back(port);
        links.back().put(mq::Connect{.client_id = id, .clean_start = true, .keep_alive = 600});
        links.back().write();
        for (bool is_in = false; !is_in;)
            if (!links.back().read([&](const mq::Packet&) { is_in = true; })) fail("an idle connection");
    }
    std::printf("ready\n");
    std::fflush(stdout);
    std::getchar();
}

} // namespace load
