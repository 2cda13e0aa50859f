#!/usr/bin/env python3
"""parse: whether the time to parse a project grows in step with its number of models, up to 10,000.

    parse.py [--rynd build/release/rynd] [--sizes 100,1000,10000] [--runs 3]

Linear means: microseconds a model at the largest size are at most 1.5 times those at a tenth of it. Exit code 1 when they are more.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

from measure import machine, repeat, timed, verdict

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rynd", default="build/release/rynd")
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    rynd, sizes, per_model = os.path.abspath(options.rynd), [int(s) for s in options.sizes.split(",")], []
    print("machine: %s" % machine())
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="rynd-parse-") as project:
            subprocess.run([sys.executable, os.path.join(HERE, "make_project.py"), project, str(size)], check=True)

            def parse_anew():
                shutil.rmtree(os.path.join(project, "target"), ignore_errors=True)
                return timed([rynd, "parse"], cwd=project)
            times = repeat(options.runs, parse_anew)
        per_model.append(times.median / size)
        print("%6d models: %s, %.0f us a model" % (size, times, per_model[-1] * 1e6))
    return 0 if verdict("a model at %d against one at %d" % (sizes[-1], sizes[-2]), per_model[-1] / per_model[-2], 1.5, "x") else 1


if __name__ == "__main__":
    sys.exit(main())
