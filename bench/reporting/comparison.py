"""What became worse or better between two runs, perhaps on two machines.

Exact units (bytes, requests, instructions, …) depend on neither machine nor moment: they are compared as they are. A time or a rate
is compared as its ratio to what it was measured beside in the same run; one without a peer is not compared. It is worse or better when
the ratio of the medians and the ratio of the best samples have both moved by more than the tolerance, the same way: what else
runs on a machine adds to some samples and not to the best one, so a median that moves alone is noise.
"""

import dataclasses

from measuring.result import find

from . import numbers
from .better import is_ours, more_is_better

EXACT_UNITS = {"allocations", "bits", "bytes", "instructions", "requests", "system calls"}
EXACT_TOLERANCE = 0.02

WORSE, BETTER, SAME, NOISE = "worse", "better", "same", "noise"


@dataclasses.dataclass(frozen=True)
class Change:
    """`then` and `now` are figures of the unit, or ratios to `beside` where that is not None; growth is now / then - 1, None from 0 to more."""

    question: str
    case: str
    services: int | None
    subject: str
    unit: str
    beside: str | None
    then: float
    now: float
    growth: float | None
    verdict: str

    @property
    def name(self):
        subject = "" if self.subject == "almanac" else f", {self.subject}"
        return f"{self.question}: {numbers.name_of(self.case, self.services)}{subject}"


@dataclasses.dataclass
class Comparison:
    changes: list[Change] = dataclasses.field(default_factory=list)
    without_peer: list[str] = dataclasses.field(default_factory=list)
    only_then: list[str] = dataclasses.field(default_factory=list)
    only_now: list[str] = dataclasses.field(default_factory=list)

    def of(self, verdict):
        return [change for change in self.changes if change.verdict == verdict]


def compare(then, now, tolerance):
    """Of two {question: Result}."""
    old, new = _ours(then), _ours(now)
    found = Comparison(only_then=[_name(*key) for key in old if key not in new], only_now=[_name(*key) for key in new if key not in old])
    for key in old:
        if key not in new:
            continue
        change = _change(key[0], then[key[0]], now[key[0]], old[key], new[key], tolerance)
        if change:
            found.changes.append(change)
        else:
            found.without_peer.append(_name(*key))
    return found


def _ours(results):
    return {(question, *one.key): one for question, result in results.items() for one in result.measurements if is_ours(one.subject)}


def _name(question, case, services, subject):
    return f"{question}: {numbers.name_of(case, services)}, {subject}"


def _change(question, result_then, result_now, then, now, tolerance):
    """None where the two cannot be compared."""
    if then.unit != now.unit:
        return None
    more = more_is_better(now, result_now.targets)
    beside = None
    if is_exact(now.unit):
        then_figure, now_figure = then.value, now.value
        growths = [_growth(then.value, now.value)]
        tolerance = min(tolerance, EXACT_TOLERANCE)
    else:
        beside = now.beside if now.beside == then.beside else None
        peers = [find(result.measurements, one.case, one.services, beside) for result, one in ((result_then, then), (result_now, now))]
        if beside is None or None in peers:
            return None
        medians = [(one.value, peer.value) for one, peer in zip((then, now), peers)]
        best = [(one.high, peer.high) if more else (one.low, peer.low) for one, peer in zip((then, now), peers)]
        if any(denominator == 0 for _, denominator in medians + best):
            return None
        (then_figure, now_figure), (then_best, now_best) = [[ours / peer for ours, peer in pair] for pair in (medians, best)]
        growths = [_growth(then_figure, now_figure), _growth(then_best, now_best)]
    verdict = _verdict(growths, -1 if more else 1, tolerance)
    growth = growths[0] if growths[0] != float("inf") else None
    return Change(question, now.case, now.services, now.subject, now.unit, beside, then_figure, now_figure, growth, verdict)


def is_exact(unit):
    """Of "bytes" and "bits a service", and not of "bytes/s"."""
    return unit.split(" a ")[0] in EXACT_UNITS and not unit.endswith(" a second")


def _growth(then, now):
    if then == 0:
        return 0.0 if now == 0 else float("inf")
    return now / then - 1


def _verdict(growths, sign, tolerance):
    """`sign` is 1 where more is worse. Faster by 10 % is 1/1.1 of the time, so that the way there and back are as long."""
    def beyond(direction):
        return [growth * direction > (tolerance if direction > 0 else tolerance / (1 + tolerance)) for growth in growths]

    for direction in (1, -1):
        if all(beyond(direction)):
            return WORSE if direction == sign else BETTER
    return NOISE if beyond(1)[0] or beyond(-1)[0] else SAME
