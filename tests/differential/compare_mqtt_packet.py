#!/usr/bin/env python3
"""Holds mqttwire against mqtt-packet, the codec of MQTT.js.

    python3 compare_mqtt_packet.py --inspect build/mqttwire-inspect --modules build/npm --seed 7 --count 20000

Three questions, each over thousands of packets of all types and versions:
  written by mqtt-packet   does mqttwire read the same fields?
  valid and broken         do both give the same verdict and read the same fields?
  written by mqttwire      does mqtt-packet read the same fields?

mqtt-packet is laxer than the specifications in many places and stricter in a few. Each of them is a rule in
mqtt_packet_rules.py. What no rule explains fails, and so does a rule that explains nothing. Exit status: 0 if all agree,
1 if not, 2 for a usage error.
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import cases
import compare
import mqtt_packet_rules as rules
import reference

HERE = pathlib.Path(__file__).resolve().parent
SHOWN = 400   # characters of a case or an answer


class Peer:
    """A program that answers each line of a file with a line of JSON."""

    def __init__(self, command, lines, modules=None):
        environment = {**os.environ, "NODE_PATH": str(modules.resolve() / "node_modules")} if modules else None
        self.name = " ".join(map(str, command[:2]))
        with open(lines, encoding="ascii") as file:
            self.process = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def answer(self):
        """The next answer."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} gives no answer, exit status {self.process.wait()}")
        return json.loads(line)


class Comparison:
    """Compares answers and counts what was compared and what differed."""

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = pathlib.Path(folder)
        self.verdicts = collections.Counter()
        self.used = collections.Counter()
        self.disagreements = 0

    def inspect(self, lines):
        """mqttwire, reading those lines."""
        return Peer([str(self.arguments.inspect.resolve()), "--cases"], lines)

    def node(self, script, *arguments, lines=os.devnull):
        """A script around mqtt-packet."""
        return Peer(["node", str(HERE / script), *arguments], lines, self.arguments.modules)

    def disagree(self, what, line, ours, theirs):
        """Counts and shows a disagreement."""
        self.disagreements += 1
        if self.disagreements <= self.arguments.show:
            print(f"DISAGREEMENT: {what}")
            for name, text in (("case", line), ("mqttwire", json.dumps(ours)), ("mqtt-packet", json.dumps(theirs))):
                print(f"  {name:11} {text[:SHOWN]}")

    def same_content(self, line, ours, theirs):
        """Compares two answers that say "ok"."""
        fields = reference.without_nulls(ours["fields"])
        if rules.reads_as_map(fields):
            self.used[rules.USER_PROPERTIES_ARE_A_MAP] += 1
        for name in ("packet", "version"):
            if ours[name] != theirs[name]:
                self.disagree(name, line, ours, theirs)
                return
        if not compare.same(fields, reference.without_nulls(theirs["fields"])):
            self.disagree("fields", line, ours, theirs)

    def compare(self, line, ours, theirs):
        """Compares two answers, verdict first."""
        verdicts = ours["expect"], theirs["expect"]
        self.verdicts[verdicts] += 1
        if verdicts == ("ok", "ok"):
            self.same_content(line, ours, theirs)
        elif verdicts[0] != verdicts[1]:
            rule = rules.explain(ours, theirs)
            if rule is None:
                self.disagree(f"verdict {verdicts[0]} against {verdicts[1]}", line, ours, theirs)
            else:
                self.used[rule] += 1

    def written_by_mqtt_packet(self):
        """mqttwire reads what mqtt-packet has written."""
        lines = self.folder / "generated.cases"
        answers = []
        with self.node("mqtt_packet_generate.js", str(self.arguments.seed), str(self.arguments.count)) as generator:
            with open(lines, "w", encoding="ascii") as file:
                for _ in range(self.arguments.count):
                    answers.append(generator.answer())
                    file.write(answers[-1]["case"] + "\n")
        with self.inspect(lines) as inspect:
            for theirs in answers:
                ours = inspect.answer()
                self.verdicts[ours["expect"], "ok"] += 1
                if ours["expect"] == "ok":
                    self.same_written_fields(theirs["case"], ours, theirs)
                else:
                    self.disagree("refused what mqtt-packet wrote", theirs["case"], ours, theirs)

    def same_written_fields(self, line, ours, theirs):
        """What mqtt-packet was told to write and what mqttwire reads: here nothing is allowed for."""
        same = all(ours[name] == theirs[name] for name in ("packet", "version"))
        fields = [reference.without_nulls(answer["fields"]) for answer in (ours, theirs)]
        if not same or not compare.same(*fields):
            self.disagree("fields that mqtt-packet wrote", line, ours, theirs)

    def valid_and_broken(self):
        """Both read the cases of the differential test. Gives what mqttwire writes for the valid ones."""
        lines = self.folder / "all.cases"
        with open(lines, "w", encoding="ascii") as file:
            file.writelines(cases.as_line(*case) + "\n"
                            for case in cases.generate(self.arguments.seed, self.arguments.count))
        written = {}
        with self.inspect(lines) as inspect, self.node("mqtt_packet_parse.js", lines=lines) as peer:
            with open(lines, encoding="ascii") as file:
                for line in map(str.rstrip, file):
                    ours = inspect.answer()
                    self.compare(line, ours, peer.answer())
                    if ours.get("reencoded") and ours["reencoded"] != line.partition(" ")[2]:
                        written[f"{ours['version']} {ours['reencoded']}"] = ours
        return written

    def written_by_mqttwire(self, written):
        """mqtt-packet reads what mqttwire has written, where that differs from the case itself."""
        lines = self.folder / "written.cases"
        lines.write_text("".join(line + "\n" for line in written), encoding="ascii")
        with self.node("mqtt_packet_parse.js", lines=lines) as peer:
            for line, ours in written.items():
                self.compare(line, ours, peer.answer())

    def finish(self):
        """Prints the totals; true if all agree."""
        for (ours, theirs), count in sorted(self.verdicts.items()):
            print(f"{count:8} mqttwire: {ours}, mqtt-packet: {theirs}")
        for rule in rules.ALL:
            print(f"{self.used[rule]:8} {rule}")
        unused = [rule for rule in rules.ALL if not self.used[rule]]
        for rule in unused:
            print(f"FAILED: no case needs the rule {rule}")
        print(f"{sum(self.verdicts.values())} packets, {self.disagreements} disagreements")
        return self.disagreements == 0 and not unused


def main():
    """Compares, and says how many disagreements there are."""
    parser = argparse.ArgumentParser(description="Compares mqttwire-inspect with mqtt-packet, packet by packet.")
    parser.add_argument("--inspect", type=pathlib.Path, required=True, metavar="PATH", help="mqttwire-inspect")
    parser.add_argument("--modules", type=pathlib.Path, required=True, metavar="DIR",
                        help="the folder in which mqtt-packet is installed")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random packets (default: %(default)s)")
    parser.add_argument("--count", type=int, default=20000, help="random packets of each kind (default: %(default)s)")
    parser.add_argument("--show", type=int, default=10, metavar="N",
                        help="disagreements to print (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, {arguments.count} random packets of each kind")
    with tempfile.TemporaryDirectory(prefix="mqtt-packet-") as folder:
        comparison = Comparison(arguments, folder)
        comparison.written_by_mqtt_packet()
        comparison.written_by_mqttwire(comparison.valid_and_broken())
        return 0 if comparison.finish() else 1


if __name__ == "__main__":
    sys.exit(main())
