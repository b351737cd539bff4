#!/usr/bin/python3
"""Runs a program of examples/relay between other people's clients and brokers, on the loopback interface alone.

    tests/interop/programs.py relay|fan_out|bridge PROGRAM MODULES

PROGRAM is the built program, MODULES the folder that install-packages has filled. Whatever is started ends with this
script, however that ends. A peer that is missing is a failure.
"""

import collections
import concurrent.futures
import contextlib
import hashlib
import itertools
import os
import pathlib
import queue
import re
import socket
import subprocess
import sys
import tempfile
import threading

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from servers import MissingPeer, aedes, mosquitto, program, start, stopped_at_the_end

LIMIT = 30   # seconds that anything may take
VERSIONS = {"3.1": ("mqttv31", paho.MQTTv31), "3.1.1": ("mqttv311", paho.MQTTv311), "5.0": ("mqttv5", paho.MQTTv5)}
USER_PROPERTIES = [("from", "me"), ("to", "all"), ("from", "somebody else")]


class Failure(Exception):
    """Something is not as it should be."""


def check(what, seen, wanted):
    """Both must be equal."""
    if seen != wanted:
        raise Failure(f"{what}: {str(seen)[:300]} instead of {str(wanted)[:300]}")


class Example:
    """A program of examples/relay, which prints the port that it has found and then what it does."""

    def __init__(self, stack, *command):
        self.process = stack.enter_context(stopped_at_the_end(start(command, stdout=subprocess.PIPE, text=True)))
        self.printed = []
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.port = int(self.wait_for(r"listening on port (\d+)")[0][1])

    def read(self):
        """Collects what it prints."""
        for line in self.process.stdout:
            with self.changed:
                self.printed.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_for(self, pattern, count=1):
        """Waits until that many lines match."""
        def found():
            return [match for match in map(re.compile(pattern).fullmatch, self.printed) if match]
        with self.changed:
            if not self.changed.wait_for(lambda: len(found()) >= count, LIMIT):
                raise Failure(f"{len(found())} of {count} lines like {pattern!r}")
            return found()

    def peak_memory(self):
        """The most memory that it has had, in KiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1])


def subscriber(stack, port, version, topic, *options):
    """A mosquitto_sub."""
    return stack.enter_context(stopped_at_the_end(start(
        [program("mosquitto_sub"), "-V", VERSIONS[version][0], "-h", "127.0.0.1", "-p", port, "-t", topic, "-W", LIMIT,
         *options], stdout=subprocess.PIPE)))


def publish(port, version, topic, path, qos, *options):
    """A mosquitto_pub with the content of a file."""
    subprocess.run([program("mosquitto_pub"), "-V", VERSIONS[version][0], "-h", "127.0.0.1", "-p", str(port),
                    "-t", topic, "-f", str(path), "-q", str(qos), *options],
                   stdin=subprocess.DEVNULL, timeout=LIMIT, check=True)


def digest(stream):
    """The number of bytes until the end, and their checksum."""
    checksum, size = hashlib.sha256(), 0
    while piece := stream.read(1 << 20):
        checksum.update(piece)
        size += len(piece)
    return size, checksum.hexdigest()


def pass_on(relay, folder, size, publisher_version, subscriber_version, qos):
    """Sends a message of that size through the relay."""
    path = folder / "message"
    path.write_bytes(os.urandom(size))
    with contextlib.ExitStack() as stack, concurrent.futures.ThreadPoolExecutor() as pool:
        before = len([line for line in relay.printed if line.startswith("subscribed")])
        receiver = subscriber(stack, relay.port, subscriber_version, "big/#", "-N", "-C", "1")
        relay.wait_for("subscribed to big/#", before + 1)
        received = pool.submit(digest, receiver.stdout)
        publish(relay.port, publisher_version, "big/1", path, qos)
        with path.open("rb") as sent:
            check(f"{size} bytes, {publisher_version} to {subscriber_version}, QoS {qos}", received.result(LIMIT),
                  digest(sent))
        check("mosquitto_sub", receiver.wait(LIMIT), 0)


def test_relay(stack, command, _modules):
    """100 MB, and small messages in every version, through 512 bytes of storage."""
    folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="relay-")))
    relay = Example(stack, command)
    for case, size in zip(itertools.product(VERSIONS, VERSIONS, (0, 1, 2)), itertools.cycle((0, 1, 127, 16_384, 99_999))):
        pass_on(relay, folder, size, *case)
    pass_on(relay, folder, 100_000_000, "5.0", "3.1.1", 2)
    print(f"100 MB went through; the program has never had more than {relay.peak_memory()} KiB")
    check("little memory", relay.peak_memory() < 10_000, True)


class Client:
    """A Paho client that subscribes at once, and keeps what it gets."""

    def __init__(self, stack, port, version, name, topic, qos, properties=None, options=None):
        self.five = version == "5.0"
        self.messages = queue.Queue()
        self.events = queue.Queue()
        self.paho = paho.Client(name, protocol=VERSIONS[version][1], **({} if self.five else {"clean_session": True}))
        self.paho.on_connect = lambda *_: self.events.put("connected")
        self.paho.on_subscribe = lambda *_: self.events.put("subscribed")
        self.paho.on_publish = lambda *_: self.events.put("published")
        self.paho.on_unsubscribe = self.on_unsubscribe
        self.paho.on_message = lambda _client, _data, message: self.messages.put(message)
        self.paho.connect("127.0.0.1", port)
        self.paho.loop_start()
        stack.callback(self.leave)
        self.wait_for("connected")
        if self.five:
            self.paho.subscribe(topic, options=options or SubscribeOptions(qos), properties=properties)
        else:
            self.paho.subscribe(topic, qos)
        self.wait_for("subscribed")

    def leave(self):
        """Says goodbye."""
        self.paho.disconnect()
        self.paho.loop_stop()

    def on_unsubscribe(self, _client, _data, _mid, _properties=None, codes=()):
        """UNSUBACK has come."""
        codes = codes if isinstance(codes, (list, tuple)) else [codes]   # Paho gives a single one without a list
        self.events.put([code.value for code in codes] if self.five else "unsubscribed")

    def wait_for(self, event):
        """The next event must be this."""
        try:
            check("event", self.events.get(timeout=LIMIT), event)
        except queue.Empty:
            raise Failure(f"no {event}") from None

    def publish(self, topic, payload, qos, retain=False, properties=None):
        """Publishes, and waits for the end of the flow."""
        self.paho.publish(topic, payload, qos, retain, properties)
        self.wait_for("published")

    def message(self):
        """The next message."""
        try:
            return self.messages.get(timeout=LIMIT)
        except queue.Empty:
            raise Failure("no message") from None


def properties_of(packet_type, **values):
    """Paho's properties."""
    properties = Properties(packet_type)
    for name, value in values.items():
        setattr(properties, name, value)
    return properties


# What a receiver has of a message; the properties as mosquitto_sub prints them, whose user properties stand apart.
Received = collections.namedtuple("Received", "topic qos properties payload")
FORMAT = ("-F", "%t %q %C,%E,%S,%R%%%P%%%p")


def from_mosquitto(line):
    """What mosquitto_sub has printed in FORMAT."""
    head, users, payload = line.split("%", 2)
    topic, qos, properties = head.split(" ")
    return Received(topic, int(qos), (properties, users), payload)


def from_paho(message):
    """What Paho has got."""
    said = getattr(message, "properties", None)
    names = ("ContentType", "MessageExpiryInterval", "SubscriptionIdentifier", "ResponseTopic")
    values = [getattr(said, name, "") for name in names]
    values[2] = "".join(map(str, values[2]))
    users = " ".join(f"{name}:{value}" for name, value in getattr(said, "UserProperty", []))
    return Received(message.topic, message.qos, (",".join(map(str, values)), users), message.payload.decode())


def test_fan_out(stack, command, _modules):
    """Each of three messages to 100 subscribers of all versions and every QoS."""
    folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fan-out-")))
    server = Example(stack, command)
    kinds = itertools.cycle(itertools.product(VERSIONS, (0, 1, 2)))
    subscribers = []
    for number, (version, qos) in zip(range(100), kinds):
        five, name, topic = version == "5.0", f"client{number}", ("news/#", "news/+")[number % 2]
        if number < 51:
            options = ["-D", "subscribe", "subscription-identifier", str(number + 1)] if five else []
            peer = subscriber(stack, server.port, version, topic, "-i", name, "-q", str(qos), "-C", "3", *FORMAT, *options)
        else:
            properties = properties_of(PacketTypes.SUBSCRIBE, SubscriptionIdentifier=number + 1) if five else None
            peer = Client(stack, server.port, version, name, topic, qos, properties)
        subscribers.append((number, version, qos, peer))
    server.wait_for(r"client\d+ has subscribed", 100)

    said = ["-D", "publish", "content-type", "text", "-D", "publish", "message-expiry-interval", "3600",
            "-D", "publish", "response-topic", "answers"]
    for name, value in USER_PROPERTIES:
        said += ["-D", "publish", "user-property", name, value]
    sent = [("news/a", "5.0", 2, said), ("news/b", "3.1.1", 1, []), ("news/c", "3.1", 2, [])]
    payloads = {topic: os.urandom(8192).hex() for topic, *_ in sent}
    for topic, version, qos, options in sent:
        path = folder / "message"
        path.write_text(payloads[topic], encoding="ascii")
        publish(server.port, version, topic, path, qos, *options)

    for number, version, qos, peer in subscribers:
        if isinstance(peer, Client):
            received = [from_paho(peer.message()) for _ in sent]
            check("another message", peer.messages.empty(), True)
        else:
            received = [from_mosquitto(line) for line in peer.communicate(timeout=LIMIT)[0].decode().splitlines()]
            check("mosquitto_sub", peer.returncode, 0)
        wanted = []
        for topic, _, published_qos, options in sent:
            identifier = str(number + 1) if version == "5.0" else ""
            has_properties = options and version == "5.0"
            properties = (f"text,3600,{identifier},answers" if has_properties else f",,{identifier},",
                          " ".join(f"{name}:{value}" for name, value in USER_PROPERTIES) if has_properties else "")
            wanted.append(Received(topic, min(qos, published_qos), properties, payloads[topic]))
        check(f"subscriber {number}, {version}, QoS {qos}", sorted(received), wanted)
    for line in server.wait_for(r"news/.: (\d+) bytes once, and (\d+) in heads for 100 receivers", 3):
        check("small heads", int(line[2]) < 100 * 33, True)
        print(line[0])


def exchange(three, five, bridge, direction):
    """Messages with every QoS from the 3.1.1 client to the 5.0 client and back; what 3.1.1 cannot say is told."""
    for qos in (0, 1, 2):
        for size in (0, 1, 200_000):
            payload = os.urandom(size)
            three.publish("both/from three", payload, qos)
            message = five.message()
            check("3.1.1 to 5.0", (message.topic, message.qos, message.payload), ("both/from three", qos, payload))
            properties = properties_of(PacketTypes.PUBLISH, UserProperty=USER_PROPERTIES, ContentType="text")
            five.publish("both/from five", payload, qos, properties=properties)
            message = three.message()
            check("5.0 to 3.1.1", (message.topic, message.qos, message.payload), ("both/from five", qos, payload))
    bridge.wait_for("PUBLISH to 3.1.1 loses content_type", 9)
    bridge.wait_for("PUBLISH to 3.1.1 loses user_property", 27)
    check(f"{direction}: another message", (three.messages.empty(), five.messages.empty()), (True, True))


def connack_without_client_id(port):
    """What answers the CONNECT of a 5.0 client that wants a client id from the server."""
    with socket.create_connection(("127.0.0.1", port), LIMIT) as connection, connection.makefile("rb") as received:
        connection.sendall(bytes.fromhex("10 0D 00 04 4D 51 54 54 05 02 00 3C 00 00 00"))
        header = received.read(2)
        return header + received.read(header[1])


def test_bridge(stack, command, modules):
    """A 3.1.1 client and a 5.0 client talk with each other, once the one and once the other through the bridge."""
    with aedes(pathlib.Path(modules).resolve()) as port, contextlib.ExitStack() as inner:
        bridge = Example(inner, command, 0, port, "3.1.1")   # aedes knows no 5.0
        three = Client(inner, port, "3.1.1", "three", "both/from five", 2)
        five = Client(inner, bridge.port, "5.0", "five", "both/from three", 2,
                      options=SubscribeOptions(2, noLocal=True, retainHandling=2))
        bridge.wait_for("SUBSCRIBE to 3.1.1 loses subscription_options no_local")
        bridge.wait_for("SUBSCRIBE to 3.1.1 loses subscription_options retain_handling")
        exchange(three, five, bridge, "5.0 through the bridge")
        five.paho.unsubscribe(["both/from three", "never"])
        five.wait_for([0, 0])
        # Assigned Client Identifier [5.0: MQTT-3.2.2-16], in a CONNACK with nothing else
        connack = connack_without_client_id(bridge.port)
        check("CONNACK with a client id", connack[:15], bytes.fromhex("20 1D 00 00 1A 12 00 17") + b"bridged")
        print(f"aedes: {len(bridge.printed)} lines of the bridge")
    with mosquitto() as port, contextlib.ExitStack() as inner:
        bridge = Example(inner, command, 0, port, "5.0")
        three = Client(inner, bridge.port, "3.1.1", "three", "both/from five", 2)
        five = Client(inner, port, "5.0", "five", "both/from three", 2)
        bridge.wait_for("CONNACK to 3.1.1 loses .*")
        exchange(three, five, bridge, "3.1.1 through the bridge")
        three.paho.unsubscribe(["both/from five", "never"])
        three.wait_for("unsubscribed")
        bridge.wait_for("UNSUBACK to 3.1.1 loses reason_code no_subscription_existed")
        print(f"mosquitto: {len(bridge.printed)} lines of the bridge")


def main():
    """Runs one test."""
    tests = {"relay": test_relay, "fan_out": test_fan_out, "bridge": test_bridge}
    if len(sys.argv) != 4 or sys.argv[1] not in tests:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with contextlib.ExitStack() as stack:
            tests[sys.argv[1]](stack, *sys.argv[2:])
        return 0
    except (Failure, MissingPeer, OSError, subprocess.SubprocessError, concurrent.futures.TimeoutError) as problem:
        print(f"FAILED: {problem or type(problem).__name__}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
