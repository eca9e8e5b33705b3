#!/usr/bin/env python3
"""Who may know whom: every include goes down, and the schema runs nothing.

The generator may use the reader; the reader's programs may use its library and its store; the store
may use the library. Nothing points the other way.
"""

import os
import re
import sys

from project_files import ROOT, lines, report, sources, under

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
# Where an include is looked for, besides the folder that its file is in.
PATHS = ("reader", "reader/include", "reader/src", "reader/inspect", "generator")
# A room, and the rooms whose files it may include.
MAY_KNOW = {
    "reader/include": ("reader/include",),
    "reader/src": ("reader/include", "reader/src"),
    "reader/store": ("reader/include", "reader/src", "reader/store"),
    "reader/inspect": ("reader/include", "reader/src", "reader/store", "reader/inspect"),
    "generator": ("reader", "generator"),
}


def forbidden_includes(room: str, allowed: tuple[str, ...]) -> list[str]:
    problems = []
    for path in sources(room):
        for number, line in enumerate(lines(path), 1):
            match = INCLUDE.match(line)
            if not match or match[1].endswith("_generated.h"):
                continue
            places = [path.parent] + [ROOT / folder for folder in PATHS]
            meant = next((place / match[1] for place in places if (place / match[1]).is_file()), None)
            if meant is None:
                problems.append(f"{path.relative_to(ROOT)}:{number}: there is no {match[1]}")
            elif not any(ROOT / folder in meant.resolve().parents for folder in allowed):
                problems.append(f"{path.relative_to(ROOT)}:{number}: {room} may not know {meant.resolve().relative_to(ROOT)}")
    return problems


def main() -> int:
    problems = []
    for room, allowed in MAY_KNOW.items():
        problems += forbidden_includes(room, allowed)
    problems += [f"{path.relative_to(ROOT)}: schema holds what is read, not what runs"
                 for path in under("schema") if path.suffix not in (".md", ".fbs", ".json") or os.access(path, os.X_OK)]
    return report(problems, len(sources(*MAY_KNOW)), "sources")


if __name__ == "__main__":
    sys.exit(main())
