"""The scenarios with mosquitto_pub, mosquitto_sub and mosquitto_rr."""

import contextlib
import shlex
import subprocess

from recording.broker import PASSWORD, USER_NAME, Broker, find_program
from recording.paho_client import Paho
from recording.recorder import program_version
from recording.relay import PATIENCE, RecordingError

VERSION_OPTIONS = {"3.1": "mqttv31", "3.1.1": "mqttv311", "5.0": "mqttv5"}
LOGIN = f"-u {USER_NAME} -P {PASSWORD}"


class MosquittoClients:
    """Runs the programs of one MQTT version and records their connections."""

    def __init__(self, recorder, version):
        self._recorder = recorder
        self.version = version
        self._versions = {program: program_version([program, "--version"])
                          for program in ("mosquitto_pub", "mosquitto_sub", "mosquitto_rr")}

    def connection(self, name, command, what, broker):
        program = command.split()[0]
        description = f"{what}: {command}"
        return self._recorder.connection(f"mosquitto-{self.version}-{name}", self.version,
                                         f"{program} {self._versions[program]}", description, broker)

    @contextlib.contextmanager
    def running(self, command, relay):
        """Starts a program; what still runs at the end is killed."""
        program, *arguments = shlex.split(command)
        process = subprocess.Popen(
            [find_program(program), "-h", "127.0.0.1", "-p", str(relay.port),
             "-V", VERSION_OPTIONS[self.version], *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def run(self, name, command, what, broker, succeeds=True):
        """Records one program from its start to its end."""
        with self.connection(name, command, what, broker) as relay, self.running(command, relay) as process:
            finish(process, succeeds)


def finish(process, succeeds=True):
    """Waits until the program has ended by itself."""
    try:
        status = process.wait(PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise RecordingError("the program did not end") from error
    if (status == 0) != succeeds:
        raise RecordingError(f"the program ended with status {status}")


def publish_and_subscribe(clients):
    """Three publishers, QoS 0, 1 and 2, and one subscriber that gets all their messages."""
    with Broker() as broker:
        clients.run("publish-qos0", f"mosquitto_pub -i pub-0 {LOGIN} -t home/kitchen/temperature -m 21.5 -r",
                    "retained message with QoS 0, user name and password", broker)
        subscribe = (f"mosquitto_sub -i sub {LOGIN} -q 2 -t home/+/temperature -t weather/# -t /+ "
                     "-U home/attic -C 3")
        with clients.connection("subscribe", subscribe, "wildcards; a retained message with QoS 0, then messages "
                                "with QoS 1 and 2 arrive; unsubscribe", broker) as relay, \
             clients.running(subscribe, relay) as subscriber:
            relay.wait_for("server", "UNSUBACK")
            relay.wait_for("server", "PUBLISH")
            clients.run("publish-qos1-will",
                        f"mosquitto_pub -i pub-1 {LOGIN} -q 1 -t home/hall/temperature -m 18 "
                        "--will-topic status/pub-1 --will-payload offline --will-qos 1 --will-retain",
                        "QoS 1, with a will and user name and password", broker)
            relay.wait_for("client", "PUBACK")
            clients.run("publish-qos2",
                        "mosquitto_pub -i pub-2 -k 30 -q 2 -t weather/zürich/wind -m '4 m/s ≈ 8 kn' "
                        "--will-topic status/pub-2 --will-qos 2",
                        "QoS 2, text beyond ASCII, a will with an empty payload", broker)
            finish(subscriber)


def will_fires(clients):
    """A client that pings, dies and leaves its will to another one."""
    properties = ("-D will content-type text/plain -D will payload-format-indicator 1 "
                  "-D will user-property cause crash") if clients.version == "5.0" else ""
    victim_command = (f"mosquitto_sub -i victim {LOGIN} -k 5 -t idle --will-topic status/victim "
                      f"--will-payload gone --will-qos 1 {properties}").strip()
    witness_command = "mosquitto_sub -i witness -q 1 -t status/+ -C 1"
    with Broker() as broker, \
         clients.connection("will-received", witness_command, "receives the will of the client that died", broker) \
            as witness_relay, \
         clients.running(witness_command, witness_relay) as witness:
        witness_relay.wait_for("server", "SUBACK")
        with clients.connection("ping-will-fires", victim_command,
                                "keep alive 5: a ping, then the program is killed without DISCONNECT", broker) \
                as victim_relay, \
             clients.running(victim_command, victim_relay):
            victim_relay.wait_for("server", "PINGRESP")
        finish(witness)


def refused(clients):
    with Broker() as broker:
        clients.run("refused", f"mosquitto_pub -i intruder -u {USER_NAME} -P guess -t a -m b",
                    "refused because of a wrong password", broker, succeeds=False)


def properties(clients):
    """5.0: every property the programs can set, given in an order of no meaning."""
    publish = (f"mosquitto_pub -i pub-props {LOGIN} -q 1 -t props/all -m '{{\"on\":true}}' -x 120 "
               "-D connect user-property origin demo -D connect receive-maximum 10 "
               "-D connect maximum-packet-size 65536 -D connect topic-alias-maximum 5 "
               "-D connect request-response-information 1 -D connect request-problem-information 1 "
               "-D connect user-property origin twice "
               "--will-topic status/pub-props --will-payload bye --will-qos 2 "
               "-D will will-delay-interval 7 -D will message-expiry-interval 60 -D will correlation-data w1 "
               "-D will response-topic status/answer -D will content-type text/plain "
               "-D will payload-format-indicator 1 -D will user-property k v "
               "-D publish content-type application/json -D publish payload-format-indicator 1 "
               "-D publish message-expiry-interval 3600 -D publish user-property b 2 -D publish user-property a 1 "
               "-D publish response-topic props/answer -D publish correlation-data id-17 "
               "-D disconnect session-expiry-interval 30 -D disconnect user-property why done")
    subscribe = ("mosquitto_sub -i sub-props -c -x 60 -q 1 -t props/# -t '$share/team/jobs/+' -U jobs/none -C 1 "
                 "-D subscribe subscription-identifier 300 -D subscribe user-property for demo "
                 "-D unsubscribe user-property for demo -D disconnect session-expiry-interval 0")
    with Broker() as broker, \
         clients.connection("properties-subscribe", subscribe, "properties on SUBSCRIBE, UNSUBSCRIBE and "
                            "DISCONNECT, a session that is to outlive its connection until DISCONNECT gives it up, a "
                            "shared subscription", broker) \
            as relay, \
         clients.running(subscribe, relay) as subscriber:
        relay.wait_for("server", "UNSUBACK")
        clients.run("properties-publish", publish,
                    "properties on CONNECT, will, PUBLISH and DISCONNECT", broker)
        finish(subscriber)


def topic_alias(clients):
    """5.0: the first message sets the alias, the others have an empty topic."""
    with Broker() as broker:
        clients.run("topic-alias", "mosquitto_pub -i alias -q 1 -t a/rather/long/topic -m tick --repeat 3 "
                    "-D publish topic-alias 3", "sets and uses a topic alias; no matching subscribers", broker)


def request_response(clients):
    command = ("mosquitto_rr -i asker -q 1 -t service/add -e service/answers/asker -m '17 + 4' "
               "-D publish correlation-data sum-1")
    with Broker() as broker, Paho("answerer", clients.version, broker.port) as answerer, \
         clients.connection("request-response", command, "request with response topic and correlation data, and "
                            "its answer", broker) as relay:
        answerer.subscribe([("service/add", 1)])
        with clients.running(command, relay) as asker:
            request = answerer.wait_for_message()
            answerer.publish(request.properties.ResponseTopic, "21", qos=1,
                             properties={"CorrelationData": request.properties.CorrelationData})
            finish(asker)


def server_refuses(clients):
    """5.0: reason codes of CONNACK, PUBACK and PUBREC that only a refusal gives."""
    with Broker() as broker:
        clients.run("refused-authentication-method", "mosquitto_pub -i sasl -t a -m b "
                    "-D connect authentication-method SCRAM-SHA-1 -D connect authentication-data n,,n=alice",
                    "refused because the server knows no authentication method", broker, succeeds=False)
        for qos in (1, 2):
            clients.run(f"not-authorized-qos{qos}",
                        f"mosquitto_pub -i mallory {LOGIN} -q {qos} -t forbidden/door -m open",
                        "the server does not let this user publish to the topic", broker)


def record(recorder):
    for version in VERSION_OPTIONS:
        clients = MosquittoClients(recorder, version)
        publish_and_subscribe(clients)
        will_fires(clients)
        refused(clients)
    for scenario in (properties, topic_alias, request_response, server_refuses):
        scenario(clients)  # of 5.0, the last of the versions
