#!/usr/bin/env python3
"""by_hand: sends a built project's own SQL straight to DuckDB and says how long that took.

    by_hand.py PROJECT RAW_DATABASE      prints {"seconds", "statements"}

Reads PROJECT/target/manifest.json; seeds, models, snapshots and data tests in dependency order, a statement each, into a fresh copy of the
database that holds the raw tables. Time counts from opening the file until it is closed again: the limit for any program that
builds the project on one connection. Needs PyPI duckdb.
"""
import json
import os
import shutil
import sys
import tempfile
import time

import duckdb


def in_order(nodes):
    """Unique ids, parents first."""
    done = []

    def visit(uid):
        if uid in nodes and uid not in done:
            for parent in nodes[uid]["depends_on"].get("nodes", []):
                visit(parent)
            done.append(uid)
    for uid in sorted(nodes):
        visit(uid)
    return done


def statements(project):
    with open(os.path.join(project, "target", "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    nodes = {uid: {"depends_on": {}, **node} for uid, node in manifest["nodes"].items()
             if node["resource_type"] in ("seed", "model", "snapshot", "test")}
    for schema in sorted({n["schema"] for n in nodes.values()}):
        yield 'create schema if not exists "%s"' % schema
    for uid in in_order(nodes):
        node = nodes[uid]
        relation = '"%s"."%s"' % (node["schema"], node.get("alias") or node["name"])
        if node["resource_type"] == "seed":
            yield "create table %s as from read_csv('%s')" % (relation, os.path.join(project, node["original_file_path"]))
        elif node["resource_type"] == "test":
            yield "select count(*) from (%s\n) as failing" % compiled(node)
        elif node["resource_type"] == "snapshot":   # its first run
            yield ("create table %s as select *, md5(cast(row_number() over () as varchar)) as dbt_scd_id, current_localtimestamp() as dbt_updated_at, "
                   "current_localtimestamp() as dbt_valid_from, cast(null as timestamp) as dbt_valid_to from (%s\n)" % (relation, compiled(node)))
        else:
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            yield "create %s %s as (%s\n)" % (kind, relation, compiled(node))


def compiled(node):
    """The node's SQL, with names of two parts: the copy of the database has a name of its own."""
    return node["compiled_code"].replace('"%s".' % node["database"], "")


def main():
    project, raw = sys.argv[1:3]
    work = list(statements(project))
    with tempfile.TemporaryDirectory(prefix="rynd-hand-") as folder:
        database = shutil.copy(raw, os.path.join(folder, "hand.duckdb"))
        began = time.perf_counter()
        con = duckdb.connect(database)
        for sql in work:
            con.execute(sql).fetchall()
        con.close()
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "statements": len(work)}))


if __name__ == "__main__":
    main()
