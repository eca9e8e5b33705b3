"""How long single lookups take, as a distribution; bench/lookup/latency.cpp says how one is timed."""

import json
import subprocess

from measuring.machine import last_core
from measuring.question import Setting
from measuring.result import Target, measured
from questions.lookup import ACCESS, HASHING, ONE_BYTE

TITLE = "Single lookups, each waiting for the one before it: nanoseconds at a percentile"
PACKAGES = ["libabsl-dev", "libcdb-dev", "liblmdb-dev"]
SERVICES = [1_000, 10_000, 100_000, 1_000_000]

MEDIAN_ACCESS = f"{ACCESS}, the median"
FLOORS = [ACCESS, MEDIAN_ACCESS, HASHING]
HIT = "almanac, hit"
REMARKS = {
    "miss, p50": ONE_BYTE,
    "miss, p99": ONE_BYTE,
    "dependent, p99": "One lookup in a hundred waits for what else the machine does: an interrupt, a page's address, a neighbour's cache lines.",
}
ROUNDS = 9
NOT_ASKED = "ten million services, whose dependent lookups lookup.json has, and the peers that are slower still"
CASES = ("dependent", "miss")
# And what the median access is called in its case, as both are held against three times that.
PERCENTILES = {"p50": ACCESS, "p99": MEDIAN_ACCESS}
# What each lookup begins with; and what the machine does in between is in the 99th percentile of an access too.
FLOOR = {"p50": HASHING, "p99": ACCESS}


def targets():
    accesses = [Target(f"the {percentile} of single lookups ({case}) is at most three times a median random memory access",
                       f"{case}, {percentile}", 3.0, services, median, floor=FLOOR[percentile])
                for case in CASES for percentile, median in PERCENTILES.items() for services in SERVICES]
    misses = [Target(f"the {percentile} of single misses is no more than that of hits", f"miss, {percentile}", 1.0, services, HIT)
              for percentile in PERCENTILES for services in SERVICES]
    return accesses + misses


def measurements_of(line, services):
    """Of what the program says of one subject in one case."""
    measurements = []

    def add(case, subject, **others):
        for percentile in PERCENTILES:
            measurements.append(measured(f"{case}, {percentile}", subject, "ns", line[percentile], services=services, **others))

    subject = line["subject"]
    details = {name: line[name] for name in ("percentiles", "clock_ns", "clock_step_ns")}
    if subject == "almanac":
        details["not_asked"] = NOT_ASKED
    for case in CASES if subject in (ACCESS, HASHING) else [line["case"]]:
        add(case, subject, beside=ACCESS if subject == "almanac" else None, details=details)
        if subject == ACCESS:
            measurements.append(measured(f"{case}, p99", MEDIAN_ACCESS, "ns", line["p50"], services=services))
    if (line["case"], subject) == ("dependent", "almanac"):
        add("miss", HIT)
    return measurements


def measure(setting: Setting):
    measurements = []
    for services in setting.services:
        setting.say(f"{services:,} services")
        command = ["taskset", "--cpu-list", str(last_core()), setting.material.program("bench-lookup-latency"),
                   setting.material.snapshot(services, 1), str(setting.rounds(ROUNDS))]
        for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
            measurements += measurements_of(json.loads(line), services)
    return measurements
