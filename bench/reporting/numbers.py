"""Figures as the page prints them: three digits, and the unit in which they are short."""

# The factor between a unit and the next larger one.
LADDERS = [
    [("ns", 1000), ("us", 1000), ("ms", 1000), ("s", None)],
    [("bytes", 1024), ("KiB", 1024), ("MiB", 1024), ("GiB", None)],
]
EXACT = 100_000  # so many bytes are printed as they are
NAMES = {"us": "µs"}


def digits(number):
    """Three digits; whole numbers as they are."""
    size = abs(number)
    if number == int(number) or size >= 100:
        return f"{number:,.0f}"
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{number:,.{decimals}f}" if size >= 0.001 else f"{number:.2g}"


def scale(unit, largest):
    """(what a number of this unit is divided by, the unit it then has) so that `largest` is short."""
    for ladder in LADDERS:
        names = [name for name, _ in ladder]
        if unit in names:
            divisor = 1
            for name, factor in ladder[names.index(unit):]:
                limit = EXACT if name == "bytes" else factor
                if limit is None or abs(largest) / divisor < limit:
                    return divisor, NAMES.get(name, name)
                divisor *= factor
    return 1, unit


def figure(value, unit):
    divisor, name = scale(unit, value)
    return f"{digits(value / divisor)} {name}"


def spread(measurement):
    """The median, and the least and the most where there are several samples: "15.1 ns [14.9 – 17.0]"."""
    divisor, name = scale(measurement.unit, measurement.value)
    text = f"{digits(measurement.value / divisor)} {name}"
    if measurement.samples > 1:
        text += f" [{digits(measurement.low / divisor)} – {digits(measurement.high / divisor)}]"
    return text


def times(ratio):
    return f"{f'{ratio:.3g}' if ratio < 100 else digits(ratio)} ×"


def percent(share, form=".0f"):
    return f"{100 * share:{form}} %"


def count(services):
    """"100,000 services", and an empty text where the size plays no part."""
    return "" if services is None else f"{services:,} service{'' if services == 1 else 's'}"


def name_of(case, services):
    return f"{case}, {count(services)}" if services is not None else case
