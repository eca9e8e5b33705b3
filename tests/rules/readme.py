#!/usr/bin/env python3
"""What the documents show is there: C++ compiles, commands are known, links lead somewhere.

Usage: readme.py COMPILER PROGRAM...     (the programs whose commands may be shown)
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys

from project_files import ROOT, report, under

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def place(document: pathlib.Path, match: re.Match) -> str:
    return f"{document.relative_to(ROOT)}:{match.string.count(chr(10), 0, match.start()) + 1}"


def as_translation_unit(block: str) -> str:
    """A fragment is what stands in some function; its includes go above it."""
    if re.search(r"\bmain\(", block):
        return block
    includes = "".join(re.findall(r"^#include.*\n", block, re.MULTILINE))
    return f"{includes}void shown() {{\n{re.sub(r'^#include.*$', '', block, flags=re.MULTILINE)}}}\n"


def compiler_says(compiler: str, block: str) -> str:
    # As strict as a user may be; what a fragment finds it need not use.
    strict = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-but-set-variable"]
    command = [compiler, "-std=c++20", *strict, f"-I{ROOT / 'reader/include'}", "-fsyntax-only", "-x", "c++", "-"]
    return subprocess.run(command, input=as_translation_unit(block), capture_output=True, text=True).stderr


def unknown_words(line: str, programs: dict[str, str]) -> list[str]:
    """What a line of shell asks for that is not there: a script of ours, a command or an option of a program."""
    unknown = []
    words = shlex.split(line, comments=True)
    if words and "/" in words[0] and not words[0].startswith("/") and not os.access(ROOT / words[0], os.X_OK):
        unknown.append(words[0])
    for index, word in enumerate(words):
        if word not in programs or index + 1 == len(words):
            continue
        asked = words[index + 1:]
        asked = asked[:next((i for i, other in enumerate(asked) if other in ("|", "||", "&&", ";", ">")), len(asked))]
        command = [] if asked[0].startswith("-") else [asked[0]]
        helped = subprocess.run([programs[word], *command, "--help"], capture_output=True, text=True)
        if helped.returncode != 0:
            unknown.append(f"{word} {asked[0]}")
        unknown += [f"{word} … {option}" for option in asked
                    if option.startswith("-") and not re.search(rf"(?<![\w-]){re.escape(option.split('=')[0])}(?![\w-])", helped.stdout)]
    return unknown


def check(document: pathlib.Path, compiler: str, programs: dict[str, str]) -> tuple[list[str], int]:
    text = document.read_text(encoding="utf-8")
    problems = []
    shown = 0
    for block in FENCE.finditer(text):
        if block[1] in ("cpp", "c++"):
            shown += 1
            if said := compiler_says(compiler, block[2]):
                problems.append(f"{place(document, block)}: does not compile:\n{said}")
        elif block[1] in ("sh", "bash", "console"):
            # In a console block the lines without a prompt are what was printed.
            lines = re.sub(r"\\\n\s*", "", block[2]).splitlines()
            typed = [line[2:] for line in lines if line.startswith("$ ")] if block[1] == "console" else lines
            shown += len(typed)
            problems += [f"{place(document, block)}: {word} is not there" for line in typed for word in unknown_words(line, programs)]
    for link in LINK.finditer(FENCE.sub(lambda block: "\n" * block[0].count("\n"), text)):
        if "://" not in link[1] and not (document.parent / link[1]).exists():
            problems.append(f"{place(document, link)}: leads nowhere: {link[1]}")
    return problems, shown


def main() -> int:
    programs = {pathlib.Path(program).name: program for program in sys.argv[2:]}
    problems = []
    shown = 0
    for document in [path for path in under() if path.suffix == ".md"]:
        found, count = check(document, sys.argv[1], programs)
        problems += found
        shown += count
    readme = (ROOT / "README.md").read_text(encoding="utf-8") if (ROOT / "README.md").exists() else ""
    problems += [f"README.md: does not name the public header {header.name}"
                 for header in under("reader/include") if header.name not in readme]
    return report(problems, shown, "snippets")


if __name__ == "__main__":
    sys.exit(main())
