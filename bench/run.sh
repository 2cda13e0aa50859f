#!/usr/bin/env bash
# run: every benchmark, one after the other; exit code 1 when one missed its target. bench/README.md says what each measures.
set -uo pipefail
cd "$(dirname "$0")"
rynd=$(realpath "${1:-../build/release/rynd}")
missed=0
for script in example.py build.py reading.py parse.py; do
  echo "== $script"
  python3 "$script" --rynd "$rynd" || missed=1
done
for script in *_bench.sh; do   # other rooms' own: each takes the binary
  [ -e "$script" ] || continue
  echo "== $script"
  bash "$script" "$rynd" || missed=1
done
exit $missed
