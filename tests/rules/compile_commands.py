#!/usr/bin/env python3
"""The library runs on any machine of its kind, so nothing of it is compiled for the one it is built on.

Usage: compile_commands.py COMPILE_COMMANDS_JSON
"""

import json
import pathlib
import re
import sys

from project_files import report

TARGETS = ("almanac_reader_objects", "almanac_store_objects")
MACHINE = re.compile(r"\s(-m(arch|cpu|tune|avx\S*|sse\S*|bmi\S*|fma)(=\S+)?|-ffast-math|-Ofast)(?=\s)")


def main() -> int:
    commands = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    # By the target, as a file that is compiled in one piece with others is not the one in the tree.
    library = [entry for entry in commands for target in TARGETS if f"/{target}.dir/" in entry["command"]]
    problems = [f"nothing is compiled for {target}" for target in TARGETS if not any(f"/{target}.dir/" in one["command"] for one in library)]
    problems += [f"{entry['file']}: compiled with {match[1]}" for entry in library for match in MACHINE.finditer(entry["command"])]
    return report(problems, len(library), "compile commands of the library")


if __name__ == "__main__":
    sys.exit(main())
