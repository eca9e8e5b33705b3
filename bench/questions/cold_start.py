"""How long a function takes from its start to its first answer, over loopback http and https from a real server (nginx).

Each subject is a program that is started anew each time; the clock runs from its start until its answer, a uri, has arrived.

    almanac                              Registry::open(), find(), uri(), with an empty cache directory, which a thread fills
    almanac, no cache directory          the same in memory
    almanac, cache directory kept        as on a machine where a process was before: asks the store, and inflates nothing
    raw GET by libcurl                   the requests that almanac makes, and nothing done with the bytes
    libcurl + ... + unordered_map        GETs the registry as sorted JSON Lines, and keeps of each service of its namespace the name and the
                                         first uri; "+ zstd" gets them compressed (level 3)
    ..., its namespace's lines alone     the same, of a file that holds nothing else
    an empty static program              no process is faster

All use Debian's libcurl, HTTP/1.1, one connection, 127.0.0.1, and of the roots of trust a folder with hashed names; and all are linked with
libcurl dynamically, because on Debian it cannot be otherwise (Kerberos, which it needs, comes as a shared library only).
"""

import itertools
import pathlib
import subprocess
import tempfile

from cold_start.starts import EMPTY, RAW_GET, Starts, Subject, level_for, milliseconds
from cold_start.wanted import wanted_service
from cold_start.web_server import WebServer
from measuring.result import Target

TITLE = "Cold start: from the start of a process to its first answer"
PACKAGES = ["libcurl4-openssl-dev", "libssl3", "libsimdjson-dev", "nlohmann-json3-dev", "libzstd1", "nginx-light"]
SERVICES = [1_000, 10_000, 100_000, 1_000_000]
SCHEMES = ["http", "https"]
SECONDS = 4  # of each case

ALMANAC = "almanac"
BEYOND = "almanac, beyond the raw GET"
SIMDJSON = "libcurl + simdjson + unordered_map"
NLOHMANN = "libcurl + nlohmann-json + unordered_map"
COMPRESSED = "libcurl + zstd + simdjson + unordered_map"
ONE = "one namespace"
TWENTY = "one of 20 namespaces"
ALONE = f"{SIMDJSON}, its namespace's lines alone"

FLOORS = [EMPTY, RAW_GET]
LITTLE = "What both pay for a process that is linked with libcurl is most of so short a time, and there is little to parse."
REMARKS = {
    SIMDJSON: LITTLE,
    NLOHMANN: LITTLE,
    COMPRESSED: LITTLE,
    ALONE: "Somebody has cut the registry into a file for each namespace beforehand. almanac also gets a manifest, or the namespaces that "
    "share a frame with this one.",
}


def targets():
    asked = []
    for namespaces, scheme in itertools.product((TWENTY, ONE), SCHEMES):
        case, begin = f"{namespaces}, {scheme}", f"cold start over {scheme}, {namespaces}"
        asked += [
            Target(f"{begin}, 10,000 services: at most 1.5 ms more than a raw GET of the same bytes", case, 1.5, 10_000, subject=BEYOND),
            Target(f"{begin}, 10,000 services: 3 times as fast as {SIMDJSON}", case, 1 / 3, 10_000, SIMDJSON, floor=RAW_GET),
            Target(f"{begin}, 100,000 services: 10 times as fast as {SIMDJSON}", case, 1 / 10, 100_000, SIMDJSON, floor=RAW_GET),
        ]
    return asked


class Published:
    """A registry as a store, as JSON Lines, whole and of the wanted namespace alone, and as those compressed."""

    def __init__(self, setting, server, services, namespaces):
        registry = setting.material.registry(services, namespaces)
        level = level_for(services)
        snapshot = setting.material.snapshot(services, namespaces, level)
        self.path = f"{services}-in-{namespaces}"
        folder = server.root / self.path
        setting.material.run("generate-snapshot", "publish", "--snapshot", snapshot, "--to", folder, "--max-size", "4GiB")
        self.wanted = wanted_service(registry)
        (folder / "registry.jsonl").symlink_to(registry)
        subprocess.run(["zstd", "-q", "-3", registry, "-o", folder / "registry.jsonl.zst"], check=True)
        prefix = f'{{"namespace":"{self.wanted.namespace}",'
        with registry.open() as lines, (folder / "namespace.jsonl").open("w") as out:
            out.writelines(line for line in lines if line.startswith(prefix))
        files = {"JSON Lines": registry, "JSON Lines by zstd -3": folder / "registry.jsonl.zst", "snapshot": snapshot,
                 "lines of the namespace": folder / "namespace.jsonl"}
        self.details = {f"bytes of {what}": file.stat().st_size for what, file in files.items()}
        self.details["zstd level of the snapshot"] = level or 19


def subjects_of(starts, published, address, scheme, namespaces, folder):
    wanted = published.wanted
    full = starts.almanac(ALMANAC, address, wanted, folder / "cache")
    in_memory = starts.almanac(f"{ALMANAC}, no cache directory", address, wanted)
    kept = starts.almanac(f"{ALMANAC}, cache directory kept", address, wanted, folder / "kept", keeps_cache=True)

    def json(name, program, file):
        command = [starts.material.program(f"bench-answer-{program}"), f"{address}/{file}", wanted.namespace, wanted.name]
        return Subject(name, wanted.uri, command)

    subjects = [starts.empty(), full, in_memory, kept, starts.raw_get(in_memory, scheme),
                json(SIMDJSON, "simdjson", "registry.jsonl"), json(COMPRESSED, "simdjson", "registry.jsonl.zst")]
    if namespaces == 1:
        return [*subjects, json(NLOHMANN, "nlohmann", "registry.jsonl")]
    return [*subjects, json(ALONE, "simdjson", "namespace.jsonl")]


def answers(setting, starts, published, services, case, scheme, namespaces):
    """Of one case over one scheme."""
    setting.say(f"{services:,} services, {case}, {scheme}")
    address = f"{starts.server.address(scheme)}/{published.path}"
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        subjects = subjects_of(starts, published, address, scheme, namespaces, pathlib.Path(folder))
        requests = starts.requests_of(next(one for one in subjects if one.name == ALMANAC))
        times = starts.measure(subjects, seconds=min(SECONDS, 1) if setting.quick else SECONDS, least=3)
    case = f"{case}, {scheme}"
    for name, samples in times.items():
        details = published.details if name == ALMANAC else {}
        if name in (ALMANAC, RAW_GET):
            details = {"requests": len(requests), "bytes of their bodies": sum(one.body for one in requests), **details}
        yield milliseconds(case, name, samples, services=services, beside=SIMDJSON if name.startswith(ALMANAC) else None, details=details)
    beyond = [almanac - raw for almanac, raw in zip(times[ALMANAC], times[RAW_GET])]
    details = {"of": "the difference within each round"}
    yield milliseconds(case, BEYOND, beyond, services=services, beside=RAW_GET, details=details)


def measure(setting):
    measurements = []
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        with WebServer(pathlib.Path(folder) / "server", pathlib.Path(folder) / "root") as server:
            starts = Starts(setting.material, server)
            for services in setting.services:
                for case, namespaces in ((ONE, 1), (TWENTY, 20)):
                    published = Published(setting, server, services, namespaces)
                    for scheme in SCHEMES:
                        measurements += answers(setting, starts, published, services, case, scheme, namespaces)
    return measurements
