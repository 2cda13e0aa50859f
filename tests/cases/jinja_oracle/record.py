#!/usr/bin/env python3
"""Records what Python's Jinja2 makes of the templates in this folder.

    record.py            writes NAME.out, or NAME.err where it raises, beside every NAME.jinja (context: NAME.json)
    record.py --values   writes values.txt anew: expressions from a seeded generator and what Python made of them

Jinja2 is configured as dbt configures it: sandboxed, extensions do and loopcontrols, everything else as it comes.
NAME.err is the exception's class, its message with newlines as \\n, and the line of the innermost template frame.
Needs PyPI jinja2==3.1.6, on Python 3.11.
"""
import json
import pathlib
import random
import sys
import traceback

from jinja2.sandbox import SandboxedEnvironment

HERE = pathlib.Path(__file__).parent


def environment():
    return SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def failure(error):
    line = getattr(error, "lineno", None)
    for frame in traceback.extract_tb(error.__traceback__):
        if line is None or not hasattr(error, "lineno"):
            line = frame.lineno if frame.filename == "<template>" else line
    message = str(error).replace("\\", "\\\\").replace("\n", "\\n")
    return f"{type(error).__name__}\n{message}\nline {line}\n"


def record(path):
    context = path.with_suffix(".json")
    names = json.loads(context.read_text("utf-8")) if context.exists() else {}
    source = path.read_bytes().decode("utf-8")
    path.with_suffix(".out").unlink(missing_ok=True)
    path.with_suffix(".err").unlink(missing_ok=True)
    try:
        text = environment().from_string(source).render(names)
        path.with_suffix(".out").write_bytes(text.encode("utf-8"))
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        path.with_suffix(".err").write_bytes(failure(error).encode("utf-8"))


def number(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return str(rng.randint(-10, 10))
    if kind == 1:
        return str(rng.randint(-(10**25), 10**25))
    if kind == 2:
        return repr(rng.uniform(-1000, 1000))
    if kind == 3:
        return repr(rng.choice([1e16, 1e-5, 123456789.123, 0.1, -0.0, 1e100, 5e-324]))
    if kind == 4:
        return rng.choice(["true", "false"])
    return str(rng.randint(-(2**63), 2**63))


def text(rng):
    letters = ["a", "b", "'", '\\"', "é", "漢", "😀", " ", "\\n", "\\\\", "X", "1"]
    return '"' + "".join(rng.choice(letters) for _ in range(rng.randrange(8))) + '"'


def bound(rng):
    return rng.choice(["", str(rng.randint(-9, 9))])


def expression(rng):
    kind = rng.randrange(9)
    if kind == 0:
        return f"({number(rng)}) {rng.choice(['+', '-', '*', '/', '//', '%', '==', '<', '>='])} ({number(rng)})"
    if kind == 1:
        return f"({rng.randint(-9, 9)}) ** {rng.randint(0, 40)}"
    if kind == 2:
        return f"{text(rng)}[{bound(rng)}:{bound(rng)}:{rng.choice(['', '1', '2', '-1', '-3'])}]"
    if kind == 3:
        return f"[1, 'b', 2.5, none, (3,)][{bound(rng)}:{bound(rng)}:{rng.choice(['', '1', '2', '-1', '-2'])}]"
    if kind == 4:
        spec = rng.choice(["", "<", ">", "^", "*^", "="]) + rng.choice(["", "+", " "]) + rng.choice(["", "0"])
        spec += rng.choice(["", "12"]) + rng.choice(["", ",", "_"]) + rng.choice(["", ".3"]) + rng.choice(["", "f", "e", "g", "d", "%"])
        return f"'{{:{spec}}}'.format({number(rng)})"
    if kind == 5:
        spec = rng.choice(["", "-", "0", "+", "#"]) + rng.choice(["", "10"]) + rng.choice(["", ".2"]) + rng.choice("dsrfexgi")
        return f"'%{spec}' % ({number(rng)},)"
    if kind == 6:
        method = rng.choice(["split()", "upper()", "title()", "strip()", "replace('a', 'b')", "partition('a')", "center(9, '*')",
                             "zfill(6)", "isalpha()", "find('b')", "rsplit('a', 1)", "capitalize()", "swapcase()", "splitlines()"])
        return f"{text(rng)}.{method}"
    if kind == 7:
        return f"{{{text(rng)}: {number(rng)}, {rng.randint(0, 3)}: [{number(rng)}, {text(rng)}]}}"
    return f"{number(rng)} | {rng.choice(['round(2)', 'int', 'float', 'abs', 'string', 'round', 'filesizeformat'])}"


def evaluate(source):
    try:
        return repr(environment().compile_expression(source, undefined_to_none=False)())
    except Exception as error:  # noqa: BLE001
        return f"! {type(error).__name__}: {error}"


def values():
    rng = random.Random(4711)
    lines = []
    for _ in range(1500):
        source = expression(rng)
        answer = evaluate(source)
        if "\n" not in answer:
            lines.append(f"{source}\t{answer}\n")
    (HERE / "values.txt").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    if "--values" in sys.argv:
        values()
    else:
        for template in sorted(HERE.glob("*.jinja")):
            record(template)
