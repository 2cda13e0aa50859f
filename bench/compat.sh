#!/usr/bin/env bash
# compat: all of dbt's adapter suite, and strangers' dbt projects under dbt-core and under rynd, compared by a gate that is not part of this repository.
#
#   RYND_GATE=path/to/gate.sh compat.sh [BINARY] [NAME...]
#
# The gate is called as `gate.sh --all BINARY [NAME...]`; it lays projects out twice, runs both programs and compares relations, statuses
# and exit codes. Without one, our own examples are compared with what dbt-core made of them (tests/compat).
set -euo pipefail
cd "$(dirname "$0")/.."
rynd=$(realpath "${1:-build/release/rynd}")
python3 tests/compat/expectation.py check --rynd "$rynd"
tests/dbt_suite/run.sh "$rynd" --all
if [ -z "${RYND_GATE:-}" ]; then
  echo "RYND_GATE is not set: no strangers' projects were compared"
  exit 0
fi
exec "$RYND_GATE" --all "$rynd" "${@:2}"
