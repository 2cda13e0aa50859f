"""pytest plugin: dbt's own adapter tests, with rynd where they call dbt.

    RYND=build/dev/rynd pytest -p plugin --profile file tests/functional/adapter

dbt-tests-adapter and dbt-duckdb's suite write a project, call dbt in process and look at what came back and into the
database. Here the call starts rynd as a program, and its artifacts become the objects that dbt would have returned. The
tests' fixtures and their queries still use dbt-core and dbt-duckdb: they are the referee, so rynd's manifest has to be
one that dbt's own classes read.
"""
import datetime
import gc
import json
import os
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import dbt.cli.main
import dbt.tests.util
import freezegun
import pytest
from dbt import exceptions
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import FACTORY
from dbt.artifacts.schemas.batch_results import BatchResults
from dbt.artifacts.schemas.catalog import CatalogArtifact
from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.artifacts.schemas.results import RunStatus, TestStatus, TimingInfo
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
from dbt.cli.exceptions import DbtUsageException
from dbt.cli.main import dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.exceptions import CompilationError, DbtRuntimeError
from freezegun.api import freeze_factories, real_time

RYND = os.path.abspath(os.environ["RYND"])

# Tests that say nothing of rynd, for what they assert happens in dbt's process or in a network.
OUT_OF_REACH = {
    "TestCachingLowerCaseModelDuckDB": "looks into the relation cache of dbt's process",
    "TestCachingSelectedSchemaOnlyDuckDB": "looks into the relation cache of dbt's process",
    "TestDropRelationWithViewDependencies": "drops in dbt's process, and counts on its relation cache",
    "TestDropRelationWithMacroDependencies": "drops in dbt's process, and counts on its relation cache",
    "TestCommunityExtensions": "downloads an extension",
    "TestDateSpine": "downloads a package from the hub",
}

# What a command's arguments look like when its name is looked for.
WITH_VALUE = {"--project-dir", "--profiles-dir", "--target-path", "--log-path", "--log-level", "--log-format"}

last_output = ""


def pytest_collection_modifyitems(items):
    for item in items:
        why = OUT_OF_REACH.get(item.cls.__name__ if item.cls else "")
        if why:
            item.add_marker(pytest.mark.skip(reason=why))


def let_go_of_database():
    """One process at a time has a DuckDB file open; the adapter opens it again at its next query."""
    for adapter in FACTORY.adapters.values():
        adapter.cleanup_connections()
        adapter.cache.clear()
    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager._ENV = None
    gc.collect()


class Call:
    """One invocation: the arguments, and afterwards what the program said and wrote."""

    def __init__(self, args, options):
        self.args = [str(a) for a in args]
        for name, value in options.items():
            self.args += ["--" + name.replace("_", "-")] + ([] if value is True else [str(value)])
        words = iter(self.args)
        self.command = next(
            w for w in words if not w.startswith("-") or (w in WITH_VALUE and next(words) is None))
        if self.command in ("ls", "list"):
            self.args.insert(0, "--quiet")
        elif self.command == "show" and "--output" not in self.args:
            self.args += ["--output", "json"]

    def run(self):
        global last_output
        let_go_of_database()
        self.began = real_time() - 0.02
        env = dict(os.environ, NO_COLOR="1")
        if freeze_factories:
            env["RYND_NOW"] = datetime.datetime.now(datetime.timezone.utc).isoformat()
        done = subprocess.run([RYND, *self.args], env=env, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        self.success, self.output = done.returncode == 0, done.stdout
        last_output = done.stdout
        print("$ rynd", *self.args, "\n" + done.stdout)

    def option(self, name, otherwise):
        return self.args[self.args.index(name) + 1] if name in self.args else otherwise

    def path(self, artifact):
        project = Path(self.option("--project-dir", os.getcwd()))
        return project / self.option("--target-path", os.environ.get("DBT_TARGET_PATH", "target")) / artifact

    def artifact(self, name):
        """The artifact, where this invocation has written it."""
        path = self.path(name)
        if path.exists() and path.stat().st_mtime >= self.began:
            return json.loads(path.read_text())
        return None

    def failure(self):
        """The exception of dbt that the output names."""
        kinds = ((r"No such option|No such command|Usage:|Invalid value for", DbtUsageException),
                 (r"Parsing Error", exceptions.ParsingError), (r"Compilation Error", CompilationError))
        kind = next((kind for words, kind in kinds if re.search(words, self.output)), DbtRuntimeError)
        return dbtRunnerResult(False, kind(self.output[-4000:] or "no output"))


def manifest_at(path):
    return Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(str(path)))


def as_object(value):
    if isinstance(value, dict):
        return SimpleNamespace(**{k: as_object(v) for k, v in value.items()})
    return [as_object(v) for v in value] if isinstance(value, list) else value


def run_result(row, manifest):
    uid = row["unique_id"]
    kinds = ("nodes", "unit_tests", "sources", "exposures", "functions", "saved_queries")
    node = next((getattr(manifest, k)[uid] for k in kinds if uid in getattr(manifest, k, {})), None)
    kinds_of_status = (TestStatus, RunStatus) if uid.startswith(("test.", "unit_test.")) else (RunStatus, TestStatus)
    status = next(kind(row["status"]) for kind in kinds_of_status if row["status"] in set(kind))
    batches = row.get("batch_results")
    return RunResult(
        status=status, timing=[TimingInfo.from_dict(t) for t in row["timing"]], thread_id=row["thread_id"],
        execution_time=row["execution_time"], adapter_response=row["adapter_response"], message=row["message"],
        failures=row["failures"], node=node, batch_results=BatchResults.from_dict(batches) if batches else None)


def answer_show(call):
    start = call.output.find("{")
    shown = json.JSONDecoder().raw_decode(call.output[start:])[0] if start >= 0 else {}
    if "show" not in shown:
        return call.failure()
    compiled = (call.artifact("run_results.json") or {}).get("results") or [{}]
    node = SimpleNamespace(name=shown.get("node"), compiled_code=compiled[0].get("compiled_code") or "")
    one = SimpleNamespace(agate_table=shown["show"], node=node, status="success")
    return dbtRunnerResult(True, None, SimpleNamespace(results=[one], args={"limit": int(call.option("--limit", 5))}))


def answer_run(call):
    rows = call.artifact("run_results.json")
    if rows is None:
        return dbtRunnerResult(True, None, RunExecutionResult([], 0.0)) if call.success else call.failure()
    manifest = manifest_at(call.path("manifest.json"))
    results = [run_result(row, manifest) for row in rows["results"]]
    return dbtRunnerResult(call.success, None, RunExecutionResult(results, rows["elapsed_time"], args=rows["args"]))


def answer(call):
    """What dbtRunner.invoke() would have returned."""
    if call.command == "show":
        return answer_show(call)
    if call.command in ("run", "test", "build", "seed", "snapshot", "compile", "run-operation", "clone", "retry"):
        return answer_run(call)
    if call.command == "docs" and call.artifact("catalog.json"):
        return dbtRunnerResult(call.success, None, CatalogArtifact.read_and_check_versions(str(call.path("catalog.json"))))
    if call.command == "source" and call.artifact("sources.json"):
        return dbtRunnerResult(call.success, None, as_object(call.artifact("sources.json")))
    if call.command == "debug":
        return dbtRunnerResult(call.success, None, call.success)
    if not call.success:
        return call.failure()
    if call.command in ("ls", "list"):
        return dbtRunnerResult(True, None, [line for line in call.output.splitlines() if line.strip()])
    return dbtRunnerResult(True, None, manifest_at(call.path("manifest.json")) if call.command == "parse" else None)


class Runner:
    """Stands where dbt's dbtRunner stands."""

    def __init__(self, manifest=None, callbacks=None):
        if callbacks:
            pytest.skip("asks for dbt's events in process")

    def invoke(self, args, **options):
        call = Call(args, options)
        call.run()
        return answer(call)


def run_dbt_and_capture(args=None, expect_pass=True):
    return dbt.tests.util.run_dbt(args, expect_pass=expect_pass), last_output


def get_manifest(project_root):
    path = Path(project_root) / "target" / "manifest.json"
    return manifest_at(path) if path.exists() else None


# Test modules bind these names when they are imported, so they are replaced before that.
dbt.cli.main.dbtRunner = Runner
dbt.tests.util.dbtRunner = Runner
dbt.tests.util.run_dbt_and_capture = run_dbt_and_capture
dbt.tests.util.get_manifest = get_manifest
dbt.tests.util.patch_microbatch_end_time = freezegun.freeze_time
