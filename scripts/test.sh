#!/usr/bin/env bash
# test.sh: builds and runs every test that needs no peer system; ends in one line 'N passed, N failed'.
# Stages can be chosen: test.sh unit cases compat suite browser crash; suite is the quick part of dbt's own adapter tests; python, which installs what models in Python import,
# runs only where it is named.
set -euo pipefail
cd "$(dirname "$0")/.."
# The fast debug build: it has assertions on, and shares its objects with daily work. RYND_PRESET=release tests the other.
preset=${RYND_PRESET:-dev}
stages=${*:-unit cases compat suite browser crash}
passed=0 failed=0 report=()

# The last line of a runner says 'N passed, N failed'; a runner without it failed as a whole.
count() {
  local name=$1 log=$2 status=$3 line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 || true)
  if [ -z "$line" ]; then
    failed=$((failed + 1))
    report+=("$name: no result (exit $status)")
    return
  fi
  local good bad
  good=$(sed -E 's/^([0-9]+) passed.*/\1/' <<<"$line")
  bad=$(sed -E 's/^[0-9]+ passed, ([0-9]+) failed.*/\1/' <<<"$line")
  [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  passed=$((passed + good)) failed=$((failed + bad))
  report+=("$name: $line")
}

stage() {
  local name=$1 log status=0
  shift
  log=$(mktemp)
  printf '== %s\n' "$name"
  "$@" 2>&1 | tee "$log" || status=$?
  count "$name" "$log" "$status"
  rm -f "$log"
}

unit() {
  local program good bad total=0 broken=0 output status
  for program in build/$preset/tests/test_*; do
    [ -x "$program" ] || continue
    status=0
    output=$("$program" --gtest_brief=1 2>&1) || status=$?
    printf '%s\n' "$output" | grep -vE '^Running main|^\[=+\]' || true
    good=$(sed -nE 's/^\[  PASSED  \] ([0-9]+) tests?\.$/\1/p' <<<"$output" | tail -n 1)
    bad=$(sed -nE 's/^ *([0-9]+) FAILED TESTS?$/\1/p' <<<"$output" | tail -n 1)
    if [ "$status" -ne 0 ] && [ -z "$bad" ]; then bad=1; echo "$program: ended with $status"; fi
    total=$((total + ${good:-0})) broken=$((broken + ${bad:-0}))
  done
  echo "$total passed, $broken failed"
  [ "$broken" -eq 0 ]
}

# The cases of models in Python, with a Python that has what they import.
python_models() {
  local venv=build/python-venv
  if ! cmp -s tests/python-requirements.txt "$venv/installed"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet -r tests/python-requirements.txt
    cp tests/python-requirements.txt "$venv/installed"
  fi
  PATH="$PWD/$venv/bin:$PATH" python3 tests/run_cases.py --rynd build/$preset/rynd python/
}

scripts/configure.sh "$preset"
ninja -C "build/$preset"
for name in $stages; do
  case $name in
    unit) stage unit unit ;;
    cases) stage cases python3 tests/run_cases.py --rynd build/$preset/rynd ;;
    compat) stage compat python3 tests/compat/expectation.py check --rynd build/$preset/rynd ;;
    suite) stage suite tests/dbt_suite/run.sh build/$preset/rynd ;;
    python) stage python python_models ;;
    browser) stage browser tests/browser/run.sh build/$preset/rynd ;;
    crash) stage crash python3 tests/crash/run.py --rynd build/$preset/rynd --quick ;;
    *) echo "test.sh: no stage '$name'" >&2; exit 2 ;;
  esac
done
echo
printf '%s\n' "${report[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
