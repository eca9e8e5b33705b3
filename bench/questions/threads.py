"""Whether lookups of two threads get in each other's way, and what they ask of malloc and of the kernel; bench/lookup/threads.cpp."""

import json

from measuring.question import Setting
from measuring.result import Target, measured

TITLE = "Two threads, allocations and system calls"
PACKAGES = []
SERVICES = [10_000, 100_000, 1_000_000]

REPETITIONS = 9
COUNTED = ("allocations", "system calls")


def targets():
    faster = [Target("two threads do at least 1.9 times as many lookups as one", "throughput", 1.9, services, "almanac, 1 thread",
                     "almanac, 2 threads", at_least=True) for services in SERVICES]
    return faster + [Target(f"lookups make no {what}", what, 0, services) for what in COUNTED for services in SERVICES]


def measure(setting: Setting):
    measurements = []
    for services in setting.services:
        setting.say(f"{services:,} services")
        snapshot = setting.material.snapshot(services, 1)
        found = json.loads(setting.material.run("bench-lookup-threads", snapshot, setting.rounds(REPETITIONS)))
        for subject, unit, key in (("almanac", "lookups/s", "almanac"), ("random memory accesses that overlap", "accesses/s", "memory")):
            one, two = f"{subject}, 1 thread", f"{subject}, 2 threads"
            measurements.append(measured("throughput", one, unit, found[key]["1"], services=services))
            measurements.append(measured("throughput", two, unit, found[key]["2"], services=services, beside=one))
        for what in COUNTED:
            if found[f"{what} of one"] != 1:
                raise RuntimeError(f"{what} cannot be counted here: one counts as {found[f'{what} of one']}")
            measurements.append(measured(what, "almanac", what, found[what], services=services, details={"names": found["names"]}))
    return measurements
