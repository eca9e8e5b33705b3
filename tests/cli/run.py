#!/usr/bin/env python3
"""Runs command line examples and compares what they print with what is expected.

A case is a folder with `cmd`, a script for /bin/sh, and `expected`: what it wrote to standard
output, then to standard error, then its exit status. The script runs in a copy of the folder, with
the built programs first on its PATH, in the C.UTF-8 locale and the UTC time zone. The moment of a
publication is another one each time: where a time in UTC was printed, `expected` has YYYY-MM-DDTHH:MM:SSZ.

  run.py --programs build/bin tests/cli/check            every case below a folder
  run.py --programs build/bin --update tests/cli/check/ok    writes `expected` anew
"""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TIMEOUT_SECONDS = 120
TIME = re.compile(r"\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def show(text):
    """As text without the time of day; bytes that are no UTF-8 stay visible and distinct."""
    return TIME.sub("YYYY-MM-DDTHH:MM:SSZ", text.decode("utf-8", errors="backslashreplace"))


def section(title, text):
    """Printed output under its title; a missing line break at the end is made visible."""
    text = show(text)
    if text and not text.endswith("\n"):
        text += "\n(no line break at the end)\n"
    return f"--- {title}\n{text}"


def run(case, programs):
    with tempfile.TemporaryDirectory(prefix="almanac-cli-") as folder:
        place = pathlib.Path(folder) / case.name
        shutil.copytree(case, place, symlinks=True)
        (place / "expected").unlink(missing_ok=True)
        environment = {
            "PATH": os.pathsep.join([*map(str, programs), "/usr/local/bin", "/usr/bin", "/bin"]),
            "HOME": folder,
            "TMPDIR": folder,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        # A sanitizer's options are the only thing of the caller's environment that a case sees.
        environment.update({key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")})
        done = subprocess.run(
            ["/bin/sh", "./cmd"],
            cwd=place,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    return section("stdout", done.stdout) + section("stderr", done.stderr) + f"--- exit status\n{done.returncode}\n"


def find_cases(paths):
    cases = []
    for path in paths:
        found = sorted(script.parent for script in path.rglob("cmd"))
        if not found:
            sys.exit(f"run.py: no case in {path}: a case is a folder with a file named cmd")
        cases.extend(found)
    return cases


def passes(case, programs, update):
    try:
        actual = run(case, programs)
    except subprocess.TimeoutExpired:
        print(f"FAILED {case}: still running after {TIMEOUT_SECONDS} seconds")
        return False
    expectation = case / "expected"
    if update:
        expectation.write_text(actual, encoding="utf-8")
        return True
    expected = expectation.read_text(encoding="utf-8") if expectation.exists() else ""
    if actual == expected:
        return True
    print(f"FAILED {case}")
    sys.stdout.writelines(
        difflib.unified_diff(
            expected.splitlines(keepends=True), actual.splitlines(keepends=True), str(expectation), "what it printed"
        )
    )
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, action="append", required=True, help="folder of built programs; may be repeated")
    parser.add_argument("--update", action="store_true", help="write what is printed as what is expected")
    parser.add_argument("case", type=pathlib.Path, nargs="+", help="a case, or a folder of cases")
    arguments = parser.parse_args()
    programs = [folder.resolve() for folder in arguments.programs]
    cases = find_cases(arguments.case)
    failed = [case for case in cases if not passes(case, programs, arguments.update)]
    print(f"{len(cases) - len(failed)} of {len(cases)} cases {'written' if arguments.update else 'passed'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
