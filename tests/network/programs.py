"""The two programs as the tests run them, mosquitto's clients beside them, and the count of what failed."""

import contextlib
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "network"
BROKER = BUILD / "examples" / "broker" / "mqttwire-broker"
CLIENT = BUILD / "examples" / "client" / "mqttwire-client"

failures = 0
checking = threading.Lock()


def check(what, seen, wanted=True):
    global failures
    good = seen == wanted
    with checking:
        failures += not good
        print(f"{'ok  ' if good else 'FAIL'} {what}" + ("" if good else f": {seen!r} instead of {wanted!r}"), flush=True)


def certificate(folder):
    """Files with a key for localhost, and a certificate that says so itself."""
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", made,
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                   check=True, capture_output=True)
    return key, made


class Broker:
    def __init__(self, folder, *options, port=0, environment=None):
        self.log = folder / "broker.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen([BROKER, "--address", "127.0.0.1", "--port", str(port), "--verbose", *options],
                                            stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, text=True,
                                            env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the broker does not start")
        self.port = int(line.split()[-1])

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(10)

    def resident(self):
        """Bytes of memory that the broker has at the moment."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])

    def sub(self, *arguments):
        process = subprocess.Popen(["mosquitto_sub", "-h", "localhost", "-p", str(self.port), "-W", "8", *arguments],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True)
        time.sleep(0.3)
        return process

    def pub(self, *arguments):
        return subprocess.run(["mosquitto_pub", "-h", "localhost", "-p", str(self.port), *arguments], capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=20).returncode


def lines(process):
    return process.communicate(timeout=20)[0].split()


def client(*arguments, **options):
    return subprocess.Popen([CLIENT, *arguments], stdin=options.pop("stdin", subprocess.DEVNULL), text=True, **options)


@contextlib.contextmanager
def mosquitto(folder, *settings):
    """A mosquitto on a port of its own, which is given."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = folder / "mosquitto.conf"
    # For a program that is started by root the user is another one, who cannot read this folder.
    configuration.write_text("\n".join([f"listener {port} 127.0.0.1", "allow_anonymous true", f"user {getpass.getuser()}",
                                        "log_type error", *settings, ""]))
    process = subprocess.Popen([shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", configuration],
                               stdin=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)
