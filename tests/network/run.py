#!/usr/bin/env python3
"""Runs mqttwire-broker and mqttwire-client against each other and against other people's: mosquitto,
its clients, Paho, MQTT.js and aedes.

    tests/network/run.py [FOLDER [GROUP...]]      the folder of the build: build/network; the groups: all

It needs mosquitto, mosquitto-clients, openssl and python3-paho-mqtt; mqttjs also Node.js, and in the folder "npm" of that
folder the packages of tests/interop/install-packages. The groups:

    talk      every version with every QoS over TCP, TLS and WebSocket on one port, retained messages, wills, sessions,
              shared subscriptions, take-over, passwords, and a clean stop
    hostile   clients that mean harm: the broker neither stops nor grows, and serves the others
    restarts  a broker that is killed again and again loses nothing, and delivers no QoS 2 message twice
    aliases   topic aliases come and go with a connection, and not with its session
    sessions  mqttwire-client goes on with its session, from one connection or run to the next, whatever a server does
    broker    keep alive, expiry, wills, takeover, options of subscriptions, and what is refused, by the bytes of 5.0
    away      what the broker keeps for clients that are away, over its own end, and how long
    limits    packets that are larger than a client takes, long topics of aliases, many QoS 2 messages at once
    disk      what goes into the state file, and who waits for the disk
    files     a file of 50 MB is published in little memory
    mqttjs    MQTT.js in 3.1.1 and 5.0 over every transport, and beside mqttwire-client; mqttwire-client with aedes
"""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import away
import broker as broker_group
import disk
import files
import hostile
import limits
import mqttjs
import programs
import sessions
from programs import Broker, certificate, check, client, lines

VERSIONS = {"3.1": "mqttv31", "3.1.1": "mqttv311", "5": "mqttv5"}


def versions_and_transports(broker, trusted):
    transports = {
        f"mqtt://localhost:{broker.port}": [],
        f"mqtts://localhost:{broker.port}": ["--ca", trusted],
        f"ws://localhost:{broker.port}/mqtt": [],
        f"wss://localhost:{broker.port}/mqtt": ["--ca", trusted],
    }
    for version, theirs in VERSIONS.items():
        for qos in "012":
            subscriber = broker.sub("-V", theirs, "-t", "a/+/c", "-q", qos, "-C", "3")
            for payload in ("m1", "m2", "m3"):
                broker.pub("-V", theirs, "-t", "a/b/c", "-m", payload, "-q", qos)
            check(f"mosquitto's clients, {version}, QoS {qos}", lines(subscriber), ["m1", "m2", "m3"])
        for url, options in transports.items():
            common = ["--quiet", "--url", url, *options, "--version", version, "--qos", "2"]
            subscriber = client("sub", *common, "--count", "3", "--payload", "t/#", stdout=subprocess.PIPE)
            time.sleep(0.4)
            publisher = client("pub", *common, "--lines", "t/x", stdin=subprocess.PIPE)
            publisher.communicate("1\n2\n3\n", timeout=20)
            check(f"mqttwire-client, {version}, {url.split(':')[0]}", lines(subscriber), ["1", "2", "3"])


def features(broker):
    broker.pub("-t", "kept/x", "-m", "r1", "-r", "-q", "1")
    check("retained", lines(broker.sub("-t", "kept/#", "-C", "1")), ["r1"])
    broker.pub("-t", "kept/x", "-n", "-r")
    broker.pub("-t", "kept/y", "-m", "r2", "-r")
    check("retained, one removed", lines(broker.sub("-t", "kept/#", "-C", "1")), ["r2"])

    for version, more in (("mqttv311", []), ("mqttv5", ["-x", "100"])):
        session = ["-V", version, "-i", "kept-" + version, "-c", "-q", "2", "-t", "p/#", *more]
        broker.sub(*session, "-E").wait(10)
        for i in range(6):
            broker.pub("-t", "p/1", "-m", f"k{i}", "-q", str(i % 3))
        check(f"a session, {version}", sorted(lines(broker.sub(*session, "-C", "4"))), ["k1", "k2", "k4", "k5"])

    watcher = broker.sub("-t", "will/#", "-C", "1")
    broker.sub("-t", "zz", "--will-topic", "will/w", "--will-payload", "dead", "--will-qos", "1").kill()
    check("a will", lines(watcher), ["dead"])

    members = [broker.sub("-V", "5", "-t", "$share/g/j", "-C", "2") for _ in range(2)]
    for i in range(4):
        broker.pub("-t", "j", "-m", str(i))
    check("a shared subscription", sorted(line for member in members for line in lines(member)), list("0123"))

    shown = client("sub", "--quiet", "--url", f"mqtt://localhost:{broker.port}", "--json", "--qos", "2", "--count", "1",
                   "shown", stdout=subprocess.PIPE)
    time.sleep(0.4)
    broker.pub("-t", "shown", "-m", "x", "-q", "2")
    packets = [json.loads(line)["packet"] for line in shown.communicate(timeout=10)[0].splitlines()]
    check("mqttwire-client shows each packet", packets,
          ["CONNECT", "CONNACK", "SUBSCRIBE", "SUBACK", "PUBLISH", "PUBREC", "PUBREL", "PUBCOMP", "DISCONNECT"])

    first = broker.sub("-V", "5", "-i", "same", "-t", "x")
    second = broker.sub("-V", "5", "-i", "same", "-t", "x", "-C", "1")
    first.wait(5)
    broker.pub("-t", "x", "-m", "to the second")
    check("take-over", second.communicate(timeout=10)[0], "to the second\n")

    reader = broker.sub("-V", "5", "-t", "pp", "-C", "1", "-F", "%P %E %R")
    broker.pub("-V", "5", "-t", "pp", "-m", "x", "-D", "publish", "user-property", "k", "v", "-D", "publish",
               "message-expiry-interval", "60", "-D", "publish", "response-topic", "rt")
    check("properties", lines(reader), ["k:v", "60", "rt"])
    reader = broker.sub("-V", "5", "-t", "alias/#", "-C", "3", "-F", "%t:%p")
    taker = hostile.open_to(broker, bytes.fromhex("10 11 00 04 4d 51 54 54 05 02 00 3c 03 22 00 05 00 01 61") + bytes.fromhex(
        "82 0d 00 01 00 00 07") + b"alias/#\0")
    check("5.0 is told how many aliases it may use", b"\x22\0\x10" in hostile.read_packet(taker)[1])
    hostile.read_packet(taker)
    for topic in ("alias/a", "alias/a", "alias/b"):
        broker.pub("-V", "5", "-t", topic, "-m", "x", "-D", "publish", "topic-alias", "2")
    check("topic aliases that come", lines(reader), ["alias/a:x", "alias/a:x", "alias/b:x"])
    check("topic aliases that go", [hostile.read_packet(taker)[1] for _ in range(3)],
          [b"\0\x07alias/a\3\x23\0\1x", b"\0\0\3\x23\0\1x", b"\0\x07alias/b\3\x23\0\2x"])
    taker.close()

    check("$SYS", lines(broker.sub("-t", "$SYS/broker/version", "-C", "1")), ["mqttwire-broker"])


def restarts(folder):
    for version in ("3.1.1", "5"):
        for qos in ("1", "2"):
            state = folder / f"state-{version}-{qos}"
            broker = Broker(folder, "--state", state, "--sys", "0")
            url = f"mqtt://localhost:{broker.port}"
            common = ["--quiet", "--version", version, "--url", url, "--expiry", "600", "--qos", qos]
            received = folder / "received"
            with received.open("w") as out:
                subscriber = client("sub", *common, "--id", "s", "--payload", "k/#", stdout=out)
            time.sleep(0.4)
            publisher = client("pub", *common, "--id", "p", "--lines", "k/x", stdin=subprocess.PIPE)
            count = 2000
            for i in range(count):
                publisher.stdin.write(f"{i}\n")
                if i % 25 == 0:
                    publisher.stdin.flush()
                    time.sleep(0.01)
                if i % 500 == 250:
                    broker.end(signal.SIGKILL if i % 1000 == 250 else signal.SIGTERM)
                    broker = Broker(folder, "--state", state, "--sys", "0", port=broker.port)
            publisher.stdin.close()
            check(f"the publisher ends, {version}, QoS {qos}", publisher.wait(60), 0)
            until = time.time() + 10
            numbers = []
            while time.time() < until and len(set(numbers)) < count:
                time.sleep(0.2)
                numbers = [int(line) for line in received.read_text().split()]
            time.sleep(0.3)
            numbers = [int(line) for line in received.read_text().split()]
            check(f"nothing is lost over four ends of the broker, {version}, QoS {qos}", len(set(numbers)), count)
            if qos == "2":
                check(f"and nothing comes twice or out of order, {version}", numbers == sorted(set(numbers)), True)
            subscriber.terminate()
            subscriber.wait(10)
            broker.end()


def aliases(folder):
    """They are of a connection, whatever the session was before: of 3.1.1, of 5.0 without aliases, from the state file."""
    broker = Broker(folder, "--state", folder / "state", "--sys", "0")
    for name in (b"alone", b"after restart"):
        taker = hostile.open_to(broker, hostile.connect(name, stays=True) + hostile.subscribe(1, [b"alias/#"]))
        hostile.read_packet(taker)
        hostile.read_packet(taker)
        taker.close()
    for name in (b"alone", b"after restart"):
        if name == b"after restart":
            broker.end()
            broker = Broker(folder, "--state", folder / "state", "--sys", "0", port=broker.port)
        for wanted in (0, 9):
            taker = hostile.open_to(broker, hostile.connect(name, level=5, expiry=600, aliases=wanted))
            code, connack = hostile.read_packet(taker)
            check("a session goes on", (code, connack[:2]), (b"\x20", b"\1\0"))
            check("and is told how many aliases it may use", b"\x22\0\x10" in connack)
            taker.sendall(hostile.packet(0x30, hostile.text(b"alias/b") + b"\3\x23\0\x10" + b"1")
                          + hostile.packet(0x30, b"\0\0" + b"\3\x23\0\x10" + b"2"))
            check("it uses them", [hostile.read_packet(taker)[1] for _ in range(2)],
                  [hostile.text(b"alias/b") + b"\3\x23\0\x01" + b"1", b"\0\0" + b"\3\x23\0\x01" + b"2"] if wanted
                  else [hostile.text(b"alias/b") + b"\0" + each for each in (b"1", b"2")])
            taker.close()
            time.sleep(0.2)
    check("a clean stop", broker.end(), 0)


def passwords(folder):
    file = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-c", "-b", file, "ann", "secret"], check=True, capture_output=True)
    broker = Broker(folder, "--password-file", file)
    check("the right password", broker.pub("-t", "a", "-m", "b", "-u", "ann", "-P", "secret"), 0)
    check("a wrong password", broker.pub("-t", "a", "-m", "b", "-u", "ann", "-P", "Secret") != 0, True)
    check("no password", broker.pub("-t", "a", "-m", "b") != 0, True)
    check("a clean stop", broker.end(), 0)


def refusals(folder):
    broker = Broker(folder, "--sys", "0", "--maximum-keep-alive", "60", "--refuse-filter", "secret/#")
    for seconds, is_told in ((0, True), (60, False), (61, True)):
        connack = hostile.read_packet(hostile.open_to(broker, hostile.connect(b"k", level=5, keep_alive=seconds)))[1]
        check(f"Keep Alive {seconds} of 5.0", b"\x13\0\x3c" in connack, is_told)
    for level, properties in ((4, b""), (5, b"\0")):
        user = hostile.open_to(broker, hostile.connect(b"u", level=level))
        hostile.read_packet(user)
        filters = hostile.text(b"secret/#") + b"\2" + hostile.text(b"a") + b"\2"
        user.sendall(hostile.packet(0x82, b"\0\1" + properties + filters))
        check("a filter is refused", hostile.read_packet(user)[1], b"\0\1" + properties + b"\x80\2")
    check("a clean stop", broker.end(), 0)


def paho(broker):
    import paho.mqtt.client as mqtt

    for transport in ("tcp", "websockets"):
        got = []
        which = dict(protocol=mqtt.MQTTv5, transport=transport)
        if hasattr(mqtt, "CallbackAPIVersion"):
            which["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
        user = mqtt.Client(**which)
        user.on_message = lambda _client, _data, message: got.append(len(message.payload))
        user.on_connect = lambda each, *_: each.subscribe("paho/#", 2)
        user.connect("localhost", broker.port, 20)
        user.loop_start()
        time.sleep(0.6)
        for size in (1, 200_000, 5):
            user.publish("paho/x", b"z" * size, qos=2)
        until = time.time() + 10
        while len(got) < 3 and time.time() < until:
            time.sleep(0.1)
        user.disconnect()
        user.loop_stop()
        check(f"Paho, {transport}", got, [1, 200_000, 5])


def talk(folder):
    key, trusted = certificate(folder)
    broker = Broker(folder, "--certificate", trusted, "--key", key, "--sys", "1")
    versions_and_transports(broker, trusted)
    features(broker)
    paho(broker)
    check("a clean stop with clients", broker.end(), 0)
    passwords(folder)
    refusals(folder)


def main():
    groups = {"talk": talk, "hostile": hostile.run, "restarts": restarts, "aliases": aliases, "sessions": sessions.run,
              "broker": broker_group.run, "away": away.run, "limits": limits.run, "disk": disk.run, "files": files.run,
              "mqttjs": mqttjs.run}
    for name in sys.argv[2:] or groups:
        with tempfile.TemporaryDirectory() as folder:
            groups[name](pathlib.Path(folder))
    sys.exit(f"{programs.failures} checks failed" if programs.failures else 0)


main()
