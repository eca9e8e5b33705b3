"""Bytes that the reader adds to a stripped program.

Each program of bench/library/ does what plain.cpp does, looking a name up in a file, by means of the library; what it is larger than
plain.cpp is what the library adds. They are built as a user would who wants them small (-O2 -ffunction-sections -fdata-sections,
--gc-sections, stripped) and linked to the libraries as the release build has them. Static throughout, and zstd's decoder is Debian's
libzstd.a, with whatever of that the linker keeps. The program that reaches stores over the network cannot be static on Debian: there curl
and OpenSSL, which Debian's curl brings along, are shared, as is the C library, so that their bytes are apart. All else is static and
counts, pugixml as well; it is held against a plain.cpp linked in that way.

Each program must also work: it finds the same uri in a small registry.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import tempfile

from measuring.result import Target, measured

TITLE = "Code added to a stripped program"
PACKAGES = ["g++-12", "libzstd-dev", "libstdc++-12-dev", "libpugixml-dev"]
SERVICES = []  # code has no services

LIMIT = 300 * 1024
OTHERS = "zstd's decoder and the system's libraries"
FLOORS = [OTHERS]
FOLDER = pathlib.Path(__file__).resolve().parents[1] / "library"
ROOT = FOLDER.parents[1]
STATIC = ["-static"]
CURL_APART = ["-no-pie", "-static-libstdc++", "-static-libgcc"]
READER = ["-lalmanac_reader", "-l:libzstd.a"]
STORE = ["-lalmanac_store", *READER, "-lcurl", "-lssl", "-lcrypto", "-l:libpugixml.a"]
# Case, program, how it is linked, libraries.
PROGRAMS = (
    ("snapshot in memory, find", "snapshot", STATIC, READER),
    ("registry over a store of the program's own", "registry", STATIC, READER),
    ("registry at any address, curl and its OpenSSL apart", "registry_at_address", CURL_APART, STORE),
)


def targets():
    return [Target(f"reader library: at most 300 KiB added to a stripped program, {case}", case, LIMIT, floor=OTHERS)
            for case, *_ in PROGRAMS]


def measure(setting):
    found = []
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        folder = pathlib.Path(folder)
        example = Example(setting, folder)
        for case, program, linking, libraries in PROGRAMS:
            setting.say(case)
            base = Program(setting, folder, "plain", linking, [])
            own = Program(setting, folder, program, linking, libraries)
            example.expect_answer(own)
            details = account(own, base)
            found.append(measured(case, "almanac", "bytes", own.size - base.size, details=details))
            found.append(measured(case, OTHERS, "bytes", bytes_of_others(details["by_library"])))
    return found


class Program:
    def __init__(self, setting, folder, name, linking, libraries):
        self.name = name
        self.path = folder / name
        places = folder / f"{name}.map"
        small = ["-O2", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "-s"]
        subprocess.run(["g++", "-std=c++20", "-DNDEBUG", "-DALMANAC_STATIC", *small, *linking, f"-I{ROOT}/reader/include",
                        f"-Wl,-Map={places}", FOLDER / f"{name}.cpp", "-o", self.path, f"-L{setting.material.build}/reader", *libraries],
                       check=True)
        self.size = self.path.stat().st_size
        self.parts = kept_bytes(places.read_text())


def kept_bytes(linker_map):
    """{(library, object file): bytes} of what the linker kept."""
    kept = collections.Counter()
    memory = linker_map[linker_map.index("Linker script and memory map"):]
    for section, address, size, file in re.findall(r"^ (\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S+)$", memory, re.MULTILINE):
        if int(address, 16) == 0 or section.startswith((".comment", ".note", ".debug")):
            continue
        library, _, member = os.path.basename(file).rstrip(")").partition("(")
        kept[(library if member else "the program", member)] += int(size, 16)
    return kept


def account(own, base):
    """What the difference consists of. Sections of one kind that the linker joins (strings, unwinding) count where they came first."""
    added = collections.Counter(own.parts)
    added.subtract(base.parts)
    libraries = collections.Counter()
    for (library, _), size in added.items():
        libraries[library] += size
    return {
        "program_bytes": own.size,
        "plain_program_bytes": base.size,
        "by_library": {library: size for library, size in libraries.most_common() if size},
        "largest_objects": {f"{library}({member})": size for (library, member), size in added.most_common(25)},
    }


def bytes_of_others(by_library):
    return sum(size for library, size in by_library.items() if library != "the program" and not library.startswith("libalmanac"))


class Example:
    """A registry of one service, as a file and as a store, and what is expected of a program that looks it up."""

    URI = "https://users.example"

    def __init__(self, setting, folder):
        source = folder / "example.jsonl"
        source.write_text(json.dumps({"namespace": "prod", "name": "users", "endpoints": [{"uri": self.URI}]}) + "\n")
        self.snapshot = folder / "example.almanac"
        self.store = folder / "store"
        self.environment = {"ALMANAC_CACHE_DIR": str(folder / "cache"), "PATH": os.defpath}
        setting.material.run("generate-snapshot", "build", source, "-o", self.snapshot)
        setting.material.run("generate-snapshot", "publish", source, "--to", self.store)

    def expect_answer(self, program):
        where = self.snapshot if program.name == "snapshot" else self.store
        command = [program.path, where, "prod", "users"]
        answer = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        if answer != self.URI:
            raise RuntimeError(f"{program.name} found {answer!r}, not {self.URI!r}")
