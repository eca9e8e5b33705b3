#!/usr/bin/env python3
"""clang-format decides how a source is laid out.

Usage: layout.py [--fix]
"""

import re
import subprocess
import sys

from project_files import ROOT, report, sources


def main() -> int:
    files = [str(path.relative_to(ROOT)) for path in sources()]
    mode = "-i" if sys.argv[1:] == ["--fix"] else "--dry-run"
    done = subprocess.run(["clang-format-16", mode, *files], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr)
        return 2
    ill_laid = sorted(set(re.findall(r"^(.*?):\d+:\d+: warning: code should be clang-formatted", done.stderr, re.MULTILINE)))
    return report([f"{file}: tests/rules/layout.py --fix lays it out" for file in ill_laid], len(files), "sources")


if __name__ == "__main__":
    sys.exit(main())
