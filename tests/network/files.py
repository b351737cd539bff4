"""A file of 50 MB is published through mqttwire-client: whole, in little memory, and with a line that tells how far it is."""

import hashlib
import os
import pathlib
import pty
import re
import socket
import subprocess
import time

from programs import CLIENT, check, client, mosquitto

MEGABYTE = 1 << 20
SIZE = 50 * MEGABYTE


def peak(process):
    """The most bytes of memory that a process has had."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])


def through_mosquitto(folder, file):
    wanted = hashlib.sha256(file.read_bytes()).hexdigest()
    with mosquitto(folder) as port:
        for version in ("3.1.1", "5"):
            for qos in ("0", "1", "2"):
                received = folder / "received"
                with received.open("wb") as out:
                    subscriber = subprocess.Popen(["mosquitto_sub", "-p", str(port), "-V", "5", "-q", qos, "-t", "file",
                                                   "-N", "-C", "1", "-W", "60"], stdout=out, stdin=subprocess.DEVNULL)
                time.sleep(0.4)
                common = ["pub", "--url", f"mqtt://localhost:{port}", "--quiet", "--version", version, "--qos", qos]
                if qos == "1":
                    with subprocess.Popen(["cat", file], stdout=subprocess.PIPE) as pipe:
                        publisher = client(*common, "--file", "-", "file", stdin=pipe.stdout)
                else:
                    publisher = client(*common, "--file", file, "file")
                check(f"50 MB to mosquitto, {version}, QoS {qos}", (publisher.wait(60), subscriber.wait(60)), (0, 0))
                check("and they are the same", hashlib.sha256(received.read_bytes()).hexdigest(), wanted)


class SlowServer:
    """Takes a connection and one PUBLISH, as slowly as is asked."""

    def __init__(self, seconds, end_after=None):
        self.seconds, self.end_after = seconds, end_after
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def serve(self, at_half):
        """The PUBLISH, or what has come of it."""
        connection, _ = self.listener.accept()
        connection.settimeout(30)
        connection.recv(4_096)
        connection.sendall(bytes.fromhex("20 03 00 00 00"))
        got = bytearray()
        begun = time.monotonic()
        while len(got) < (self.end_after or SIZE) and (more := connection.recv(262_144)):
            got += more
            if at_half and len(got) > SIZE // 2:
                at_half()
                at_half = None
            time.sleep(max(0.0, begun + self.seconds * len(got) / SIZE - time.monotonic()))
        connection.close()
        return bytes(got)


def how_it_goes(file):
    """Memory, and what a terminal shows."""
    server = SlowServer(3)
    ours, theirs = pty.openpty()
    process = subprocess.Popen([CLIENT, "pub", "--url", f"mqtt://127.0.0.1:{server.port}", "--file", file, "file"],
                               stdin=subprocess.DEVNULL, stderr=theirs)
    memory = []
    got = server.serve(lambda: memory.append(peak(process)))
    check(f"50 MB take little memory: {memory[0] / MEGABYTE:.1f} MB", memory[0] < 16 * MEGABYTE)
    check("the packet is as long as it says", got.startswith(bytes.fromhex("30 87 80 80 19 00 04") + b"file\0"))
    check("and ends as the file does", got[12:12 + SIZE] == file.read_bytes())
    check("the client ends", process.wait(20), 0)
    os.close(theirs)
    shown = b""
    try:
        while more := os.read(ours, 65_536):
            shown += more
    except OSError:  # that is how a terminal ends
        pass
    os.close(ours)
    told = re.findall(r"([\d.]+) of 52.4 MB, (\d+) %", shown.decode())
    check(f"a terminal is told a few times a second how far it is: {len(told)}", 4 <= len(told) <= 13)
    check("always farther", told == sorted(told, key=lambda each: float(each[0])) and int(told[-1][1]) > 80)
    check("and the line is taken away", shown.endswith(b"\r\x1b[K"))

    server = SlowServer(2)
    process = subprocess.Popen([CLIENT, "pub", "--url", f"mqtt://127.0.0.1:{server.port}", "--file", file, "file"],
                               stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    server.serve(None)
    check("what is no terminal is not told", process.communicate(timeout=20)[1], b"")


def cut_off(folder, file):
    """A connection that ends in the middle of a message with QoS 0 has delivered nothing, so it is sent anew."""
    server = SlowServer(0, end_after=10 * MEGABYTE)
    process = client("pub", "--url", f"mqtt://127.0.0.1:{server.port}", "--quiet", "--file", file, "file")
    server.serve(None)
    server.end_after = None
    check("what was cut off is sent anew", server.serve(None)[12:12 + SIZE] == file.read_bytes())
    check("then the client ends", process.wait(20), 0)

    shrinking = folder / "shrinking"
    shrinking.write_bytes(bytes(SIZE))
    server = SlowServer(1)
    process = client("pub", "--url", f"mqtt://127.0.0.1:{server.port}", "--quiet", "--attempts", "1", "--file", shrinking,
                     "file")
    got = server.serve(lambda: os.truncate(shrinking, 1_000))
    check("a file that becomes shorter ends the connection", len(got) < SIZE)
    process.terminate()
    process.wait(20)


def run(folder):
    file = folder / "file"
    file.write_bytes(os.urandom(SIZE))
    through_mosquitto(folder, file)
    how_it_goes(file)
    cut_off(folder, file)
