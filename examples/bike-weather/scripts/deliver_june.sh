#!/bin/sh
# deliver_june: the late month arrives; `rynd ingest bikeshare --partition 2011-06` then loads it. With --undo it is late again.
set -eu
cd "$(dirname "$0")/.."
if [ "${1:-}" = "--undo" ]; then
  rm -f data/rides/2011-06.csv.gz
  echo "data/rides/2011-06.csv.gz is not there any more (rows that were loaded stay loaded)"
else
  cp data/late/2011-06.csv.gz data/rides/2011-06.csv.gz
  echo "data/rides/2011-06.csv.gz has arrived"
fi
