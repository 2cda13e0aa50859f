#!/usr/bin/env bash
# check.sh: formatting of what changed since main's merge base (or of all, with --all), and clang-tidy over it.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --all ]; then
  files=$(git ls-files 'src/*.cpp' 'src/*.h')
else
  base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-list --max-parents=0 HEAD | tail -n 1)
  files=$(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp' 'src/*.h')
fi
[ -n "$files" ] || { echo "check: nothing changed"; exit 0; }
status=0
# shellcheck disable=SC2086
clang-format --dry-run --Werror $files || status=1
[ -f build/dev/compile_commands.json ] || scripts/configure.sh dev
sources=$(grep '\.cpp$' <<<"$files" || true)
# clang 14 does not see libstdc++'s std::expected unless told that concepts are complete.
[ -z "$sources" ] || xargs -P 2 -n 4 clang-tidy -p build/dev --quiet \
  --extra-arg=-D__cpp_concepts=202002L --extra-arg=-Wno-macro-redefined <<<"$sources" || status=1
exit $status
