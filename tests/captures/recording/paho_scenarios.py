"""The scenarios with the Paho Python client."""

import paho.mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCodes
from paho.mqtt.subscribeoptions import SubscribeOptions

from recording.broker import PASSWORD, USER_NAME, Broker
from recording.paho_client import PROTOCOLS, Paho
from recording.relay import RecordingError, Relay

LOGIN = (USER_NAME, PASSWORD)
SENDER = f"Paho Python {paho.mqtt.__version__}"


class PahoRecordings:
    """Names the recordings of one MQTT version."""

    def __init__(self, recorder, version):
        self._recorder = recorder
        self.version = version

    def connection(self, name, description, broker):
        return self._recorder.connection(f"paho-{self.version}-{name}", self.version, SENDER, description, broker)


def session(recordings):
    will = {"topic": "status/paho", "payload": b"\x00\xff offline", "qos": 2, "retain": True}
    with Broker() as broker, \
         recordings.connection("session", "one client from CONNECT with will, user name and password to DISCONNECT: "
                               "subscribes with wildcards, sends itself messages with QoS 0, 1 and 2, keeps and "
                               "clears a retained one, unsubscribes", broker) as relay, \
         Paho("paho", recordings.version, relay.port, login=LOGIN, will=will) as client:
        client.publish("room/1/light", "on", retain=True)
        client.subscribe([("room/+/light", 0), ("room/+/gas/#", 1), ("küche", 2)])
        client.wait_for_message(1)
        client.publish("room/2/light", b"")
        client.wait_for_message(2)
        client.publish("room/2/gas/sensor", b"\x00\x01\xfe\xff", qos=1)
        client.wait_for_message(3)
        client.publish("küche", "zu warm", qos=2)
        client.wait_for_message(4)
        client.unsubscribe(["room/+/light", "room/+/gas/#"])
        client.publish("room/1/light", b"", qos=1, retain=True)


def ping_and_will(recordings):
    """5.0 asks for its will in the DISCONNECT; before, the connection has to break."""
    version = recordings.version
    how = "leaves with reason 0x04 (disconnect with will)" if version == "5.0" else "the connection breaks"
    will = {"topic": "status/pinger", "payload": "gone", "qos": 1}
    with Broker() as broker, Paho("witness", version, broker.port) as witness, \
         recordings.connection("ping-will-fires", f"keep alive 2: a ping, then {how}", broker) as relay:
        witness.subscribe([("status/#", 1)])
        pinger = Paho("pinger", version, relay.port, keep_alive=2, will=will)
        pinger.connect()
        pinger.wait_until(lambda: relay.has_sent("server", "PINGRESP"), "PINGRESP")
        if version == "5.0":
            pinger.disconnect(ReasonCodes(PacketTypes.DISCONNECT, identifier=4))
        else:
            relay.cut()
        witness.wait_for_message()


def refused(recordings):
    with Broker() as broker, \
         recordings.connection("refused", "refused because of a wrong password", broker) as relay:
        client = Paho("intruder", recordings.version, relay.port, login=(USER_NAME, "guess"))
        if client.connect() == 0:
            raise RecordingError("the server accepted a wrong password")
        client.wait_until_lost()


def resumed(recordings):
    """Breaks a connection before the client reads what the server has sent, so that both sides send it again."""
    version = recordings.version
    properties = {"SessionExpiryInterval": 300} if version == "5.0" else None
    with Broker() as broker:
        broken = Relay(broker.port)
        client = Paho("sleeper", version, broken.port, clean=False, connect_properties=properties)
        client.connect()
        client.subscribe([("inbox/#", 2)])
        client.send("outbox/1", "first", qos=1)
        broken.wait_for("server", "PUBACK")
        client.send("outbox/2", "second", qos=2)
        broken.wait_for("server", "PUBREC")
        with Paho("friend", version, broker.port) as friend:
            friend.publish("inbox/1", "seen by nobody yet", qos=1)
            broken.wait_for("server", "PUBLISH")
            broken.cut()
            friend.publish("inbox/2", "sent while nobody listened", qos=2)
        with recordings.connection("resumed", "a session goes on after a broken connection: session present, and "
                                   "both sides send PUBLISH again with DUP; in 5.0 the DISCONNECT spells out reason "
                                   "0x00 and an empty property list", broker) as relay:
            client.connect(relay.port)
            client.wait_for_message(2)
            client.wait_until(lambda: len(client.finished) == 3, "the acknowledgements of both messages")
            client.disconnect(properties={} if version == "5.0" else None)


def many(recordings):
    with Broker() as broker, \
         recordings.connection("many", "60 messages of growing size and one of 16,400 bytes, so that the remaining "
                               "length takes one, two and three bytes; each comes back", broker) as relay, \
         Paho("many", recordings.version, relay.port) as client:
        client.subscribe([("many/#", 0)])
        for number in range(60):
            client.send(f"many/{number}", b"x" * (3 * number))
        client.wait_for_message(60)
        client.send("many/large", b"0123456789abcdef" * 1025)
        client.wait_for_message(61)


def properties(recordings):
    will = {"topic": "status/props", "payload": "bye", "qos": 1, "properties": {
        "WillDelayInterval": 5, "MessageExpiryInterval": 60, "ContentType": "text/plain", "PayloadFormatIndicator": 1,
        "ResponseTopic": "status/answer", "CorrelationData": b"\x01\x02", "UserProperty": ("will", "true")}}
    connect = {"SessionExpiryInterval": 120, "ReceiveMaximum": 10, "MaximumPacketSize": 70000, "TopicAliasMaximum": 8,
               "RequestResponseInformation": 1, "RequestProblemInformation": 1,
               "UserProperty": [("name", "first"), ("name", "second")]}
    message = {"PayloadFormatIndicator": 1, "MessageExpiryInterval": 3600, "ContentType": "application/json",
               "ResponseTopic": "props/answer", "CorrelationData": b"\x00\xff", "TopicAlias": 7,
               "UserProperty": [("z", "1"), ("a", "2"), ("z", "")]}
    with Broker() as broker, \
         recordings.connection("properties", "properties on all packets that can have them from a client: CONNECT, "
                               "will, SUBSCRIBE, PUBLISH (topic alias set and used), UNSUBSCRIBE, DISCONNECT; "
                               "subscription options and a shared subscription", broker) as relay:
        client = Paho("props", recordings.version, relay.port, login=LOGIN, will=will, connect_properties=connect)
        client.connect()
        client.subscribe([("props/+", SubscribeOptions(qos=2, retainAsPublished=True, retainHandling=1)),
                          ("other/#", SubscribeOptions(qos=1, noLocal=True, retainHandling=2)),
                          ("$share/group/jobs/#", SubscribeOptions(qos=1))],
                         {"SubscriptionIdentifier": 268435455, "UserProperty": ("for", "props")})
        client.publish("props/one", '{"n":1}', qos=1, properties=message)
        client.wait_for_message(1)
        client.publish("", '{"n":2}', qos=2, properties={"TopicAlias": 7})
        client.wait_for_message(2)
        client.unsubscribe(["props/+", "props/unknown"], {"UserProperty": ("for", "props")})
        client.disconnect(ReasonCodes(PacketTypes.DISCONNECT, identifier=0),
                          {"SessionExpiryInterval": 10, "ReasonString": "enough", "UserProperty": ("bye", "bye")})


def overstep(recordings):
    """A server with limits names them in CONNACK, and ends the connection of a client that does not keep to them."""
    cases = [
        ("qos-not-supported", "", "0x9B after a message with QoS 2; the client identifier is assigned",
         {"topic": "t", "payload": "x", "qos": 2}),
        ("packet-too-large", "large", "0x95 after a packet above its maximum packet size",
         {"topic": "t", "payload": b"x" * 400}),
        ("topic-alias-invalid", "alias", "0x94 after a topic alias above its maximum",
         {"topic": "t", "payload": "x", "properties": {"TopicAlias": 11}}),
    ]
    with Broker(limited=True) as broker:
        for name, client_id, reason, message in cases:
            with recordings.connection(name, "CONNACK names the server's limits; the server sends DISCONNECT "
                                       f"{reason}", broker) as relay:
                client = Paho(client_id, recordings.version, relay.port, keep_alive=120)
                client.connect()
                client.send(**message)
                relay.wait_for("server", "DISCONNECT")
                client.wait_until_lost()


def record(recorder):
    for version in PROTOCOLS:
        recordings = PahoRecordings(recorder, version)
        session(recordings)
        ping_and_will(recordings)
        refused(recordings)
        resumed(recordings)
    many(PahoRecordings(recorder, "3.1.1"))
    for scenario in (properties, overstep):
        scenario(PahoRecordings(recorder, "5.0"))
