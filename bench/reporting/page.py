"""The page of a folder of results: README.md and its plots, made of the *.json there and nothing else."""

import itertools
import pathlib
import pkgutil

import questions
from measuring.result import find
from measuring.result_file import read_all

from . import charts, numbers
from .better import ALMANAC, ahead, is_ours

NAME = "README.md"
REACHED = "reached"
NOISE = """\
Busy is the share of all cores that others used just before. The same work was done fifty times, just before as well: its median and its
most over its least."""
SHOWN_PERCENTILES = (1, 10, 50, 90, 99, 99.9)
INTRODUCTION = """\
Made by `bench/report` of the files beside this one; [how to read it, and how to measure](../../README.md).
A figure is the median of its samples, [least – most]; *2.4 ×* behind it is the figure over almanac's own in the same case and size."""


def write(folder):
    """Makes README.md and the plots of this folder; plots that no result has any more go."""
    folder = pathlib.Path(folder)
    results = [result for _, result in read_all(folder).values()]
    drawn = {result.question: charts.of(result) for result in results}
    kept = {chart.name for one in drawn.values() for chart in one}
    for old in folder.glob("*.svg"):
        if old.name not in kept:
            old.unlink()
    for chart in itertools.chain.from_iterable(drawn.values()):
        (folder / chart.name).write_text(chart.svg, encoding="utf-8")
    (folder / NAME).write_text(text(folder.resolve().name, results, drawn), encoding="utf-8")


def text(name, results, drawn):
    parts = [f"# Figures: {name}", INTRODUCTION]
    if any(result.quick for result in results):
        parts.append("**A quick run: few repetitions, nothing to quote.**")
    parts += [_unanswered(results), _targets(results), _where_ahead(results)]
    for result in results:
        parts += _section(result, drawn[result.question])
    parts += [_machine(results), _runs(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head, rows):
    return "\n".join(f"| {' | '.join(map(_cell, cells))} |" for cells in [head, ["---"] * len(head), *rows])


def _cell(content):
    return str(content).replace("|", "\\|").replace("\n", " ")


def anchor(result):
    return f"[{result.question}]({result.question}.json)"


def _unanswered(results):
    names = {module.name for module in pkgutil.iter_modules(questions.__path__)} - {result.question for result in results}
    return f"**No answer here, because these were not asked or failed: {', '.join(sorted(names))}.**" if names else ""


def _targets(results):
    rows = [_target(result, target) for result in results for target in result.targets]
    if not rows:
        return ""
    rows.sort(key=lambda row: row[3] == REACHED)
    reached = sum(row[3] == REACHED for row in rows)
    return f"## Targets\n\n{reached} of {len(rows)} are reached.\n\n" + table(["what", "figure", "limit", "", "from"], rows)


def _target(result, target):
    figure, reached = target.judge(result.measurements)
    measured = find(result.measurements, target.case, target.services, target.subject)
    bound = "at least" if target.at_least else "at most"

    def say(number):
        return numbers.digits(round(number, 3)) if target.beside else numbers.figure(number, measured.unit)

    if target.beside:
        limit = f"{bound} {target.limit:.3g} of {target.beside}"
    else:
        limit = f"{bound} {numbers.figure(target.limit, measured.unit) if measured else numbers.digits(target.limit)}"
    outcome = REACHED if reached else "**SHORT**"
    floor = None if reached else target.figure_of_floor(result.measurements)
    if floor is not None:
        outcome += f"; {target.floor.removesuffix(' alone')} alone: {say(floor)}"
    elif figure is not None and not reached and target.case in result.remarks:
        outcome += f"; {result.remarks[target.case]}"
    return [target.words, "not measured" if figure is None else say(figure), limit, outcome, anchor(result)]


def _where_ahead(results):
    places = {}
    for result in results:
        for one in ahead(result):
            why = result.remarks.get(one.case) or result.remarks.get(one.subject) or "not explained yet"
            place = f"{one.case}: {', '.join(_by(*at) for at in one.at)}"
            places.setdefault((anchor(result), one.subject, why), []).append(place)
    rows = [[where, subject, "; ".join(each), why] for (where, subject, why), each in places.items()]
    said = table(["from", "ahead", "where, by how many times", "why"], rows) if rows else "In no case of these."
    floors = sorted({floor for result in results for floor in result.floors})
    apart = f"\n\nNot counted as peers: what the hardware does at best, limits and yardsticks: {', '.join(floors)}." if floors else ""
    return f"## Where a peer is ahead\n\n{said}{apart}"


def _by(services, factor):
    return " at ".join([*([numbers.times(factor)] if factor else []), *([f"{services:,}"] if services else [])])


def _section(result, drawn):
    parts = [f"## {result.title}", f"{anchor(result)}, {result.date}: `{result.command}`"]
    by_case = {}
    for one in result.measurements:
        by_case.setdefault(one.case, []).append(one)
    wide = {case: measured for case, measured in by_case.items() if len({one.services for one in measured}) > 1}
    for case, measured in wide.items():
        parts += [f"**{case}**", _wide_table(measured)]
    flat = [one for case, measured in by_case.items() if case not in wide for one in charts.ours_first(measured)]
    if flat:
        parts.append(table(["case", "services", "", "figure", "over almanac"], [_row(one, result) for one in flat]))
    parts += [_percentiles(result), *[f"![{chart.title}]({chart.name})" for chart in drawn], _details(result)]
    return parts


def _row(one, result):
    services = f"{one.services:,}" if one.services else ""
    return [one.case, services, _subject(one.subject), numbers.spread(one), _over_ours(one, result.measurements)]


def _subject(name):
    return f"**{name}**" if name == ALMANAC else name


def _over_ours(measurement, measurements):
    ours = find(measurements, measurement.case, measurement.services, ALMANAC)
    if ours is None or ours is measurement or ours.unit != measurement.unit or ours.value <= 0 or measurement.value < 0:
        return ""
    return numbers.times(measurement.value / ours.value)


def _wide_table(measured):
    """A row a subject, a column a size; what almanac is judged by has a row of the ratio."""
    sizes = sorted({one.services for one in measured}, key=lambda services: services or 0)
    rows = []
    for subject in dict.fromkeys(one.subject for one in charts.ours_first(measured)):
        of_subject = {one.services: one for one in measured if one.subject == subject}
        rows.append([_subject(subject)] + [_wide_cell(of_subject.get(services), measured) for services in sizes])
        peers = {one.beside for one in of_subject.values() if one.beside}
        for peer in sorted(peers) if is_ours(subject) else []:
            rows.append([f"*{subject} / {peer}*"] + [_ratio(of_subject.get(services), peer, measured) for services in sizes])
    return table(["services", *[f"{services:,}" if services is not None else "any" for services in sizes]], rows)


def _wide_cell(measurement, measured):
    if measurement is None:
        return ""
    ratio = _over_ours(measurement, measured)
    return numbers.spread(measurement) + (f" · *{ratio}*" if ratio else "")


def _ratio(ours, peer, measured):
    against = find(measured, ours.case, ours.services, peer) if ours and ours.beside == peer else None
    return f"*{numbers.digits(round(ours.value / against.value, 3))}*" if against and against.value else ""


def _percentiles(result):
    rows = []
    for one in charts.distributions(result):
        for subject, values in one.lines.items():
            shown = [numbers.figure(values[percentile], one.unit) if percentile in values else "" for percentile in SHOWN_PERCENTILES]
            rows.append([numbers.name_of(one.case, one.services), _subject(subject), *shown])
    return table(["percentiles", "", *[f"p{percentile:g}" for percentile in SHOWN_PERCENTILES]], rows) if rows else ""


def _details(result):
    """What questions tell besides, folded, and once where several subjects or cases have it in common; lists and distributions
    are in the file."""
    lines = {}
    for case in dict.fromkeys(one.case for one in result.measurements):
        who = {}
        for subject, said in _told([one for one in result.measurements if one.case == case]):
            who.setdefault(said, []).append(subject)
        what = {}
        for said, subjects in who.items():
            what.setdefault("; ".join(subjects), []).append(said)
        for subjects, said in what.items():
            lines.setdefault(f"({subjects}): {'; '.join(said)}", []).append(case)
    rows = [f"- **{'; '.join(cases)}** {line}" for line, cases in lines.items()]
    return "<details><summary>What belongs to these figures</summary>\n\n" + "\n".join(rows) + "\n\n</details>" if rows else ""


def _told(measured):
    """(subject, "name: value") of one case; values that differ between sizes stand in the order of these, "name: value / value"."""
    told = {}
    for one in measured:
        for name, value in one.details.items():
            if isinstance(value, (str, int, float)):
                said = value if isinstance(value, str) else numbers.digits(value)
                told.setdefault((one.subject, name.replace("_", " ")), []).append(said)
    return [(subject, f"{name}: {' / '.join(said if len(set(said)) > 1 else said[:1])}") for (subject, name), said in told.items()]


def _machine(results):
    facts = {}
    for result in results:
        for name, value in result.machine.items():
            if name not in {"noise", "load_before", "busy_before"} and value is not None:
                facts.setdefault(name, {}).setdefault(str(value), []).append(result.question)
    rows = []
    for name, values in facts.items():
        told = list(values) if len(values) == 1 else [f"{value} ({', '.join(asked)})" for value, asked in values.items()]
        rows.append([name.replace("_", " "), "; ".join(told)])
    versions = sorted({f"{package} {version}" for result in results for package, version in result.versions.items()})
    if versions:
        rows.append(["Debian packages", ", ".join(versions)])
    return "## The machine\n\n" + table(["", ""], rows)


def _runs(results):
    rows = []
    for result in results:
        noise = result.machine.get("noise", {})
        quiet = [f"{noise[name]:.2f}" if name in noise else "" for name in ("median_over_min", "max_over_min")]
        busy = result.machine.get("busy_before")
        took = f"{result.seconds:,.0f} s"
        rows.append([anchor(result), result.date, result.commit or "", took, "" if busy is None else numbers.percent(busy), *quiet,
                     f"`{result.command}`"])
    head = ["question", "date", "commit", "took", "busy", "median", "most", "command"]
    return f"## The runs\n\n{NOISE}\n\n{table(head, rows)}"
