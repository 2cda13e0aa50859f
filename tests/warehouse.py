"""warehouse: what the tests in Python share: a copy of an example, its weather API, and what a warehouse holds, read through `rynd query`."""
import csv
import io
import os
import shutil
import subprocess
import sys

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples")
NO_VALUE = "\u2205"
# Columns that say when or by which load a row was made: they differ between two runs that are equal otherwise.
MOMENTS = ("dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id", "valid_from", "valid_to")
COLUMNS = """
select c.table_schema, c.table_name, t.table_type, c.column_name, c.data_type
from information_schema.columns as c
inner join information_schema.tables as t using (table_catalog, table_schema, table_name)
where c.table_catalog = current_database() and c.table_schema not in ('information_schema', 'pg_catalog')
order by c.table_schema, c.table_name, c.ordinal_position
"""


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def lay_out(name, folder):
    """A copy of an example, or of a project in tests/compat, without what a run left in it."""
    origin = next(o for o in (os.path.join(EXAMPLES, name), os.path.join(os.path.dirname(os.path.abspath(__file__)), "compat", name)) if os.path.isdir(o))
    project = os.path.join(folder, name)
    shutil.copytree(origin, project, ignore=shutil.ignore_patterns(
        "warehouse.duckdb*", "target", "logs", ".rynd", "2011-06.csv.gz"))
    late = os.path.join(origin, "data", "late")
    if os.path.isdir(late):   # June stays late, but can be delivered
        shutil.copytree(late, os.path.join(project, "data", "late"), dirs_exist_ok=True)
    return project


class WeatherApi:
    """The example's API on a free port; `address` is where it answers."""

    def __init__(self, project, flaky=0):
        script = os.path.join(project, "scripts", "weather_api.py")
        self.process = subprocess.Popen([sys.executable, script, "--port", "0", "--flaky", str(flaky)], stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().split()[2].split("/v1/")[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class QueryFailed(Exception):
    """`rynd query` did not answer; its text is what it said."""


def rynd_query(rynd, project):
    """A function from SQL to rows of text, answered by rynd in that project."""
    def query(sql):
        done = subprocess.run([rynd, "query", sql, "--output", "csv"], cwd=project, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise QueryFailed("rynd query ended with %d\n%s%s" % (done.returncode, done.stdout, done.stderr))
        return list(csv.reader(io.StringIO(done.stdout)))[1:]
    return query


def describe(query, ignored_columns=MOMENTS, ignored_schemas=("raw", "rynd")):
    """Every relation: kind, columns in order with their types, number of rows, md5 of all rows as sorted text."""
    found, parts = {}, []
    for schema, name, kind, column, kind_of_column in query(COLUMNS):
        if schema not in ignored_schemas:
            relation = found.setdefault((schema, name), {"kind": "view" if kind == "VIEW" else "table", "columns": []})
            relation["columns"].append([column, kind_of_column])
    for (schema, name), relation in found.items():
        texts = ", ".join("coalesce(cast(%s as varchar), '%s')" % (quoted(c), NO_VALUE) for c, _ in relation["columns"] if c not in ignored_columns)
        parts.append("select '%s', '%s', count(*), md5(coalesce(string_agg(line, chr(10) order by line), '')) from (select concat_ws('|', %s) as line from %s.%s)"
                     % (schema.replace("'", "''"), name.replace("'", "''"), texts or "''", quoted(schema), quoted(name)))
    for schema, name, rows, digest in query("\nunion all ".join(parts)) if parts else []:
        found[(schema, name)].update(rows=int(rows), md5=digest)
    return {"%s.%s" % key: relation for key, relation in found.items()}
