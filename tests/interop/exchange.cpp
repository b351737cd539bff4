#include "exchange.hpp"

namespace interop {

void publish(Connection& sender, const mq::Publish& message, const std::source_location& where)
{
    sender.send(message);
    if (message.qos == mq::QoS::at_least_once) sender.expect(mq::PubAck{.packet_id = message.packet_id}, where);
    if (message.qos == mq::QoS::exactly_once) {
        sender.expect(mq::PubRec{.packet_id = message.packet_id}, where);
        sender.send(mq::PubRel{.packet_id = message.packet_id});
        sender.expect(mq::PubComp{.packet_id = message.packet_id}, where);
    }
}

mq::Publish receive_message(Connection& receiver, const std::source_location& where)
{
    const auto message = receiver.receive<mq::Publish>(where);
    if (message.qos == mq::QoS::at_least_once) receiver.send(mq::PubAck{.packet_id = message.packet_id});
    if (message.qos == mq::QoS::exactly_once) {
        receiver.send(mq::PubRec{.packet_id = message.packet_id});
        receiver.expect(mq::PubRel{.packet_id = message.packet_id}, where);
        receiver.send(mq::PubComp{.packet_id = message.packet_id});
    }
    return message;
}

void expect_message(Connection& receiver, mq::Publish message, const std::source_location& where)
{
    const mq::Publish seen = receive_message(receiver, where);
    message.packet_id = seen.packet_id;
    if (!(seen == message))
        throw Failure("seen\n    " + hexadecimal(encoded(seen, receiver.version(), {})) + "\nexpected\n    "
                + hexadecimal(encoded(message, receiver.version(), {})),
            where);
}

} // namespace interop
