"""Other people's brokers, on free ports of the loopback interface, with an empty memory, and stopped at the end."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
STARTUP = 20   # seconds a broker may take until it listens

MOSQUITTO_CONFIGURATION = """\
listener {port} 127.0.0.1
max_topic_alias 10
allow_anonymous true
password_file {folder}/passwords
persistence false
sys_interval 0
log_dest none
"""


class MissingPeer(Exception):
    """A peer cannot be run."""


def program(name):
    """The path of an installed program."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if path is None:
        raise MissingPeer(f"{name} is not installed")
    return path


def listens(port):
    """Whether somebody accepts connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def start(command, **options):
    """A process that ends with this one, even if this one is killed."""
    return subprocess.Popen([program("setpriv"), "--pdeathsig", "KILL", *map(str, command)], stdin=subprocess.DEVNULL,
                            **options)


@contextlib.contextmanager
def stopped_at_the_end(process):
    """Ends the process in any case."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def mosquitto():
    """Gives the port of a mosquitto."""
    with tempfile.TemporaryDirectory(prefix="interop-") as folder:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        configuration = MOSQUITTO_CONFIGURATION.format(port=port, folder=folder)
        if os.geteuid() == 0:
            configuration += "user root\n"   # it would give up root, and with it the password file
        pathlib.Path(folder, "mosquitto.conf").write_text(configuration)
        subprocess.run([program("mosquitto_passwd"), "-b", "-c", f"{folder}/passwords", "alice", "wonderland"],
                       check=True, capture_output=True, timeout=STARTUP)
        with stopped_at_the_end(start([program("mosquitto"), "-c", f"{folder}/mosquitto.conf"])) as process:
            deadline = time.monotonic() + STARTUP
            while not listens(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise MissingPeer("mosquitto does not start")
                time.sleep(0.05)
            yield port


@contextlib.contextmanager
def aedes(modules):
    """Gives the port of an aedes."""
    command = [program("node"), HERE / "peers" / "aedes_broker.js"]
    environment = {**os.environ, "NODE_PATH": str(modules / "node_modules")}
    with stopped_at_the_end(start(command, stdout=subprocess.PIPE, text=True, env=environment)) as process:
        line = process.stdout.readline()
        if not line.strip().isdigit():
            raise MissingPeer("aedes does not start")
        yield int(line)
