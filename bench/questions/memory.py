"""How much memory an open namespace takes, and how much while it is replaced.

What a process has beyond what the same process had before it opened the registry, its HTTP client already used: resident pages, its own
and those of mapped files (/proc/self/smaps_rollup), once every field of every service was looked at; with a cache directory, empty at
first, which it fills, and without. A swap is a refresh that brings another generation while a view of the old one is held; its peak is the
kernel's (VmHWM). Beside it stands what there must be then: the old namespace, the new one, and its stored bytes, of which the reader
lets go while it inflates. For more than half of a huge page the reader takes a whole one: single pages would take half as long as the
inflating itself.
"""

import json
import pathlib
import subprocess
import tempfile

from cold_start.answering import LONGEST, next_line
from cold_start.starts import NO_CACHE, level_for
from cold_start.two_states import TwoStates
from cold_start.web_server import WebServer
from measuring.result import Target, measured

TITLE = "Resident memory of an open namespace, and during a swap"
PACKAGES = ["libcurl4-openssl-dev", "libzstd1", "nginx-light"]
SERVICES = [10_000, 100_000, 1_000_000]
REPETITIONS = 3

ALMANAC = "almanac"
INFLATED = "the inflated namespace"
LIMIT = "1.1 times the inflated namespace + 1 MiB"
BOTH = "the old one, the new one and its stored bytes"
FLOORS = [INFLATED, LIMIT, BOTH]
STEP = 2**18  # bytes; of more that are stored the reader lets go as it inflates them
CACHES = {"cache directory": True, "no cache directory": False}


def targets():
    asked = []
    for services in SERVICES:
        for cache in CACHES:
            of = f"{services:,} services, {cache}"
            asked.append(Target(f"memory, {of}: at most {LIMIT}", f"open, {cache}", 1, services, LIMIT))
            asked.append(Target(f"memory during a swap, {of}: at most 2.1 times {INFLATED}", f"swap, {cache}", 2.1, services, INFLATED, floor=BOTH))
    return asked


def figures_of(states, server, cache):
    """Of one process, in bytes: what it tells before and after the swap."""
    states.publish(0)
    command = [states.material.program("bench-memory"), f"{server.address('http')}/{states.path}", states.wanted[0].namespace, cache]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=server.environment()) as process:
        try:
            figures = json.loads(next_line(process) or "{}")
            states.publish(1)
            rest, _ = process.communicate("swap\n", timeout=LONGEST)
        finally:
            process.kill()
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {process.returncode}")
    return figures | json.loads(rest)


def beyond(figures, what):
    return [one[what] - one["before"] for one in figures]


def of_cache(setting, server, states, services, cache, is_used):
    setting.say(f"{services:,} services, {cache}")
    figures = []
    for _ in range(REPETITIONS):
        with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
            figures.append(figures_of(states, server, pathlib.Path(folder) / "cache" if is_used else NO_CACHE))
    if any(one["services"] != services for one in figures):
        raise RuntimeError(f"not every one of the {services} services was found")
    (frame,) = states.layout(0)["frames"]
    inflated = frame["inflated"]
    stored = {"bytes stored": frame["stored"], "zstd level": level_for(services) or 19}
    details = {"bytes before": figures[0]["before"], "bytes right after opening": beyond(figures, "open"), **stored}
    yield measured(f"open, {cache}", ALMANAC, "bytes", beyond(figures, "walked"), services=services, beside=LIMIT, details=details)
    yield measured(f"open, {cache}", LIMIT, "bytes", 1.1 * inflated + 2**20, services=services)
    yield measured(f"open, {cache}", INFLATED, "bytes", inflated, services=services)
    details = {"bytes once the old view is gone": beyond(figures, "after"), **stored}
    yield measured(f"swap, {cache}", ALMANAC, "bytes", beyond(figures, "peak"), services=services, beside=INFLATED, details=details)
    yield measured(f"swap, {cache}", INFLATED, "bytes", inflated, services=services)
    yield measured(f"swap, {cache}", BOTH, "bytes", 2 * inflated + min(frame["stored"], STEP), services=services)


def measure(setting):
    measurements = []
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        with WebServer(pathlib.Path(folder) / "server", pathlib.Path(folder) / "root") as server:
            for services in setting.services:
                states = TwoStates(setting.material, server, services, 1, level_for(services))
                for cache, is_used in CACHES.items():
                    measurements += of_cache(setting, server, states, services, cache, is_used)
    return measurements
