"""A lookup, beside every other way to keep the same services; bench/lookup/lookup.cpp says what each case is.

"One random memory access" is one whose address comes out of the access before it, in memory as large as the inflated frame and asked
for as the reader asks. Hits and misses are held against it too, though they overlap: independent accesses, which overlap as well, are
a subject of their own.
"""

import json

from measuring import google_benchmark
from measuring.machine import last_core
from measuring.question import Setting
from measuring.result import Target, measured

TITLE = "Nanoseconds a lookup, first uri included"
PACKAGES = ["libabsl-dev", "libbenchmark-dev", "libcdb-dev", "libleveldb-dev", "liblmdb-dev", "librocksdb-dev", "libsqlite3-dev",
            "nlohmann-json3-dev"]
SERVICES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]

MAP = "absl::flat_hash_map"
RECORDS = "absl::flat_hash_map of records"
ALL_PEERS = [MAP, RECORDS, "std::unordered_map", "nlohmann::json", "cdb", "LMDB", "LevelDB", "RocksDB", "SQLite"]
ACCESS = "one random memory access"
HASHING = "XXH3 of the name alone"
FLOORS = [ACCESS, f"{ACCESS}, 4 KiB pages", "random memory accesses that overlap", HASHING]
# Past this many services a peer takes longer to fill, or more memory, than its figure is worth.
# The page says it in these words. Times are of the machine of bench/results, in 2026-11, while others used it too; checking the answers
# and giving the memory back are part of them.
LEFT_OUT = {
    RECORDS: (1_000_000, "ten million would take 9 GB of memory"),
    "std::unordered_map": (1_000_000, "for time only: ten million take 38 s to fill"),
    "nlohmann::json": (100_000, "a million take 9 s to fill and 1.5 GB of memory"),
    "LevelDB": (1_000_000, "for time only: ten million take 31 s to fill"),
    "RocksDB": (1_000_000, "for time only: ten million take 30 s to fill"),
}
# The largest registry is compiled with as little compression as there is, which takes a tenth of the time and changes no lookup.
QUICKLY_COMPRESSED = 10_000_000

SAMPLING = {"repetitions": 7, "min_time": 0.03}

LIMITS = [
    (MAP, "half", 0.5, [10_000, 100_000, 1_000_000, 10_000_000]),
    (RECORDS, "half", 0.5, [10_000, 100_000, 1_000_000]),
    ("cdb", "a quarter", 0.25, [1_000, 10_000, 100_000]),
    ("cdb", "a third", 1 / 3, [1_000_000]),
    ("LMDB", "an eighth", 0.125, [1_000, 10_000, 100_000]),
    ("LMDB", "a sixth", 1 / 6, [1_000_000]),
    (ACCESS, "one", 1.0, [1_000_000]),
]

AT_HAND = ("So few services lie in the processor's caches, where instructions are what counts: a map goes from the hash of the name to its "
           "entry at once, almanac by way of a pilot and a slot.")
ONE_BYTE = ("For a name that is not there the map reads control bytes, one a service, which stay in the caches; almanac reads a slot of "
            "eight bytes, which does so up to fewer services.")
REMARKS = {"hit": AT_HAND, "dependent": AT_HAND, "miss": ONE_BYTE}
REMARKS |= {f"AWS endpoints, {case}": AT_HAND for case in ("hit", "dependent", "miss")}


def targets():
    hits = [Target(f"a lookup takes at most {share} of {peer}", "hit", limit, services, peer)
            for peer, share, limit, sizes in LIMITS for services in sizes]
    misses = [Target("a miss is no dearer than a hit", "miss", 1.0, services, "almanac, hit") for services in SERVICES]
    dependent = [Target("a dependent lookup takes at most three random memory accesses", "dependent", 3.0, services, ACCESS,
                        floor=HASHING)
                 for services in SERVICES]
    return hits + dependent + misses


def snapshot_of(material, services):
    return material.snapshot(services, 1, 1 if services >= QUICKLY_COMPRESSED else None)


def details_of(material, snapshot):
    """The namespace that is looked up in, and the bytes that its frame inflates to."""
    summary = json.loads(material.run("inspect-snapshot", "summary", "--json", snapshot))
    largest = max(summary["namespaces"], key=lambda one: one["services"])
    frame = sum(one["inflated"] for one in summary["namespaces"] if one["frame"] == largest["frame"])
    return {"namespace": largest["name"], "services": largest["services"], "inflated_bytes": frame}


def measurements_of(samples, prefix, services, details, left_out):
    """Of one snapshot. Cases of another registry than the synthetic one have a prefix; almanac's hit tells which peers are left out."""
    found = []
    for name, (unit, times) in samples.items():
        case, subject = name.split("/", 1)
        beside = MAP if subject == "almanac" else None
        told = details | left_out if name == "hit/almanac" else details
        found += [measured(prefix + one, subject, unit, times, services=services, beside=beside, details=told)
                  for one in (("hit", "dependent") if case == "memory" else (case,))]
    unit, times = samples["hit/almanac"]
    return [*found, measured(f"{prefix}miss", "almanac, hit", unit, times, services=services, details=details)]


def ask(setting, snapshot, prefix, services, without=()):
    samples = google_benchmark.samples(setting.material.program("bench-lookup"), snapshot, *(f"--without={peer}" for peer in without),
                                       **SAMPLING, pin_to=last_core())
    left_out = {f"left out at {services:,} services": "; ".join(f"{peer}: {LEFT_OUT[peer][1]}" for peer in without)} if without else {}
    return measurements_of(samples, prefix, services, details_of(setting.material, snapshot), left_out)


def measure(setting: Setting):
    measurements = []
    for services in setting.services:
        without = [peer for peer, (most, _) in LEFT_OUT.items() if services > most]
        setting.say(f"{services:,} services" + (f", without {', '.join(without)}" if without else ""))
        measurements += ask(setting, snapshot_of(setting.material, services), "", services, without)
    setting.say("AWS endpoints")
    return measurements + ask(setting, setting.material.aws_endpoints(), "AWS endpoints, ", None)
