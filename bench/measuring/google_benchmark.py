"""Programs built on Google Benchmark: runs one, and gives the samples of each of its benchmarks."""

import json
import pathlib
import re
import subprocess

from .question import QUICK_ROUNDS
from .raw import RAW

quick = False  # bench/run --quick sets it
OPTIONS = re.compile(r"(/iterations:\d+)?/(real|manual)_time$")  # what Google Benchmark puts behind a name


def samples(program, *arguments, repetitions=9, min_time=0.05, pin_to=None):
    """{name: (unit, [time of each repetition, an iteration or, where the program counts items, an item])}.

    Times are those of a clock on the wall: a benchmark that counts items must ask for that (UseRealTime, UseManualTime), as Google
    Benchmark divides the processor's time by them otherwise. Repetitions of all benchmarks are interleaved, so that a noisy moment does
    not fall on one of them alone. `pin_to` is a core's number.
    """
    if quick:
        repetitions = min(repetitions, QUICK_ROUNDS)
    command = [program, *map(str, arguments), "--benchmark_format=json", f"--benchmark_repetitions={repetitions}",
               f"--benchmark_min_time={min_time}", "--benchmark_enable_random_interleaving=true"]
    if pin_to is not None:
        command = ["taskset", "--cpu-list", str(pin_to), *command]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    found = {}
    # In the program's order, which the interleaving has shuffled.
    for one in sorted(report["benchmarks"], key=lambda one: (one.get("family_index", 0), one.get("per_family_instance_index", 0))):
        if one.get("error_occurred"):
            raise RuntimeError(f"{program}: {one['name']}: {one['error_message']}")
        if one["run_type"] != "iteration":
            continue
        rate = one.get("items_per_second")
        name, on_the_wall = OPTIONS.subn("", one["run_name"])
        if rate and not on_the_wall:
            raise RuntimeError(f"{program}: {name}: counts items over the processor's time: UseRealTime()")
        unit, time = ("ns", 1e9 / rate) if rate else (one["time_unit"], one["real_time"])
        found.setdefault(name, (unit, []))[1].append(time)
    RAW.keep(without_place(report, program))
    return found


def without_place(report, program):
    """The report without what names a machine, a user or a folder."""
    context = {name: value for name, value in report["context"].items() if name != "host_name"}
    return report | {"context": context | {"executable": pathlib.Path(program).name}}
