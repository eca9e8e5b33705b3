"""How long a function takes from its start to its first answer, over loopback http and https from a real server (nginx).

Each subject is a program that is started anew each time; the clock runs from its start until its answer, a uri, has arrived.

    almanac                              Registry::open(), find(), uri(), with an empty cache directory, which it fills
    almanac, no cache directory          the same in memory
    almanac, cache directory kept        as on a machine where a process was before: asks the store, and inflates nothing
    raw GET by libcurl                   the requests that almanac makes, and nothing done with the bytes
    libcurl + ... + unordered_map        GETs the registry as sorted JSON Lines, and keeps of each service of its namespace the name and the
                                         first uri; "+ zstd" gets them compressed (level 3)
    ..., its namespace's lines alone     the same, of a file that holds nothing else
    an empty static program              no process is faster

All use Debian's libcurl, HTTP/1.1, one connection, 127.0.0.1, and of the roots of trust a folder with hashed names.
"""

import pathlib
import subprocess
import tempfile

from cold_start.starts import EMPTY, NO_CACHE, RAW_GET, Starts, Subject, milliseconds
from cold_start.wanted import wanted_service
from cold_start.web_server import WebServer
from measuring.result import Target

TITLE = "Cold start: from the start of a process to its first answer"
PACKAGES = ["libcurl4-openssl-dev", "libssl3", "libsimdjson-dev", "nlohmann-json3-dev", "libzstd1", "nginx-light"]
SERVICES = [1_000, 10_000, 100_000, 1_000_000]
SCHEMES = ["http", "https"]
SECONDS = 5  # of each case
FAST_LEVEL = 3  # of zstd, from LARGE on: 19 would take a minute, and a start is no faster with it
LARGE = 1_000_000

ALMANAC = "almanac"
BEYOND = "almanac, beyond the raw GET"
SIMDJSON = "libcurl + simdjson + unordered_map"
NLOHMANN = "libcurl + nlohmann-json + unordered_map"
COMPRESSED = "libcurl + zstd + simdjson + unordered_map"
ONE = "one namespace"
TWENTY = "one of 20 namespaces"


def targets():
    return [
        target
        for scheme in SCHEMES
        for target in (
            Target(f"cold start over {scheme}, 10,000 services: at most 1.5 ms more than a raw GET of the same bytes", f"{ONE}, {scheme}", 1.5, 10_000, subject=BEYOND),
            Target(f"cold start over {scheme}, 10,000 services: 3 times as fast as JSON", f"{ONE}, {scheme}", 1 / 3, 10_000, SIMDJSON),
            Target(f"cold start over {scheme}, 100,000 services: 10 times as fast as JSON", f"{ONE}, {scheme}", 1 / 10, 100_000, SIMDJSON),
        )
    ]


class Published:
    """A registry as a store, as JSON Lines, whole and of the wanted namespace alone, and as those compressed."""

    def __init__(self, setting, server, services, namespaces):
        registry = setting.material.registry(services, namespaces)
        snapshot = setting.material.snapshot(services, namespaces, FAST_LEVEL if services >= LARGE else None)
        self.path = f"{services}-in-{namespaces}"
        folder = server.root / self.path
        setting.material.run("generate-snapshot", "publish", "--snapshot", snapshot, "--to", folder, "--max-size", "4GiB")
        self.wanted = wanted_service(registry)
        (folder / "registry.jsonl").symlink_to(registry)
        subprocess.run(["zstd", "-q", "-3", registry, "-o", folder / "registry.jsonl.zst"], check=True)
        prefix = f'{{"namespace":"{self.wanted.namespace}",'
        with registry.open() as lines, (folder / "namespace.jsonl").open("w") as out:
            out.writelines(line for line in lines if line.startswith(prefix))
        self.details = {"registry_bytes": registry.stat().st_size, "registry_zstd_bytes": (folder / "registry.jsonl.zst").stat().st_size,
                        "namespace_lines_bytes": (folder / "namespace.jsonl").stat().st_size, "snapshot_bytes": snapshot.stat().st_size,
                        "level": FAST_LEVEL if services >= LARGE else 19}


def subjects_of(starts, published, address, scheme, namespaces, folder):
    wanted = published.wanted
    in_memory = starts.almanac(f"{ALMANAC}, no cache directory", address, wanted)
    kept = starts.almanac(f"{ALMANAC}, cache directory kept", address, wanted, folder / "kept", keeps_cache=True)

    def json(name, program, file):
        return Subject(name, wanted.uri, [starts.material.program(f"bench-answer-{program}"), f"{address}/{file}", wanted.namespace, wanted.name])

    subjects = [starts.empty(), starts.almanac(ALMANAC, address, wanted, folder / "cache"), in_memory, kept, starts.raw_get(in_memory, scheme),
                json(SIMDJSON, "simdjson", "registry.jsonl"), json(COMPRESSED, "simdjson", "registry.jsonl.zst")]
    if namespaces == 1:
        return [*subjects, json(NLOHMANN, "nlohmann", "registry.jsonl")]
    return [*subjects, json(f"{SIMDJSON}, its namespace's lines alone", "simdjson", "namespace.jsonl")]


def answers(setting, starts, published, services, case, scheme, namespaces):
    """Of one case over one scheme."""
    setting.say(f"{services:,} services, {case}, {scheme}")
    address = f"{starts.server.address(scheme)}/{published.path}"
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        subjects = subjects_of(starts, published, address, scheme, namespaces, pathlib.Path(folder))
        requests = starts.requests_of(subjects[1])
        times = starts.measure(subjects, seconds=SECONDS, least=3)
    case = f"{case}, {scheme}"
    # Each JSON peer is what almanac is judged by; the others tell where the time goes.
    for name, samples in times.items():
        details = {} if name == EMPTY else dict(published.details)
        if name in (ALMANAC, RAW_GET):
            details |= {"requests": len(requests), "body_bytes": sum(one.body for one in requests)}
        yield milliseconds(case, name, samples, services=services, beside=SIMDJSON if name.startswith(ALMANAC) else None, details=details)
    beyond = [almanac - raw for almanac, raw in zip(times[ALMANAC], times[RAW_GET])]
    yield milliseconds(case, BEYOND, beyond, services=services, details={"of": "the difference within each round"})


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
