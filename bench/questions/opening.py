"""From bytes in memory to the first answer, the first hundred, and one for each name; and opening the same once more.

bench/opening/subject.h says what is done. A namespace's index is made while names are asked for: what the first answer does not wait
for, the hundredth and the last have waited for.
"""

import tempfile

from measuring import google_benchmark
from measuring.machine import last_core
from measuring.question import Setting
from measuring.result import Target, find, measured

TITLE = "From bytes in memory to the first answer"
PACKAGES = ["libzstd1", "libbenchmark-dev"]
SERVICES = [500, 1_000, 10_000, 100_000, 1_000_000]

INFLATE = "a bare zstd inflate"
FLOORS = [INFLATE]
FIRST = "almanac, the first time"
SHARED = "open one of 20 namespaces"  # of 500 services, in a registry of 10,000: several share a frame
SHARED_SERVICES = 10_000
GROWTH = "open again, the slowest size over the fastest"


def targets():
    inflating = [Target("opening takes at most 1.3 times a bare inflate of the same bytes", "open", 1.3, services, INFLATE)
                 for services in SERVICES]
    small = [Target("a registry of 500 services is open within 100 µs", "open", 100, 500),
             Target("a namespace of 500 services in a registry of 10,000 is open within 100 µs", SHARED, 100, SHARED_SERVICES,
                    floor=INFLATE),
             Target("opening one of 20 namespaces takes at most 1.3 times a bare inflate of the frame it is in", SHARED, 1.3,
                    SHARED_SERVICES, INFLATE)]
    again = [Target("opening again inflates nothing", "open again, frames inflated", 0, services) for services in SERVICES]
    flat = Target("opening again takes as long whatever the size, from 1,000 services on, within 2 times", GROWTH, 2.0, max(SERVICES))
    return [*inflating, *small, *again, flat]


def timed(setting, snapshot, cache, services, case):
    """The measurements of one snapshot, in microseconds."""
    program = setting.material.program("bench-opening")
    samples = google_benchmark.samples(program, snapshot, cache, pin_to=last_core())
    found = []
    for name, timed_case, subject, beside in (("open/almanac", case, "almanac", INFLATE), ("open/zstd", case, INFLATE, None),
                                              ("open, 100 names/almanac", case, "almanac, 100 names looked up", INFLATE),
                                              ("open, each name/almanac", case, "almanac, each name looked up", INFLATE),
                                              ("open again/almanac", f"{case} again", "almanac", FIRST),
                                              ("open/almanac", f"{case} again", FIRST, None)):
        times = [nanoseconds / 1000 for nanoseconds in samples[name][1]]
        found.append(measured(timed_case, subject, "us", times, services=services, beside=beside,
                              details={"snapshot_bytes": snapshot.stat().st_size}))
    inflated = int(setting.material.run("bench-opening", snapshot, cache, "--count-inflated"))
    found.append(measured(f"{case} again, frames inflated", "almanac", "frames", inflated, services=services))
    return found


def growth(measurements, sizes):
    """Of opening again: what the slowest of all sizes takes over the fastest; nothing where there is one size."""
    if len(sizes) < 2:
        return []
    all_sizes = [find(measurements, "open again", services, "almanac") for services in sizes]
    fastest, slowest = (choose(all_sizes, key=lambda one: one.value) for choose in (min, max))
    return [measured(GROWTH, "almanac", "times", slowest.value / fastest.value, services=max(sizes),
                     details={"fastest_services": fastest.services, "slowest_services": slowest.services})]


def measure(setting: Setting):
    measurements = []
    with tempfile.TemporaryDirectory() as cache:
        for services in setting.services:
            setting.say(f"{services:,} services")
            measurements += timed(setting, setting.material.snapshot(services, 1), cache, services, "open")
        setting.say(f"{SHARED}, {SHARED_SERVICES:,} services")
        measurements += timed(setting, setting.material.snapshot(SHARED_SERVICES), cache, SHARED_SERVICES, SHARED)
    return measurements + growth(measurements, [services for services in setting.services if services >= 1_000])
