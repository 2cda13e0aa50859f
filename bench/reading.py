#!/usr/bin/env python3
"""reading: what it costs to read a project of many models, from nothing and after small changes, beside the targets.

    reading.py [--rynd build/release/rynd] [--models 1000] [--runs 5]

The project is make_dbt_project.py's: two data tests a model, five described columns, macros, vars, incremental models. Each figure is a
whole process, wall and CPU (user and system); memory is the peak of `rynd parse`. Exit code 1 when a target of 1,000 models is missed.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from measure import machine, verdict

HERE = os.path.dirname(os.path.abspath(__file__))


class Run:
    """One process: seconds of wall and of CPU, peak memory in MB."""

    def __init__(self, command, folder):
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = process.stdout.read()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.perf_counter() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        if process.returncode:
            sys.exit("%s ended with %d\n%s" % (" ".join(command), process.returncode, output.decode(errors="replace")))


def clear(folder):
    shutil.rmtree(os.path.join(folder, "target"), ignore_errors=True)
    for name in ("warehouse.duckdb", "warehouse.duckdb.wal"):
        if os.path.exists(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))


class Bench:
    def __init__(self, rynd, folder, runs):
        self.rynd, self.folder, self.runs, self.turn = rynd, folder, runs, 0
        self.met = True

    def measure(self, name, words, before, wall_target=None, memory_target=None):
        runs = []
        for _ in range(self.runs):
            before()
            runs.append(Run([self.rynd] + words, self.folder))
        wall = statistics.median(run.wall for run in runs)
        best = min(run.wall for run in runs)
        cpu = statistics.median(run.cpu for run in runs)
        memory = max(run.memory for run in runs)
        print("%-46s wall %8.1f ms (least %.1f), CPU %8.1f ms, %6.0f MB" % (name, wall * 1e3, best * 1e3, cpu * 1e3, memory), flush=True)
        if wall_target:
            self.met &= verdict("  wall, median", wall * 1e3, wall_target, "ms")
        if memory_target:
            self.met &= verdict("  peak memory", memory, memory_target, "MB")

    def edit(self, path):
        """Another text of another size each time."""
        self.turn += 1
        full = os.path.join(self.folder, path)
        with open(full, encoding="utf-8") as file:
            text = file.read().split("\n-- edit ")[0].split("\n# edit ")[0]
        mark = "# edit" if path.endswith(".yml") else "-- edit"
        with open(full, "w", encoding="utf-8") as file:
            file.write("%s\n%s %s\n" % (text.rstrip("\n"), mark, "x" * (self.turn % 50 + 1)))


def first_file(folder, below, ending):
    for at, folders, names in os.walk(os.path.join(folder, below)):
        folders.sort()
        for name in sorted(names):
            if name.endswith(ending):
                return os.path.relpath(os.path.join(at, name), folder)
    sys.exit("no %s below %s" % (ending, below))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rynd", default="build/release/rynd")
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print("machine: %s; %d models" % (machine(), options.models))
    with tempfile.TemporaryDirectory(prefix="rynd-reading-") as root:
        folder = os.path.join(root, "project")
        subprocess.run([sys.executable, os.path.join(HERE, "make_dbt_project.py"), folder, "--models", str(options.models)],
                       check=True, stdout=subprocess.DEVNULL)
        bench = Bench(os.path.abspath(options.rynd), folder, options.runs)
        target = (lambda ms: ms) if options.models == 1000 else (lambda ms: None)
        model = first_file(folder, "models/marts", ".sql")
        name = os.path.basename(model)[:-4]
        properties = first_file(folder, "models/marts", ".yml")
        nothing = lambda: None
        # A hundredth of dbt-core's 26.1 s and 42.4 s, a tenth of dbt 2.x's 2.45 s and 6.56 s.
        bench.measure("parse, from nothing", ["parse"], lambda: clear(folder), target(245), 400)
        bench.measure("compile, from nothing", ["compile"], lambda: clear(folder), target(420))
        time.sleep(2.5)  # times of files become certain
        Run([bench.rynd, "parse"], folder)
        bench.measure("parse, nothing changed", ["parse"], nothing, target(50))
        bench.measure("parse, one model changed", ["parse"], lambda: bench.edit(model))
        bench.measure("parse, one properties file changed", ["parse"], lambda: bench.edit(properties))
        bench.measure("parse, a macro file changed, but no macro in it", ["parse"], lambda: bench.edit("macros/measures.sql"))
        bench.measure("ls", ["ls", "--quiet"], nothing, target(150))
        bench.measure("compile -s one", ["compile", "-s", name], nothing, target(150))
        Run([bench.rynd, "run", "-s", "+" + name], folder)
        bench.measure("run -s one", ["run", "-s", name], nothing, target(150))
    return 0 if bench.met else 1


if __name__ == "__main__":
    sys.exit(main())
