"""Collects the recorded connections of a run and writes them out as files and manifest."""

import contextlib
import pathlib
import re
import subprocess

from recording.broker import find_program
from recording.manifest import summary, write_manifest
from recording.mqtt_reader import Malformed
from recording.relay import Relay, RecordingError


def program_version(command):
    """What `command` prints as its version, such as "2.0.11"."""
    output = subprocess.run([find_program(command[0]), *command[1:]], capture_output=True, text=True).stdout
    found = re.search(r"version (\S+)", output)
    if found is None:
        raise RecordingError(f"{command[0]} does not tell its version")
    return found.group(1)


class Recorder:
    def __init__(self):
        self._server = "mosquitto " + program_version(["mosquitto", "-h"])
        self._rows = []
        self._files = {}

    @contextlib.contextmanager
    def connection(self, name, version, sender, description, broker):
        """Gives a relay whose one connection becomes NAME.client.bin and NAME.server.bin."""
        relay = Relay(broker.port)
        try:
            yield relay
            relay.wait_closed()
        except RecordingError as error:
            raise RecordingError(f"{name}: {error}") from error
        for role, program in [("client", sender), ("server", self._server)]:
            file = f"{name}.{role}.bin"
            data = bytes(relay.sent[role])
            if file in self._files or not data:
                raise RecordingError(f"{file} is there twice, or empty")
            try:
                counted = summary(data, version)
            except Malformed as error:
                raise RecordingError(f"{file}: {error}") from error
            self._files[file] = data
            self._rows.append({"file": file, "version": version, "sender_role": role, "sender": program,
                               "description": description, **counted})

    def write(self, directory):
        """Replaces the captures in `directory`, and returns the names of the files that changed."""
        old = {path.name: path.read_bytes() for path in pathlib.Path(directory).glob("*.bin")}
        for file in old.keys() - self._files.keys():
            (directory / file).unlink()
        for file, data in self._files.items():
            (directory / file).write_bytes(data)
        write_manifest(sorted(self._rows, key=lambda row: row["file"]), directory)
        return sorted(file for file in old.keys() | self._files.keys() if old.get(file) != self._files.get(file))
