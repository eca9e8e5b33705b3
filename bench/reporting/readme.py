"""The table of figures on the first screen of the project's README: each line from a result file."""

import dataclasses

from measuring.result import find

from . import numbers
from .better import ALMANAC, more_is_better
from .page import NAME, table

@dataclasses.dataclass(frozen=True)
class Headline:
    words: str
    question: str
    case: str
    services: int | None
    beside: str | None = None


SIMDJSON = "libcurl + simdjson + unordered_map"
ABSL = "absl::flat_hash_map"
HEADLINES = (
    Headline("a lookup among 10,000 services, its first uri included, not waiting for the one before", "lookup", "hit", 10_000, ABSL),
    Headline("the same among 1,000,000", "lookup", "hit", 1_000_000, ABSL),
    Headline("process start to first answer, 10,000 services over http", "cold_start", "one namespace, http", 10_000, SIMDJSON),
    Headline("process start to first answer, 100,000 services", "cold_start", "one namespace, http", 100_000, SIMDJSON),
    Headline("the same with one namespace of 500, among 10,000,000 services", "growth", "more namespaces, http", 10_000_000,
             "almanac, registry of 1,000 services"),
    Headline("100,000 services on the wire, index included", "size", "bytes on the wire", 100_000, "zstd -19 of sorted JSON Lines"),
    Headline("compiling 1,000,000 services, one core, before compression", "compile", "compiling without compression, one core", 1_000_000),
    Headline("process start to first answer from a file, 100,000 services (Hollow: a Java virtual machine starts and loads all namespaces; "
             "Almanac inflates one of 20)", "hollow", "process start to first answer, from a file", 100_000, "Netflix Hollow"),
)


def absent(results):
    """The headlines that these results have no figure for, in words."""
    return [f"{one.question}: {numbers.name_of(one.case, one.services)}" for one in HEADLINES if not _ours(results, one)]


def lines(folder, results):
    """Of the headlines that these results have; the paths are those of the folder as it was named."""
    rows = [row for headline in HEADLINES if (row := _row(folder, results, headline))]
    one = next(iter(results.values()))
    dates = sorted({result.date for result in results.values()})
    machine = f"{one.machine.get('processor', 'an unknown processor')}, {one.machine.get('cores', '?')} cores"
    told = (f"Measured {' and '.join(dates)} on {machine}; [all figures]({folder}/{NAME}), those where a peer is ahead too. "
            "`bench/run` measures again.")
    return table(["what", "Almanac", "beside it, in the same run (by how many times Almanac is ahead)"], rows) + "\n\n" + told


def _row(folder, results, headline):
    ours = _ours(results, headline)
    if not ours:
        return None
    result = results[headline.question]
    figure = f"[{numbers.figure(ours.value, ours.unit)}]({folder}/{headline.question}.json)"
    peer = find(result.measurements, headline.case, headline.services, headline.beside)
    return [headline.words, figure, _beside(ours, peer, more_is_better(ours, result.targets)) if peer else ""]


def _ours(results, headline):
    result = results.get(headline.question)
    return result and find(result.measurements, headline.case, headline.services, ALMANAC)


def _beside(ours, peer, more):
    factor = (ours.value / peer.value if more else peer.value / ours.value) if ours.value and peer.value else None
    told = f"{peer.subject}: {numbers.figure(peer.value, peer.unit)}"
    return told if factor is None else f"{told} ({numbers.times(factor)})"
