"""manifest.tsv, the table of all captures."""

import csv

from recording.mqtt_reader import read_stream

COLUMNS = ["file", "version", "sender_role", "sender", "packets", "canonical", "note", "description"]


def summary(data, version):
    """What the manifest says of a file: the columns packets, canonical and note."""
    packets = read_stream(data, version)
    deviations = [f"{index}: {deviation}"
                  for index, packet in enumerate(packets) for deviation in packet.deviations]
    return {"packets": str(len(packets)), "canonical": "no" if deviations else "yes", "note": "; ".join(deviations)}


def read_manifest(directory):
    with open(directory / "manifest.tsv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def write_manifest(rows, directory):
    with open(directory / "manifest.tsv", "w", newline="", encoding="utf-8") as file:
        for row in [COLUMNS] + [[row[column] for column in COLUMNS] for row in rows]:
            file.write("\t".join(row) + "\n")
