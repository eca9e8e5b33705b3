"""What memory, cores and the processor's caches do to lookups, and how many instructions they are.

almanac by itself is what a program has that does nothing about it: inflated into memory, huge pages asked for; and it is pinned to a
core, as every subject of the other questions. Each variant differs from that in what its name says.

Instructions tell a regression on a busy machine too.
"""

import re
import subprocess
import tempfile

from measuring import google_benchmark
from measuring.machine import last_core
from measuring.question import Setting
from measuring.result import measured
from questions.lookup import ALL_PEERS, AT_HAND, MAP, RECORDS
from questions.opening import INFLATE

TITLE = "What page faults, huge pages, caches and cores do to a lookup, and its instructions"
PACKAGES = ["libabsl-dev", "libc6", "libbenchmark-dev", "valgrind"]
SERVICES = [10_000, 100_000, 1_000_000]

MAPS = [MAP, RECORDS]
HUGE_HEAP = "hit, malloc told to ask for huge pages"
FLOORS = [INFLATE]
REMARKS = {HUGE_HEAP: AT_HAND}
SAMPLING = {"repetitions": 7, "min_time": 0.03}
COUNTED_SERVICES = 10_000
ROUNDS = 20


def targets():
    return []


def timed(setting, services, cache):
    """Nanoseconds a lookup, by where the namespace lies and how the process runs."""
    program = setting.material.program("bench-lookup-effects")
    snapshot = setting.material.snapshot(services, 1)
    measurements = []
    for how, options, core in (([], [], last_core()), (["no huge pages"], ["--no-huge-pages"], last_core()), (["on any core"], [], None)):
        for name, (unit, times) in google_benchmark.samples(program, snapshot, cache, *options, **SAMPLING, pin_to=core).items():
            case, where = name.split("/")[:2]
            subject = ", ".join(["almanac", *([] if where == "inflated into memory" else [where]), *how])
            measurements.append(measured(case, subject, unit, times, services=services, beside=None if subject == "almanac" else "almanac"))
    return measurements


def heap_in_huge_pages(setting, services):
    """The hash maps' memory comes from malloc, which asks for no huge pages unless it is told to (the glibc manual, "Memory Allocation
    Tunables"); almanac's asks by itself."""
    program = setting.material.program("bench-lookup")
    command = ["env", "GLIBC_TUNABLES=glibc.malloc.hugetlb=1", program, setting.material.snapshot(services, 1)]
    options = [f"--without={peer}" for peer in ALL_PEERS if peer not in MAPS] + ["--benchmark_filter=^hit/"]
    samples = google_benchmark.samples(*command, *options, **SAMPLING, pin_to=last_core())
    return [measured(HUGE_HEAP, subject, *samples[f"hit/{subject}"], services=services,
                     beside=MAPS[0] if subject == "almanac" else None) for subject in ("almanac", *MAPS)]


def instructions(setting, what, rounds):
    """Executed by a process that does so many rounds; its start included."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", setting.material.program("bench-instructions"),
                   what, setting.material.snapshot(COUNTED_SERVICES, 1), str(rounds)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    counted = re.search(r"^==\d+== Collected : (\d+)$", done.stderr, re.MULTILINE)
    if done.returncode != 0 or not counted:
        raise RuntimeError(f"valgrind: {done.stderr}")
    return int(counted[1])


def counted(setting):
    """Instructions of a lookup (a round is 1,000) and of an opening: what more rounds execute more."""
    found = []
    for what, case, subject, each in (("hit", "instructions of a hit", "almanac", 1_000),
                                      ("miss", "instructions of a miss", "almanac", 1_000),
                                      ("open", "instructions of an opening", "almanac", 1),
                                      ("inflate", "instructions of an opening", INFLATE, 1)):
        more = (instructions(setting, what, 1 + ROUNDS) - instructions(setting, what, 1)) / ROUNDS / each
        found.append(measured(case, subject, "instructions", more, services=COUNTED_SERVICES, beside=INFLATE if what == "open" else None))
    return found


def measure(setting: Setting):
    measurements = []
    with tempfile.TemporaryDirectory() as cache:
        for services in setting.services:
            setting.say(f"{services:,} services")
            measurements += timed(setting, services, cache) + heap_in_huge_pages(setting, services)
    setting.say("instructions, by callgrind")
    return measurements + counted(setting)
