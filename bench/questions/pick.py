"""How long it takes to choose one of 1, 4 and 64 endpoints, beside std::discrete_distribution over the same weights.

The distribution is made once, outside of the time, and draws from std::mt19937_64; pick() makes nothing beforehand.
"""

import json

from measuring import google_benchmark
from measuring.result import measured

TITLE = "Choosing one of a service's endpoints"
PACKAGES = ["libbenchmark-dev"]
SERVICES = []  # it has services of its own

PEER = "std::discrete_distribution"
REMARKS = {PEER: "The distribution has been made beforehand, of the weights of this one service, and is given its generator. almanac makes "
           "nothing beforehand: each choice reads the columns of all endpoints; pick() also takes the time for its seed, and pick(key) "
           "hashes each uri."}
BESIDE_PEER = {"pick()", "pick_with(random)", "pick(key)"}  # the others do more, or less, than the peer


def targets():
    return []


def measure(setting):
    source = setting.material.folder / "pick.jsonl"
    source.write_text("".join(service(endpoints) for endpoints in (1, 4, 64)))
    snapshot = setting.material.folder / "pick.almanac"
    setting.material.run("generate-snapshot", "build", source, "-o", snapshot)
    setting.say("1, 4 and 64 endpoints")
    samples = google_benchmark.samples(setting.material.program("bench-pick"), snapshot)
    return [figure for name, (unit, times) in samples.items() for figure in figures(name, unit, times)]


def service(count):
    endpoints = [{"uri": f"https://{number * 0x9E3779B9:010x}.execute-api.us-east-1.amazonaws.com/prod",
                  "version": f"{1 + number % 3}.{number % 10}.0", "weight": 1 + number % 7} for number in range(count)]
    return json.dumps({"namespace": "bench", "name": str(count), "endpoints": endpoints}) + "\n"


def figures(name, unit, times):
    call, _, endpoints = name.rpartition("/")
    if call == PEER:
        return [measured(f"{each} of {endpoints}", PEER, unit, times) for each in sorted(BESIDE_PEER)]
    return [measured(f"{call} of {endpoints}", "almanac", unit, times, beside=PEER if call in BESIDE_PEER else None)]
