"""Bytes of a snapshot, its index included, beside the bytes that `zstd -19` makes of the same registry's sorted JSON Lines.

zstd gets the canonical lines that inspect-snapshot prints, as a file, so that it knows their size. It keeps to one thread, which makes
the fewest bytes. `--long=27` lets it find what repeats across 128 MiB: across namespaces, which a snapshot cannot use, since each large
one can be fetched alone. Bytes are the same on every machine, so each is taken once.

How much of it is the index: no compressor says that, so all that the frames have of it, pilots and room that a reader fills in, is
compressed by itself at level 19. In its frame it takes no more than that.

Ten million services are compiled at level 9 only, and one million at that level too, to tell what it is worth: going by what one
million take, level 19 would keep two cores at work for some ten minutes, and zstd one for half an hour with the JSON Lines.
"""

import concurrent.futures
import json
import os
import subprocess

from measuring.result import Target, measured

TITLE = "Bytes on the wire"
PACKAGES = ["zstd", "libzstd-dev"]
SERVICES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]

WIRE = "bytes on the wire"
AWS = "bytes on the wire, AWS endpoints"
INDEX = "index, compressed by itself: bits a service on the wire"
PILOTS = 3  # of the table Frame, schema/frame.fbs
JSON_LINES = "zstd -19 of sorted JSON Lines"
LONG = "zstd -19 --long=27 of sorted JSON Lines"
AT_LEVEL_9 = "bytes on the wire, zstd 9"
LEVEL_19_UP_TO = 1_000_000  # beyond, compressing goes on at 1 to 2 MB a second and a core
LEVEL_9_FROM = 1_000_000
LONG_UP_TO = 100_000


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
    # zstd goes on with one size while the next ones are compiled.
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        peers = []
        for services in setting.services:
            setting.say(f"{services:,} services")
            if services >= LEVEL_9_FROM:
                snapshot = setting.material.snapshot(services, level=9)
                found.append(wire(AT_LEVEL_9, snapshot, services, services))
            if services <= LEVEL_19_UP_TO:
                snapshot = setting.material.snapshot(services)
                found.append(wire(WIRE, snapshot, services, services, beside=JSON_LINES))
                lines = json_lines(setting, snapshot)
                peers.append(workers.submit(peer, WIRE, lines, services, services, JSON_LINES))
                if services <= LONG_UP_TO:
                    peers.append(workers.submit(peer, WIRE, lines, services, services, LONG, "--long=27"))
            found.append(index(setting, snapshot, services))
        setting.say("zstd -19 of their JSON Lines")
        return found + [job.result() for job in peers]


def aws_endpoints(setting):
    setting.say("AWS endpoints")
    snapshot = setting.material.aws_endpoints()
    count = json.loads(setting.material.run("inspect-snapshot", "summary", "--json", snapshot))["services"]
    return [wire(AWS, snapshot, count, beside=JSON_LINES), peer(AWS, json_lines(setting, snapshot), count, None, JSON_LINES)]


def json_lines(setting, snapshot):
    """The sorted JSON Lines of a snapshot, as a file."""
    lines = snapshot.with_suffix(".lines")
    with lines.open("wb") as out:
        subprocess.run([setting.material.program("inspect-snapshot"), "dump", snapshot], check=True, stdout=out)
    return lines


def peer(case, lines, count, services, subject, *options):
    compressed = lines.with_suffix(f".zst{len(options)}")
    subprocess.run(["zstd", "-19", "--quiet", "--force", *options, lines, "-o", compressed], check=True)
    size = compressed.stat().st_size
    details = {"services": count, "bytes_a_service": size / count, "json_lines_bytes": lines.stat().st_size}
    return measured(case, subject, "bytes", size, services=services, details=details)


def wire(case, snapshot, count, services=None, beside=None):
    size = snapshot.stat().st_size
    details = {"services": count, "bytes_a_service": size / count}
    return measured(case, "almanac", "bytes", size, services=services, beside=beside, details=details)


def index(setting, snapshot, services):
    frames = json.loads(setting.material.run("inspect-snapshot", "layout", "--json", snapshot))["frames"]
    stored = 0
    with snapshot.open("rb") as file:
        for frame in frames:
            file.seek(frame["offset"])
            pilots = numbers_of(zstd(file.read(frame["stored"]), "-d", "--long=31"), PILOTS, 2)
            (size,) = (part["inflated"] for part in frame["components"] if part["what"] == "index")
            stored += len(zstd(pilots + bytes(size - len(pilots)), "-19"))
    details = {"stored_bytes": stored, "bytes_that_a_reader_fills_in": "zeros on the wire"}
    return measured(INDEX, "almanac", "bits a service", 8 * stored / services, services=services, details=details)


def zstd(content, *options):
    return subprocess.run(["zstd", "--quiet", "--stdout", *options], input=content, check=True, stdout=subprocess.PIPE).stdout


def numbers_of(buffer, field, size):
    """The bytes of a vector of numbers of a FlatBuffer's root table; https://flatbuffers.dev/internals/."""

    def number(at, width=4):
        return int.from_bytes(buffer[at : at + width], "little")

    table = number(0)
    entries = table - int.from_bytes(buffer[table : table + 4], "little", signed=True)
    place = table + number(entries + 4 + 2 * field, 2)
    vector = place + number(place)
    return buffer[vector + 4 : vector + 4 + size * number(vector)]
