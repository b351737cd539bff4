"""Starts mosquitto on loopback for one scenario and stops it again."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

from recording.relay import RecordingError, wait_until

USER_NAME = "alice"
PASSWORD = "wonderland"

CONFIGURATION = """\
listener {port} 127.0.0.1
max_topic_alias 10
allow_anonymous true
password_file {directory}/passwords
acl_file {directory}/acl
persistence false
sys_interval 0
log_dest file {directory}/log
"""

# A server that allows less has more to say: in its CONNACK, and in a DISCONNECT when a client oversteps.
LIMITS = """\
max_qos 1
retain_available false
max_keepalive 30
max_packet_size 400
max_inflight_messages 7
"""

ACCESS = f"""\
topic readwrite #
user {USER_NAME}
topic readwrite #
topic deny forbidden/#
"""


def find_program(name):
    program = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        raise RecordingError(f"{name} is not installed")
    return program


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Broker:
    """A mosquitto with a fresh memory, as a context manager."""

    def __init__(self, limited=False):
        self.port = free_port()
        self.limited = limited

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="captures-")
        directory = pathlib.Path(self._directory.name)
        configuration = CONFIGURATION.format(port=self.port, directory=directory)
        if self.limited:
            configuration += LIMITS
        if os.geteuid() == 0:
            configuration += "user root\n"  # it would give up root, and with it the password file
        (directory / "mosquitto.conf").write_text(configuration)
        (directory / "acl").write_text(ACCESS)
        (directory / "acl").chmod(0o600)
        subprocess.run([find_program("mosquitto_passwd"), "-b", "-c", directory / "passwords", USER_NAME, PASSWORD],
                       check=True, capture_output=True)
        self._process = subprocess.Popen([find_program("mosquitto"), "-c", directory / "mosquitto.conf"],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self._accepts, "mosquitto to listen")
        except RecordingError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._directory.cleanup()

    def _accepts(self):
        if self._process.poll() is not None:
            raise RecordingError(f"mosquitto ended with status {self._process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        except ConnectionRefusedError:
            return False
