#!/usr/bin/python3
"""Records the captures of this folder anew: see README.md."""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True

try:
    import paho.mqtt.client as paho
except ImportError:
    sys.exit("record.py: this Python has no paho-mqtt; on Debian and Ubuntu install python3-paho-mqtt "
             "and run it with /usr/bin/python3")
if hasattr(paho, "CallbackAPIVersion"):
    sys.exit("record.py: paho-mqtt 1.6 is needed, this is a later one")

from recording import mosquitto_scenarios, paho_scenarios
from recording.recorder import Recorder
from recording.relay import RecordingError


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent,
                        help="where the files go, by default beside this script")
    directory = parser.parse_args().directory
    try:
        recorder = Recorder()
        mosquitto_scenarios.record(recorder)
        paho_scenarios.record(recorder)
    except RecordingError as error:
        sys.exit(f"record.py: {error}; nothing was written")
    changed = recorder.write(directory)
    print(f"{len(changed)} files changed" + "".join(f"\n  {file}" for file in changed))


if __name__ == "__main__":
    main()
