"""The cases that mutants are run on, and what is known of them independently of mqttwire."""

import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "differential"))

import cases      # noqa: E402
import reference  # noqa: E402

VERSIONS = {"3.1": 3, "3.1.1": 4, "5.0": 5}
ROLES = {"unknown": 0, "client": 1, "server": 2}
LENIENCIES = ("bridge_bit", "long_client_id", "pubrel_flags_0000", "auth_without_properties", "v3_connack",
              "suback_failure_in_3_1", "reject_discouraged_characters", "check_payload_format")
ALL_LENIENT = frozenset(LENIENCIES[:6])
STRICTER = frozenset(LENIENCIES[6:])
LONGEST = 600   # bytes of a case
STRIDE = 5      # of the systematic cases, which are far too many for each mutant, every so many-th is taken


class Case:
    """A buffer, how it is to be read, and what others say of it."""

    def __init__(self, version, data, leniency=frozenset(), role="unknown", vector=None):
        self.version = version
        self.data = data
        self.leniency = leniency
        self.role = role
        self.vector = vector

    def line(self):
        """The case as check.cpp reads it."""
        flags = sum(1 << LENIENCIES.index(name) for name in self.leniency)
        return f"{VERSIONS[self.version]} {flags} {ROLES[self.role]} {self.data.hex()}"

    def faults(self, answer):
        """What is wrong with mqttwire's answer, in words; nothing if those who know agree with it."""
        verdict, *rest = answer.split()
        if self.vector:
            return list(self.vector_faults(verdict, rest))
        known = reference.inspect(self.version, self.data, self.leniency, self.role)
        if verdict not in (known["expect"], *known.get("also_accept", ())):
            return [f"expect: {known['expect']}"]
        if verdict == "ok" == known["expect"] and known["reencoded"] and rest != [known["reencoded"]]:
            return [f"reencoded: {known['reencoded']}"]
        return []

    def vector_faults(self, verdict, rest):
        """The same for a vector, which may know the diagnosis too."""
        if verdict != self.vector["expect"]:
            yield f"expect: {self.vector['expect']}"
        elif verdict == "ok" and self.vector.get("canonical", True) and rest != [self.data.hex()]:
            yield "the vector's own bytes"
        elif verdict == "error":
            error = self.vector.get("error") or {}
            for key, seen in zip(("code", "field", "offset"), rest):
                if str(error.get(key, seen)) != seen:
                    yield f"{key}: {error[key]}"


def vector_cases():
    """The vectors that are single packets of a fair size."""
    for path in sorted((TESTS / "vectors").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            vector = json.loads(line)
            if "op" in vector or "stream" in vector or "hex_parts" in vector or len(vector["hex"]) > 2 * LONGEST:
                continue
            yield Case(vector["version"], bytes.fromhex(vector["hex"]), frozenset(vector.get("leniency", ())),
                       vector.get("role", "unknown"), vector)


def generated_cases():
    """Systematic cases in all ways of reading, and random ones."""
    readings = ((frozenset(), "unknown"), (frozenset(), "client"), (frozenset(), "server"), (ALL_LENIENT, "unknown"),
                (STRICTER, "unknown"))
    short = (case for case in cases.systematic_cases() if len(case[1]) <= LONGEST)
    for index, (version, data) in enumerate(short):
        if index % STRIDE == 0:
            yield Case(version, data, *readings[index // STRIDE % len(readings)])
    for index, (version, data) in enumerate(cases.random_cases(1, 1500)):
        if len(data) <= LONGEST:
            yield Case(version, data, *readings[index % len(readings)])


def all_cases():
    """Vectors and generated cases."""
    return [*vector_cases(), *generated_cases()]


def first_disagreement(known_cases, answers):
    """Where mqttwire's answers and those of others part, or None."""
    if len(answers) != len(known_cases):
        return f"{len(answers)} answers to {len(known_cases)} cases"
    for case, answer in zip(known_cases, answers):
        faults = case.faults(answer)
        if faults:
            return f"{case.line()[:200]}: {answer[:200]}, but {', '.join(faults)[:200]}"
    return None
