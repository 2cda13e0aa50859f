#!/usr/bin/env bash
# run.sh: dbt-duckdb's adapter suite, which contains dbt-tests-adapter's, against rynd.
#
#   tests/dbt_suite/run.sh build/dev/rynd                 the quick part: the files that quick.txt names
#   tests/dbt_suite/run.sh build/dev/rynd --all           everything
#   tests/dbt_suite/run.sh build/dev/rynd FILE... [-k X]  these, with pytest's own options; files below tests/functional
#
# Needs python3.11 and, the first time, PyPI: requirements.txt goes into a venv in the user's cache folder, and the tests
# come out of dbt-duckdb's source package (source.txt). Where one of them is not to be had it is skipped, and says so.
# Ends with 'N passed, N failed, N skipped'.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2,11p' "$0"; exit 2; }
RYND=$(realpath "$1"); shift
python=${PYTHON:-python3.11}
home=${XDG_CACHE_HOME:-$HOME/.cache}/rynd/dbt-suite-$(cat "$here/requirements.txt" "$here/source.txt" | sha256sum | cut -c1-12)

skip() {
  echo "dbt's adapter suite is skipped: $1"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
}

# Only a registry that does not answer is a reason to skip: a hash that differs is a failure.
fetch() {
  local said status=0
  said=$(PIP_RETRIES=1 "$home/venv/bin/pip" --disable-pip-version-check "$@" 2>&1) || status=$?
  [ "$status" -ne 0 ] || return 0
  printf '%s\n' "$said" | tail -n 20
  grep -qE 'NewConnectionError|ConnectTimeout|ReadTimeout|NameResolution|Network is unreachable|Connection refused' <<<"$said" \
    && skip "PyPI is not reachable, and its packages are not in $home yet"
  exit "$status"
}

# DuckDB's extensions are packages too; they stand where both programs look for them.
install() {
  rm -rf "$home"
  mkdir -p "$home/user/.duckdb"
  "$python" -m venv "$home/venv"
  fetch install --quiet --no-deps --require-hashes -r "$here/requirements.txt"
  fetch download --quiet --no-deps --require-hashes --no-binary dbt-duckdb -d "$home" -r "$here/source.txt"
  tar xzf "$home"/dbt_duckdb-*.tar.gz -C "$home" --strip-components=1 --one-top-level=suite
  local folder
  for folder in "$home"/venv/lib/python*/site-packages/duckdb_extension_*/extensions; do
    mkdir -p "$home/user/.duckdb/extensions"
    for version in "$folder"/*; do
      mkdir -p "$home/user/.duckdb/extensions/$(basename "$version")/linux_amd64"
      cp "$version"/* "$home/user/.duckdb/extensions/$(basename "$version")/linux_amd64/"
    done
  done
  touch "$home/ready"
}

command -v "$python" >/dev/null || skip "there is no $python"
mkdir -p "$(dirname "$home")"
exec 9>"$home.lock"
flock 9
[ -f "$home/ready" ] || install
flock -u 9

if [ $# -eq 0 ]; then
  mapfile -t chosen < <(grep -vE '^(#|$)' "$here/quick.txt")
  set -- "${chosen[@]}"
elif [ "$1" = --all ]; then
  shift
  set -- tests/functional/adapter tests/functional/plugins/test_sqlite.py "$@"
fi
cd "$home/suite"
report=$(mktemp) status=0
HOME=$home/user RYND=$RYND RYND_PYTHON=$home/venv/bin/python PYTHONPATH=$here "$home/venv/bin/python" -m pytest -p plugin --profile file --timeout 180 \
  -n 2 --dist loadscope -q -W ignore -p no:cacheprovider --tb=short --show-capture=stdout -rs "$@" 2>&1 | tee "$report" || status=$?
number() { grep -oE "[0-9]+ $1" <<<"$(tail -n 1 "$report")" | cut -d' ' -f1 || true; }
passed=$(number passed) failed=$(number failed) errors=$(number error) skipped=$(number skipped)
rm -f "$report"
echo "${passed:-0} passed, $((${failed:-0} + ${errors:-0})) failed, ${skipped:-0} skipped"
exit "$status"
