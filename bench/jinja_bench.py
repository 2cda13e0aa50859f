#!/usr/bin/env python3
"""Templates against Python's Jinja2: jinja_bench.py PROGRAM. Both sides in one run; a target missed is exit code 1.

Needs PyPI jinja2==3.1.6. PROGRAM is build/release/bench/jinja_bench.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import time

from jinja2.sandbox import SandboxedEnvironment

FOLDER = pathlib.Path(__file__).parent / "jinja"
TARGETS = {"compile": 50, "render": 10}


def median(call):
    call()
    start = time.process_time()
    call()
    turns = max(1, int(0.02 / max(time.process_time() - start, 2e-6)))
    series = []
    for _ in range(9):
        begin = time.process_time()
        for _ in range(turns):
            call()
        series.append((time.process_time() - begin) / turns * 1e6)
    return statistics.median(series)


def main():
    files = sorted(FOLDER.glob("*.jinja"))
    lines = subprocess.run([sys.argv[1], *map(str, files)], capture_output=True, text=True, check=True).stdout.splitlines()
    environment = SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    missed = False
    print(f"{'template':<14} {'':<8} {'Jinja2 us':>10} {'rynd us':>10} {'ratio':>8} {'target':>8}")
    for file, line in zip(files, lines):
        _, compile_us, render_us, size = line.rsplit(" ", 3)
        text = file.read_text("utf-8")
        names = json.loads(file.with_suffix(".json").read_text("utf-8"))
        template = environment.from_string(text)
        if len(template.render(names).encode("utf-8")) != int(size):
            raise SystemExit(f"{file.name}: the outputs differ")
        python = {"compile": median(lambda: environment.compile(text)), "render": median(lambda: template.render(names))}
        for what, ours in (("compile", float(compile_us)), ("render", float(render_us))):
            ratio = python[what] / ours
            missed = missed or ratio < TARGETS[what]
            print(f"{file.stem:<14} {what:<8} {python[what]:>10.1f} {ours:>10.2f} {ratio:>7.1f}x {TARGETS[what]:>7}x")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
