"""What a cold start of one namespace of 500 services costs while the registry around it grows, from 1,000 services to 10,000,000.

It grows in two ways: more and more namespaces of 500 services, and 19 other namespaces that become larger and larger. Each size is
measured in the same rounds as the registry of 1,000 services, beside which it is to be flat. Snapshots are compressed at level 3 for the
time it takes to make them: a start is no faster or slower for it, and fetches some more bytes.
"""

import pathlib
import subprocess
import tempfile

from cold_start.starts import RAW_GET, Starts
from cold_start.wanted import wanted_service
from cold_start.web_server import WebServer
from measuring.result import Target, measured

TITLE = "Cold start of one namespace of 500 services while the registry grows"
PACKAGES = ["libcurl4-openssl-dev", "libssl3", "libzstd1", "nginx-light"]
SERVICES = [10_000, 100_000, 1_000_000, 10_000_000]
SCHEMES = ["http", "https"]
SMALLEST = 1_000
OF_ONE = 500
FLOORS = [RAW_GET]
SECONDS = 2  # of each case
LEVEL = 3
FLAT = 1.2

ALMANAC = "almanac"
BASE = "almanac, registry of 1,000 services"
MORE = "more namespaces"
LARGER = "larger other namespaces"
MANIFEST = ("The manifest names every namespace: with 20,000 of them, as 10,000,000 services have here, it is 1.8 MB that a start gets "
            "and inflates first.")
REMARKS = {f"{MORE}, {scheme}": MANIFEST for scheme in SCHEMES}
CHARTS = {f"{way}: requests": "none" for way in (MORE, LARGER)}


def targets():
    words = "cold start of one namespace, {:,} services, {}, {}: as with 1,000, within 20 %"
    return [
        Target(words.format(services, way, scheme), f"{way}, {scheme}", FLAT, services, BASE)
        for way in (MORE, LARGER)
        for services in SERVICES
        for scheme in SCHEMES
    ]


class Registries:
    """Publishes registries that have a namespace of 500 services, each once."""

    def __init__(self, setting, server, folder):
        self.material = setting.material
        self.server = server
        self.folder = folder
        self.published = {}

    def published_as(self, way, services):
        """(its path on the server, the service to ask it for)"""
        key = way, services
        if key not in self.published:
            path = f"{'more' if way == MORE else 'larger'}-{services}"
            sources = self._more(services) if way == MORE else self._larger(services)
            store = self.server.root / path
            self.material.run("generate-snapshot", "publish", *sources, "--level", LEVEL, "--max-size", "4GiB", "--to", store)
            wanted = wanted_service(sources[0])
            for source in sources:
                source.unlink()  # 3 GB at 10 million services
            self.published[key] = path, wanted
        return self.published[key]

    def _made(self, name, services, namespaces):
        path = self.folder / name
        command = [self.material.program("make-synthetic-registry"), str(services), "--namespaces", str(namespaces)]
        with path.open("wb") as out:
            subprocess.run(command, check=True, stdout=out)
        return path

    def _more(self, services):
        return [self._made("more.jsonl", services, services // OF_ONE)]

    def _larger(self, services):
        others = self._made("others.jsonl", services - OF_ONE, 19)
        small = self._made("small.jsonl", OF_ONE, 1)
        own = self.folder / "own.jsonl"
        with small.open() as lines, own.open("w") as out:
            next(lines)
            out.write('{"registry":"grown"}\n')
            namespace = f'{{"namespace":"{wanted_service(small).namespace}",'
            out.writelines(line.replace(namespace, '{"namespace":"one",', 1) for line in lines)
        small.unlink()
        return [own, self._without_name(others)]

    @staticmethod
    def _without_name(path):
        """Blanks out the line that names the registry, which only one document may."""
        with path.open("r+b") as file:
            first = file.readline()
            file.seek(0)
            file.write(b" " * (len(first) - 1))
        return path


def beside_smallest(starts, registries, way, scheme, services, folder, seconds):
    """Of one size: its time, requests and bytes beside those of the smallest."""
    case = f"{way}, {scheme}"
    subjects = []
    traffic = {}
    for name, size in ((BASE, SMALLEST), (ALMANAC, services)):
        path, wanted = registries.published_as(way, size)
        subject = starts.almanac(name, f"{starts.server.address(scheme)}/{path}", wanted, folder / "cache")
        traffic[name] = starts.requests_of(subject)
        subjects.append(subject)
    subjects.append(starts.raw_get(subjects[1], scheme))
    for name, samples in starts.measure(subjects, seconds=seconds).items():
        yield measured(case, name, "ms", samples, services=services, beside=BASE if name == ALMANAC else None)
    if scheme != SCHEMES[0]:
        return
    for name, requests in traffic.items():
        beside = BASE if name == ALMANAC else None
        details = {"bytes of each body": [one.body for one in requests]}
        yield measured(f"{way}: requests", name, "requests", len(requests), services=services, beside=beside)
        yield measured(f"{way}: bytes", name, "bytes", sum(one.sent for one in requests), services=services, beside=beside, details=details)


def measure(setting):
    measurements = []
    seconds = min(SECONDS, 1) if setting.quick else SECONDS
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        folder = pathlib.Path(folder)
        with WebServer(folder / "server", folder / "root") as server:
            starts = Starts(setting.material, server)
            registries = Registries(setting, server, folder)
            for way in (MORE, LARGER):
                for services in setting.services:
                    setting.say(f"{services:,} services, {way}")
                    for scheme in SCHEMES:
                        measurements += beside_smallest(starts, registries, way, scheme, services, folder, seconds)
    return measurements
