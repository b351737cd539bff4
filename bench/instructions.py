#!/usr/bin/env python3
"""Counts the instructions a packet of every case of mqttwire-bench, and compares them with bench/budgets.tsv.

    bench/instructions.py g++=build/bench/bench/mqttwire-bench clang++-19=build/bench-clang/bench/mqttwire-bench

--update writes what was counted into the file; --case NAME (may be repeated) looks at these cases only, which may have no budget yet.
Fails if a case takes over 3 % more than its budget, or if the file and the program do not have the same cases.
"""

import argparse
import concurrent.futures
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BUDGETS = pathlib.Path(__file__).resolve().parent / "budgets.tsv"
TOLERANCE = 1.03
PACKETS = 4096  # one pass through the corpus


def case_names(binary):
    return subprocess.run([binary, "--list"], check=True, capture_output=True, text=True).stdout.split()


def totals(binary, names):
    """Instructions of each case, whose parts callgrind dumps as the program tells it to."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", "--instr-atstart=no", binary]
        for name in names:
            command += ["--case", name]
        done = subprocess.run([*command, "--count", str(PACKETS)], capture_output=True, text=True,
                              env={**os.environ, "LD_BIND_NOW": "1"})
        if done.returncode != 0:
            sys.exit(done.stderr)
        parts = [pathlib.Path(folder, f"out.{number}").read_text() for number in range(1, len(names) + 1)]
    return [int(re.search(r"^totals: (\d+)$", part, re.MULTILINE)[1]) for part in parts]


def instructions(programs):
    """Instructions a packet by (case, compiler), of (compiler, binary, names of its cases)."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counted = [pool.submit(totals, binary, names) for _, binary, names in programs]
        return {(name, compiler): total / PACKETS
                for (compiler, _, names), counts in zip(programs, counted)
                for name, total in zip(names, counts.result())}


def read_budgets():
    with BUDGETS.open(newline="") as file:
        return {(row["case"], row["compiler"]): float(row["instructions"]) for row in csv.DictReader(file, delimiter="\t")}


def write_budgets(measured):
    with BUDGETS.open("w", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["case", "compiler", "instructions"])
        writer.writerows([case, compiler, f"{count:.0f}"] for (case, compiler), count in sorted(measured.items()))


def compare(measured, budgets):
    """Prints the table; gives the number of cases that are too expensive."""
    over = 0
    print(f"{'case':<34} {'compiler':<10} {'instructions':>12} {'budget':>7}")
    for (case, compiler), count in measured.items():
        budget = budgets.get((case, compiler))
        if budget is None:
            print(f"{case:<34} {compiler:<10} {count:12.1f}    none")
            continue
        too_many = count > budget * TOLERANCE
        over += too_many
        print(f"{case:<34} {compiler:<10} {count:12.1f} {budget:7.0f} {100 * (count / budget - 1):+6.1f} %"
              + ("  OVER BUDGET" if too_many else ""))
    return over


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", nargs="+", metavar="COMPILER=PROGRAM")
    parser.add_argument("--case", action="append")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    if options.update and options.case:
        parser.error("--update is for all cases")

    pairs = (pair.split("=", 1) for pair in options.binaries)
    measured = instructions([(compiler, binary, options.case or case_names(binary)) for compiler, binary in pairs])

    if options.update:
        write_budgets(measured)
    budgets = read_budgets()
    strangers = sorted(measured.keys() ^ budgets.keys())
    if strangers and not options.case:
        sys.exit(f"not both measured and in {BUDGETS.name}: {strangers}")
    over = compare(measured, budgets)
    if over:
        sys.exit(f"{over} cases take over 3 % more instructions than budgeted")


if __name__ == "__main__":
    main()
