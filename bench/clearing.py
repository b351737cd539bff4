#!/usr/bin/env python3
"""Says which of the functions that decode in mqttwire-bench clear memory with "rep stos", as g++ clears large structs:
that takes longer than to decode most packets. The same of the one that makes a CONNECT and encodes it in one place.

    bench/clearing.py build/bench/bench/mqttwire-bench

The functions are those of bench/, by the names below, and all that they call. Fails if one clears memory,
and if one of the names is there no more: then what this looks at has moved, and the name has to move with it.
"""

import re
import subprocess
import sys

# The packets that bench/cases decodes by name.
ACKNOWLEDGEMENT = r"Acknowledgement<[^<>]*>"
OUT_OF_LINE = ("Connect", "ConnAck", "Publish", ACKNOWLEDGEMENT, "Subscribe", "SubAck")
RUN_TIME = ("Connect", "Publish", ACKNOWLEDGEMENT, "Subscribe")
ROOTS = (
    *(rf"bench::OutOfLine::decode<mqttwire::(\w+::)*{packet}, " for packet in OUT_OF_LINE),
    *(rf"bench::RunTimeVersion::decode_as<mqttwire::(\w+::)*{packet} ?>" for packet in RUN_TIME),
    r"bench::decode_pass<bench::Inlined, ",
    r"bench::decode_pass<bench::AnyPacket, ",
    r".*::decode_(usual_)?alternative<", # which are called through tables
    r"bench::encode_pass<bench::Inlined, bench::ConnectScenario<",
)

FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")
JUMP = re.compile(r"\t(?:call|jmp|j[a-z]+)\s+[0-9a-f]+ <(.*?)(?:\+0x[0-9a-f]+)?>$")
CLEARING = re.compile(r"\brep stos")


def read_functions(binary):
    """Of each function: the functions that it calls or jumps to, and whether it clears memory."""
    listing = subprocess.run(["objdump", "--disassemble", "--demangle", "--no-show-raw-insn", binary], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    functions = {}
    for line in listing.splitlines():
        if begin := FUNCTION.match(line):
            # Parts that compilers split off bear their function's name, so one name can stand for several functions.
            name = begin[1]
            calls, _ = functions.setdefault(name, (set(), False))
        elif jump := JUMP.search(line):
            calls.add(jump[1])
        elif CLEARING.search(line):
            functions[name] = (calls, True)
    return functions


def reached_from(roots, functions):
    reached = set()
    left = list(roots)
    while left:
        name = left.pop()
        if name in functions and name not in reached:
            reached.add(name)
            left += functions[name][0]
    return reached


def main():
    functions = read_functions(sys.argv[1])
    roots = set()
    for pattern in ROOTS:
        matches = [name for name in functions if re.search(rf"(^| ){pattern}", name)]
        if not matches:
            sys.exit(f"{sys.argv[0]}: {sys.argv[1]} has no function {pattern}")
        roots.update(matches)
    reached = reached_from(roots, functions)
    clearing = sorted(name for name in reached if functions[name][1])
    print(f"functions that clear nothing: {len(roots)} of the benchmark, with what they call {len(reached)}")
    if clearing:
        sys.exit("\n".join([f'{sys.argv[0]}: these functions clear memory with "rep stos"', *clearing]))


if __name__ == "__main__":
    main()
