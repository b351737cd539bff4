#!/usr/bin/env python3
"""The differential test: mqttwire-inspect --cases against the reference, packet by packet.

Both read the same generated buffers (cases.py). They must agree on the verdict, the packet, the version, every decoded
field and the canonical bytes of the same content; and each error must be a whole diagnosis. Disagreements are printed
with both answers. Exit status: 0 if there are none, 1 if there are, 2 for a usage error.

    python3 compare.py --inspect build/mqttwire-inspect --seed 7 --count 20000

--diagnosis also holds the offset, the reason code and `skippable` of errors against the reference. A packet with
several faults may be answered with any of them, so these differences are shown and do not fail.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import cases
import reference

ERROR_KEYS = ("code", "offset", "field", "clause", "reason_code", "skippable", "text")
SHOWN = 600   # characters of a line or an answer


def differences(ours, theirs, size):
    """What `theirs` says wrongly of a buffer of `size` bytes, in words; nothing if the answers agree."""
    if not isinstance(theirs, dict):
        return ["the answer is not an object"]
    found = []
    verdict = theirs.get("expect")
    if verdict != ours["expect"] and verdict not in ours.get("also_accept", ()):
        found.append(f"expect: {ours['expect']} is seen as {verdict}")
    if theirs.get("packet") != ours["packet"]:
        found.append("packet")
    # As long as a CONNECT is not valid, the version that it was read with is nobody's business.
    if ours["packet"] != "CONNECT" or ours["expect"] == "ok":
        if theirs.get("version") != ours["version"]:
            found.append("version")
    if verdict == "error":
        found += error_faults(theirs.get("error"), size)
    if verdict == "ok" and ours["expect"] == "ok":
        found += content_differences(ours, theirs)
    return found


def content_differences(ours, theirs):
    """Differences between the contents of two valid packets."""
    found = []
    if not same(reference.without_nulls(ours["fields"]), reference.without_nulls(theirs.get("fields"))):
        found.append("fields")
    if "reencoded" not in theirs or theirs["reencoded"] != ours["reencoded"]:
        found.append("reencoded")
    if theirs.get("let_pass") or ours.get("let_pass"):
        if sorted(theirs.get("let_pass") or ()) != ours.get("let_pass", []):
            found.append("let_pass")
    return found


def same(one, other):
    """Equal as JSON: unlike in Python, a number is never equal to true or false."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def error_faults(error, size):
    """What is missing or impossible in the diagnosis of an error."""
    if not isinstance(error, dict):
        return ["error: no diagnosis"]
    found = [f"error: no {key}" for key in ERROR_KEYS if key not in error]
    if found:
        return found
    if type(error["offset"]) is not int or not 0 <= error["offset"] <= size:
        found.append("error: offset")
    if type(error["skippable"]) is not bool:
        found.append("error: skippable")
    for key in ("code", "text"):
        if not isinstance(error[key], str) or not error[key]:
            found.append(f"error: {key}")
    return found


def diagnosis_differences(ours, theirs):
    """Where two errors name another place or reason."""
    if ours["expect"] != "error" or "also_accept" in ours or theirs.get("expect") != "error":
        return []
    keys = ["offset", "skippable"] + (["reason_code"] if ours["version"] == "5.0" else [])
    return [f"diagnosis: {key}" for key in keys if theirs["error"].get(key) != ours["error"][key]]


class Summary:
    """Counts what was compared and what differed."""

    def __init__(self, shown, save):
        self.shown = shown
        self.save = save
        self.verdicts = collections.Counter()
        self.kinds = collections.Counter()
        self.remarks = collections.Counter()
        self.disagreements = 0

    def note(self, line, ours, theirs, found, remarks):
        """Takes in one case."""
        self.verdicts[ours["expect"]] += 1
        if found:
            self.disagreements += 1
            self.kinds[f"{ours['version']} {ours['packet']}: {', '.join(found)}"] += 1
            if self.save:
                self.save.write(line + "\n")
            if self.disagreements <= self.shown:
                self.show("DISAGREEMENT", line, ours, theirs, found)
        for remark in remarks:
            kind = f"{ours['version']} {ours['packet']}: {remark} of {ours['error']['field']}"
            self.remarks[kind] += 1
            if self.remarks[kind] == 1:
                self.show("REMARK", line, ours, theirs, [remark])

    @staticmethod
    def show(title, line, ours, theirs, found):
        """Prints one case with both answers."""
        print(f"{title}: {', '.join(found)}")
        for name, text in (("case", line), ("reference", json.dumps(ours)), ("inspect", json.dumps(theirs))):
            cut = "" if len(text) <= SHOWN else f" ... ({len(text)} characters)"
            print(f"  {name:9} {text[:SHOWN]}{cut}")

    def finish(self, seconds):
        """Prints the totals."""
        total = sum(self.verdicts.values())
        verdicts = ", ".join(f"{count} {name}" for name, count in sorted(self.verdicts.items()))
        print(f"{total} cases ({verdicts}) in {seconds:.1f} s, {self.disagreements} disagreements")
        for counter in (self.remarks, self.kinds):
            for kind, count in counter.most_common():
                print(f"{count:8} {kind}")


def compare(arguments, lines, summary):
    """Feeds the lines of a file to both and compares answer by answer; returns a complaint, or None."""
    command = [str(arguments.inspect.resolve()), "--cases"]
    if arguments.lenient:
        command += ["--lenient", ",".join(sorted(arguments.lenient))]
    if arguments.role != "unknown":
        command += ["--role", arguments.role]
    with subprocess.Popen(command, stdin=lines, stdout=subprocess.PIPE) as inspect:
        with open(lines.name, encoding="ascii") as again:
            for line in again:
                line = line.rstrip("\n")
                version, data = reference.parse_line(line)
                answer = inspect.stdout.readline()
                if not answer:
                    inspect.wait()
                    return f"no answer to {line[:SHOWN]!r}, exit status {inspect.returncode}"
                try:
                    theirs = json.loads(answer)
                except ValueError as problem:
                    inspect.terminate()
                    return f"the answer to {line[:SHOWN]!r} is not JSON ({problem}): {answer[:SHOWN]!r}"
                ours = reference.inspect(version, data, arguments.lenient, arguments.role)
                found = differences(ours, theirs, len(data))
                remarks = diagnosis_differences(ours, theirs) if arguments.diagnosis and not found else []
                summary.note(line, ours, theirs, found, remarks)
        if inspect.stdout.read(1):
            inspect.terminate()
            return "more answers than cases"
        if inspect.wait() not in (0, 1):   # 1: some packet is malformed
            return f"exit status {inspect.returncode}"
    return None


def main():
    """Compares, and says how many disagreements there are."""
    parser = argparse.ArgumentParser(description="Compares mqttwire-inspect with the reference, packet by packet.")
    parser.add_argument("--inspect", type=pathlib.Path, required=True, metavar="PATH", help="mqttwire-inspect")
    cases.add_arguments(parser)
    parser.add_argument("--cases", type=pathlib.Path, metavar="FILE", help="compare these lines, generate none")
    parser.add_argument("--lenient", type=reference.leniency_set, default=frozenset(), metavar="NAME,...",
                        help="leniencies for both: " + ", ".join(reference.LENIENCIES))
    parser.add_argument("--role", choices=reference.ROLES, default="unknown", help="the receiving side, for both")
    parser.add_argument("--diagnosis", action="store_true", help="show where errors differ in place or reason")
    parser.add_argument("--show", type=int, default=10, metavar="N",
                        help="disagreements to print (default: %(default)s)")
    parser.add_argument("--save", type=argparse.FileType("w"), metavar="FILE", help="write the disagreeing lines there")
    arguments = parser.parse_args()
    if not arguments.inspect.is_file():
        parser.error(f"no such program: {arguments.inspect}")

    start = time.monotonic()
    summary = Summary(arguments.show, arguments.save)
    with tempfile.NamedTemporaryFile("w+", encoding="ascii", suffix=".cases") as lines:
        if arguments.cases:
            lines.write(arguments.cases.read_text(encoding="ascii"))
        else:
            print(f"seed {arguments.seed}, {arguments.count} random cases")
            lines.writelines(cases.as_line(*case) + "\n" for case in cases.chosen_cases(arguments))
        lines.flush()
        lines.seek(0)
        complaint = compare(arguments, lines, summary)
    summary.finish(time.monotonic() - start)
    if complaint:
        print(f"FAILED: {complaint}")
    return 1 if complaint or summary.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
