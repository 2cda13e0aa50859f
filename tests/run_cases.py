#!/usr/bin/env python3
"""Runs the text cases of tests/cases; docs/formats/case.md is the format.

    run_cases.py --rynd build/dev/rynd [--update] [-j N] [--keep] [NAME...]

NAME is a case's name or the beginning of one. Standard library only.
"""
import argparse
import concurrent.futures
import difflib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIRECTIVE = re.compile(r"-- (name|project|file|env|timeout|needs): ?(.*)$")
CHECK = re.compile(r"(stdout|stderr) (contains|lacks|matches): ?(.*)$")
NOT_COPIED = shutil.ignore_patterns("target", ".rynd", "*.duckdb", "*.duckdb.wal", "logs", "node_modules")


class Step:
    """One line of a case that does something, and what is expected of it."""

    def __init__(self, kind, value, line):
        self.kind, self.value, self.line = kind, value, line
        self.body = []          # of a file
        self.exit = None        # (code, line)
        self.exact = {}         # stream -> (first line, lines)
        self.checks = []        # (stream, verb, text)
        self.end = line + 1     # first line after the command and what is said of it


class Case:
    def __init__(self, name, path):
        self.name, self.path, self.steps = name, path, []


def parse(path):
    """The cases of a file, and its lines."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    cases, step, stream = [], None, None
    for number, line in enumerate(lines):
        directive = DIRECTIVE.match(line)
        if directive and directive[1] == "name":
            cases.append(Case(directive[2].strip(), path))
            step = None
        elif directive or line.startswith("$ ") or line.startswith("& "):
            if not cases:
                raise SystemExit("%s:%d: a case begins with '-- name:'" % (path, number + 1))
            kind, value = (directive[1], directive[2].strip()) if directive else (line[0], line[2:])
            step, stream = Step(kind, value, number), "stdout"
            cases[-1].steps.append(step)
        elif step is None:
            if line.strip() and not line.startswith("#"):
                raise SystemExit("%s:%d: not a directive: %s" % (path, number + 1, line))
        elif step.kind == "file":
            step.body.append(line)
        elif step.kind == "$":
            stream = expectation(step, stream, line, number)
        elif line.strip():
            raise SystemExit("%s:%d: nothing is expected of this: %s" % (path, number + 1, line))
    for case in cases:
        for step in case.steps:
            step.exact = {name: trimmed(*block) for name, block in step.exact.items()}
    return cases, lines


def expectation(step, stream, line, number):
    check = CHECK.match(line)
    if re.fullmatch(r"exit \d+", line):
        step.exit = (int(line[5:]), number)
    elif line in ("stdout:", "stderr:"):
        stream = line[:-1]
        step.exact[stream] = (number + 1, [])
    elif check:
        step.checks.append((check[1], check[2], check[3]))
    elif line.strip() or stream in step.exact:
        step.exact.setdefault(stream, (number, []))[1].append(line[1:] if line.startswith("\\") else line)
    if line.strip():
        step.end = number + 1
    return stream


def trimmed(first, lines):
    while lines and not lines[-1].strip():
        lines.pop()
    return first, lines


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def line_matches(expected, actual):
    return re.fullmatch(".*".join(re.escape(p) for p in expected.split("[...]")), actual) is not None


def text_matches(expected, actual):
    if not expected:
        return not actual
    if expected[0] == "[...]":
        return any(text_matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and line_matches(expected[0], actual[0]) and text_matches(expected[1:], actual[1:])


def end_session(leader):
    """Kills every process of a session: with job control ('set -m') they have groups of their own."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == leader:
                os.kill(int(stat.parent.name), signal.SIGKILL)
        except OSError:
            pass  # it has ended by itself


class Run:
    """A case being run in its own folder."""

    def __init__(self, case, rynd):
        self.case, self.failures, self.background = case, [], []
        self.skipped = None
        self.actual = {}        # step -> (code, stdout lines, stderr lines), where something exact was wrong
        self.timeout = 60.0
        self.folder = Path(tempfile.mkdtemp(prefix="rynd-case-"))
        self.dir = self.folder / "project"
        self.dir.mkdir()
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "rynd").symlink_to(rynd)
        self.env = {"PATH": "%s:%s" % (self.folder / "bin", os.environ.get("PATH", "")), "HOME": str(self.folder),
                    "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "RYND_ROOT": str(ROOT),
                    "PORT": str(free_port()), "PORT2": str(free_port())}

    def run(self):
        try:
            for step in self.case.steps:
                self.do(step)
                if self.skipped:
                    break
        finally:
            for process in self.background:
                end_session(process.pid)
                process.wait()
        return self

    def do(self, step):
        if step.kind == "project":
            shutil.copytree(ROOT / step.value, self.dir, dirs_exist_ok=True, ignore=NOT_COPIED)
        elif step.kind == "file":
            path = self.dir / step.value
            path.parent.mkdir(parents=True, exist_ok=True)
            body = trimmed(0, list(step.body))[1]
            path.write_text("".join(line + "\n" for line in body), encoding="utf-8")
        elif step.kind == "env":
            name, _, value = step.value.partition("=")
            self.env[name] = value
        elif step.kind == "timeout":
            self.timeout = float(step.value)
        elif step.kind == "needs":
            self.skipped = missing(step.value)
        elif step.kind == "&":
            self.start(step)
        else:
            self.command(step)

    def start(self, step):
        log = open(self.folder / ("background-%d" % step.line), "wb")
        self.background.append(subprocess.Popen(["bash", "-c", step.value], cwd=self.dir, env=self.env, stdout=log,
                                                stderr=log, stdin=subprocess.DEVNULL, start_new_session=True))
        for name in ("PORT2", "PORT"):
            if re.search(r"\$\{?%s\b" % name, step.value) and not self.answers(int(self.env[name])):
                self.fail(step, "nothing answers on $%s:\n%s" % (name, Path(log.name).read_text(errors="replace")))

    def answers(self, port):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def command(self, step):
        with subprocess.Popen(["bash", "-c", step.value], cwd=self.dir, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
            try:
                output = process.communicate(timeout=self.timeout)
            except subprocess.TimeoutExpired:
                end_session(process.pid)
                output = process.communicate()
                self.fail(step, "did not end within %g s" % self.timeout)
        texts = {name: self.normal(data.decode("utf-8", "replace")) for name, data in zip(("stdout", "stderr"), output)}
        self.judge(step, process.returncode if process.returncode >= 0 else 128 - process.returncode, texts)

    def normal(self, text):
        text = text.replace(str(self.dir), "<dir>").replace(str(self.folder), "<home>")
        for name, written in (("PORT", "<port>"), ("PORT2", "<port2>")):
            text = text.replace(":" + self.env[name], ":" + written)
        return text

    def judge(self, step, code, texts):
        before = len(self.failures)
        if code != (step.exit[0] if step.exit else 0):
            self.fail(step, "exit code is %d, not %d\n%s" % (code, step.exit[0] if step.exit else 0,
                                                             indented(texts["stdout"] + texts["stderr"])))
        lines = {name: trimmed(0, text.split("\n"))[1] for name, text in texts.items()}
        for name, (_, expected) in step.exact.items():
            if not text_matches(expected, lines[name]):
                diff = difflib.unified_diff(expected, lines[name], "expected", "printed", lineterm="")
                self.fail(step, "%s differs\n%s" % (name, indented("\n".join(list(diff)[2:]))))
        if len(self.failures) > before:
            self.actual[step.line] = (step, code, lines)
        for name, verb, text in step.checks:
            found = re.search(text, texts[name], re.M) if verb == "matches" else text in texts[name]
            if bool(found) == (verb == "lacks"):
                self.fail(step, "%s %s not: %s\n%s" % (name, "does" if verb != "lacks" else "must", text,
                                                       indented(texts[name])))

    def fail(self, step, text):
        where = "%s:%d" % (os.path.relpath(self.case.path, ROOT), step.line + 1)
        self.failures.append("%s: $ %s\n  %s" % (where, step.value, text))


def missing(needed):
    """What is not there of "PROGRAM" or "PROGRAM with MODULE, MODULE" (a Python and what it can import)."""
    program, _, modules = needed.partition(" with ")
    found = shutil.which(program)
    if not found or not modules:
        return None if found else program
    done = subprocess.run([found, "-c", "import " + modules], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return needed if done.returncode else None


def indented(text):
    return "\n".join("    " + line for line in text.rstrip("\n").split("\n"))


def update(path, lines, runs):
    """Writes what was printed over what was expected, from the end of the file so that line numbers stay true."""
    changes = sorted(((line, change) for run in runs for line, change in run.actual.items()), reverse=True)
    for _, (step, code, printed) in changes:
        blocks = []
        if code or step.exit:
            blocks.append("exit %d" % code)
        checks = ["%s %s: %s" % check for check in step.checks]
        exact = {name: [block[1], printed[name]] for name, block in step.exact.items()}
        for name in ("stdout", "stderr"):
            if name in exact:
                old, new = exact[name]
                text = old if text_matches(old, new) else kept_wildcards(old, new)
                if name == "stderr" or (text and checks) or not text:
                    blocks.append(name + ":")
                blocks += ["\\" + line if looks_special(line) else line for line in text]
        lines[step.line + 1:step.end] = checks + blocks
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def kept_wildcards(old, new):
    wild = [line for line in old if "[...]" in line and line != "[...]"]
    return [next((w for w in wild if line_matches(w, line)), line) for line in new]


def looks_special(line):
    return bool(DIRECTIVE.match(line) or CHECK.match(line) or re.match(r"(\$ |& |exit \d+$|std(out|err):$|\\)", line))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--rynd", required=True, type=lambda text: Path(text).resolve())
    arguments.add_argument("--update", action="store_true", help="rewrite what is expected")
    arguments.add_argument("--keep", action="store_true", help="keep the folders of failed cases, and say where they are")
    arguments.add_argument("-j", type=int, default=2, help="cases at once")
    arguments.add_argument("names", nargs="*")
    options = arguments.parse_args()
    if not options.rynd.is_file():
        raise SystemExit("run_cases.py: there is no %s" % options.rynd)
    files = {path: parse(path) for path in sorted((ROOT / "tests" / "cases").rglob("*.case"))}
    chosen = [case for cases, _ in files.values() for case in cases
              if not options.names or any(case.name.startswith(name) for name in options.names)]
    if not chosen:  # a typo must not pass for a success
        raise SystemExit("run_cases.py: no case begins with %s" % " or ".join(map(repr, options.names)))
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        runs = list(pool.map(lambda case: Run(case, options.rynd).run(), chosen))
    for run in runs:
        for failure in run.failures:
            print("FAILED %s\n  %s" % (run.case.name, failure))
        if options.keep and run.failures:
            print("  kept: %s" % run.dir)
        else:
            shutil.rmtree(run.folder, ignore_errors=True)
    if options.update:
        for path, (_, lines) in files.items():
            changed = [run for run in runs if run.case.path == path and run.actual]
            if changed:
                update(path, lines, changed)
                print("updated %s" % os.path.relpath(path, ROOT))
    failed = sum(bool(run.failures) for run in runs)
    skipped = [run for run in runs if run.skipped]
    for run in skipped:
        print("skipped %s: no %s" % (run.case.name, run.skipped))
    print("%d passed, %d failed%s" % (len(runs) - failed - len(skipped), failed,
                                      ", %d skipped" % len(skipped) if skipped else ""))
    return 1 if failed or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
