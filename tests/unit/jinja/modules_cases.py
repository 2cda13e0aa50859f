#!/usr/bin/env python3
"""Records what Python makes of the expressions in modules_cases.txt: modules_cases.py FILE rewrites its answers.

Each case is two lines: an expression that Python and Jinja read alike, then its repr, or the exception's class and message
after "! ". The names datetime, pytz, re, itertools are the modules, Decimal and list the types. Needs PyPI pytz.
"""
import datetime
import decimal
import itertools
import re
import sys

import pytz

names = {"datetime": datetime, "pytz": pytz, "re": re, "itertools": itertools, "Decimal": decimal.Decimal, "list": list}


def answer(expression):
    try:
        return repr(eval(expression, names))
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        return "! %s: %s" % (type(error).__name__, error)


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as stream:
        expressions = [line.rstrip("\n") for line in stream if line.strip() and not line.startswith("  ")]
    with open(path, "w", encoding="utf-8") as stream:
        for expression in expressions:
            stream.write(expression + "\n" if expression.startswith("#") else "%s\n  %s\n" % (expression, answer(expression)))


main()
