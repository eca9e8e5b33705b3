"""What became worse or better between two runs, perhaps on two machines.

Exact units (bytes, requests, times the input, …) depend on neither machine nor moment: they are compared as they are. Anything else
is compared as its ratio to what it was measured beside in the same run, and not compared without. It is worse or better when
the median and the best sample have both moved by more than the tolerance, the same way: what else runs on a machine adds
to some samples and not to the best one, so a median that moves alone is noise. A target that was reached and is short now is worse,
however little has moved.
"""

import dataclasses
import math

from measuring.result import find

from . import numbers
from .better import is_ours, more_is_better

EXACT_UNITS = {"allocations", "bits", "bytes", "frames", "instructions", "requests", "system calls", "times"}
EXACT_TOLERANCE = 0.02

WORSE, BETTER, SAME, NOISE = "worse", "better", "same", "noise"


@dataclasses.dataclass(frozen=True)
class Change:
    """`then` and `now` are figures of the unit, or ratios to `beside` where that is not None; growth is now / then - 1, and None
    where there was nothing then."""

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
    not_asked: list[str] = dataclasses.field(default_factory=list)  # questions that were asked then
    short: list[str] = dataclasses.field(default_factory=list)  # targets that were reached then
    only_then: list[str] = dataclasses.field(default_factory=list)
    only_now: list[str] = dataclasses.field(default_factory=list)

    def of(self, verdict):
        return [change for change in self.changes if change.verdict == verdict]

    @property
    def is_worse(self):
        return bool(self.of(WORSE) or self.short or self.not_asked)


def compare(then, now, tolerance):
    """Of two {question: Result}."""
    old, new = _ours(then), _ours(now)
    found = Comparison(only_then=[_name(*key) for key in old if key not in new], only_now=[_name(*key) for key in new if key not in old],
                       not_asked=[question for question in then if question not in now], short=_short(then, now))
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


def _short(then, now):
    """The targets that were reached and are measured and short now, in words."""
    reached = {(question, *key) for question, result in then.items() for key, (_, is_reached) in _judged(result) if is_reached}
    return [f"{question}: {key[0]}" for question, result in now.items() for key, (figure, is_reached) in _judged(result)
            if figure is not None and not is_reached and (question, *key) in reached]


def _judged(result):
    return [((one.words, one.services, one.case, one.subject, one.beside), one.judge(result.measurements)) for one in result.targets]


def _change(question, result_then, result_now, then, now, tolerance):
    """None where the two cannot be compared."""
    more = more_is_better(now, result_now.targets)
    beside = None if is_exact(now.unit) else now.beside
    if then.unit != now.unit or not (is_exact(now.unit) or beside and beside == then.beside):
        return None
    figures = [_figures(result, one, beside, more) for result, one in ((result_then, then), (result_now, now))]
    if None in figures:
        return None
    growths = [_growth(*pair) for pair in zip(*figures)]
    verdict = _verdict(growths, more, min(tolerance, EXACT_TOLERANCE) if beside is None else tolerance)
    growth = growths[0] if growths[0] != math.inf else None
    return Change(question, now.case, now.services, now.subject, now.unit, beside, figures[0][0], figures[1][0], growth, verdict)


def _figures(result, one, beside, more):
    """(median, best sample), over those of the peer where there is one; None where these make no ratio."""
    def both(measurement):
        return measurement.value, measurement.high if more else measurement.low

    if beside is None:
        return both(one)
    peer = find(result.measurements, one.case, one.services, beside)
    if peer is None or min(*both(one), *both(peer)) <= 0:
        return None
    return tuple(ours / theirs for ours, theirs in zip(both(one), both(peer)))


def is_exact(unit):
    """Of "bytes" and "bits a service", and not of "bytes/s"."""
    return unit.split(" a ")[0] in EXACT_UNITS and not unit.endswith(" a second")


def _growth(then, now):
    if then == 0:
        return 0.0 if now == 0 else math.inf
    return now / then - 1


def _verdict(growths, more, tolerance):
    """Down is as far as up: by 10 % is to 1/1.1 of what it was."""
    up = [growth > tolerance for growth in growths]
    down = [growth < 1 / (1 + tolerance) - 1 for growth in growths]
    if all(up):
        return BETTER if more else WORSE
    if all(down):
        return WORSE if more else BETTER
    return NOISE if up[0] or down[0] else SAME
