#!/usr/bin/env python3
"""expectation: what dbt-core made of our example projects, kept as text, and whether rynd makes the same.

    expectation.py check  [--rynd build/release/rynd] [NAME...]    rynd builds a copy of each example; compare with NAME.json
    expectation.py record [NAME...]                                dbt-core builds it in a venv made for this; write NAME.json

An expectation holds for every table and view: kind, columns in order with their types, number of rows, and the md5 of all rows as sorted
text; and for every node of run_results.json its status and number of failures. `check` needs only Python's standard library; it reads the
tables through `rynd query`. `record` installs dbt-core as requirements.txt pins it, into ~/.cache/rynd/dbt (or $RYND_DBT_VENV).
The last line is `N passed, N failed`.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from warehouse import WeatherApi, describe, lay_out, rynd_query  # noqa: E402


def statuses(project):
    with open(os.path.join(project, "target", "run_results.json"), encoding="utf-8") as file:
        return {r["unique_id"]: [r["status"], r.get("failures")] for r in json.load(file)["results"]}


def build_with_rynd(rynd, project):
    """What a build said that could not be carried out, or None."""
    def run(step, **env):
        done = subprocess.run([rynd, step], cwd=project, env=dict(os.environ, NO_COLOR="1", **env), capture_output=True, text=True)
        return "rynd %s ended with %d\n%s%s" % (step, done.returncode, done.stdout, done.stderr) if done.returncode > 1 else None

    if os.path.isdir(os.path.join(project, "ingest")):
        with WeatherApi(project) as api:
            failure = run("ingest", WEATHER_API=api.address)
        if failure:
            return failure
    return run("build")


def differences(kind, expected, got):
    for key in sorted(set(expected) | set(got)):
        if key not in got:
            yield "%s %s is missing" % (kind, key)
        elif key not in expected:
            yield "%s %s is not dbt-core's" % (kind, key)
        elif expected[key] != got[key]:
            yield "%s %s\n    dbt-core: %s\n    rynd:     %s" % (kind, key, json.dumps(expected[key]), json.dumps(got[key]))


def check(name, rynd):
    """Number of relations and statuses that are equal and that are not."""
    with open(os.path.join(HERE, name + ".json"), encoding="utf-8") as file:
        expected = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        project = lay_out(name, folder)
        failure = build_with_rynd(rynd, project)
        if failure:
            print("%s: %s" % (name, failure))
            return 0, 1
        relations, results = describe(rynd_query(rynd, project)), statuses(project)
    found = [*differences("relation", expected["relations"], relations), *differences("node", expected["nodes"], results)]
    for text in found:
        print("%s: %s" % (name, text))
    return len(expected["relations"]) + len(expected["nodes"]) - len(found), len(found)


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
con.execute("create schema raw")
con.execute("create table raw.rides as select cast(started_at as timestamp) as started_at, cast(casual as bigint) as casual, "
            "cast(registered as bigint) as registered, cast(total as bigint) as total from read_csv('data/rides/*.csv.gz', all_varchar = true) "
            "where try_cast(started_at as timestamp) is not null and try_cast(casual as bigint) is not null")
con.execute("create table raw.weather_hourly as select * from read_csv('data/weather/2011.csv.gz')")
con.execute("create table raw.weather_daily as select cast(observed_at as date) as time, max(temperature) as temperature_max, "
            "min(temperature) as temperature_min, count(*) as hours_observed from raw.weather_hourly group by 1")
"""


def record(name):
    tools = dbt_venv()
    with tempfile.TemporaryDirectory() as folder:
        project = lay_out(name, folder)
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
        expected = {"relations": describe(query), "nodes": statuses(project)}
        reader.stdin.close()
        reader.wait()
    with open(os.path.join(HERE, name + ".json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, indent=1, sort_keys=True)
        file.write("\n")
    print("%s: %d relations, %d nodes recorded" % (name, len(expected["relations"]), len(expected["nodes"])))


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
