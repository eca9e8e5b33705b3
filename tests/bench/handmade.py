"""Results made by hand, and the programs of bench/ run on them."""

import dataclasses
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from measuring import result_file  # noqa: E402
from measuring.result import Result, Target, measured  # noqa: E402

MACHINE = {"processor": "A <Processor> & Co", "cores": 2, "kernel": "6.1", "load_before": 0.1, "busy_before": 0.02,
           "noise": {"min_ns": 1000, "median_over_min": 1.02, "max_over_min": 1.4, "samples": 50}}


def result(question, measurements, targets=(), **others):
    return Result(**{
        "question": question, "title": f"About {question}", "command": f"bench/run --only {question}", "date": "2026-11-21",
        "commit": "4f2a9c1b0d3e", "quick": False, "seconds": 61.2, "machine": MACHINE, "versions": {"liblmdb-dev": "0.9.24-1"},
        "remarks": {}, "floors": [], "charts": {},
        "measurements": measurements, "targets": list(targets), **others})


def lookup(factor=1.0, peer_factor=1.0, best_factor=None):
    """Lookups at three sizes; ours take `factor` and the peers `peer_factor` times as long, the best samples `best_factor`."""
    best = factor if best_factor is None else best_factor
    found = []
    for services, ours, theirs, lmdb in ((1_000, 10.0, 8.0, 100.0), (10_000, 15.0, 36.0, 201.0), (100_000, 31.0, 277.0, 397.0)):
        percentiles = {f"p{percentile}": ours * factor * (1 + percentile / 50) for percentile in (0.1, 1, 10, 50, 90, 99, 99.9)}
        slower = {name: value * 3 for name, value in percentiles.items()}
        found += [
            measured("found", "absl::flat_hash_map", "ns", [theirs * peer_factor * scale for scale in (0.9, 1, 1.3)], services=services,
                     details={"percentiles": slower, "reserve": "as many as there are"}),
            measured("found", "almanac", "ns", [ours * best * 0.9, ours * factor, ours * factor * 1.5], services=services,
                     beside="absl::flat_hash_map", details={"percentiles": percentiles, "huge pages": "advised"}),
            measured("found", "LMDB", "ns", [lmdb * peer_factor * scale for scale in (0.9, 1, 1.3)], services=services),
        ]
    return result("lookup", found, [
        Target("lookup: at most half of absl::flat_hash_map", "found", 0.5, 10_000, "absl::flat_hash_map"),
        Target("lookup: at most a twentieth of LMDB", "found", 0.05, 100_000, "LMDB"),
        Target("lookup of ten million", "found", 0.5, 10_000_000, "LMDB"),
    ], remarks={"found": "A small map fits the nearest cache."})


def size(stored=1_934_000):
    return result("size", [
        measured("bytes on the wire", "almanac", "bytes", stored, services=100_000, beside="zstd -19"),
        measured("bytes on the wire", "zstd -19", "bytes", 2_137_000, services=100_000),
        measured("resident", "almanac", "bytes", 0),
    ], [
        Target("on the wire: at most 0.95 of zstd", "bytes on the wire", 0.95, 100_000, "zstd -19"),
        Target("resident: nothing", "resident", 0),
    ])


def compile_(rate=600_000.0, peer=1_000_000.0):
    return result("compile", [
        measured("rate", "almanac", "services/s", [rate * 0.98, rate, rate * 1.01], services=1_000, beside="a peer"),
        measured("rate", "a peer", "services/s", [peer * 0.98, peer, peer * 1.01], services=1_000),
        measured("alone", "almanac", "ms", [1.0, 2.0, 3.0], services=1_000),
    ], [Target("compile: at least half a million", "rate", 500_000, 1_000, at_least=True)], charts={"rate": "bars"})


def write(folder, *results):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for one in results:
        result_file.write(one, folder / f"{one.question}.json")
    return folder


def changed(one, **fields):
    return dataclasses.replace(one, **fields)


def run(program, *arguments):
    return subprocess.run([ROOT / "bench" / program, *map(str, arguments)], capture_output=True, text=True)
