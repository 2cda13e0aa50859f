#!/usr/bin/env bash
# fuzz.sh [SECONDS] [NAME...]: builds the fuzzers with clang 16 and runs each for that long (60 s); ends in 'N passed, N failed'.
# Seeds are in tests/fuzz/seeds/NAME/; what breaks something is left in build/fuzz/found/ and belongs there afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
# clang 16 sees libstdc++'s std::expected only when told that concepts are complete.
cmake -S . -B build/fuzz -G Ninja -DCMAKE_C_COMPILER=clang-16 -DCMAKE_CXX_COMPILER=clang++-16 -DCMAKE_BUILD_TYPE=Debug \
  -DRYND_FUZZ=ON -DRYND_TESTS=OFF -DRYND_UI=OFF -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" \
  -DCMAKE_CXX_FLAGS="-D__cpp_concepts=202002L -Wno-macro-redefined -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
  -DCMAKE_EXE_LINKER_FLAGS="-fsanitize=address,undefined" >/dev/null
names=$*
[ -n "$names" ] || names=$(cd tests/fuzz && ls -- *_fuzz.cpp | sed 's/\.cpp$//')
# shellcheck disable=SC2086
ninja -C build/fuzz $names
mkdir -p build/fuzz/found
passed=0 failed=0
for name in $names; do
  mkdir -p "build/fuzz/corpus/$name"
  seeds=()
  [ -d "tests/fuzz/seeds/$name" ] && seeds=("tests/fuzz/seeds/$name")
  printf '== %s for %s s\n' "$name" "$seconds"
  if "build/fuzz/tests/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="build/fuzz/found/$name-" "build/fuzz/corpus/$name" "${seeds[@]}" >"build/fuzz/$name.log" 2>&1; then
    grep -E 'stat::number_of_executed_units' "build/fuzz/$name.log" || true
    passed=$((passed + 1))
  else
    tail -n 40 "build/fuzz/$name.log"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
