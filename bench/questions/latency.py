"""How long single lookups take, as a distribution; bench/lookup/latency.cpp says how one is timed."""

import json
import subprocess

from measuring.machine import last_core
from measuring.question import Setting
from measuring.result import Target, measured
from questions.lookup import ACCESS

TITLE = "Single lookups, each waiting for the one before it: nanoseconds at a percentile"
PACKAGES = ["libabsl-dev", "libcdb-dev", "liblmdb-dev"]
SERVICES = [10_000, 100_000, 1_000_000]

FLOORS = [ACCESS]
ROUNDS = 9


def targets():
    return [Target(f"the {percentile} of dependent lookups is at most three times that of a random memory access",
                   f"dependent, {percentile}", 3.0, services, ACCESS) for percentile in ("p50", "p99") for services in SERVICES]


def measure(setting: Setting):
    measurements = []
    for services in setting.services:
        setting.say(f"{services:,} services")
        command = ["taskset", "--cpu-list", str(last_core()), setting.material.program("bench-lookup-latency"),
                   setting.material.snapshot(services, 1), str(setting.rounds(ROUNDS))]
        for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
            one = json.loads(line)
            details = {name: one[name] for name in ("percentiles", "clock_ns", "clock_step_ns")}
            measurements += [measured(f"dependent, {percentile}", one["subject"], "ns", one[percentile], services=services,
                                      beside=ACCESS if one["subject"] == "almanac" else None, details=details)
                             for percentile in ("p50", "p99")]
    return measurements
