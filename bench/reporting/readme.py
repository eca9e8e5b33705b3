"""The table of figures on the first screen of the project's README: at most eight lines, each from a result file."""

import dataclasses

from measuring.result import find

from . import numbers
from .better import ALMANAC, more_is_better
from .page import NAME, table

MOST = 8


@dataclasses.dataclass(frozen=True)
class Headline:
    words: str
    question: str
    case: str
    services: int | None
    beside: str | None = None


HEADLINES = (
    Headline("bytes of 100,000 services on the wire, index included", "size", "bytes on the wire", 100_000, "zstd -19 of sorted JSON Lines"),
    Headline("the index in them", "size", "index, bits a service on the wire", 100_000),
)


def lines(folder, results):
    """Of the headlines that these results have; the paths are those of the folder as it was named."""
    rows = [row for headline in HEADLINES if (row := _row(folder, results, headline))]
    one = next(iter(results.values()))
    dates = sorted({result.date for result in results.values()})
    machine = f"{one.machine.get('processor', 'an unknown processor')}, {one.machine.get('cores', '?')} cores"
    told = f"Measured {' and '.join(dates)} on {machine}; [all figures]({folder}/{NAME}), those where a peer is ahead too. `bench/run` measures again."
    return table(["what", "Almanac", "beside it, in the same run"], rows[:MOST]) + "\n\n" + told


def _row(folder, results, headline):
    result = results.get(headline.question)
    ours = result and find(result.measurements, headline.case, headline.services, ALMANAC)
    if not ours:
        return None
    figure = f"[{numbers.figure(ours.value, ours.unit)}]({folder}/{headline.question}.json)"
    peer = find(result.measurements, headline.case, headline.services, headline.beside)
    return [headline.words, figure, _beside(ours, peer, more_is_better(ours, result.targets)) if peer else ""]


def _beside(ours, peer, more):
    factor = (ours.value / peer.value if more else peer.value / ours.value) if ours.value and peer.value else None
    told = f"{peer.subject}: {numbers.figure(peer.value, peer.unit)}"
    return told if factor is None else f"{told} ({numbers.times(factor)})"
