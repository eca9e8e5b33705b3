"""How fast documents become a snapshot, and what memory that takes.

Without compression: bench-compile reads the JSON Lines (parses, judges, resolves) and encodes the frames (columns, text, perfect
hashes) on one thread; the figure is services over both times together. Right after, zstd -1 compresses the same lines on one thread: no
peer, but how fast this machine goes through that input, by which runs on two machines can be compared. A snapshot is never written uncompressed, so its
peak memory is that of `generate-snapshot build --level 1 --threads 1`, a process of its own, over the size of its input.

At zstd 19 with all cores: a whole compilation in memory, from the model to the snapshot's bytes, with a thread a core: it encodes the
frames as well as compressing them. Beside it the zstd program compresses the same frames, which were encoded into files
before: each with a process of its own, as many at once as there are cores, which is how its command line keeps all of them
busy with many files. Its time includes reading those files from memory and writing others, its processes' starts too. Both
in turns; the stored sizes must agree within 1 %, or they did not do the same.
"""

import json
import os
import statistics
import subprocess
import tempfile
import time

from measuring import peak_memory
from measuring.result import Target, measured

TITLE = "Compiling a registry"
PACKAGES = ["zstd", "libzstd-dev", "libsimdjson-dev"]
SERVICES = [100_000, 1_000_000, 10_000_000]

YARDSTICK = "zstd -1 of the same lines"
FLOORS = [YARDSTICK]

# Beyond these sizes only the program as a whole is measured: more would take minutes and say the same.
PARTS_UP_TO = 1_000_000
REPETITIONS = {100_000: 5, 1_000_000: 3}
COMPRESSION_REPETITIONS = {1_000_000: 2}  # each takes a minute or two
COMPRESSION = "compiling at zstd 19 with all cores"
WITHOUT = "compiling without compression, one core"
REMARKS = {COMPRESSION: "almanac also encodes the frames and digests what it has compressed within its time; zstd finds the frames made."}
MEMORY = "peak memory over input, level 1, one thread"


def targets():
    found = []
    for services in SERVICES:
        if services <= PARTS_UP_TO:
            found += [
                Target("compile, without compression: at least 500,000 services a second a core", WITHOUT, 500_000, services,
                       at_least=True),
                Target("compile, zstd 19, all cores busy: within 10 % of zstd's own command line", COMPRESSION, 1.1, services, "zstd"),
            ]
        found.append(Target("compile: peak memory at most 3 times the input", MEMORY, 3.0, services))
    return found


def measure(setting):
    found = []
    for services in setting.services:
        source = setting.material.registry(services)
        found.append(peak(setting, source, services))
        if services <= PARTS_UP_TO:
            found += without_compression(setting, source, services)
            found += compression(setting, source, services)
    return found


def parts(setting, source, *options):
    return json.loads(setting.material.run("bench-compile", source, *options))


def without_compression(setting, source, services):
    setting.say(f"{services:,} services without compression")
    parts(setting, source)  # warms up
    samples = [parts(setting, source) for _ in range(setting.rounds(REPETITIONS.get(services, 5)))]
    if {sample["services"] for sample in samples} != {services}:
        raise RuntimeError(f"bench-compile read {samples[0]['services']} services of {services}")

    def rates(*times):
        return [services / sum(sample[time] for time in times) * 1e9 for sample in samples]

    yardstick = [services / compressed_lines(source) for _ in range(1 + len(samples))][1:]
    details = {"frame_bytes": samples[0]["frame_bytes"], "input_bytes": source.stat().st_size}
    found = [
        measured(WITHOUT, "almanac", "services/s", rates("read_ns", "encode_ns"), services=services, beside=YARDSTICK, details=details),
        measured("reading alone, one core", "almanac", "services/s", rates("read_ns"), services=services, beside=YARDSTICK),
        measured("encoding alone, one core", "almanac", "services/s", rates("encode_ns"), services=services, beside=YARDSTICK),
    ]
    return found + [measured(one.case, YARDSTICK, "services/s", yardstick, services=services) for one in found]


def compressed_lines(source):
    """Seconds that zstd -1 takes of one core."""
    begin = time.perf_counter()
    subprocess.run(["zstd", "-1", "--single-thread", "--quiet", "--stdout", source], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def compression(setting, source, services):
    threads = os.cpu_count()
    setting.say(f"{services:,} services at zstd 19, {threads} threads")
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        frames = parts(setting, source, "--frames", folder)["frames"]
        ours, peers, own_parts = [], [], []
        for _ in range(1 if setting.quick else COMPRESSION_REPETITIONS.get(services, 3)):
            own_parts.append(parts(setting, source, "--level", 19, "--threads", threads))
            ours.append(own_parts[-1]["compile_ns"] / 1e6)
            milliseconds, stored = zstd(folder, threads)
            peers.append(milliseconds)
    own_stored = own_parts[0]["stored_frame_bytes"]
    if abs(stored - own_stored) > own_stored / 100:
        raise RuntimeError(f"zstd made {stored} bytes of the frames, a compilation {own_stored}: that is not the same work")
    encoding = statistics.median(sample["encode_ns"] for sample in own_parts) / 1e6
    details = {"threads": threads, "frames": frames, "stored_bytes": own_stored, "encoding_on_one_thread_ms": encoding}
    return [
        measured(COMPRESSION, "almanac", "ms", ours, services=services, beside="zstd", details=details),
        measured(COMPRESSION, "zstd", "ms", peers, services=services, details={"processes": threads, "stored_bytes": stored}),
    ]


def zstd(folder, processes):
    """(milliseconds, bytes) that the zstd program makes of every file of the folder; its own files are removed."""
    files = sorted(entry.path for entry in os.scandir(folder))
    command = ["xargs", "--null", "--max-args=1", f"--max-procs={processes}", "zstd", "-19", "--quiet", "--no-check", "--force"]
    begin = time.perf_counter_ns()
    subprocess.run(command, input="\0".join(files).encode(), check=True)
    milliseconds = (time.perf_counter_ns() - begin) / 1e6
    made = [file + ".zst" for file in files]
    stored = sum(os.path.getsize(file) for file in made)
    for file in made:
        os.remove(file)
    return milliseconds, stored


def peak(setting, source, services):
    setting.say(f"{services:,} services: peak memory")
    snapshot = setting.material.folder / "peak-memory.almanac"
    program = setting.material.program("generate-snapshot")
    told = peak_memory.of([program, "build", source, "-o", snapshot, "--level", "1", "--threads", "1"])
    snapshot.unlink()
    bytes_in = source.stat().st_size
    details = {**told, "input_bytes": bytes_in, "services_a_second": services / told["seconds"]}
    return measured(MEMORY, "almanac", "times", told["peak_bytes"] / bytes_in, services=services, details=details)
