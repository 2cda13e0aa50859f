#!/usr/bin/env bash
# jinja_bench: compiling and rendering templates against Python's Jinja2 (RYND_JINJA_PYTHON: an interpreter that has it).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${RYND_JINJA_PYTHON:-}
if [ -z "$python" ]; then
  venv=${XDG_CACHE_HOME:-$HOME/.cache}/rynd-bench/jinja
  [ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/pip" -q install jinja2==3.1.6; }
  python=$venv/bin/python
fi
scripts/configure.sh release
ninja -C build/release jinja_bench >/dev/null
exec "$python" bench/jinja_bench.py build/release/bench/jinja_bench
