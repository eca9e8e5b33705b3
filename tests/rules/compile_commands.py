#!/usr/bin/env python3
"""The library runs on any machine of its kind, so nothing of it is compiled for the one it is built on.

Usage: compile_commands.py COMPILE_COMMANDS_JSON
"""

import json
import pathlib
import re
import sys

from project_files import LIBRARY, ROOT, report

MACHINE = re.compile(r"\s(-m(arch|cpu|tune|avx\S*|sse\S*|bmi\S*|fma)(=\S+)?|-ffast-math|-Ofast)(?=\s)")


def main() -> int:
    commands = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    rooms = [ROOT / folder for folder in LIBRARY]
    library = [entry for entry in commands if any(room in pathlib.Path(entry["file"]).parents for room in rooms)]
    problems = [f"{entry['file']}: compiled with {match[1]}" for entry in library for match in MACHINE.finditer(entry["command"])]
    return report(problems, len(library), "compile commands of the library")


if __name__ == "__main__":
    sys.exit(main())
