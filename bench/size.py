#!/usr/bin/python3
"""Bytes of a snapshot beside the bytes that `zstd -19` makes of the same registry's sorted JSON Lines.

    cmake --build build/release && bench/size.py build/release 10000 100000
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile


def run(*command, **options):
    return subprocess.run(command, check=True, **options)


def measure(programs, services, folder):
    """One row of the table: sizes in bytes."""
    source = folder / f"{services}.jsonl"
    with source.open("wb") as out:
        run(programs / "bench" / "make-synthetic-registry", str(services), stdout=out)
    snapshot = folder / f"{services}.almanac"
    run(programs / "generator" / "generate-snapshot", "build", str(source), "-o", str(snapshot), stdout=subprocess.DEVNULL)
    # The peer gets the canonical lines that inspect-snapshot prints, which are sorted.
    dump = run(programs / "reader" / "inspect" / "inspect-snapshot", "dump", str(snapshot), stdout=subprocess.PIPE).stdout
    layout = run(programs / "reader" / "inspect" / "inspect-snapshot", "layout", "--json", str(snapshot), stdout=subprocess.PIPE).stdout
    peer = run("zstd", "-19", "-q", "-c", input=dump, stdout=subprocess.PIPE).stdout
    return {
        "services": services,
        "json_lines": len(dump),
        "zstd_19_of_json_lines": len(peer),
        "snapshot": snapshot.stat().st_size,
        "index_stored": index_bytes(json.loads(layout)),
    }


def index_bytes(layout):
    return sum(part["stored"] for part in layout["components"] if part["what"] == "index")


def machine():
    """The processor, as the kernel names it, and how many there are."""
    named = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{named[1] if named else platform.machine()}, {os.cpu_count()} cores, {platform.system()}"


def print_table(rows):
    print("| services | JSON Lines | `zstd -19` of them | snapshot | ratio | index, bits a service |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        count = row["services"]
        print(
            f"| {count:,} | {row['json_lines'] / count:.1f} | {row['zstd_19_of_json_lines'] / count:.2f} "
            f"| {row['snapshot'] / count:.2f} | {row['snapshot'] / row['zstd_19_of_json_lines']:.3f} "
            f"| {8 * row['index_stored'] / count:.2f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="folder of a release build")
    parser.add_argument("services", type=int, nargs="+", help="sizes of the synthetic registry")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write the bytes there")
    parser.add_argument("--at-most", type=float, metavar="RATIO", help="exit 1 if a snapshot is larger than RATIO times its peer")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(arguments.build, services, pathlib.Path(folder)) for services in arguments.services]
    print_table(rows)
    if arguments.json:
        result = {
            "command": "bench/size.py build/release " + " ".join(map(str, arguments.services)),
            "date": datetime.date.today().isoformat(),
            "machine": machine(),
            "zstd": run("zstd", "--version", stdout=subprocess.PIPE, text=True).stdout.strip(),
            "bytes": rows,
        }
        arguments.json.write_text(json.dumps(result, indent=1) + "\n")
    if arguments.at_most is None:
        return 0
    return int(any(row["snapshot"] > arguments.at_most * row["zstd_19_of_json_lines"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
