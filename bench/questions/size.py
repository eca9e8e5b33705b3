"""Bytes of a snapshot, its index included, beside the bytes that `zstd -19` makes of the same registry's sorted JSON Lines.

zstd gets the canonical lines that inspect-snapshot prints, as a file, so that it knows their size. It keeps to one thread, which makes
the fewest bytes; nothing but the names and values in those lines can be looked up without inflating all of them. `--long=27` lets it
find what repeats across 128 MiB: across namespaces, which a snapshot cannot use, since each large one can be fetched alone.
Bytes are the same on every machine, so each is taken once.
"""

import json
import os
import pathlib
import subprocess
import time

from measuring.result import Target, measured

TITLE = "Bytes on the wire"
PACKAGES = ["zstd", "libzstd-dev"]
SERVICES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]

WIRE = "bytes on the wire"
AWS = "bytes on the wire, AWS endpoints"
INDEX = "index, bits a service on the wire"
JSON_LINES = "zstd -19 of sorted JSON Lines"
LONG = "zstd -19 --long=27 of sorted JSON Lines"
ZSTD_UP_TO = 1_000_000  # at 10 million it would take half an hour: it goes through 2 MB a second or so
LONG_UP_TO = 100_000
AWS_ENDPOINTS = pathlib.Path(__file__).resolve().parents[2] / "samples" / "aws-endpoints" / "aws-endpoints.jsonl"


def targets():
    found = []
    for services in (10_000, 100_000, 1_000_000):
        found += [
            Target("bytes on the wire: at most 0.95 of `zstd -19` of the sorted JSON Lines", WIRE, 0.95, services, JSON_LINES),
            Target("index: at most 5 bits a service on the wire", INDEX, 5, services),
        ]
    return found


def measure(setting):
    found = aws_endpoints(setting)
    seconds = {}
    for services in setting.services:
        setting.say(f"{services:,} services")
        snapshot = setting.material.snapshot(services)
        beside = JSON_LINES if services <= ZSTD_UP_TO else None
        found.append(index(setting, snapshot, services))
        if not beside:
            details = {f"zstd -19 left out, seconds it took at {count:,} services": took for count, took in seconds.items()}
            found.append(wire(snapshot, services, WIRE, services, None, details))
            continue
        found.append(wire(snapshot, services, WIRE, services, beside))
        with Lines(setting, snapshot) as lines:
            made, seconds[services] = zstd(lines.path)
            details = {"json_lines_bytes": lines.path.stat().st_size, "bytes_a_service": made / services, "seconds": seconds[services]}
            found.append(measured(WIRE, JSON_LINES, "bytes", made, services=services, details=details))
            if services <= LONG_UP_TO:
                made, took = zstd(lines.path, "--long=27")
                details = {"bytes_a_service": made / services, "seconds": took}
                found.append(measured(WIRE, LONG, "bytes", made, services=services, details=details))
    return found


class Lines:
    """The sorted JSON Lines of a snapshot, as a file, for as long as they are needed."""

    def __init__(self, setting, snapshot):
        self.path = snapshot.with_suffix(".lines")
        with self.path.open("wb") as out:
            subprocess.run([setting.material.program("inspect-snapshot"), "dump", snapshot], check=True, stdout=out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.path.unlink()


def zstd(path, *options):
    """(bytes, seconds) of zstd -19."""
    begin = time.perf_counter()
    compressed = subprocess.Popen(["zstd", "-19", "--quiet", "--stdout", *options, path], stdout=subprocess.PIPE)
    size = 0
    while piece := compressed.stdout.read(1 << 20):
        size += len(piece)
    if compressed.wait() != 0:
        raise RuntimeError(f"zstd -19 of {path} ended with exit status {compressed.returncode}")
    return size, time.perf_counter() - begin


def wire(snapshot, count, case, services, beside, more=None):
    size = snapshot.stat().st_size
    return measured(case, "almanac", "bytes", size, services=services, beside=beside, details={"bytes_a_service": size / count} | (more or {}))


def index(setting, snapshot, services):
    layout = json.loads(setting.material.run("inspect-snapshot", "layout", "--json", snapshot))
    parts = {part["what"]: part["stored"] for part in layout["components"]}
    return measured(INDEX, "almanac", "bits a service", 8 * parts["index"] / services, services=services, details={"stored_bytes": parts})


def aws_endpoints(setting):
    setting.say("AWS endpoints")
    snapshot = setting.material.folder / "aws-endpoints.almanac"
    setting.material.run("generate-snapshot", "build", AWS_ENDPOINTS, "-o", snapshot)
    summary = json.loads(setting.material.run("inspect-snapshot", "summary", "--json", snapshot))
    count = summary["services"]
    with Lines(setting, snapshot) as lines:
        made, _ = zstd(lines.path)
        details = {"services": count, "json_lines_bytes": lines.path.stat().st_size, "bytes_a_service": made / count}
    return [wire(snapshot, count, AWS, None, JSON_LINES, {"services": count}), measured(AWS, JSON_LINES, "bytes", made, details=details)]
