"""Judges mutants by the tests that the README's command runs, and by nothing else.

Each mutant is made in a copy of the repository, whose build folder stays: what the mutant touches is compiled again, in
steps from the quickest to the slowest, and the first that fails ends it.
"""

import pathlib
import re
import shutil
import subprocess

import mutants

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
UNIT = "tests/unit"

# What has to be compiled, and which tests are run then. The last step is all that the command builds and runs.
STEPS = (
    ("vectors", ["mqttwire_test_vectors"], ["-R", "^vectors$"]),
    ("unit", ["mqttwire_test_unit"], ["-R", "^unit$"]),
    ("all", ["all"], []),
)
# Unit tests that share a file with others.
SHARED = {"tests/unit/error.cpp": ["faults.cpp"], "tests/unit/leniency.cpp": ["faults.cpp"],
          "tests/unit/properties/properties.cpp": ["properties/specification.cpp"]}


class Checkout:
    """A copy of the files that git knows, as they are now, and its build folder."""

    def __init__(self, folder, jobs):
        self.folder = folder
        self.jobs = jobs
        self.build = folder / "build/test"
        self.sound = set()   # steps that have passed without a mutant
        names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                               capture_output=True, text=True).stdout.split("\0")
        present = {name for name in names if name and (ROOT / name).is_file()}
        for old in sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else ():
            name = str(old.relative_to(folder))
            if not name.startswith("build/") and name not in present:
                old.unlink()
        for name in present:
            copy = folder / name
            content = (ROOT / name).read_bytes()
            if not copy.exists() or copy.read_bytes() != content:   # so that only what changed is compiled again
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
                shutil.copymode(ROOT / name, copy)
        self.call("cmake", "--preset", "test", required=True)

    def call(self, *command, required=False):
        """Runs a command there; gives whether it succeeded, and what it printed."""
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, errors="replace", check=False)
        output = done.stdout + done.stderr
        if required and done.returncode != 0:
            raise SystemExit(f"without a mutant: {' '.join(map(str, command))} failed\n{output[-4000:]}")
        return done.returncode == 0, output

    def compile(self, *targets):
        return self.call("cmake", "--build", self.build, "-j", str(self.jobs), "--target", *targets)

    def test(self, selection):
        return self.call("ctest", "--test-dir", self.build, "--no-tests=error", "--stop-on-failure", "--timeout", "120",
                         "--output-on-failure", *selection)

    def run_own_tests(self, header):
        """What the unit tests of a header say, linked by themselves, which takes seconds; nothing if it has none."""
        source = f"{UNIT}/{header.removeprefix('mqttwire/').removesuffix('.hpp')}.cpp"
        if not (self.folder / source).exists():
            return "survived"
        names = [pathlib.Path(source).relative_to(UNIT), *SHARED.get(source, [])]
        objects = [f"{UNIT}/CMakeFiles/mqttwire_test_unit.dir/{name}.o" for name in names]
        good, output = self.compile("mqttwire_test_main", "mqttwire_test_check", *objects)
        if not good:
            return compiler_verdict(output)
        program = self.build / "own_tests"
        good, output = self.call("c++", "-o", program, *(self.build / name for name in objects),
                                 self.build / UNIT / "libmqttwire_test_check.a",
                                 self.build / "tests/libmqttwire_test_main.a")
        if not good:
            raise SystemExit(f"{source} needs more than itself; see SHARED in {__file__}\n{output[-2000:]}")
        good, output = self.call("timeout", "60", program)   # a mutant may never end
        return "survived" if good else f"{source}: {failed_test(output)}"

    def run_step(self, step):
        name, targets, selection = step
        good, output = self.compile(*targets)
        if not good:
            return compiler_verdict(output)
        good, output = self.test(selection)
        return "survived" if good else f"{name}: {failed_test(output)}"

    def ensure_sound(self, step):
        """Without a mutant the step passes, or no verdict of it would say anything."""
        if step[0] not in self.sound:
            seen = self.run_step(step)
            if seen != "survived":
                raise SystemExit(f"without a mutant: {seen}")
            self.sound.add(step[0])


def failed_test(output):
    found = re.search(r"(?m)^\d+ - (\S+) \(|^(\S+:\d+: FAILED)|\*\*\*(Failed|Exception\S*|Timeout)", output)
    return next((group for group in found.groups() if group), "failed") if found else "failed"


def compiler_verdict(output):
    """Noticed by a static_assert, a constant expression or a warning; or no C++ at all, and then no mutant either."""
    found = re.search(r"error: .*?(static assertion failed|non-constant|constant expression|\[-Werror=\S+\])", output)
    return f"while compiling: {found.group(1)}" if found else None


def verdict(checkout, mutant, source):
    """What of the README's tests notices a mutant: text, "survived", or None for one that is no C++."""
    header = checkout.folder / "include" / mutant.path
    checkout.ensure_sound(STEPS[0])
    header.write_text(mutants.edited(source, mutant.edits), encoding="utf-8")
    seen = checkout.run_own_tests(mutant.path)
    for step in STEPS:
        if seen != "survived":
            break
        if step[0] not in checkout.sound:
            header.write_text(source, encoding="utf-8")
            checkout.ensure_sound(step)
            header.write_text(mutants.edited(source, mutant.edits), encoding="utf-8")
        seen = checkout.run_step(step)
    header.write_text(source, encoding="utf-8")
    return seen


def run_mutants(folder, jobs, sources, chosen, say):
    """The verdicts in the order of the mutants."""
    checkout = Checkout(folder, jobs)
    verdicts = []
    for number, mutant in enumerate(chosen, 1):
        verdicts.append(verdict(checkout, mutant, sources[mutant.path]))
        say(f"  {number} of {len(chosen)}: {': '.join(mutant.key())}: {verdicts[-1] or 'no C++'}")
    return verdicts
