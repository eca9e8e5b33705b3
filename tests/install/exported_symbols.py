#!/usr/bin/env python3
"""A shared library of this project offers what its public headers declare, and nothing else."""

import re
import subprocess
import sys

# Tables and names of types are exported under a description instead of their own name.
OURS = re.compile(r"^((vtable|typeinfo|typeinfo name|VTT) for |(non-)?virtual thunk to )?almanac::(?!internal::|format::)")


def exported(library: str) -> list[str]:
    listing = subprocess.run(["nm", "-DC", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return [line.split(maxsplit=2)[2] for line in listing.splitlines()]


def main() -> int:
    status = 0
    for library in sys.argv[1:]:
        symbols = exported(library)
        foreign = [symbol for symbol in symbols if not OURS.match(symbol)]
        for symbol in foreign:
            print(f"{library}: exports {symbol}")
        if foreign or not symbols:
            status = 1
        print(f"{library}: {len(symbols) - len(foreign)} symbols of almanac, {len(foreign)} others")
    return status


if __name__ == "__main__":
    sys.exit(main())
