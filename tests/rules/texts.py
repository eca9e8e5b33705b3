#!/usr/bin/env python3
"""No file of the project speaks of the machine it was written on, or leaves work for later."""

import re
import sys

from project_files import ROOT, report, under

RULES = (
    (re.compile(r"(?<![\w./:-])/(home|root|Users|work|build)/\w"), "a path of somebody's machine"),
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "work left for later"),
    (re.compile(r"^(<<<<<<<|>>>>>>>) "), "a merge that was not finished"),
)
# Registries of real names, and bytes that are hostile on purpose.
DATA = ("samples/aws-endpoints/aws-endpoints.jsonl", "tests/bad", "tests/fuzz/corpus", "tests/golden")


def main() -> int:
    files = [path for path in under() if not str(path.relative_to(ROOT)).startswith(DATA)]
    problems = []
    for path in files:
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            problems += [f"{path.relative_to(ROOT)}:{number}: {what}: {match[0]}"
                         for rule, what in RULES if (match := rule.search(line))]
    return report(problems, len(files), "files")


if __name__ == "__main__":
    sys.exit(main())
