#!/usr/bin/env python3
"""Figures that documents show are those of bench/results/: the README's table, which has all that it should, and each folder's page
with its plots.

Usage: figures.py [--fix]     (to use another folder for the README's table, name it in the comment above the table first)
"""

import pathlib
import re
import shutil
import sys
import tempfile

from handmade import ROOT, run

TABLE = re.compile(r"(<!-- tests/bench/figures\.py --fix: of (\S+) -->\n).*?(<!-- end of these figures -->)", re.DOTALL)
MOST_LINES = 8


def reported(*arguments):
    """(what it prints, the lines of what it misses)."""
    done = run("report", *arguments)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout, done.stderr.splitlines()


def readme_problems(fix):
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    shown = TABLE.search(text)
    if not shown:
        return ["README.md: has no table of figures between its two comments"]
    # The paths in it are those of the README.
    printed, missing = reported("--readme", ROOT / shown[2])
    right = printed.replace(f"{ROOT}/", "")
    if right.count("\n| ") - 1 > MOST_LINES:
        return [f"README.md: a table of more than {MOST_LINES} lines"]
    wanted = f"{shown[1]}\n{right}\n{shown[3]}"
    if fix:
        path.write_text(text.replace(shown[0], wanted), encoding="utf-8")
    missing = [f"README.md: {line.removeprefix('bench/report: ').replace(f'{ROOT}/', '')}" for line in missing]
    if fix or shown[0] == wanted:
        return missing
    return missing + [f"README.md: its figures are not those of {shown[2]}; tests/bench/figures.py --fix puts them there"]


def page_problems(folder, fix):
    """Of a page that is not what bench/report makes of the results beside it."""
    with tempfile.TemporaryDirectory() as temporary:
        made = pathlib.Path(temporary) / folder.name
        made.mkdir()
        for path in folder.glob("*.json"):
            shutil.copy(path, made)
        reported(folder if fix else made)
        if fix:
            return []
        pages = [{path.name: path.read_bytes() for path in place.iterdir() if path.suffix in {".md", ".svg"}} for place in (folder, made)]
    names = sorted(name for name in pages[0] | pages[1] if pages[0].get(name) != pages[1].get(name))
    return [f"{folder.relative_to(ROOT)}/{name}: is not what bench/report makes of the results; tests/bench/figures.py --fix does"
            for name in names]


def main():
    fix = sys.argv[1:] == ["--fix"]
    folders = sorted(path for path in (ROOT / "bench" / "results").iterdir() if path.is_dir())
    problems = [problem for folder in folders for problem in page_problems(folder, fix)] + readme_problems(fix)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems; folders of results: {len(folders)}")
    return int(bool(problems) or not folders)


if __name__ == "__main__":
    sys.exit(main())
