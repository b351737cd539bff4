"""MQTT.js against mqttwire-broker, as mqttjs.js says, and mqttwire-client against aedes, a broker for Node.js."""

import itertools
import os
import pathlib
import subprocess
import sys
import time

import programs
from programs import BUILD, CLIENT, Broker, certificate, check, client, lines

sys.path.append(str(programs.ROOT / "tests" / "interop"))
from servers import aedes  # pylint: disable=wrong-import-position

NPM = BUILD / "npm"


def against_the_broker(folder):
    key, trusted = certificate(folder)
    environment = {**os.environ, "NODE_PATH": str(NPM / "node_modules")}
    for version, scheme in itertools.product(("3.1.1", "5"), ("mqtt", "mqtts", "ws", "wss")):
        broker = Broker(folder, "--certificate", trusted, "--key", key, "--sys", "0")
        url = f"{scheme}://localhost:{broker.port}{'/mqtt' if scheme.startswith('ws') else ''}"
        node = ["node", pathlib.Path(__file__).with_suffix(".js"), CLIENT, trusted, version, url]
        check(f"MQTT.js, {version}, {scheme}", subprocess.run(node, env=environment, timeout=60).returncode, 0)
        check("a clean stop", broker.end(), 0)


def against_aedes(port):
    def start(what, version, *options, **more):
        url = f"mqtt://127.0.0.1:{port}"
        return client(what, "--quiet", "--url", url, "--version", version, "--attempts", "3", *options, **more)

    for version in ("3.1", "3.1.1"):
        topic = f"from/{version}"
        session = "sub", version, "--id", f"kept {version}", "--expiry", "600", "--qos", "2", "--count"
        subscriber = start(*session, "3", "--payload", topic, stdout=subprocess.PIPE)
        time.sleep(1)
        for qos in "012":
            check("aedes takes it", start("pub", version, "--qos", qos, "--message", qos, topic).wait(20), 0)
        check(f"mqttwire-client through aedes, {version}", lines(subscriber), ["0", "1", "2"])
        for qos in "12":
            start("pub", version, "--qos", qos, "--message", f"away{qos}", topic).wait(20)
        check(f"a session there, {version}", lines(start(*session, "2", "--payload", topic, stdout=subprocess.PIPE)),
              ["away1", "away2"])
        start("pub", version, "--qos", "1", "--retain", "--message", "kept", topic).wait(20)
        reader = start("sub", version, "--count", "1", "--payload", topic, stdout=subprocess.PIPE)
        check(f"a retained message there, {version}", lines(reader), ["kept"])
    check("aedes does not know 5.0", start("pub", "5", "--message", "x", "from/5").wait(20) != 0)


def run(folder):
    against_the_broker(folder)
    with aedes(NPM) as port:
        against_aedes(port)
