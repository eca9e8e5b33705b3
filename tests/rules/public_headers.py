#!/usr/bin/env python3
"""A public header fits two screens, compiles alone, and brings in nothing but the C++ and C libraries.

Usage: public_headers.py COMPILER
"""

import pathlib
import re
import subprocess
import sys

from project_files import ROOT, lines, report, sources

INCLUDES = ROOT / "reader/include"
MOST_LINES = 180
# The folders of the C++ library and of the compiler itself.
COMPILERS_OWN = re.compile(r"/(c\+\+|gcc|clang)/")
C_LIBRARY = {"libc6-dev", "linux-libc-dev"}


def compile_alone(compiler: str, header: pathlib.Path) -> tuple[str, list[pathlib.Path]]:
    """What the compiler said, and every file that it read. Twice, as a header may be included."""
    name = header.relative_to(INCLUDES)
    command = [compiler, "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{INCLUDES}", "-x", "c++", "-",
               "-S", "-o", "/dev/null", "-MD", "-MF", "/dev/stdout", "-MT", "header"]
    done = subprocess.run(command, input=f"#include <{name}>\n#include <{name}>\n", capture_output=True, text=True)
    files = done.stdout.partition(":")[2].replace("\\\n", " ").split()
    return done.stderr, [pathlib.Path(file) for file in files if file != "-"]


def packages_of(files: set[pathlib.Path]) -> dict[pathlib.Path, str]:
    listing = subprocess.run(["dpkg", "-S", *map(str, sorted(files))], capture_output=True, text=True).stdout
    owners = {}
    for line in listing.splitlines():
        package, _, file = line.partition(": ")
        owners[pathlib.Path(file)] = package.split(":")[0]
    return owners


def main() -> int:
    compiler = sys.argv[1]
    headers = sources("reader/include")
    problems = []
    for header in headers:
        name = header.relative_to(ROOT)
        if len(lines(header)) > MOST_LINES:
            problems.append(f"{name}: {len(lines(header))} lines, at most {MOST_LINES}")
        said, files = compile_alone(compiler, header)
        if said or not files:
            problems.append(f"{name}: does not compile alone:\n{said}")
        others = {file for file in files if INCLUDES not in file.parents and not COMPILERS_OWN.search(str(file.resolve()))}
        owners = packages_of(others) if others else {}
        problems += [f"{name}: brings in {file}" for file in sorted(others) if owners.get(file) not in C_LIBRARY]
    return report(problems, len(headers), "public headers")


if __name__ == "__main__":
    sys.exit(main())
