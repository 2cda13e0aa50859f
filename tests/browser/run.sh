#!/usr/bin/env bash
# run.sh BIN: the browser tests against a built rynd. Needs node and chromium.
set -euo pipefail
bin=$(realpath "$1")
cd "$(dirname "$0")"
[ -d node_modules/playwright-core ] || npm ci --no-audit --no-fund --loglevel=error >/dev/null
exec node run.mjs "$bin" "${@:2}"
