"""Finds the places in C++ sources that can be mutated, and writes mutated sources.

A mutant is one small change: another operator, a number that is one off, a lost `!`, another constant that is returned.
"""

import collections
import dataclasses
import hashlib
import re
import typing

# Old operator: new operator, how the switch is written, and the switch's names for both (see switch.hpp).
OPERATORS = {
    "<": ("<=", "<", ">", "Less", "LessEqual"),
    "<=": ("<", "<", ">", "LessEqual", "Less"),
    ">": (">=", "<", ">", "Greater", "GreaterEqual"),
    ">=": (">", "<", ">", "GreaterEqual", "Greater"),
    "==": ("!=", "==", "==", "Equal", "NotEqual"),
    "!=": ("==", "==", "==", "NotEqual", "Equal"),
    "&": ("|", "&", "&", "BitAnd", "BitOr"),
    "|": ("&", "|", "|", "BitOr", "BitAnd"),
    "+": ("-", "+", "+", "Plus", "Minus"),
    "-": ("+", "+", "+", "Minus", "Plus"),
    "<<": (">>", "<<", "<<", "ShiftLeft", "ShiftRight"),
    ">>": ("<<", "<<", "<<", "ShiftRight", "ShiftLeft"),
}
# At the end of a line or before "noexcept" stands a qualifier of a member function: formatting puts operators in front.
OPERATOR = re.compile(r"(?<=\s)(<<|>>|<=|>=|==|!=|[<>&|+-])(?= )(?! noexcept)")
LOGICAL = re.compile(r"(?<=\s)(&&|\|\|)(?= )(?! noexcept)")
NOT = re.compile(r"(?<![\w!])!(?=[\w(:])(?!=)")
NUMBER = re.compile(r"(?<![\w.'])(0x[0-9A-Fa-f]+|\d[\d']*)(U?)\b(?![.'])")
RETURN = re.compile(r"\breturn (true|false);")
# Left alone: mutating a check, a constraint or a template's head says nothing about the code.
UNTOUCHED = re.compile(r"\b(static_assert|requires|concept|template|operator\W|asm|version_info)")


class Edit(typing.NamedTuple):
    """Text in place of what stands between two offsets; `rank` orders those at the same place."""

    begin: int
    end: int
    text: str
    rank: int = 0


@dataclasses.dataclass
class Mutant:
    """One change of one file; `edits` makes it, `switched` puts both forms there."""

    path: str          # of the header, from include/ on
    line: int
    context: str       # the line of source
    column: int
    old: str
    new: str
    lines: range       # that an operand reaches over
    edits: list
    switched: list     # the same, with {id} for the number of the mutant

    def key(self):
        """What a list of survivors knows it by: stays the same while other lines change."""
        marked = self.context[:self.column] + "[" + self.old + " -> " + self.new + "]" + \
            self.context[self.column + len(self.old):]
        return self.path, " ".join(marked.split())


def masked(source):
    """The source with blanks in place of comments, text, what the preprocessor reads and assertions; as long."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|^[ \t]*#[^\n]*',
                         re.DOTALL | re.MULTILINE)
    blank = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), source)
    # A [[nodiscard]] or [[unlikely]] is no expression.
    blank = re.sub(r"\[\[[^\]]*\]\]", lambda found: " " * len(found.group()), blank)
    return without_assertions(blank)


def without_assertions(code):
    """The code with blanks in place of each static_assert, which may hold a whole function and is a test."""
    for found in reversed(list(re.finditer(r"\bstatic_assert\(", code))):
        depth = 0
        for index in range(found.end() - 1, len(code)):
            depth += {"(": 1, ")": -1}.get(code[index], 0)
            if depth == 0:
                break
        code = code[:found.start()] + re.sub(r"[^\n]", " ", code[found.start():index]) + code[index:]
    return code


def operand_before(code, at, stops):
    """Where the left operand of the logical operator at `at` begins; `stops` bind less tightly."""
    depth = 0
    for index in range(at - 1, -1, -1):
        char = code[index]
        if char in ")]}":
            depth += 1
        elif char in "([{":
            if depth == 0:
                return index + 1
            depth -= 1
        elif depth == 0 and (char in ",;?" or code[index - 1:index + 1] in stops
                             or (char == "=" and code[index - 1] not in "=!<>" and code[index + 1] != "=")
                             or (char == ":" and ":" not in (code[index - 1], code[index + 1]))
                             or re.match(r"(?<!\w)return\b", code[max(0, index - 5):index + 1])):
            return index + 1
    return 0


def operand_after(code, at, stops):
    """Where the right operand of the logical operator that ends at `at` ends; `stops` do not bind more tightly."""
    depth = 0
    for index in range(at, len(code)):
        char = code[index]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                return index
            depth -= 1
        elif depth == 0 and (char in ",;?" or code[index:index + 2] in stops
                             or (char == ":" and ":" not in (code[index - 1], code[index + 1]))):
            return index
    return len(code)


def logical_edits(code, begin, end):
    """Both forms of `a && b` by De Morgan's law, so that no operand is written twice."""
    old = code[begin:end]
    left = operand_before(code, begin, ("||",) if old == "&&" else ())
    right = operand_after(code, end, ("||", "&&") if old == "&&" else ("||",))
    on = "::mutation::on({id})"
    # Of operators that begin or end at the same place, the one with more in it is the outer one.
    return [Edit(left, left, " ((static_cast<bool>(", left - right),
            Edit(begin, end, f") != {on}) {old} (static_cast<bool>("),
            Edit(right, right, f") != {on})) != {on} ", right - left)]


def chooses_extreme(code, begin, end):
    """True of `a < b ? a : b` and its like: of equal numbers either is the smaller and the larger."""
    left = code[operand_before(code, begin, ("||", "&&")):begin].strip()
    found = re.match(r"\s*(\S+) \? (.+?) : ((?:[^;?()\]]|\([^()]*\))+)", code[end:])
    if code[begin:end] not in ("<", "<=", ">", ">=") or not found:
        return False
    right, *chosen = (re.sub(r"^static_cast<[\w:]+>\((.*)\)$|(?<=\d)U$", r"\1", operand.strip())
                      for operand in found.groups())
    left = re.sub(r"^static_cast<[\w:]+>\((.*)\)$", r"\1", left)
    return {left, right} == set(chosen)


def changes(code):
    """(begin, end, new text, switched edits) of every place that can be mutated."""
    for found in OPERATOR.finditer(code):
        if chooses_extreme(code, *found.span(1)):
            continue
        new, before, after, old_name, new_name = OPERATORS[found.group(1)]
        switch = f"{before} ::mutation::Switch<::mutation::{old_name}, ::mutation::{new_name}>{{{{{{id}}}}}} {after}"
        yield *found.span(1), new, [Edit(*found.span(1), switch)]
    for found in LOGICAL.finditer(code):
        yield *found.span(1), "||" if found.group(1) == "&&" else "&&", logical_edits(code, *found.span(1))
    for found in NOT.finditer(code):
        yield *found.span(), "", [Edit(*found.span(), "::mutation::Not{{{id}}} ->* ")]
    for found in NUMBER.finditer(code):
        value = int(found.group(1).replace("'", ""), 0)
        new = str(value + 1 if value % 2 == 0 else value - 1) + found.group(2)
        yield *found.span(), new, [Edit(*found.span(), f"(::mutation::on({{id}}) ? {new} : {found.group()})")]
    for found in RETURN.finditer(code):
        old = found.group(1)
        yield *found.span(1), "false" if old == "true" else "true", \
            [Edit(*found.span(1), ("!" if old == "true" else "") + "::mutation::on({id})")]


def find(path, source, compiled_lines):
    """The mutants of a header, in their order. Only lines that some build compiles count."""
    code = masked(source)
    lines = source.split("\n")
    found = []
    for begin, end, new, switched in changes(code):
        line = code.count("\n", 0, begin) + 1
        statement = code[max(code.rfind(";", 0, begin), code.rfind("{", 0, begin), code.rfind("}", 0, begin)) + 1:begin]
        if line not in compiled_lines or UNTOUCHED.search(lines[line - 1]) or UNTOUCHED.search(statement):
            continue
        column = begin - (source.rfind("\n", 0, begin) + 1)
        reach = range(code.count("\n", 0, switched[0].begin) + 1, code.count("\n", 0, switched[-1].end) + 2)
        found.append(Mutant(path, line, lines[line - 1], column, source[begin:end], new, reach,
                            [Edit(begin, end, new)], switched))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.column))


def edited(source, edits):
    """The source with the edits, none of which overlap."""
    parts = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.begin, edit.end, edit.rank)):
        parts += [source[at:edit.begin], edit.text]
        at = edit.end
    return "".join(parts + [source[at:]])


def switched(source, numbered):
    """The source with all of these mutants, (number, mutant), behind switches."""
    edits = [edit._replace(text=edit.text.format(id=number)) for number, mutant in numbered
             for edit in mutant.switched]
    return edited(source, edits)


def lots(by_header, seed):
    """Draws a lot for each mutant, which stays the same while other lines and headers change."""
    drawn = {}
    for found in by_header.values():
        seen = collections.Counter()
        for mutant in found:
            key = mutant.key()
            seen[key] += 1   # the same line may stand in a header more than once
            drawn[id(mutant)] = hashlib.sha256("\t".join((str(seed), *key, str(seen[key]))).encode()).digest()
    return lambda mutant: drawn[id(mutant)]


def choose(by_header, count, at_least, seed):
    """`at_least` mutants of each header that has so many, else all it has; then more of all headers up to `count`."""
    lot = lots(by_header, seed)
    chosen = []
    left = []
    for found in by_header.values():
        drawn = sorted(found, key=lot)
        chosen += drawn[:at_least]
        left += drawn[at_least:]
    chosen += sorted(left, key=lot)[:max(0, count - len(chosen))]
    return sorted(chosen, key=lambda mutant: (mutant.path, mutant.line, mutant.column))
