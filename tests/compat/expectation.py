#!/usr/bin/env python3
"""expectation: what dbt-core made of our example projects, kept as text, and whether rynd makes the same.

    expectation.py check  [--rynd build/release/rynd] [NAME...]    rynd builds a copy of each example; compare with NAME.json
    expectation.py record [NAME...]                                dbt-core builds it in a venv made for this; write NAME.json

An expectation has a step for the first build and, where the example has a delivery that comes late, one for the build after it. A step holds
for every table and view: kind, columns in order with their types, number of rows, and the md5 of all rows as sorted
text; and for every node of run_results.json its status and number of failures. `check` needs only Python's standard library; it reads the
tables through `rynd query`. `record` installs dbt-core as requirements.txt pins it, into ~/.cache/rynd/dbt (or $RYND_DBT_VENV).
The last line is `N passed, N failed`.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from warehouse import WeatherApi, describe, lay_out, rynd_query  # noqa: E402


def statuses(project):
    with open(os.path.join(project, "target", "run_results.json"), encoding="utf-8") as file:
        return {r["unique_id"]: [r["status"], r.get("failures")] for r in json.load(file)["results"]}


def late_delivery(project):
    """Puts what is late where the rest is; False where nothing is."""
    late = os.path.join(project, "data", "late")
    if os.path.isdir(late):
        shutil.copytree(late, os.path.join(project, "data", "rides"), dirs_exist_ok=True)
    return os.path.isdir(late)


def build_with_rynd(rynd, project):
    """Loads and builds; what a command said that could not be carried out, or None."""
    def run(command, **env):
        done = subprocess.run([rynd, command], cwd=project, env=dict(os.environ, NO_COLOR="1", **env), capture_output=True, text=True)
        return "rynd %s ended with %d\n%s%s" % (command, done.returncode, done.stdout, done.stderr) if done.returncode > 1 else None

    if os.path.isdir(os.path.join(project, "ingest")):
        with WeatherApi(project) as api:
            failure = run("ingest", WEATHER_API=api.address)
        if failure:
            return failure
    return run("build")


def differences(expected, got):
    for kind in ("relations", "nodes"):
        for key in sorted(set(expected[kind]) | set(got[kind])):
            if key not in got[kind]:
                yield "%s: missing" % key
            elif key not in expected[kind]:
                yield "%s: not dbt-core's" % key
            elif expected[kind][key] != got[kind][key]:
                yield "%s\n    dbt-core: %s\n    rynd:     %s" % (key, json.dumps(expected[kind][key]), json.dumps(got[kind][key]))


def check(name, rynd):
    """How many relations and statuses are equal, and how many are not."""
    with open(os.path.join(HERE, name + ".json"), encoding="utf-8") as file:
        steps = json.load(file)
    right = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        project = lay_out(name, folder)
        for number, expected in enumerate(steps, 1):
            failure = build_with_rynd(rynd, project)
            if failure:
                print("%s: %s" % (name, failure))
                return right, wrong + 1
            found = list(differences(expected, {"relations": describe(rynd_query(rynd, project)), "nodes": statuses(project)}))
            for text in found:
                print("%s, build %d: %s" % (name, number, text))
            right, wrong = right + len(expected["relations"]) + len(expected["nodes"]) - len(found), wrong + len(found)
            late_delivery(project)
    return right, wrong


def dbt_venv():
    venv = os.environ.get("RYND_DBT_VENV", os.path.join(os.path.expanduser("~"), ".cache", "rynd", "dbt"))
    if not os.path.exists(os.path.join(venv, "bin", "dbt")):
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([os.path.join(venv, "bin", "pip"), "install", "--quiet", "--no-deps", "-r",
                        os.path.join(HERE, "requirements.txt")], check=True)
    return os.path.join(venv, "bin")


PYTHON_QUERY = """
import duckdb, json, sys
con = duckdb.connect("warehouse.duckdb")
for line in sys.stdin:
    print(json.dumps([[None if v is None else str(v) for v in row] for row in con.execute(json.loads(line)).fetchall()]), flush=True)
"""
RAW_TABLES = """
import duckdb
con = duckdb.connect("warehouse.duckdb")
con.execute("create schema if not exists raw")
con.execute("create or replace table raw.rides as select cast(started_at as timestamp) as started_at, cast(casual as integer) as casual, "
            "cast(registered as integer) as registered, cast(total as integer) as total from read_csv('data/rides/*.csv.gz', all_varchar = true) "
            "where try_cast(started_at as timestamp) is not null and try_cast(casual as integer) is not null")
con.execute("create or replace table raw.weather_hourly as select * from read_csv('data/weather/2011.csv.gz')")
con.execute("create or replace table raw.weather_daily as select cast(observed_at as date) as time, max(temperature) as temperature_max, "
            "min(temperature) as temperature_min, count(*) as hours_observed from raw.weather_hourly group by 1")
"""


def build_with_dbt(tools, project):
    """Builds, on raw tables made by hand where the example loads them; what there is afterwards."""
    if os.path.isdir(os.path.join(project, "ingest")):
        subprocess.run([os.path.join(tools, "python"), "-c", RAW_TABLES], cwd=project, check=True)
    env = dict(os.environ, DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    subprocess.run([os.path.join(tools, "dbt"), "--quiet", "build"], cwd=project, env=env, check=True)
    reader = subprocess.Popen([os.path.join(tools, "python"), "-c", PYTHON_QUERY], cwd=project, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def query(sql):
        reader.stdin.write(json.dumps(sql) + "\n")
        reader.stdin.flush()
        return json.loads(reader.stdout.readline())
    found = {"relations": describe(query), "nodes": statuses(project)}
    reader.stdin.close()
    reader.wait()
    return found


def record(name):
    tools = dbt_venv()
    with tempfile.TemporaryDirectory() as folder:
        project = lay_out(name, folder)
        steps = [build_with_dbt(tools, project)]
        if late_delivery(project):
            steps.append(build_with_dbt(tools, project))
    with open(os.path.join(HERE, name + ".json"), "w", encoding="utf-8") as file:
        json.dump(steps, file, indent=1, sort_keys=True)
        file.write("\n")
    print("%s: %s" % (name, "; ".join("%d relations, %d nodes" % (len(s["relations"]), len(s["nodes"])) for s in steps)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=["check", "record"])
    parser.add_argument("--rynd", default="build/release/rynd")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    names = options.names or sorted(f[:-5] for f in os.listdir(HERE) if f.endswith(".json"))
    if options.action == "record":
        for name in names:
            record(name)
        return 0
    passed = failed = 0
    for name in names:
        right, wrong = check(name, os.path.abspath(options.rynd))
        passed, failed = passed + right, failed + wrong
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
