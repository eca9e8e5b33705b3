"""Which plots a result gets: a curve over the sizes, bars beside each other, latency by percentile.

A case that was measured at three sizes or more gets curves, one with fewer and three figures or more gets bars, unless the
question says otherwise; measurements with details.percentiles get curves of these.
"""

import dataclasses
import math
import re
import statistics

from . import numbers, svg
from .better import ALMANAC, is_ours

LEAST_SIZES = 3
LEAST_BARS = 3
PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")
OF_CASE = re.compile(rf",? {PERCENTILE.pattern}$")


@dataclasses.dataclass(frozen=True)
class Chart:
    name: str  # of the file
    title: str
    svg: str


@dataclasses.dataclass(frozen=True)
class Distribution:
    case: str
    services: int | None
    unit: str
    lines: dict[str, dict[float, float]]  # {subject: {percentile: value}}


def of(result):
    """The charts of a result, in the order of its cases."""
    drawn = []
    for case in dict.fromkeys(one.case for one in result.measurements):
        drawn += _case_charts(result, case)
    for one in distributions(result):
        title = numbers.name_of(f"{result.title}: {one.case}", one.services)
        if any(value > 0 for line in one.lines.values() for value in line.values()):
            drawn.append(Chart(_file(result, one.case, one.services, "percentiles"), title, _by_percentile(title, one)))
    return drawn


def distributions(result):
    """Cases that are a percentile each of the same distribution, "found, p50" and "found, p99", give one."""
    found = {}
    for one in ours_first(result.measurements):
        if values := percentiles(one):
            case = OF_CASE.sub("", one.case)
            found.setdefault((case, one.services), Distribution(case, one.services, one.unit, {})).lines[one.subject] = values
    return list(found.values())


def percentiles(measurement):
    """{50.0: value} of a measurement that has them, named "p50"."""
    named = measurement.details.get("percentiles", {})
    matched = {name: PERCENTILE.fullmatch(name) for name in named}
    return dict(sorted((float(match[1]), named[name]) for name, match in matched.items() if match and float(match[1]) > 0))


def _case_charts(result, case):
    measured = ours_first([one for one in result.measurements if one.case == case])
    title = f"{result.title}: {case}"
    kind = (result.charts.get(case) or _kind(measured)) if any(one.value > 0 for one in measured) else "none"
    if kind == "lines":
        return [Chart(_file(result, case), title, _over_sizes(title, measured))]
    if kind == "bars":
        return [Chart(_file(result, case), title, _side_by_side(title, measured))]
    return []


def ours_first(measurements):
    return sorted(measurements, key=lambda one: one.subject != ALMANAC)


def _kind(measured):
    if len({one.unit for one in measured}) > 1:
        return "none"
    if len({one.services for one in measured if one.services}) >= LEAST_SIZES:
        return "lines"
    return "bars" if len(measured) >= LEAST_BARS else "none"


def _file(*parts):
    result, *words = parts
    text = "-".join(str(word) for word in (result.question, *words) if word is not None)
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-") + ".svg"


def _over_sizes(title, measured):
    divisor, unit = numbers.scale(measured[0].unit, min(one.value for one in measured))
    series = {}
    for one in sorted((one for one in measured if one.services), key=lambda one: one.services):
        series.setdefault(one.subject, []).append(svg.Point(one.services, one.value / divisor, one.low / divisor, one.high / divisor))
    series = {subject: series[subject] for subject in dict.fromkeys(one.subject for one in measured) if subject in series}
    points = [point for line in series.values() for point in line]
    x = svg.fixed("services", [(size, f"{size:,.0f}") for size in sorted({point.x for point in points})], math.log10)
    y = svg.fitted(unit, [value for point in points for value in (point.low, point.y, point.high)], numbers.digits)
    return svg.curves(title, x, y, series)


def _by_percentile(title, distribution):
    asked = sorted({percentile for line in distribution.lines.values() for percentile in line})
    # As wide apart as they are for a normal distribution, so that both tails can be seen.
    x = svg.fixed("percentile", _spaced(asked), lambda percentile: statistics.NormalDist().inv_cdf(percentile / 100))
    y = svg.fitted(distribution.unit, [value for line in distribution.lines.values() for value in line.values()], numbers.digits)
    series = {subject: [svg.Point(percentile, value, value, value) for percentile, value in line.items()]
              for subject, line in distribution.lines.items()}
    return svg.curves(title, x, y, series)


def _spaced(asked):
    """Ticks for the first and the last, and for those between that have room."""
    wanted = [0.1, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99]
    kept = [percentile for percentile in asked if percentile in wanted or percentile in {asked[0], asked[-1]}]
    return [(percentile, f"{percentile:g}") for percentile in kept]


def _side_by_side(title, measured):
    panels = {}
    for one in sorted(measured, key=lambda one: one.services or 0):
        panels.setdefault(numbers.count(one.services), {})[one.subject] = one.value
    return svg.bars(title, panels, lambda value: numbers.figure(value, measured[0].unit), is_ours)
