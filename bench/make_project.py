#!/usr/bin/env python3
"""make_project: writes a dbt project of any size, for measuring parsing and not data.

    make_project.py DIR MODELS [--seed N]      the same arguments give the same bytes

A third of the models read a source, the rest one to three models of the hundred before them; each has two tests in the YAML of its
folder of fifty, every eighth a config block, and a macro of the project is called in every fourth.
"""
import argparse
import os
import random

FOLDER = 50


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def model_sql(number, models, dice):
    config = "{{ config(materialized='table', tags=['nightly']) }}\n\n" if number % 8 == 0 else ""
    amount = "{{ in_cents('p0.amount') }} as amount" if number % 4 == 0 else "p0.amount"
    if number < models // 3:
        return config + "select p0.id, %s\nfrom {{ source('shop', 'orders_%d') }} as p0\n" % (amount, number % 10)
    parents = sorted({dice.randrange(max(0, number - 100), number) for _ in range(dice.randint(1, 3))})
    joins = "".join("\nleft join {{ ref('model_%05d') }} as p%d using (id)" % (p, i) for i, p in enumerate(parents[1:], 1))
    return config + "select p0.id, %s\nfrom {{ ref('model_%05d') }} as p0%s\n" % (amount, parents[0], joins)


def properties(numbers):
    lines = ["version: 2", "", "models:"]
    for number in numbers:
        lines += ["  - name: model_%05d" % number, "    description: One of many.", "    columns:",
                  "      - name: id", "        data_tests: [not_null, unique]", "      - name: amount"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("models", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice, root = random.Random(options.seed), options.folder
    write(os.path.join(root, "dbt_project.yml"), "name: many\nversion: '1.0'\nconfig-version: 2\nprofile: many\n")
    write(os.path.join(root, "profiles.yml"), "many:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: warehouse.duckdb, threads: 4}\n")
    write(os.path.join(root, "macros", "in_cents.sql"), "{% macro in_cents(column) %}cast({{ column }} * 100 as bigint){% endmacro %}\n")
    write(os.path.join(root, "models", "sources.yml"),
          "version: 2\nsources:\n  - name: shop\n    schema: raw\n    tables:\n" + "".join("      - name: orders_%d\n" % n for n in range(10)))
    for number in range(options.models):
        folder = os.path.join(root, "models", "part_%03d" % (number // FOLDER))
        write(os.path.join(folder, "model_%05d.sql" % number), model_sql(number, options.models, dice))
        if number % FOLDER == 0:
            write(os.path.join(folder, "_models.yml"), properties(range(number, min(number + FOLDER, options.models))))


if __name__ == "__main__":
    main()
