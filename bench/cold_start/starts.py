"""bench-starts, and what its subjects are."""

import dataclasses
import json
import pathlib
import statistics
import subprocess

from measuring.result import measured

NO_CACHE = "/proc/none"  # nobody can have this folder: the reader keeps to memory
EMPTY = "an empty static program"
RAW_GET = "raw GET by libcurl"
LARGE = 1_000_000
FAST_LEVEL = 3


def level_for(services):
    """Of zstd, for a registry that stands in one namespace: that which users get when they name none, unless it would take minutes."""
    return FAST_LEVEL if services >= LARGE else None


@dataclasses.dataclass(frozen=True)
class Subject:
    name: str
    answer: str
    command: list
    folder: str | pathlib.Path = "-"  # is removed before each start


class Starts:
    """Measures subjects that get their bytes from one server."""

    def __init__(self, material, server):
        self.material = material
        self.server = server

    def empty(self):
        return Subject(EMPTY, "ready", [self.material.program("bench-answer-empty")])

    def almanac(self, name, store, wanted, cache=NO_CACHE, keeps_cache=False):
        """`cache` is a folder that is empty at each start, unless it is kept."""
        command = [self.material.program("bench-answer-almanac"), store, wanted.namespace, wanted.name, cache]
        return Subject(name, wanted.uri, command, "-" if keeps_cache or cache == NO_CACHE else cache)

    def requests_of(self, subject):
        """What one start of it asks the server for."""
        self.server.requests()
        self.measure([subject], seconds=0, least=0)  # bench-starts begins with one start to warm up
        return self.server.requests()

    def raw_get(self, subject, scheme):
        """The same requests, and nothing done with the bytes."""
        requests = self.requests_of(subject)
        arguments = [text for one in requests for text in (self.server.address(scheme) + one.path, one.range or "-")]
        total = sum(one.body for one in requests)
        return Subject(RAW_GET, str(total), [self.material.program("bench-answer-raw-get"), *arguments])

    def measure(self, subjects, **options):
        """{name: [milliseconds of each round]}; rounds interleave the subjects."""
        lines = ["\t".join(map(str, [one.name, one.answer, one.folder, *one.command])) for one in subjects]
        arguments = [f"--{name}={value}" for name, value in options.items()]
        done = subprocess.run([self.material.program("bench-starts"), *arguments], input="\n".join(lines) + "\n", text=True,
                              stdout=subprocess.PIPE, check=True, env=self.server.environment())
        return {name: [time / 1e6 for time in times] for name, times in json.loads(done.stdout).items()}


def milliseconds(case, subject, samples, **others):
    """A Measurement, with percentiles where there are samples enough for them."""
    details = others.pop("details", {})
    if len(samples) >= 20:
        cuts = statistics.quantiles(samples, n=100, method="inclusive")
        details = {"percentiles": {f"p{percent}": cuts[percent - 1] for percent in (10, 50, 90, 99)}, **details}
    return measured(case, subject, "ms", samples, details=details, **others)
