#!/usr/bin/env python3
"""No file of the project speaks of the machine it was written on, leaves work for later, or names a document that is not there."""

import pathlib
import re
import sys

from project_files import ROOT, report, under

RULES = (
    (re.compile(r"(?<![\w./:-])/(home|root|Users|work|build)/\w"), "a path of somebody's machine"),
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"), "work left for later"),
    (re.compile(r"^(<<<<<<<|>>>>>>>) "), "a merge that was not finished"),
)
DOCUMENT = re.compile(r"(?<![\w./-])[\w./-]*\w\.md\b")
URL = re.compile(r"\w+://\S+")
# Registries of real names, and bytes that are hostile on purpose.
DATA = ("samples/aws-endpoints/aws-endpoints.jsonl", "tests/bad", "tests/fuzz/corpus", "tests/golden")


def missing_documents(path: pathlib.Path, line: str, names: set[str]) -> list[str]:
    """Named by a path from the root or from the file's own folder; or by the name alone, when the project has one of that name.
    In C++ comments alone are meant: tests make up files."""
    text = line.partition("//")[2] if path.suffix in (".h", ".cpp") else line
    return [named for named in DOCUMENT.findall(URL.sub("", text))
            if named not in names and not any((folder / named).is_file() for folder in (ROOT, path.parent))]


def main() -> int:
    files = [path for path in under() if not str(path.relative_to(ROOT)).startswith(DATA)]
    names = {path.name for path in files if path.suffix == ".md"}
    problems = []
    for path in files:
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            problems += [f"{path.relative_to(ROOT)}:{number}: {what}: {match[0]}"
                         for rule, what in RULES if (match := rule.search(line))]
            problems += [f"{path.relative_to(ROOT)}:{number}: there is no {named}" for named in missing_documents(path, line, names)]
    return report(problems, len(files), "files")


if __name__ == "__main__":
    sys.exit(main())
