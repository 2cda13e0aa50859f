#!/usr/bin/env python3
"""build: `rynd build` and `rynd compile` of 1,000 models with 2,002 data tests, beside the bare SQL of the same project.

    build.py [--rynd build/release/rynd] [--models 1000] [--runs 5] [--peer dbt=/path/to/dbt ...]

The project is make_dbt_project.py's: tiny tables, so that what is measured is the program and not the data. The limit is its own SQL, models
and tests, sent by hand in one transaction on one thread (by_hand.py), in turns with the builds; both start from nothing and end with the
file closed. A --peer builds the same project once, with four threads. Exit code 1 when a target is missed.
"""
import argparse
import os
import subprocess
import sys
import tempfile

from example import by_hand, python_with_duckdb
from measure import Times, machine, peak_of, timed, verdict

HERE = os.path.dirname(os.path.abspath(__file__))
# What a peer must at least take of rynd's time: dbt-core, and the Rust engine.
PEERS = {"dbt": 20, "dbt2": 5}


def clean(project):
    """Moves away what commands wrote: ext4 is slow to make files where many were just deleted."""
    away = tempfile.mkdtemp(prefix="old-", dir=os.path.dirname(project))
    for name in ("warehouse.duckdb", "warehouse.duckdb.wal", "target", ".rynd"):
        if os.path.exists(os.path.join(project, name)):
            os.rename(os.path.join(project, name), os.path.join(away, name))


def cold(command, project):
    """Seconds of a command that finds neither warehouse nor anything it wrote before."""
    clean(project)
    return timed(command, cwd=project)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rynd", default="build/release/rynd")
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PATH", help="dbt=..., dbt2=...")
    options = parser.parse_args()
    rynd, python = os.path.abspath(options.rynd), python_with_duckdb()
    print("machine: %s" % machine())
    with tempfile.TemporaryDirectory(prefix="rynd-bench-") as folder:
        project = os.path.join(folder, "project")
        made = subprocess.run([sys.executable, os.path.join(HERE, "make_dbt_project.py"), project, "--models", str(options.models)],
                              check=True, capture_output=True, text=True)
        print(made.stdout.strip())
        builds, hand, again, compiles = [], [], [], []
        for turn in range(options.runs + 1):   # the first is not counted
            built = cold([rynd, "build"], project)
            bare = by_hand(python, project, None, "--one-transaction", "--threads", "1")
            rebuilt = timed([rynd, "build"], cwd=project)
            compiled = cold([rynd, "compile"], project)
            if turn > 0:
                builds.append(built), hand.append(bare), again.append(rebuilt), compiles.append(compiled)
        builds, hand, again, compiles = Times(builds), Times(hand), Times(again), Times(compiles)
        clean(project)
        build_peak, compile_peak = peak_of([rynd, "build"], project), peak_of([rynd, "compile"], project)
        peers = {}
        for peer in options.peer:
            name, path = peer.split("=", 1)
            peers[name] = cold([os.path.abspath(path), "build", "--threads", "4"], project)
    print("rynd build, from nothing: %s, at most %.0f MB\nrynd build, again: %s\nrynd compile: %s, at most %.0f MB\n"
          "the same SQL by hand, one transaction: %s" % (builds, build_peak, again, compiles, compile_peak, hand))
    reached = [verdict("build against the bare SQL in one transaction", builds.median / hand.median, 1.3, "x"),
               verdict("compile", compiles.median, 0.42, "s")]
    for name, seconds in peers.items():
        print("%s build: %.1f s, %.1f times rynd's (target %d)" % (name, seconds, seconds / builds.median, PEERS.get(name, 1)))
        reached.append(seconds / builds.median >= PEERS.get(name, 1))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
