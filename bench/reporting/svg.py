"""Plots as SVG: curves over an axis, and bars. Small, the same bytes for the same figures, on white whatever surrounds them.

A library would bring half a gigabyte of packages for these two pictures.
"""

import dataclasses
import math
from xml.sax.saxutils import escape

# Okabe and Ito's colours, which people tell apart whatever colours they see; the first series is ours.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#8c564b")
DASHES = ("", "7 3", "2 3", "9 3 2 3")
WIDTH = 840
FEW_TIMES = 12
LETTER = 7.2  # pixels of a letter of the text, about
INK, FAINT, OTHERS = "#222222", "#dddddd", "#a9a9a9"


@dataclasses.dataclass(frozen=True)
class Point:
    x: float
    y: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class Axis:
    """`place` puts a number on a line; `ticks` are (number, text)."""

    label: str
    place: callable
    ticks: list[tuple[float, str]]


def fitted(label, values, text):
    """From nothing up, so that what is flat looks flat; but logarithmic where the most is many times the least."""
    values = [value for value in values if value > 0]
    low, high = min(values) / 1.15, max(values) * 1.15
    return logarithmic(label, low, high, text) if high > FEW_TIMES * low else linear(label, high, text)


def linear(label, high, text):
    """About five ticks, at 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(high / 5))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= high / 5)
    return Axis(label, _onto(float, 0, high), [(step * index, text(step * index)) for index in range(int(high / step) + 1)])


def logarithmic(label, low, high, text):
    """Ticks at 1, 2 and 5 where there are few decades."""
    steps = (1, 2, 5) if high / low < 300 else (1,)
    ticks = [step * 10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1) for step in steps]
    return Axis(label, _onto(math.log10, low, high), [(tick, text(tick)) for tick in ticks if low <= tick <= high])


def fixed(label, ticks, place):
    """An axis whose ticks are given: [(number, text)]."""
    return Axis(label, _onto(place, ticks[0][0], ticks[-1][0]), ticks)


def _onto(function, low, high):
    """Maps low to 0 and high to 1."""
    begin, end = function(low), function(high)
    return lambda value: (function(value) - begin) / (end - begin) if end > begin else 0.5


def curves(title, x, y, series):
    """Series are {name: [Point]}, drawn with the spread of each point; the first one is thicker."""
    height, left, top, bottom = 400, 84, 44, 56
    right = 68 + int(LETTER * max(map(len, series)))
    across, down = WIDTH - left - right, height - top - bottom

    def at(place_x, place_y):
        return left + across * place_x, top + down * (1 - place_y)

    parts = []
    for value, text in y.ticks:
        _, row = at(0, y.place(value))
        parts += [_line(left, row, left + across, row, FAINT), _text(left - 8, row + 4, text, "end")]
    for value, text in x.ticks:
        column, _ = at(x.place(value), 0)
        parts += [_line(column, top, column, top + down, FAINT), _text(column, top + down + 18, text, "middle")]
    parts += [_text(left + across / 2, height - 12, x.label, "middle"),
              f'<text transform="translate(18 {top + down / 2:.1f}) rotate(-90)" text-anchor="middle">{escape(y.label)}</text>']
    for index, (name, points) in enumerate(series.items()):
        colour, dash = COLOURS[index % len(COLOURS)], DASHES[index // len(COLOURS) % len(DASHES)]
        width = 3 if index == 0 else 1.6
        path = [at(x.place(point.x), y.place(point.y)) for point in points if point.y > 0]
        drawn = " ".join(f"{column:.1f},{row:.1f}" for column, row in path)
        style = f'stroke="{colour}" stroke-width="{width}"' + (f' stroke-dasharray="{dash}"' if dash else "")
        parts.append(f'<polyline points="{drawn}" fill="none" {style}/>')
        for point in points:
            if point.y <= 0:
                continue
            column, row = at(x.place(point.x), y.place(point.y))
            parts.append(f'<circle cx="{column:.1f}" cy="{row:.1f}" r="{width + 0.9:.1f}" fill="{colour}"/>')
            if point.high > point.low > 0:
                parts.append(_line(column, at(0, y.place(point.low))[1], column, at(0, y.place(point.high))[1], colour))
        row = top + 10 + 21 * index
        legend = WIDTH - right + 16
        parts += [f'<line x1="{legend}" y1="{row}" x2="{legend + 28}" y2="{row}" {style}/>', _text(legend + 36, row + 4, name)]
    return _document(title, max(height, top + 21 * len(series) + 20), parts)


def bars(title, panels, text, is_ours):
    """Panels are {name: {subject: value}}, each with a scale of its own that begins at 0; `text` prints a value."""
    subjects = set().union(*panels.values())
    top, step = 44, 22
    left = 24 + int(LETTER * max(map(len, subjects)))
    right = 24 + int(LETTER * max(len(text(value)) for values in panels.values() for value in values.values()))
    parts, row = [], top
    for name, values in panels.items():
        if name:
            parts.append(f'<text x="12" y="{row + 12}" font-weight="bold">{escape(name)}</text>')
            row += step
        largest = max(0, *values.values()) or 1
        for subject, value in values.items():
            length = (WIDTH - left - right) * value / largest
            colour = COLOURS[0] if is_ours(subject) else OTHERS
            parts += [_text(left - 8, row + 14, subject, "end"),
                      f'<rect x="{left}" y="{row + 3}" width="{max(length, 1):.1f}" height="{step - 6}" fill="{colour}"/>',
                      _text(left + max(length, 1) + 6, row + 14, text(value))]
            row += step
        row += step // 2
    return _document(title, row + 8, parts)


def _line(x1, y1, x2, y2, colour):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x, y, text, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _document(title, height, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="12" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="15" font-weight="bold">{escape(title)}</text>',
        *parts,
        "</svg>",
    ]) + "\n"
