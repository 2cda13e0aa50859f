#!/usr/bin/env bash
# Fetches DuckDB's static library, as the Go module that carries it, and checks it against the pinned checksum.
#   duckdb.sh           fetch if it is not there, print the folder
#   duckdb.sh --print   print the folder if it is there, else fail
set -euo pipefail
module=github.com/duckdb/duckdb-go-bindings/lib/linux-amd64
version=v0.10505.0 # DuckDB 1.5.5: the newest with header, static library and matching extensions in registries
sum=h1:nrsaVYj3XYCRbS2FpdOMD/KHE7egRMr+/NR1IHmjT84=

cache=${RYND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rynd}
folder=$cache/duckdb-$version
if [ -f "$folder/.checked" ]; then echo "$folder"; exit 0; fi
[ "${1:-}" != --print ] || exit 1

go=$(command -v go || ls -d /usr/lib/go-*/bin/go 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$go" ] || { echo "duckdb.sh: needs Go to fetch the module; ./bootstrap.sh installs it" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo 'module fetch' >go.mod
answer=$("$go" mod download -json "$module@$version") || { echo "$answer" >&2; exit 1; }
field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" <<<"$answer"; }
[ "$(field Sum)" = "$sum" ] || { echo "duckdb.sh: checksum of $module $version is $(field Sum), not the pinned $sum" >&2; exit 1; }
mkdir -p "$cache"
rm -rf "$folder.part" "$folder"
cp -r "$(field Dir)" "$folder.part"
chmod -R u+w "$folder.part"
touch "$folder.part/.checked"
mv "$folder.part" "$folder"
echo "$folder"
