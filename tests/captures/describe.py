#!/usr/bin/python3
"""Shows the packets of captures.

    describe.py                       one line a packet, for every file of the manifest
    describe.py FILE...               the same for some files of the manifest
    describe.py --version 5.0 FILE    a file that the manifest does not know
    describe.py --check               compare the manifest with the files; exit status 1 on a difference
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True

from recording.manifest import read_manifest, summary
from recording.mqtt_reader import LEVELS, read_stream

HERE = pathlib.Path(__file__).resolve().parent


def show(path, version):
    print(f"{path.name} ({version}, {path.stat().st_size} bytes)")
    for index, packet in enumerate(read_stream(path.read_bytes(), version)):
        print(f"  {index:3} @{packet.offset:<5} {packet.size:5}  {packet.name:<11} {' '.join(packet.fields)}")
        for deviation in packet.deviations:
            print(f"{'':17}not canonical: {deviation}")


def check():
    """The differences between the manifest and the files beside it."""
    differences = []
    rows = read_manifest(HERE)
    for row in rows:
        path = HERE / row["file"]
        if not path.exists():
            differences.append(f"{row['file']}: missing")
            continue
        for column, value in summary(path.read_bytes(), row["version"]).items():
            if row[column] != value:
                differences.append(f"{row['file']}: {column} is {row[column]!r}, should be {value!r}")
    listed = {row["file"] for row in rows}
    differences += [f"{path.name}: not in the manifest" for path in sorted(HERE.glob("*.bin"))
                    if path.name not in listed]
    return differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--version", choices=LEVELS)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.check:
        differences = check()
        print("\n".join(differences) or "the manifest agrees with the files")
        return 1 if differences else 0
    versions = {row["file"]: row["version"] for row in read_manifest(HERE)}
    for path in arguments.files or [HERE / name for name in versions]:
        version = arguments.version or versions.get(path.name)
        if version is None:
            parser.error(f"{path}: not in the manifest, say its --version")
        show(path, version)
    return 0


if __name__ == "__main__":
    sys.exit(main())
