#!/usr/bin/env python3
"""crash: kills `rynd ingest` and `rynd build` of the example with SIGKILL at random instants; nothing may be lost, doubled or half built.

    run.py [--rynd build/release/rynd] [--kills 200 | --quick] [--seed N] [--keep]

First an uninterrupted run in three steps is recorded: ingest, build, then June arrives and both run again. Each trial starts from one of
these states, starts the step again, kills it and all it started somewhere between its first and its last instant, and looks:
    after the kill    the warehouse opens; every raw table holds a whole number of deliveries; every relation is what it was before the step
                      or what it is after it; no relation is there that neither knows (a temporary name, a backup)
    after the resume  the same command ends as it does undisturbed, and every relation is equal to the undisturbed one
Some trials kill the resume as well, once or twice, before they let it finish. --seed repeats the same instants; the seed is printed.
The last line is `N passed, N failed`; a trial is one kill.
"""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from warehouse import MOMENTS, QueryFailed, WeatherApi, describe, lay_out, rynd_query  # noqa: E402

# When, and by which load, a row came differs from run to run; how many loads there were, and how many rows the last one had, on the kills.
LOADS = ("_dlt_load_id", "_dlt_id", "load_id", "inserted_at", "updated_at", "created_at")
LOGS = ("raw._dlt_loads", "raw._dlt_pipeline_state", "raw._rynd_partitions")
DELIVERIES = "select strftime(started_at, '%Y-%m') as delivery, count(*) from raw.rides group by all"
KNOWN = "select partition, rows from raw._rynd_partitions where resource = 'rides' and status = 'loaded'"


class Step:
    """One command of the example: where it starts from, and what the warehouse is before and after it."""

    def __init__(self, command, start):
        self.command, self.start = command, start
        self.before, self.after = {}, {}          # relations
        self.held, self.counts = {}, {}           # rows of each delivery, before and after
        self.seconds = self.code = None


class Driver:
    def __init__(self, rynd, folder):
        self.rynd, self.folder = rynd, folder
        self.project = lay_out("bike-weather", folder)
        self.query = rynd_query(rynd, self.project)
        self.env = dict(os.environ, NO_COLOR="1")

    def relations(self):
        found = describe(self.query, ignored_columns=MOMENTS + LOADS, ignored_schemas=("rynd",))
        return {name: relation for name, relation in found.items() if name not in LOGS}

    def deliveries(self, relations):
        """Rows of each month of rides."""
        return dict(self.query(DELIVERIES)) if "raw.rides" in relations else {}

    def spawn(self, command):
        return subprocess.Popen([self.rynd, *command], cwd=self.project, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def run(self, command):
        """(exit code, output, seconds) of a command that nobody disturbs."""
        began = time.monotonic()
        process = self.spawn(command)
        output = process.communicate(timeout=300)[0]
        return process.returncode, output, time.monotonic() - began

    def save(self, name):
        kept = os.path.join(self.folder, name)
        shutil.copytree(self.project, kept)
        return kept

    def restore(self, kept):
        shutil.rmtree(self.project)
        shutil.copytree(kept, self.project)

    def record(self, command, name):
        """Runs a step undisturbed and remembers everything about it."""
        step = Step(command, self.save(name))
        if os.path.exists(os.path.join(self.project, "warehouse.duckdb")):
            step.before = self.relations()
            step.held = self.deliveries(step.before)
        step.code, output, step.seconds = self.run(command)
        if step.code not in (0, 1):
            sys.exit("crash: undisturbed, rynd %s ended with %d\n%s" % (" ".join(command), step.code, output))
        step.after = self.relations()
        step.counts = self.deliveries(step.after)
        print("  %-16s %.2f s undisturbed, %d relations after it" % (" ".join(command), step.seconds, len(step.after)), flush=True)
        return step

    def kill_at(self, step, instant):
        """Starts the step and kills it `instant` seconds later; False when it had ended by itself before."""
        process = self.spawn(step.command)
        try:
            process.wait(timeout=instant)
            alive = False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            alive = True
        process.communicate()
        return alive

    def half_built(self, step):
        """What is wrong with the warehouse between kill and resume."""
        if not os.path.exists(os.path.join(self.project, "warehouse.duckdb")):
            return ["the warehouse is gone"] if step.before else []
        now = self.relations()
        wrong = ["%s is gone" % name for name in step.before if name not in now]
        for name, relation in now.items():
            if name not in step.before and name not in step.after:
                wrong.append("%s is there, and neither before nor after the step" % name)
            elif not name.startswith("raw.") and relation not in (step.before.get(name), step.after.get(name)):
                wrong.append("%s is neither what it was nor what it becomes: %d rows" % (name, relation["rows"]))
        return wrong + list(self.torn_deliveries(step, now))

    def torn_deliveries(self, step, now):
        """Months of which a part is there, that were there and are not, or of which the bookkeeping says otherwise."""
        counts = self.deliveries(now)
        for month in sorted(set(counts) | set(step.held)):
            if counts.get(month, "0") != step.counts.get(month):
                yield "raw.rides: %s has %s rows of %s" % (month, counts.get(month, "0"), step.counts.get(month))
        known = dict(self.query(KNOWN)) if "raw.rides" in now else {}
        if known != counts:
            yield "raw._rynd_partitions says %s, raw.rides has %s" % (known, counts)

    def not_resumed(self, step):
        """What is wrong after the resume."""
        code, output, _ = self.run(step.command)
        if code != step.code:
            return ["the resume ended with %d, not %d\n%s" % (code, step.code, output)]
        now = self.relations()
        wrong = ["%s differs after the resume: %s, undisturbed %s" % (name, now.get(name), step.after.get(name))
                 for name in sorted(set(now) | set(step.after)) if now.get(name) != step.after.get(name)]
        return wrong + list(self.torn_deliveries(step, now))

    def trial(self, step, instants):
        """Kills one after the other, then a resume; what was wrong."""
        self.restore(step.start)
        for instant in instants:
            self.kill_at(step, instant)
            wrong = self.half_built(step)
            if wrong:
                return wrong
        return self.not_resumed(step)


def record_steps(driver):
    steps = [driver.record(["ingest"], "empty"), driver.record(["build"], "loaded")]
    shutil.copy(os.path.join(driver.project, "data", "late", "2011-06.csv.gz"), os.path.join(driver.project, "data", "rides"))
    return [*steps, driver.record(["ingest"], "june-arrived"), driver.record(["build"], "june-loaded")]


def run_trials(driver, steps, kills, dice, keep):
    passed = failed = 0
    while passed + failed < kills:
        step = steps[dice.randrange(len(steps))]
        planned = min(dice.choice([1, 1, 1, 2, 3]), kills - passed - failed)
        instants = [dice.uniform(0, step.seconds * 1.02) for _ in range(planned)]
        try:
            wrong = driver.trial(step, instants)
        except QueryFailed as problem:
            wrong = ["the warehouse does not answer: %s" % problem]
        passed, failed = (passed, failed + planned) if wrong else (passed + planned, failed)
        if wrong:
            print("FAILED rynd %s from '%s', killed after %s s:" % (" ".join(step.command), os.path.basename(step.start), ", ".join("%.3f" % i for i in instants)))
            print("\n".join("    " + line for line in wrong), flush=True)
            if keep:
                print("    kept: %s" % driver.save("failed-%d" % failed), flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rynd", default="build/release/rynd")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help="24 kills")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", action="store_true", help="leave projects of failed trials where they are")
    options = parser.parse_args()
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    kills = 24 if options.quick else options.kills
    folder = tempfile.mkdtemp(prefix="rynd-crash-")
    try:
        driver = Driver(os.path.abspath(options.rynd), folder)
        print("crash: %d kills, seed %d" % (kills, seed), flush=True)
        with WeatherApi(driver.project, flaky=7) as api:
            driver.env["WEATHER_API"] = api.address
            passed, failed = run_trials(driver, record_steps(driver), kills, random.Random(seed), options.keep)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
