"""Netflix Hollow with the same registry: a blob of one producer, held whole in the memory of each consumer, as a snapshot is.

Hollow runs in a Java process of its own (bench/hollow), with the schema that its documentation advises: what repeats is referenced, uris
are inlined, and an index of the primary key (namespace, name) is built when a consumer opens. It is read through the type
states, the shortest way to a value. bench-whole-registry does the same from a snapshot. Both are asked for every service by
namespace and name, in random order, and for its first uri; the characters of all uris must be the same sum.

Process start to first answer: exec, the blob or the snapshot from a file, one lookup, exit. Java starts with the first compiler alone and
the serial collector, which is what short-lived functions are advised to use, and an empty Java program, started in the same way, tells what
of the time is Java's own; for the lookups it has its defaults and warms up for 2 million of them. Hollow must load all namespaces for that
answer, a snapshot inflates the one that is asked for. Opening is timed with all namespaces on both sides: as the first thing that a
process does, when Java has compiled nothing yet, and three times again in the same process. Memory is what the process has resident;
what the Java heap holds after a collection is told beside it. Producing begins with the JSON Lines: Hollow's blob is not compressed,
so the snapshot is built at level 1.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time

from measuring.result import measured

TITLE = "Beside Netflix Hollow"
PACKAGES = ["openjdk-17-jdk-headless", "maven", "zstd", "gzip"]
SERVICES = [10_000, 100_000, 1_000_000]

PROJECT = pathlib.Path(__file__).resolve().parents[1] / "hollow"
HOLLOW = "Netflix Hollow"
WIRE = "bytes on the wire, beside Hollow's blob"
START = "process start to first answer, from a file"
EMPTY = "an empty Java program"
HEAP = "Netflix Hollow, its Java heap after a collection"
FLOORS = [EMPTY]
REMARKS = {HEAP: "The heap alone, without the Java virtual machine; what the process has resident is Hollow's other row."}
OPEN = "opening all namespaces, the first thing a process does"
OPEN_AGAIN = "opening all namespaces again in the same process"
LOOKUP = "lookup by namespace and name"
MEMORY = "resident with all namespaces open"
PRODUCE = "producing from JSON Lines"
STARTS = 9
PROCESSES = 3
COMPRESSED_UP_TO = 100_000  # beyond, zstd -19 of the blob takes minutes and says the same
SHORT_LIVED = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]


def targets():
    return []


def measure(setting):
    found = []
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        folder = pathlib.Path(folder)
        setting.say("building bench/hollow")
        java = Java(folder / "built")
        for services in setting.services:
            setting.say(f"{services:,} services")
            one = folder / str(services)
            one.mkdir()
            found += Registry(setting, java, services, one).measure()
            shutil.rmtree(one)
    return found


class Java:
    """bench/hollow, built into a folder."""

    def __init__(self, folder):
        for program, package in (("mvn", "maven"), ("javac", "default-jdk-headless")):
            if shutil.which(program) is None:
                raise RuntimeError(f"hollow needs {program}: apt-get install -y {package}")
        command = ["mvn", "-q", "-B", "-f", PROJECT / "pom.xml", f"-Doutput={folder}", "package"]
        built = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if built.returncode != 0:
            raise RuntimeError("mvn cannot build bench/hollow; it needs a Maven repository that has what its pom.xml names:\n"
                               + built.stdout[-2000:])
        self._classes = f"{folder}/hollow-peer-1.jar:{folder}/lib/*"

    def command(self, program, *arguments, options=()):
        return ["java", *options, "-cp", self._classes, f"almanac.bench.{program}", *map(str, arguments)]


def run(command):
    """Standard output; Hollow logs on the other one, which is shown only with a failure."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with exit status {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def timed(command):
    """(standard output, milliseconds)."""
    begin = time.perf_counter_ns()
    printed = run(command)
    return printed, (time.perf_counter_ns() - begin) / 1e6


class Registry:
    """One size of the registry, as a snapshot and as a blob."""

    def __init__(self, setting, java, services, folder):
        self._setting, self._java, self._services, self._folder = setting, java, services, folder
        self._source = setting.material.registry(services)
        self._snapshot = setting.material.snapshot(services)
        self._keys = folder / "keys"
        self._keys.write_text("".join(f"{name_space}\t{name}\n" for name_space, name in keys(self._source)))

    def measure(self):
        return [*self._produce(), *(self._sizes() if self._services <= COMPRESSED_UP_TO else []), *self._starts(), *self._lookups()]

    def _figures(self, case, unit, ours, peers, our_details=None, peer_details=None):
        return [measured(case, "almanac", unit, ours, services=self._services, beside=HOLLOW, details=our_details or {}),
                measured(case, HOLLOW, unit, peers, services=self._services, details=peer_details or {})]

    def _produce(self):
        blobs = self._folder / "blobs"
        blobs.mkdir()
        begin = time.perf_counter()
        produced = json.loads(run(self._java.command("Producer", self._source, blobs)))
        peer = self._services / (time.perf_counter() - begin)
        if produced["services"] != self._services:
            raise RuntimeError(f"Hollow took in {produced['services']} services of {self._services}")
        self._of_blob = [blobs, produced["version"]]
        self._blob = blobs / f"snapshot-{produced['version']}"
        begin = time.perf_counter()
        self._setting.material.run("generate-snapshot", "build", self._source, "-o", self._folder / "level-1.almanac", "--level", 1)
        own = self._services / (time.perf_counter() - begin)
        details = {"reading_s": produced["read_ns"] / 1e9, "producing_s": produced["produce_ns"] / 1e9}
        return self._figures(PRODUCE, "services/s", own, peer, peer_details=details)

    def _sizes(self):
        compressed = {}
        for name, command in (("zstd -19", ["zstd", "-19", "-q", "-c"]), ("gzip -9", ["gzip", "-9", "-c"])):
            compressed[name] = len(subprocess.run([*command, self._blob], check=True, stdout=subprocess.PIPE).stdout)
        details = {"the blob as it is": self._blob.stat().st_size} | compressed
        return self._figures(WIRE, "bytes", self._snapshot.stat().st_size, compressed["zstd -19"], peer_details=details)

    def _starts(self):
        empty, java_alone = self._java.command("Empty", options=SHORT_LIVED), []
        name_space, name = next(iter(keys(self._source)))
        ours = [self._setting.material.program("bench-whole-registry"), self._snapshot, name_space, name]
        peers = self._java.command("Consumer", *self._of_blob, name_space, name, options=SHORT_LIVED)
        samples = {"ours": [], "peers": []}
        for repetition in range(self._setting.rounds(STARTS) + 1):
            answers = set()
            for who, command in (("ours", ours), ("peers", peers)):
                answer, milliseconds = timed(command)
                answers.add(answer)
                if repetition > 0:  # the first warms up
                    samples[who].append(milliseconds)
            if len(answers) != 1:
                raise RuntimeError(f"different uris of {name} in {name_space}: {answers}")
            java_alone.append(timed(empty)[1])
        return [*self._figures(START, "ms", samples["ours"], samples["peers"], {"loads": "the namespace that is asked for"},
                               {"loads": "all namespaces", "options": " ".join(SHORT_LIVED)}),
                measured(START, EMPTY, "ms", java_alone, services=self._services)]

    def _lookups(self):
        ours, peers = [], []
        for _ in range(1 if self._setting.quick else PROCESSES):
            ours.append(json.loads(self._setting.material.run("bench-whole-registry", self._snapshot, self._keys)))
            peers.append(json.loads(run(self._java.command("Consumer", *self._of_blob, self._keys))))
        if len({(one["lookups"], one["uri_characters"]) for one in ours + peers}) != 1:
            raise RuntimeError(f"different answers: {ours[0]} and {peers[0]}")

        def opened(reports):
            return [one["open_ns"] / 1e6 for one in reports]

        def opened_again(reports):
            return [time_ns / 1e6 for one in reports for time_ns in one["open_again_ns"]]

        def lookups(reports):
            return [round_ns / one["lookups"] for one in reports for round_ns in one["round_ns"]]

        def resident(reports):
            return [one["resident_bytes"] for one in reports]

        return [*self._figures(OPEN, "ms", opened(ours), opened(peers)),
                *self._figures(OPEN_AGAIN, "ms", opened_again(ours), opened_again(peers)),
                *self._figures(LOOKUP, "ns", lookups(ours), lookups(peers)),
                *self._figures(MEMORY, "bytes", resident(ours), resident(peers)),
                measured(MEMORY, HEAP, "bytes", [one["heap_bytes"] for one in peers], services=self._services)]


def keys(source):
    """(namespace, name) of each service."""
    with source.open() as lines:
        for line in lines:
            service = json.loads(line)
            if "name" in service:
                yield service["namespace"], service["name"]
