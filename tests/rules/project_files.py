"""The files of this project, as they are delivered: what is built beside them is left out."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("schema", "generator", "reader", "tests", "bench", "samples", ".ci")


def under(*folders: str) -> list[pathlib.Path]:
    """Every file below these folders, in order; without a folder, the whole project."""
    found = [] if folders else [path for path in ROOT.iterdir() if path.is_file()]
    for folder in folders or ROOMS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return sorted(found)


def sources(*folders: str) -> list[pathlib.Path]:
    return [path for path in under(*folders) if path.suffix in (".h", ".cpp")]


def lines(path: pathlib.Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def report(problems: list[str], looked_at: int, what: str) -> int:
    """The exit status of a rule: 1 when it is broken, and when there was nothing to hold it against."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in {looked_at} {what}")
    return 1 if problems or looked_at == 0 else 0
