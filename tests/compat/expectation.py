#!/usr/bin/env python3
"""expectation: what dbt-core made of our example projects, kept as text, and whether rynd makes the same.

    expectation.py check  [--rynd build/release/rynd] [NAME...]    rynd builds a copy of each project; compare with NAME.json
    expectation.py record [NAME...]                                dbt-core builds it in a venv made for this; write NAME.json

A project is one of examples/, or features/ or surface/ here, whose steps.txt lists dbt commands. An example is built once and, where it has a delivery that
comes late, once more. A build's expectation holds for every table and view: kind, columns in order with their types, number of rows, and
the md5 of all rows as sorted text; and for every node of run_results.json its status and number of failures. That of an `ls` is what it
printed. `check` needs only Python's standard library; it reads the tables through `rynd query`. `record` installs dbt-core as requirements.txt pins it, into ~/.cache/rynd/dbt (or $RYND_DBT_VENV).
The last line is `N passed, N failed`.
"""
import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from warehouse import QueryFailed, WeatherApi, describe, lay_out, rynd_query  # noqa: E402


def statuses(project):
    with open(os.path.join(project, "target", "run_results.json"), encoding="utf-8") as file:
        results = json.load(file)["results"]
    return {r["unique_id"]: [r["status"], r.get("failures") or 0] for r in results}


def steps_of(project):
    """The commands to run: what steps.txt says, else a build, and one more when the late delivery has come."""
    listed = os.path.join(project, "steps.txt")
    if os.path.exists(listed):
        with open(listed, encoding="utf-8") as file:
            return [shlex.split(line) for line in file if line.strip()]
    return [["build"]] * (2 if os.path.isdir(os.path.join(project, "data", "late")) else 1)


def deliver_late(project):
    late = os.path.join(project, "data", "late")
    if os.path.isdir(late):
        shutil.copytree(late, os.path.join(project, "data", "rides"), dirs_exist_ok=True)


class Rynd:
    """The program under test."""
    name = "rynd"

    def __init__(self, binary):
        self.binary = os.path.abspath(binary)

    def load(self, project):
        if os.path.isdir(os.path.join(project, "ingest")):
            with WeatherApi(project) as api:
                done = subprocess.run([self.binary, "ingest"], cwd=project, env=dict(os.environ, WEATHER_API=api.address), capture_output=True, text=True)
            if done.returncode:
                raise Failure("rynd ingest ended with %d\n%s%s" % (done.returncode, done.stdout, done.stderr))

    def run(self, project, command):
        return subprocess.run([self.binary, *command], cwd=project, env=dict(os.environ, NO_COLOR="1"), capture_output=True, text=True)

    def relations(self, project):
        return describe(rynd_query(self.binary, project))


class DbtCore:
    """The oracle; raw tables that rynd would load are made by hand."""
    name = "dbt"

    def __init__(self):
        self.tools = dbt_venv()

    def load(self, project):
        if os.path.isdir(os.path.join(project, "ingest")):
            subprocess.run([os.path.join(self.tools, "python"), "-c", RAW_TABLES], cwd=project, check=True)

    def run(self, project, command):
        env = dict(os.environ, DBT_SEND_ANONYMOUS_USAGE_STATS="false", NO_COLOR="1")
        return subprocess.run([os.path.join(self.tools, "dbt"), *command], cwd=project, env=env, capture_output=True, text=True)

    def relations(self, project):
        reader = subprocess.Popen([os.path.join(self.tools, "python"), "-c", PYTHON_QUERY], cwd=project, text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def query(sql):
            reader.stdin.write(json.dumps(sql) + "\n")
            reader.stdin.flush()
            return json.loads(reader.stdout.readline())
        found = describe(query)
        reader.stdin.close()
        reader.wait()
        return found


class Failure(Exception):
    """A command that could not be carried out."""


def play(program, project):
    """What each step left behind, step by step."""
    for command in steps_of(project):
        if command[0] == "build":
            program.load(project)
        done = program.run(project, command)
        if done.returncode > 1 or (command[0] == "ls" and done.returncode):
            raise Failure("%s %s ended with %d\n%s%s" % (program.name, shlex.join(command), done.returncode, done.stdout, done.stderr))
        found = {"command": shlex.join(command), "exit": {"code": done.returncode}}
        if command[0] == "ls":
            found["lines"] = {line: True for line in done.stdout.splitlines()}
        else:
            found.update(relations=program.relations(project), nodes=statuses(project))
        yield found
        deliver_late(project)


def differences(expected, got):
    for kind in ("exit", "relations", "nodes", "lines"):
        ours, theirs = got.get(kind, {}), expected.get(kind, {})
        for key in sorted(set(ours) | set(theirs)):
            if key not in ours:
                yield "%s: missing" % key
            elif key not in theirs:
                yield "%s: not dbt-core's" % key
            elif ours[key] != theirs[key]:
                yield "%s\n    dbt-core: %s\n    rynd:     %s" % (key, json.dumps(theirs[key]), json.dumps(ours[key]))


def size(expected):
    return sum(len(expected.get(kind, {})) for kind in ("exit", "relations", "nodes", "lines"))


def check(name, rynd):
    """How many relations, statuses and lines are equal, and how many are not."""
    with open(os.path.join(HERE, name + ".json"), encoding="utf-8") as file:
        steps = json.load(file)
    right = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        try:
            for expected, got in zip(steps, play(rynd, lay_out(name, folder)), strict=True):
                found = list(differences(expected, got))
                for text in found:
                    print("%s, %s: %s" % (name, expected["command"], text))
                right, wrong = right + max(0, size(expected) - len(found)), wrong + len(found)
        except (Failure, QueryFailed) as failure:
            print("%s: %s" % (name, failure))
            wrong += 1
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


def record(name, dbt):
    with tempfile.TemporaryDirectory() as folder:
        steps = list(play(dbt, lay_out(name, folder)))
    with open(os.path.join(HERE, name + ".json"), "w", encoding="utf-8") as file:
        file.write("[" + ",\n".join(one_a_line(step) for step in steps) + "]\n")
    print("%s: %d steps, %d things to compare" % (name, len(steps), sum(map(size, steps))))


def one_a_line(step):
    """JSON with a relation, a node or a line on each line, so that a difference reads well."""
    parts = []
    for key, value in step.items():
        inner = ",\n   ".join("%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in sorted(value.items())) if isinstance(value, dict) else None
        parts.append(" %s: %s" % (json.dumps(key), json.dumps(value) if inner is None else "{\n   " + inner + "}"))
    return "{\n" + ",\n".join(parts) + "}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=["check", "record"])
    parser.add_argument("--rynd", default="build/release/rynd")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    names = options.names or sorted(f[:-5] for f in os.listdir(HERE) if f.endswith(".json"))
    if options.action == "record":
        dbt = DbtCore()
        for name in names:
            record(name, dbt)
        return 0
    passed = failed = 0
    for name in names:
        right, wrong = check(name, Rynd(options.rynd))
        passed, failed = passed + right, failed + wrong
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
