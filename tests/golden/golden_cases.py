"""The golden cases: what is compiled for each, and how.

A case is a snapshot, CASE.almanac, and its registry documents: CASE.jsonl and CASE.yaml, or, for the
large ones, what generated_documents.py makes. Each document of a case gives the same snapshot, and the
JSON Lines are canonical: sorted, defaults left out, as a dump of the snapshot has them.
"""
import ctypes
import os
import pathlib
import subprocess

import generated_documents

FOLDER = pathlib.Path(__file__).resolve().parent
# The compressed bytes are those of this version; another one may well choose others.
PINNED_ZSTD = "1.5.4"
PINNED_OPTIONS = ("--level", "19")
BUILD_TIMEOUT_SECONDS = 300


def snapshot_path(case):
    return FOLDER / f"{case}.almanac"


def documents(case):
    """The case's registry documents: texts by file name ending."""
    found = {path.suffix: path.read_text(encoding="utf-8") for path in FOLDER.glob(f"{case}.*")
             if path.suffix in (".jsonl", ".yaml")}
    if case in generated_documents.CASES:
        found[".jsonl"] = generated_documents.text(case)
    return found


def cases():
    written = {path.stem for path in FOLDER.iterdir() if path.suffix in (".jsonl", ".yaml")}
    return sorted(written | generated_documents.CASES.keys())


def find_program(name, folders):
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return folder / name
    places = " or ".join(map(str, folders)) or "any folder, since none was given with --programs or ALMANAC_PROGRAMS"
    raise FileNotFoundError(f"{name} is not in {places}: build the project, then name the folder that holds it")


def program_folders(given):
    """Those of the command line, or else of the environment, where a colon separates them."""
    from_environment = os.environ.get("ALMANAC_PROGRAMS", "").split(os.pathsep)
    return [pathlib.Path(folder).resolve() for folder in given or filter(None, from_environment)]


def build(program, sources, target, *options, cwd=None):
    """Compiles documents. What the program has to say against them is in the exception."""
    done = subprocess.run([program, "build", *sources, "-o", target, *PINNED_OPTIONS, *options], cwd=cwd, text=True,
                          capture_output=True, timeout=BUILD_TIMEOUT_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"generate-snapshot build ended with {done.returncode}:\n{done.stderr}")


def linked_zstd():
    """The version of the libzstd that programs on this machine load."""
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_versionString.restype = ctypes.c_char_p
    return library.ZSTD_versionString().decode()
