#!/usr/bin/env bash
# bootstrap.sh [build|test|check|fuzz]: installs what this machine lacks for that work, says what and why, and does nothing twice.
#   build (default)  compiler, libraries, DuckDB's static library, Node.js for the web app
#   test             also what the tests need: GoogleTest, Python, Chromium
#   check            also clang-format and clang-tidy
#   fuzz             also clang 16 with libFuzzer
# Knows Debian 12 and its relatives; elsewhere it lists what must be there.
set -euo pipefail
cd "$(dirname "$0")"
goal=${1:-build}

# package | what it is for
build_packages='
g++|C++23 compiler
cmake|build files
ninja-build|builds
make|the targets of this project
mold|links in a blink
ccache|compiles nothing twice
pkg-config|finds libraries
ca-certificates|TLS to package registries
libfmt-dev|text formatting
libfyaml-dev|YAML with line and column
nlohmann-json3-dev|JSON at the edges
libsimdjson-dev|fast JSON reading
libcurl4-openssl-dev|HTTP client
libboost1.81-dev|HTTP server (Asio, Beast), large integers
libarchive-dev|zip and tar files
libcmark-gfm-dev|Markdown
libcmark-gfm-extensions-dev|Markdown tables
libssl-dev|digests and TLS
libxxhash-dev|content hashes
libpcre2-dev|regular expressions of templates, as Python has them
tzdata|time zones
zlib1g-dev|gzip'
test_packages='
libgtest-dev|unit tests
python3|runners of text cases and crash tests
chromium|browser tests
fonts-dejavu-core|text in the browser tests'
check_packages='
clang-format|make fmt
clang-tidy|make check'
fuzz_packages='
clang-16|libFuzzer
libclang-rt-16-dev|sanitizer runtimes'

say() { printf '%s\n' "$*"; }

wanted=$build_packages
case $goal in
  build) ;;
  test) wanted+=$test_packages ;;
  check) wanted+=$test_packages$check_packages ;;
  fuzz) wanted+=$test_packages$fuzz_packages ;;
  *) say "usage: bootstrap.sh [build|test|check|fuzz]" >&2; exit 2 ;;
esac

# Node and Go are often there from elsewhere: any that is new enough will do.
node_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/' || true)
[ "${node_major:-0}" -ge 18 ] && command -v npm >/dev/null || wanted+='
nodejs|builds the web app
npm|fetches its packages'
if ! scripts/duckdb.sh --print >/dev/null; then
  command -v go >/dev/null || ls /usr/lib/go-*/bin/go >/dev/null 2>&1 || wanted+='
golang-1.19-go|fetches the Go module that carries DuckDB'"'"'s static library'
fi

if ! command -v dpkg-query >/dev/null; then
  say "This machine has no dpkg. rynd needs, by their Debian names:"
  say "$wanted"
  say "Install them, then run scripts/duckdb.sh (needs Go) and make."
  exit 1
fi

missing=()
while IFS='|' read -r package reason; do
  [ -n "$package" ] || continue
  if ! dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed'; then
    missing+=("$package")
    say "  $package: $reason"
  fi
done <<<"$wanted"

if [ ${#missing[@]} -gt 0 ]; then
  say "Installing the ${#missing[@]} packages above."
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { say "Not root and no sudo: install them yourself, then run this again." >&2; exit 1; }
    as_root=(sudo)
  fi
  log=$(mktemp)
  # The list first: on a fresh machine it is empty or old.
  if ! { "${as_root[@]}" apt-get update -qq &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "apt-get could not install them; the whole log is $log" >&2
    exit 1
  fi
  rm -f "$log"
fi

if ! scripts/duckdb.sh --print >/dev/null; then
  say "Fetching DuckDB's static library (31 MB, checksum pinned in scripts/duckdb.sh)."
  scripts/duckdb.sh >/dev/null
fi
