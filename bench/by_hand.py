#!/usr/bin/env python3
"""by_hand: sends a built project's own SQL straight to DuckDB and says how long that took.

    by_hand.py PROJECT [RAW_DATABASE] [--one-transaction] [--threads N]      prints {"seconds", "statements"}

Reads PROJECT/target/manifest.json; on-run-start hooks, seeds, models, snapshots and data tests in dependency order, a statement each, into a
fresh copy of the database that holds the raw tables, or into a new one. Time counts from opening the file until it is closed again: the
limit for any program that builds the project on one connection. Needs PyPI duckdb.
"""
import argparse
import json
import os
import shutil
import tempfile
import time

import duckdb


def in_order(nodes):
    """Unique ids, parents first."""
    done, seen = [], set()
    for start in sorted(nodes):
        stack = [(start, False)]
        while stack:
            uid, leave = stack.pop()
            if leave:
                done.append(uid)
            elif uid not in seen and uid in nodes:
                seen.add(uid)
                stack.append((uid, True))
                stack += [(parent, False) for parent in reversed(nodes[uid]["depends_on"].get("nodes", []))]
    return done


def statements(project):
    with open(os.path.join(project, "target", "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    nodes = {uid: {"depends_on": {}, **node} for uid, node in manifest["nodes"].items()}
    hooks = [node for node in nodes.values() if "on-run-start" in node.get("tags", []) and node["resource_type"] == "operation"]
    nodes = {uid: node for uid, node in nodes.items() if node["resource_type"] in ("seed", "model", "snapshot", "test")}
    for schema in sorted({n["schema"] for n in nodes.values()}):
        yield 'create schema if not exists "%s"' % schema
    for hook in sorted(hooks, key=lambda node: node["index"]):
        yield hook["compiled_code"]
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
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("project")
    parser.add_argument("raw", nargs="?")
    parser.add_argument("--one-transaction", action="store_true")
    parser.add_argument("--threads", type=int, help="DuckDB's own; by default as many as there are cores")
    options = parser.parse_args()
    work = list(statements(options.project))
    with tempfile.TemporaryDirectory(prefix="rynd-hand-") as folder:
        database = os.path.join(folder, "hand.duckdb")
        if options.raw:
            shutil.copy(options.raw, database)
        began = time.perf_counter()
        con = duckdb.connect(database, config={"threads": options.threads} if options.threads else {})
        if options.one_transaction:
            con.execute("begin")
        for sql in work:
            con.execute(sql).fetchall()
        if options.one_transaction:
            con.execute("commit")
        con.close()
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "statements": len(work)}))


if __name__ == "__main__":
    main()
