"""A Paho client that is driven step by step, so that every recording comes out the same."""

import time

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from recording.relay import wait_until

PROTOCOLS = {"3.1": paho.MQTTv31, "3.1.1": paho.MQTTv311, "5.0": paho.MQTTv5}


def make_properties(packet_type, values):
    """Paho's properties from a dictionary of Paho's names; a list gives a repeated property."""
    if values is None:
        return None
    properties = Properties(packet_type)
    for name, value in values.items():
        for item in value if isinstance(value, list) else [value]:
            setattr(properties, name, item)
    return properties


class Paho:
    """As a context manager it is connected inside and disconnects at the end."""

    def __init__(self, client_id, version, port, clean=True, keep_alive=60, login=None, will=None,
                 connect_properties=None):
        self.is_5_0 = version == "5.0"
        self.port = port
        self.keep_alive = keep_alive
        self.clean = clean
        self.connect_properties = make_properties(PacketTypes.CONNECT, connect_properties)
        self.messages = []
        self.finished = []  # packet identifiers of what the server has acknowledged
        self.connection_results = []
        self.lost = False
        self._client = paho.Client(client_id=client_id, protocol=PROTOCOLS[version],
                                   **({} if self.is_5_0 else {"clean_session": clean}))
        if login is not None:
            self._client.username_pw_set(*login)
        if will is not None:
            properties = will.pop("properties", None)
            self._client.will_set(**will, properties=make_properties(PacketTypes.WILLMESSAGE, properties))
        self._client.on_connect = lambda _c, _u, _f, code, *_: self.connection_results.append(code)
        self._client.on_message = lambda _c, _u, message: self.messages.append(message)
        self._client.on_publish = lambda _c, _u, packet_id: self.finished.append(packet_id)
        self._client.on_subscribe = lambda _c, _u, packet_id, *_: self.finished.append(packet_id)
        self._client.on_unsubscribe = lambda _c, _u, packet_id, *_: self.finished.append(packet_id)
        self._client.on_disconnect = self._on_disconnect

    def _on_disconnect(self, *_):
        self.lost = True

    def __enter__(self):
        self.connect()
        return self

    def __exit__(self, failure, *_):
        if failure is None:
            self.disconnect()

    def wait_until(self, condition, what):
        def step():
            if self._client.loop(0.02) != paho.MQTT_ERR_SUCCESS:
                time.sleep(0.02)  # without a connection loop() does not wait
        wait_until(condition, what, step)

    def connect(self, port=None):
        """Connects and returns the code of CONNACK. Another port leads to another recording."""
        answers = len(self.connection_results)
        options = {"clean_start": self.clean, "properties": self.connect_properties} if self.is_5_0 else {}
        self._client.connect("127.0.0.1", port or self.port, self.keep_alive, **options)
        self.lost = False
        self.wait_until(lambda: len(self.connection_results) > answers, "CONNACK")
        return self.connection_results[-1]

    def subscribe(self, topics, properties=None):
        """`topics` are pairs of a filter and a QoS, or in 5.0 of a filter and Paho's SubscribeOptions."""
        if self.is_5_0:
            topics = [(name, paho.SubscribeOptions(qos=options) if isinstance(options, int) else options)
                      for name, options in topics]
        _, packet_id = self._client.subscribe(topics, properties=make_properties(PacketTypes.SUBSCRIBE, properties))
        self.wait_until(lambda: packet_id in self.finished, "SUBACK")

    def unsubscribe(self, topics, properties=None):
        _, packet_id = self._client.unsubscribe(topics, make_properties(PacketTypes.UNSUBSCRIBE, properties))
        self.wait_until(lambda: packet_id in self.finished, "UNSUBACK")

    def send(self, topic, payload, qos=0, retain=False, properties=None):
        """Publishes without waiting for the acknowledgement."""
        return self._client.publish(topic, payload, qos, retain, make_properties(PacketTypes.PUBLISH, properties))

    def publish(self, *arguments, **options):
        packet_id = self.send(*arguments, **options).mid
        self.wait_until(lambda: packet_id in self.finished, "the acknowledgement of a PUBLISH")

    def wait_for_message(self, count=1):
        self.wait_until(lambda: len(self.messages) >= count, f"message {count}")
        return self.messages[count - 1]

    def wait_until_lost(self):
        self.wait_until(lambda: self.lost, "the end of the connection")

    def disconnect(self, reason=None, properties=None):
        options = {}
        if self.is_5_0:
            options = {"reasoncode": reason, "properties": make_properties(PacketTypes.DISCONNECT, properties)}
        self._client.disconnect(**options)
        self.wait_until_lost()
