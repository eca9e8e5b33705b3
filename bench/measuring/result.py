"""What a question answers: measurements, and the targets that they are held against.

result_file.py has them as a file.
"""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One figure. (case, services, subject) names it within a question.

    value is the median of `samples` samples, low and high are the least and the most of them. `beside` is the subject (of the same
    case and services) that this one is judged by: a peer, or what the hardware does at best; None for a figure that needs
    none, such as bytes or instructions. `details` is free: percentiles, distributions, bytes behind a sum.
    """

    case: str
    subject: str
    unit: str  # "ns", "us", "ms", "bytes", "services/s", "requests", …
    value: float
    low: float
    high: float
    samples: int = 1
    services: int | None = None
    beside: str | None = None
    details: dict = dataclasses.field(default_factory=dict)

    @property
    def key(self):
        return self.case, self.services, self.subject


def measured(case, subject, unit, samples, **others):
    """A Measurement of a list of samples, or of one exact number."""
    samples = samples if isinstance(samples, list) else [samples]
    return Measurement(case, subject, unit, statistics.median(samples), min(samples), max(samples), len(samples), **others)


@dataclasses.dataclass(frozen=True)
class Target:
    """What `subject` must reach in a case: at most (or at least) `limit` times the value of `beside`, or `limit` itself."""

    what: str  # in words, as the page prints it
    case: str
    limit: float
    services: int | None = None
    beside: str | None = None
    subject: str = "almanac"
    at_least: bool = False
    floor: str | None = None  # a subject of the case that does no more than every answer needs: its figure tells what a limit can be

    @property
    def words(self):
        """`what`, with the size where that does not name it."""
        told = self.services is None or f"{self.services:,}" in self.what
        return self.what if told else f"{self.what}, {self.services:,} services"

    def judge(self, measurements):
        """(the figure that is compared with the limit, whether it is reached); (None, False) where one is missing."""
        figure = self._figure_of(self.subject, measurements)
        if figure is None:
            return None, False
        return figure, figure >= self.limit if self.at_least else figure <= self.limit

    def figure_of_floor(self, measurements):
        """As judge() has that of the subject; None where there is no floor."""
        return self._figure_of(self.floor, measurements) if self.floor else None

    def _figure_of(self, subject, measurements):
        value = find(measurements, self.case, self.services, subject)
        peer = find(measurements, self.case, self.services, self.beside) if self.beside else None
        if value is None or (self.beside and peer is None):
            return None
        return value.value / peer.value if peer else value.value


def find(measurements, case, services, subject):
    return next((one for one in measurements if one.key == (case, services, subject)), None)


@dataclasses.dataclass(frozen=True)
class Result:
    """What one question gave in one run."""

    question: str
    title: str
    command: str
    date: str
    commit: str | None  # that was measured; "… and changes" where the tree had some
    quick: bool  # few repetitions: for a look
    seconds: float  # that the question took
    machine: dict
    versions: dict
    remarks: dict  # {case or subject: why a peer is ahead there}
    floors: list  # subjects that are no peers: what the hardware does at best, limits, yardsticks
    charts: dict  # {case: "lines", "bars" or "none", where the page would draw something else by itself}
    measurements: list[Measurement]
    targets: list[Target]
