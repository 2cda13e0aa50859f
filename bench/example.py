#!/usr/bin/env python3
"""example: start-up, first query, idle memory and a whole build of examples/bike-weather, each beside its target.

    example.py [--rynd build/release/rynd] [--runs 9]

The build is compared, in the same run, with the same SQL by hand: the compiled models, seeds and data tests of target/manifest.json sent
one after the other to a fresh DuckDB file in dependency order (by_hand.py). Needs PyPI duckdb for that, installed once into
~/.cache/rynd/bench. Exit code 1 when a target is missed.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests"))
from measure import machine, repeat, timed, verdict  # noqa: E402
from warehouse import WeatherApi, lay_out  # noqa: E402

DUCKDB = "duckdb==1.5.5"   # the version rynd is linked with


def python_with_duckdb():
    venv = os.path.join(os.path.expanduser("~"), ".cache", "rynd", "bench")
    python = os.path.join(venv, "bin", "python")
    if subprocess.run([python, "-c", "import duckdb"], capture_output=True).returncode if os.path.exists(python) else True:
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", DUCKDB], check=True)
    return python


def idle_memory(rynd, project):
    """Resident MB of `rynd up` that has answered once and then had nothing to do for two seconds."""
    server = subprocess.Popen([rynd, "up", "--port", "0"], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        state = os.path.join(project, ".rynd", "server.json")
        deadline = time.monotonic() + 20
        while not os.path.exists(state):
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("rynd up did not start:\n%s" % server.stdout.read())
            time.sleep(0.05)
        time.sleep(2)
        lines = dict(line.split(":", 1) for line in open("/proc/%d/status" % server.pid) if line.startswith("VmRSS"))
        return int(lines["VmRSS"].split()[0]) / 1024
    finally:
        server.terminate()
        server.wait(timeout=20)
        server.stdout.close()


def build(rynd, project, loaded):
    """Seconds of `rynd build` on a warehouse that holds raw tables only."""
    for name in ("warehouse.duckdb", "warehouse.duckdb.wal"):
        if os.path.exists(os.path.join(project, name)):
            os.remove(os.path.join(project, name))
    shutil.copy(loaded, os.path.join(project, "warehouse.duckdb"))
    shutil.rmtree(os.path.join(project, "target"), ignore_errors=True)
    return timed([rynd, "build"], cwd=project)


def by_hand(python, project, loaded, *options):
    raw = [loaded] if loaded else []
    done = subprocess.run([python, os.path.join(HERE, "by_hand.py"), project, *raw, *options], capture_output=True, text=True)
    if done.returncode:
        sys.exit("by_hand.py: %s" % done.stderr)
    return json.loads(done.stdout)["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rynd", default="build/release/rynd")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    rynd, python = os.path.abspath(options.rynd), python_with_duckdb()
    print("machine: %s" % machine())
    with tempfile.TemporaryDirectory(prefix="rynd-bench-") as folder:
        project = lay_out("bike-weather", folder)
        with WeatherApi(project) as api:
            timed([rynd, "ingest"], cwd=project, env=dict(os.environ, WEATHER_API=api.address))
        loaded = shutil.copy(os.path.join(project, "warehouse.duckdb"), os.path.join(folder, "loaded.duckdb"))
        builds = repeat(options.runs, lambda: build(rynd, project, loaded))
        hand = repeat(options.runs, lambda: by_hand(python, project, loaded))
        nothing = repeat(50, lambda: timed(["/bin/true"]))
        version = repeat(50, lambda: timed([rynd, "--version"]))
        first = repeat(20, lambda: timed([rynd, "show", "--inline", "select count(*) as hours from {{ ref('mart_demand_hourly') }}"], cwd=project))
        memory = idle_memory(rynd, project)
    print("/bin/true: %s\nrynd --version: %s\nopen, parse, first query: %s\nrynd build: %s\nthe same SQL by hand: %s"
          % (nothing, version, first, builds, hand))
    reached = [verdict("rynd --version", version.median * 1e3, 10, "ms"),
               verdict("open, parse, first query", first.median * 1e3, 100, "ms"),
               verdict("idle server", memory, 60, "MB"),
               verdict("build against the same SQL by hand", builds.median / hand.median, 1.5, "x")]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
