"""Which of two figures is the better one, and where a peer has it."""

import dataclasses

from measuring.result import find

ALMANAC = "almanac"


def is_ours(subject):
    """Almanac itself and its variants, "almanac, static"."""
    return subject.startswith(ALMANAC)


def more_is_better(measurement, targets):
    """Rates; and where a target says so."""
    key = measurement.case, measurement.subject
    asked = any(target.at_least for target in targets if (target.case, target.subject) == key and target.beside is None)
    return asked or measurement.unit.endswith(("/s", " a second"))


@dataclasses.dataclass
class Ahead:
    """A peer that is ahead in a case, with the sizes at which it is and how many times as good it is there."""

    case: str
    subject: str
    at: list[tuple[int | None, float | None]]  # None: there is nothing to divide by


def ahead(result):
    found = {}
    for peer in result.measurements:
        ours = find(result.measurements, peer.case, peer.services, ALMANAC)
        if is_ours(peer.subject) or peer.subject in result.floors or ours is None or ours.unit != peer.unit:
            continue
        better, worse = (ours, peer) if more_is_better(ours, result.targets) else (peer, ours)
        if better.value < worse.value:
            factor = worse.value / better.value if better.value > 0 else None
            found.setdefault((peer.case, peer.subject), Ahead(peer.case, peer.subject, [])).at.append((peer.services, factor))
    return list(found.values())
