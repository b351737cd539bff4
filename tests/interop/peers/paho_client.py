#!/usr/bin/env python3
"""Paho behind the commands and events of README.md."""

import json
import sys

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

PROTOCOLS = {"3.1": paho.MQTTv31, "3.1.1": paho.MQTTv311, "5.0": paho.MQTTv5}
BINARY = ("correlation_data", "authentication_data")


def snake_case(name):
    """`user_property` for "User Property", which is how Paho lists its properties."""
    return name.lower().replace(" ", "_")


def to_properties(packet_type, values):
    """Paho's properties of a packet."""
    properties = Properties(packet_type)
    attributes = {snake_case(name): name.replace(" ", "") for name in properties.names}
    for key, value in values.items():
        name = key[:-len("_hex")] if key.endswith("_hex") else key
        if name == "user_property":
            value = [tuple(pair) for pair in value]
        elif name in BINARY:
            value = bytes.fromhex(value)
        setattr(properties, attributes[name], value)
    return properties


def from_properties(properties):
    """The properties under the names of the vectors."""
    values = {}
    for name in properties.names if properties else ():
        if not hasattr(properties, name.replace(" ", "")):
            continue
        value = getattr(properties, name.replace(" ", ""))
        name = snake_case(name)
        if name in BINARY:
            name, value = name + "_hex", value.hex()
        values[name] = value
    return values


class Peer:
    """A client that is told what to do and tells what happens."""

    def __init__(self):
        self.client = None
        self.five = False

    def tell(self, event, properties=None, **values):
        """Prints an event."""
        if self.five:
            values["properties"] = from_properties(properties)
        print(event, json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False), flush=True)

    def properties(self, packet_type, command):
        """The properties of a command, for Paho."""
        return to_properties(packet_type, command.get("properties", {})) if self.five else None

    def connect(self, command):
        """Connects with a new client."""
        self.five = command["version"] == "5.0"
        session = {} if self.five else {"clean_session": command["clean_start"]}
        self.client = paho.Client(command["client_id"], protocol=PROTOCOLS[command["version"]], **session)
        self.client.reconnect_delay_set(min_delay=100)
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.client.on_publish = lambda *_: self.tell("published")
        self.client.on_subscribe = self.on_subscribe
        self.client.on_unsubscribe = self.on_unsubscribe
        self.client.on_disconnect = self.on_disconnect
        if "user_name" in command:
            self.client.username_pw_set(command["user_name"], command.get("password"))
        if "will" in command:
            will = command["will"]
            self.client.will_set(will["topic"], bytes.fromhex(will["payload_hex"]), will["qos"], will["retain"],
                                 self.properties(PacketTypes.WILLMESSAGE, will))
        options = {}
        if self.five:
            options = {"clean_start": command["clean_start"],
                       "properties": self.properties(PacketTypes.CONNECT, command)}
        self.client.connect("127.0.0.1", command["port"], command["keep_alive"], **options)
        self.client.loop_start()

    def on_connect(self, _client, _data, flags, reason, properties=None):
        """CONNACK has come."""
        self.tell("connack", properties, reason_code=reason.value if self.five else reason,
                  session_present=bool(flags["session present"]))

    def on_message(self, _client, _data, message):
        """PUBLISH has come."""
        self.tell("message", getattr(message, "properties", None), topic=message.topic,
                  payload_hex=message.payload.hex(), qos=message.qos, retain=bool(message.retain))

    def on_subscribe(self, _client, _data, _mid, codes, properties=None):
        """SUBACK has come."""
        self.tell("suback", properties, reason_codes=[code.value if self.five else code for code in codes])

    def on_unsubscribe(self, _client, _data, _mid, properties=None, codes=()):
        """UNSUBACK has come."""
        if not self.five:
            self.tell("unsuback")
            return
        codes = codes if isinstance(codes, list) else [codes]   # Paho gives a single one without a list
        self.tell("unsuback", properties, reason_codes=[code.value for code in codes])

    def on_disconnect(self, _client, _data, reason, properties=None):
        """The connection is over; only a DISCONNECT brings a reason code of 5.0 with it."""
        if self.five and not isinstance(reason, int) and reason.packetType == PacketTypes.DISCONNECT and properties:
            self.tell("disconnect", properties, reason_code=reason.value)

    def publish(self, command):
        """Sends a message."""
        self.client.publish(command["topic"], bytes.fromhex(command["payload_hex"]), command["qos"], command["retain"],
                            self.properties(PacketTypes.PUBLISH, command))

    def subscribe(self, command):
        """Asks for messages."""
        if self.five:
            filters = [(row["filter"], SubscribeOptions(row["qos"], row.get("no_local", False),
                                                        row.get("retain_as_published", False),
                                                        row.get("retain_handling", 0)))
                       for row in command["filters"]]
            self.client.subscribe(filters, properties=self.properties(PacketTypes.SUBSCRIBE, command))
        else:
            self.client.subscribe([(row["filter"], row["qos"]) for row in command["filters"]])

    def unsubscribe(self, command):
        """Ends subscriptions."""
        self.client.unsubscribe(command["filters"], self.properties(PacketTypes.UNSUBSCRIBE, command))

    def disconnect(self, command):
        """Says goodbye."""
        if self.five:
            reason = paho.ReasonCodes(PacketTypes.DISCONNECT, identifier=command.get("reason_code", 0))
            self.client.disconnect(reason, self.properties(PacketTypes.DISCONNECT, command))
        else:
            self.client.disconnect()
        self.client.loop_stop()


def main():
    """Obeys until the end of the input."""
    peer = Peer()
    commands = {name: getattr(peer, name) for name in ("connect", "publish", "subscribe", "unsubscribe", "disconnect")}
    for line in sys.stdin:
        name, values = line.split(" ", 1)
        commands[name](json.loads(values))


if __name__ == "__main__":
    main()
