"""Programs built on Google Benchmark: runs one, and gives the samples of each of its benchmarks."""

import json
import subprocess


def samples(program, *arguments, repetitions=9, min_time=0.05, pin_to=None):
    """{name: (unit, [time of each repetition, an iteration or, where the program counts items, an item])}.

    Repetitions of all benchmarks are interleaved, so that a noisy moment does not fall on one of them alone. `pin_to` is a core's
    number.
    """
    command = [program, *map(str, arguments), "--benchmark_format=json", f"--benchmark_repetitions={repetitions}",
               f"--benchmark_min_time={min_time}", "--benchmark_enable_random_interleaving=true"]
    if pin_to is not None:
        command = ["taskset", "--cpu-list", str(pin_to), *command]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    found = {}
    for one in report["benchmarks"]:
        if one["run_type"] != "iteration":
            continue
        if one.get("error_occurred"):
            raise RuntimeError(f"{program}: {one['name']}: {one['error_message']}")
        rate = one.get("items_per_second")
        unit, time = ("ns", 1e9 / rate) if rate else (one["time_unit"], one["real_time"])
        found.setdefault(one["run_name"], (unit, []))[1].append(time)
    return dict(sorted(found.items()))  # they came in the random order that they ran in
