#!/usr/bin/env python3
"""weather_api: serves data/weather over REST on this machine, so that the example loads from an API without a network.

    weather_api.py [--port 8790] [--flaky N]

GET /v1/observations?page=1&per_page=500[&since=2011-07-01T00:00:00]
    {"data": [{"observed_at", "conditions", "temperature", ...}], "page", "pages", "total"}; `since` includes its own hour
GET /v1/daily
    {"station": ..., "daily": {"time": [...], "temperature_max": [...], ...}}: one array a column, as weather services answer
GET /health
    {"status": "ok"}

With --flaky N every Nth request is refused, in turn with 429 (Retry-After: 0) and 503: a loader has to come back.
All values are the scaled ones of the data set (data/README.md). Standard library only.
"""
import argparse
import csv
import errno
import gzip
import json
import math
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, groupby
from urllib.parse import parse_qs, urlsplit

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "weather", "2011.csv.gz")
MEASURES = ["temperature", "feels_like", "humidity", "wind_speed"]


def observations():
    """Hours as the API gives them: ISO times, numbers as numbers."""
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return [{"observed_at": row["observed_at"].replace(" ", "T"), "conditions": row["conditions"],
                 **{name: float(row[name]) for name in MEASURES}} for row in csv.DictReader(lines)]


def daily(hours):
    """The days of those hours, one array a column."""
    columns = {name: [] for name in ("time", "temperature_max", "temperature_min", "humidity_mean", "hours_observed")}
    for day, of_day in groupby(hours, key=lambda hour: hour["observed_at"][:10]):
        of_day = list(of_day)
        columns["time"].append(day)
        columns["temperature_max"].append(max(h["temperature"] for h in of_day))
        columns["temperature_min"].append(min(h["temperature"] for h in of_day))
        columns["humidity_mean"].append(round(sum(h["humidity"] for h in of_day) / len(of_day), 4))
        columns["hours_observed"].append(len(of_day))
    return columns


class BadRequest(Exception):
    """A query the API does not understand; its text is the answer."""


def whole(query, name, default, most):
    text = query.get(name, [str(default)])[0]
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise BadRequest("%s must be a whole number from 1 to %d, not '%s'" % (name, most, text))
    return int(text)


class WeatherApi(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def page_of_observations(self, query):
        page, size = whole(query, "page", 1, 1_000_000), whole(query, "per_page", 100, 1000)
        since = query.get("since", [""])[0]
        hours = [h for h in self.server.hours if h["observed_at"] >= since.replace(" ", "T")]
        return {"data": hours[(page - 1) * size:page * size], "page": page, "pages": math.ceil(len(hours) / size), "total": len(hours)}

    def answer(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path == "/v1/observations":
            return self.page_of_observations(query)
        if url.path == "/v1/daily":
            return {"station": "Washington, DC", "daily": self.server.days}
        return {"status": "ok"} if url.path == "/health" else None

    def do_GET(self):
        number = next(self.server.requests)
        if self.server.flaky and number % self.server.flaky == 0:
            slow_down = number // self.server.flaky % 2 == 1
            return self.reply(429 if slow_down else 503, {"error": "try again"}, {"Retry-After": "0"} if slow_down else {})
        try:
            body = self.answer()
        except BadRequest as problem:
            return self.reply(400, {"error": str(problem)})
        return self.reply(200, body) if body is not None else self.reply(404, {"error": "no such path: %s" % self.path})

    def reply(self, status, body, headers=None):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format, *values):
        """Quiet: the loader says what it asked for."""


class Server(ThreadingHTTPServer):
    """Keeps quiet about clients that go away in the middle of an answer."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8790, help="0: any free one (8790)")
    parser.add_argument("--flaky", type=int, default=0, metavar="N", help="refuse every Nth request")
    options = parser.parse_args()
    try:
        server = Server(("127.0.0.1", options.port), WeatherApi)
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        sys.exit("weather_api.py: port %d is in use; is the API running already? (--port chooses another)" % options.port)
    server.hours = observations()
    server.days = daily(server.hours)
    server.flaky, server.requests = options.flaky, count(1)
    print("weather API: http://127.0.0.1:%d/v1/observations (%d hours); Ctrl-C stops it" % (server.server_port, len(server.hours)), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
