"""The session of mqttwire-client: over its connections, from one run of the program to the next, and with servers that do
what they may not."""

import socket
import struct
import subprocess
import time

from hostile import connect, open_to, packet, publish, read_packet, text
from programs import Broker, check, client, lines

VERSIONS = "3.1.1", "5"


class Server:
    """A server whose every packet the test says; the client that comes to it."""

    def __init__(self, version, *arguments):
        self.is_5 = version == "5"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(15)
        self.client = client(*arguments[:1], "--url", f"mqtt://127.0.0.1:{self.listener.getsockname()[1]}", "--version", version,
                             *arguments[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def accept(self, session_present=0):
        """Takes the next connection; the CONNECT."""
        self.connection, _ = self.listener.accept()
        self.connection.settimeout(3)
        connect = read_packet(self.connection)[1]
        self.connection.sendall(packet(0x20, bytes([session_present, 0]) + self.no_properties()))
        return connect

    def no_properties(self):
        return b"\0" if self.is_5 else b""

    def read(self):
        """First byte and the beginning of the body; nothing if the connection has ended, "silence" if nothing comes."""
        try:
            first, body = read_packet(self.connection)
            self.identifier = body[:2]
            return first, body[:2]
        except TimeoutError:
            return "silence"

    def publish(self, first, identifier, payload):
        self.connection.sendall(
            packet(first, text(b"t") + struct.pack("!H", identifier) + self.no_properties() + payload))

    def suback(self, codes):
        self.connection.sendall(packet(0x90, self.identifier + self.no_properties() + codes))

    def close(self):
        self.connection.close()

    def end(self):
        """How the client ends, what it has shown, and what it has told."""
        self.client.terminate()
        shown, told = self.client.communicate(timeout=15)
        self.listener.close()
        return self.client.returncode, shown.split(), told


def run_client(*arguments):
    """What a run shows that ends by itself."""
    process = client(*arguments, "--quiet", "--payload", stdout=subprocess.PIPE)
    try:
        return process.communicate(timeout=6)[0].split()
    except subprocess.TimeoutExpired:
        process.kill()
        return "no end, " + process.communicate()[0]


def after_a_run(broker, version, qos):
    """The topic of a subscriber whose session is left at the broker, and what is told to its next run."""
    own = f"own-{version}-{qos}"
    common = ["sub", own, "--url", f"mqtt://localhost:{broker.port}", "--version", version, "--id", own, "--expiry", "600",
              "--qos", qos]
    first = client(*common, "--quiet")
    time.sleep(0.4)
    first.terminate()
    check(f"a run ends, {version}, QoS {qos}", first.wait(10), 0)
    return own, common


def one_run_after_another(folder):
    broker = Broker(folder, "--sys", "0")
    for version in VERSIONS:
        for qos in "12":
            own, common = after_a_run(broker, version, qos)
            for payload in "12":
                broker.pub("-t", own, "-m", payload, "-q", qos)
            check("the next one goes on with its session", run_client(*common, "--count", "2"), ["1", "2"])
            broker.pub("-t", own, "-m", "3", "-q", qos)
            check("in which nothing is left", run_client(*common, "--count", "1"), ["3"])
    check("a clean stop", broker.end(), 0)


def subscribed_once():
    """SUBSCRIBE is for a server that has no session, or has not answered the one before."""
    for version in VERSIONS:
        server = Server(version, "sub", "--quiet", "--id", "s", "--expiry", "600", "--qos", "1", "t")
        for present, answers, wanted in ((0, False, True), (1, False, True), (1, True, True), (1, True, False), (0, True, True),
                                         (1, True, False)):
            server.accept(present)
            if wanted:
                check(f"SUBSCRIBE, {version}", server.read()[0], b"\x82")
                if answers:
                    server.suback(b"\1")
            server.publish(0x32, 7, b"m")
            check("a message is acknowledged" if wanted else "no SUBSCRIBE before it", server.read(), (b"\x40", b"\0\7"))
            server.close()
        check(f"the client ends, {version}", server.end(), (0, 6 * ["t", "m"], ""))


def no_more_than_asked_for():
    """What comes behind the last message that was asked for is left to the server; the last one's own flow is completed."""
    for version in VERSIONS:
        server = Server(version, "sub", "--payload", "--id", "s", "--expiry", "600", "--qos", "2", "--count", "2", "t")
        server.accept()
        check(f"SUBSCRIBE, {version}", server.read()[0], b"\x82")
        server.suback(b"\2")
        for i in (1, 2, 3):
            server.publish(0x34, i, b"%d" % i)
        server.publish(0x32, 4, b"4")
        check("two messages are received", (server.read(), server.read()), ((b"\x50", b"\0\1"), (b"\x50", b"\0\2")))
        check("and no more", server.read(), "silence")
        server.close()
        server.accept(1)
        for i in (2, 3):
            server.publish(0x3C, i, b"%d" % i)
        server.connection.sendall(b"\x62\2\0\1")
        check("neither are they on the next connection",
              (server.read(), server.read(), server.read()), ((b"\x50", b"\0\2"), (b"\x70", b"\0\1"), "silence"))
        server.connection.sendall(b"\x62\2\0\2")
        check("the flow of the last one is completed", (server.read(), server.read()[0]), ((b"\x70", b"\0\2"), b"\xe0"))
        check("then the client ends", server.end()[:2], (0, ["1", "2"]))


def left_for_the_next_run(folder):
    broker = Broker(folder, "--sys", "0")
    for version in VERSIONS:
        for qos in "12":
            own, common = after_a_run(broker, version, qos)
            for payload in "1234567":
                broker.pub("-t", own, "-m", payload, "-q", qos)
            got = [run_client(*common, "--count", str(count)) for count in (1, 2, 4)]
            check(f"one run takes what it was asked for, the next one the rest, {version}, QoS {qos}", got,
                  [["1"], ["2", "3"], ["4", "5", "6", "7"]])
    check("a clean stop", broker.end(), 0)


def publisher_after_another(folder):
    """A message is not taken for one whose flow the publisher before has not ended, though it has the same identifier."""
    broker = Broker(folder, "--sys", "0")
    before = open_to(broker, connect(b"p", level=5, expiry=600) + publish(b"t", b"before", 2, 1, 5))
    check("a message is on its way", (read_packet(before)[0], read_packet(before)), (b"\x20", (b"\x50", b"\0\1")))
    before.close()
    reader = broker.sub("-t", "t", "-C", "1")
    publisher = client("pub", "t", "--quiet", "--url", f"mqtt://localhost:{broker.port}", "--id", "p", "--expiry", "600", "--qos",
                       "2", "--message", "after")
    check("the next one arrives", (lines(reader), publisher.wait(10)), (["after"], 0))
    check("a clean stop", broker.end(), 0)


def codes_of_suback():
    """A server that answers another number of filters than it was asked for."""
    for version in VERSIONS:
        for filters, codes in ((["a"], 200 * b"\x80"), (["a", "b"], b"\0"), (["a"], b"\0\0")):
            server = Server(version, "sub", *filters)
            server.accept()
            check(f"{len(codes)} codes for {len(filters)} filters, {version}", server.read()[0], b"\x82")
            server.suback(codes)
            if version == "5":
                check("5.0 says that this is a protocol error", server.read(), (b"\xe0", b"\x82"))
            check("the client closes", server.read(), (b"", b""))
            server.close()
            status, _, told = server.end()
            check("it says why", (status, "not one reason code for each filter" in told), (0, True))


def sent_again():
    """Without a kept session, what was on its way when the connection was lost is sent as a new message."""
    for version, options in (("3.1.1", []), ("5", ["--expiry", "0"])):
        server = Server(version, "pub", *options, "--quiet", "--qos", "1", "--message", "m", "t")
        server.accept()
        check(f"PUBLISH, {version}", server.read()[0], b"\x32")
        server.close()
        server.accept()
        check("PUBLISH again", server.read()[0], b"\x32")
        server.connection.sendall(b"\x40\2\0\1")
        check("DISCONNECT", server.read()[0], b"\xe0")
        check("the client ends", server.end()[0], 0)


def wills(folder):
    """A will has what a message has."""
    broker = Broker(folder, "--sys", "0")
    watcher = broker.sub("-V", "5", "-t", "will", "-C", "1", "-F", "%p|%C|%D|%E|%F|%P|%R")
    loser = client("sub", "--quiet", "--url", f"mqtt://localhost:{broker.port}", "--will", "will", "lost", "--will-qos", "1",
                   "--will-text", "--will-message-expiry", "60", "--will-content-type", "c", "--will-response-topic", "r",
                   "--will-correlation-data", "d", "--will-property", "k", "v", "t")
    time.sleep(0.4)
    loser.kill()
    check("a will with properties", watcher.communicate(timeout=15)[0], "lost|c|d|60|1|k:v|r\n")
    check("a clean stop", broker.end(), 0)


def run(folder):
    one_run_after_another(folder)
    publisher_after_another(folder)
    codes_of_suback()
    no_more_than_asked_for()
    left_for_the_next_run(folder)
    subscribed_once()
    sent_again()
    wills(folder)
