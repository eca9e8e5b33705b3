#!/usr/bin/python3 -B
"""Snapshots and announcements are what schema/FORMAT.md says, as an independent reader sees them.

  format_test.py --programs build/release/generator --programs build/release/reader/inspect [--seed NUMBER]

Options of unittest may follow.
"""
import argparse
import json
import pathlib
import random
import string
import subprocess
import sys
import tempfile
import time
import unittest

try:
    from almanac_format import ANNOUNCEMENT_HEADER, PREAMBLE, Announcement, Snapshot, xxhash, zstandard
    from format_error import FormatError
except ImportError as missing:
    sys.exit(f"format_test.py: {missing}; install what it needs and run it with /usr/bin/python3:\n"
             "  apt-get install -y python3-flatbuffers python3-xxhash python3-zstandard")

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/golden"))
import golden_cases  # noqa: E402: its folder is only now on the path
from generated_documents import json_line  # noqa: E402

FLIPS_A_FILE = 300
PROGRAM_TIMEOUT_SECONDS = 120


class Settings:
    """What the command line says, for all tests."""
    seed = 0
    generate = None
    inspect = None


def run(*command):
    done = subprocess.run(command, capture_output=True, timeout=PROGRAM_TIMEOUT_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0].name} {command[1]} ended with {done.returncode}:\n{done.stderr.decode()}")
    return done.stdout.decode("utf-8")


def golden_bytes(case):
    return golden_cases.snapshot_path(case).read_bytes()


def records_of(document):
    return [json.loads(line) for line in document.split("\n")[:-1]]


def names_of(document):
    """The names that the document's services have, by namespace, as bytes."""
    found = {}
    for record in records_of(document):
        if "namespace" in record:
            found.setdefault(record["namespace"], set()).update(filter(None, [record.get("name", "").encode()]))
    return found


def near_misses(name):
    """Names that are nearly this one; some may exist."""
    yield from (name[:-1], name[1:], name + b"\0", name + b"x", b"x" + name, name * 2, name.swapcase(), name + b"/x")
    yield name[:-1] + bytes([name[-1] ^ 1])
    yield bytes([name[0] ^ 1]) + name[1:]


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def open_all(data):
    """Checks what stands under a digest, and inflates no frame: a digest has to find the damage alone."""
    snapshot = Snapshot(data)
    for index in range(len(snapshot.frames)):
        snapshot.stored_frame(index)


class GoldenSnapshots(unittest.TestCase):
    def for_each_case(self, check):
        for case in golden_cases.cases():
            with self.subTest(case=case):
                check(case, golden_bytes(case), golden_cases.documents(case)[".jsonl"])

    def test_lists_what_the_document_says(self):
        def check(_, data, document):
            self.assertEqual("".join(map(json_line, Snapshot(data).records())), document)

        self.for_each_case(check)

    def test_agrees_with_the_dump_of_inspect_snapshot(self):
        def check(case, data, _):
            dump = run(Settings.inspect, "dump", golden_cases.snapshot_path(case))
            self.assertEqual("".join(map(json_line, Snapshot(data).records())), dump)

        self.for_each_case(check)

    def test_finds_every_name_by_the_hash_and_by_search(self):
        def check(_, data, document):
            snapshot = Snapshot(data)
            expected = names_of(document)
            self.assertEqual(set(snapshot.namespaces()), set(expected))
            for namespace_name, names in expected.items():
                namespace = snapshot.namespace(namespace_name)
                for row, name in enumerate(sorted(names)):
                    self.assertEqual((namespace.find(name), namespace.search(name)), (row, row), name)
                    self.assertEqual(namespace.service(row)["name"].encode(), name)

        self.for_each_case(check)

    def test_does_not_find_names_that_are_not_there(self):
        def check(_, data, document):
            snapshot = Snapshot(data)
            expected = names_of(document)
            everywhere = set().union(*expected.values())
            for namespace_name, names in expected.items():
                namespace = snapshot.namespace(namespace_name)
                absent = {miss for name in names for miss in near_misses(name)} | everywhere | {b"", b"nobody"}
                for name in absent - names:
                    self.assertEqual((namespace.find(name), namespace.search(name)), (None, None), name)

        self.for_each_case(check)

    def test_frames_are_shared_as_the_reference_writer_says(self):
        for case, frames in (("many-namespaces-one-frame", 1), ("large-namespace-own-frame", 3), ("empty-registry", 0)):
            self.assertEqual(len(Snapshot(golden_bytes(case)).frames), frames, case)

    def test_a_hash_without_a_pilot_gets_the_next_seed(self):
        snapshot = Snapshot(golden_bytes("second-seed"))
        self.assertEqual([part.seed for part in snapshot.frame(0).parts], [1])

    def test_refuses_every_flipped_bit_of_the_preamble(self):
        def check(_, data, __):
            for bit in range(8 * PREAMBLE.size):
                why = "its checksum is wrong" if bit >= 64 else "not an almanac snapshot"
                with self.assertRaisesRegex(FormatError, why, msg=f"bit {bit}"):
                    Snapshot(flipped(data, bit))

        self.for_each_case(check)

    def test_refuses_flipped_bits_behind_the_preamble(self):
        print(f"seed {Settings.seed}", file=sys.stderr)

        def check(case, data, _):
            source = random.Random(f"{Settings.seed} {case}")
            for bit in (source.randrange(8 * PREAMBLE.size, 8 * len(data)) for _ in range(FLIPS_A_FILE)):
                with self.assertRaisesRegex(FormatError, "its digest is not", msg=f"bit {bit}"):
                    open_all(flipped(data, bit))

        self.for_each_case(check)

    def test_refuses_every_other_length(self):
        data = golden_bytes("every-field")
        for size in range(len(data)):
            with self.assertRaises(FormatError, msg=f"{size} bytes"):
                Snapshot(data[:size])
        with self.assertRaisesRegex(FormatError, "the file has"):
            Snapshot(data + b"\0")


class Limits(unittest.TestCase):
    def test_refuses_more_endpoints_of_a_service_than_there_may_be(self):
        snapshot = Snapshot((ROOT / "tests/bad/service-of-65536-endpoints.almanac").read_bytes())
        with self.assertRaisesRegex(FormatError, "65536 endpoints of a service"):
            snapshot.namespace("prod")


class Versions(unittest.TestCase):
    """What section "Versions" promises, on a golden snapshot with another preamble."""

    FIELDS = ("magic", "major", "minor", "begin", "file_size", "stored_size", "size", "high", "low", "features")

    def setUp(self):
        self.data = golden_bytes("every-field")
        self.rest = self.data[PREAMBLE.size:]

    def sealed(self, rest, **changes):
        """The snapshot with other fields in its preamble, whose checksum is right."""
        fields = dict(zip(self.FIELDS, PREAMBLE.unpack_from(self.data))) | changes
        preamble = PREAMBLE.pack(*fields.values(), 0)[:56]
        return preamble + xxhash.xxh3_64_digest(preamble)[::-1] + rest

    def demand_refused(self, why, rest, **changes):
        with self.assertRaisesRegex(FormatError, why):
            open_all(self.sealed(rest, **changes))

    def test_the_same_preamble_is_the_same_snapshot(self):
        self.assertEqual(self.sealed(self.rest), self.data)

    def test_a_higher_minor_version_is_read_and_its_longer_preamble_passed_over(self):
        later = self.sealed(b"to come" + bytes(9) + self.rest, minor=1, begin=80, file_size=len(self.data) + 16)
        self.assertEqual(list(Snapshot(later).records()), list(Snapshot(self.data).records()))

    def test_refuses_another_major_version_and_says_both(self):
        self.demand_refused(r"format 2\.7; this reads 1\.x", self.rest, major=2, minor=7)

    def test_refuses_an_unknown_feature(self):
        self.demand_refused("unknown features 0x8000000000000000", self.rest, features=1 << 63)

    def test_refuses_a_preamble_of_a_size_that_cannot_be(self):
        for size in (63, 4097):
            self.demand_refused(f"a preamble of {size} bytes", self.rest, minor=1, begin=size)

    def test_refuses_another_inflated_size_of_the_manifest(self):
        self.demand_refused("zstd says", self.rest, size=PREAMBLE.unpack_from(self.data)[6] + 1)

    def test_refuses_a_manifest_with_something_behind_its_zstd_frame(self):
        stored_size = PREAMBLE.unpack_from(self.data)[5]
        for behind in (b"\0", zstandard.ZstdCompressor().compress(b"more")):
            manifest = self.rest[:stored_size] + behind
            digest = xxhash.xxh3_128_intdigest(manifest)
            self.demand_refused("something lies behind", manifest + self.rest[stored_size:],
                                high=digest >> 64, low=digest % (1 << 64), stored_size=len(manifest),
                                file_size=len(self.data) + len(behind))


class Announcements(unittest.TestCase):
    """A store with two publications of golden cases, and a rollback to the first."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="almanac-format-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.store = self.folder / "store"

    def publish(self, case):
        # One case after another has little in common with it.
        run(Settings.generate, "publish", "--snapshot", golden_cases.snapshot_path(case), "--to", self.store,
            "--max-removed", "100", "--allow-removed-namespaces")

    def announcement(self, key):
        return Announcement((self.store / key).read_bytes())

    def demand_announced(self, key, case, generation, rollback_of=0):
        announced = self.announcement(key)
        golden = Snapshot(golden_bytes(case))
        self.assertEqual((announced.generation, announced.rollback_of), (generation, rollback_of))
        self.assertEqual((announced.snapshot_id, announced.snapshot_size), (golden.id, len(golden_bytes(case))))
        self.assertEqual((announced.registry, announced.revision), (golden.registry, golden.revision))
        self.assertLess(abs(announced.published_ms / 1000 - time.time()), PROGRAM_TIMEOUT_SECONDS)
        self.assertEqual((self.store / "snapshots" / f"{golden.id}.almanac").read_bytes(), golden_bytes(case))
        return announced

    def another_of_the_size_of(self, case):
        """The snapshot of a document with another port, one that compresses to as many bytes."""
        source, target = self.folder / "other.jsonl", self.folder / "other.almanac"
        for port in range(4162, 4262):
            source.write_text(golden_cases.documents(case)[".jsonl"].replace("4161", str(port)), encoding="utf-8")
            golden_cases.build(Settings.generate, [source], target)
            if target.stat().st_size == len(golden_bytes(case)):
                return target.read_bytes()
        self.fail(f"none of 100 snapshots is as large as {case}.almanac")

    def test_the_first_publication(self):
        self.publish("every-field")
        self.demand_announced("generations/1", "every-field", 1)
        live = self.demand_announced("current", "every-field", 1)
        document = golden_cases.documents("every-field")[".jsonl"]
        self.assertEqual("".join(map(json_line, live.snapshot.records())), document)

    def test_documents_are_announced_by_their_digest(self):
        self.publish("every-field")
        self.assertEqual(self.announcement("current").documents, "")
        source = self.folder / "acme.jsonl"
        source.write_text('{"namespace":"prod","name":"users","value":"1"}\n', encoding="utf-8")
        run(Settings.generate, "publish", source, "--to", self.store, "--with-registrations",
            "--max-removed", "100", "--allow-removed-namespaces")
        kept, = (self.store / "documents").iterdir()
        self.assertEqual(kept.name, xxhash.xxh3_128_hexdigest(kept.read_bytes()))
        run(Settings.generate, "pin", self.store)
        for key in ("generations/2", "generations/3", "current"):
            self.assertEqual(self.announcement(key).documents, kept.name)

    def test_a_registry_without_a_name_is_announced_without_one(self):
        self.publish("one-service")
        self.demand_announced("current", "one-service", 1)
        self.assertEqual((self.announcement("current").registry, self.announcement("current").revision), ("", ""))

    def test_a_rollback_is_a_new_generation_of_the_old_snapshot(self):
        self.publish("every-field")
        self.publish("values-only")
        run(Settings.generate, "rollback", self.store)
        self.demand_announced("generations/1", "every-field", 1)
        self.demand_announced("generations/2", "values-only", 2)
        self.demand_announced("generations/3", "every-field", 3, rollback_of=1)
        live = self.demand_announced("current", "every-field", 3, rollback_of=1)
        self.assertEqual(live.snapshot.id, live.snapshot_id)

    def test_refuses_every_flipped_bit_and_every_cut(self):
        self.publish("every-field")
        alone = (self.store / "generations/1").read_bytes()
        announced_size = ANNOUNCEMENT_HEADER.size + ANNOUNCEMENT_HEADER.unpack_from(alone)[3]
        self.assertEqual(announced_size, len(alone))
        live = (self.store / "current").read_bytes()
        self.assertEqual(live, alone + golden_bytes("every-field"))
        for bit in range(8 * len(alone)):
            with self.assertRaises(FormatError, msg=f"bit {bit}"):
                Announcement(flipped(live, bit))
        for size in range(len(alone)):
            with self.assertRaises(FormatError, msg=f"{size} bytes"):
                Announcement(live[:size])

    def test_any_beginning_of_the_snapshot_may_be_behind_it(self):
        self.publish("every-field")
        alone = (self.store / "generations/1").read_bytes()
        for size in range(len(golden_bytes("every-field"))):
            announced = Announcement(alone + golden_bytes("every-field")[:size])
            self.assertEqual((len(announced.behind), announced.snapshot), (size, None))

    def test_a_large_snapshot_sends_its_manifest_along(self):
        source = self.folder / "large.jsonl"
        digits = random.Random(1)
        with source.open("w", encoding="utf-8") as lines:
            for name in range(600):
                value = "".join(digits.choices(string.printable[:64], k=4096))
                lines.write(json_line({"namespace": "prod", "name": f"s{name}", "value": value}))
        run(Settings.generate, "publish", source, "--level", "1", "--to", self.store)
        live = self.announcement("current")
        whole = (self.store / "snapshots" / f"{live.snapshot_id}.almanac").read_bytes()
        self.assertGreater(len(whole), 1 << 20)
        self.assertEqual(live.snapshot_size, len(whole))
        begin, stored_size = PREAMBLE.unpack_from(whole)[3], PREAMBLE.unpack_from(whole)[5]
        self.assertEqual(live.behind, whole[:begin + stored_size])
        self.assertIsNone(live.pinned)

    def test_refuses_another_snapshot_behind_it(self):
        self.publish("one-service")
        alone = (self.store / "generations/1").read_bytes()
        with self.assertRaisesRegex(FormatError, "286 bytes of 285 behind it"):
            Announcement(alone + golden_bytes("one-service") + b"\0")
        with self.assertRaisesRegex(FormatError, "the snapshot behind it is another one"):
            Announcement(alone + self.another_of_the_size_of("one-service"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", action="append", default=[],
                        help="folder of generate-snapshot or inspect-snapshot; may be repeated")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="of the damage")
    arguments, rest = parser.parse_known_args()
    folders = golden_cases.program_folders(arguments.programs)
    try:
        Settings.generate = golden_cases.find_program("generate-snapshot", folders)
        Settings.inspect = golden_cases.find_program("inspect-snapshot", folders)
    except FileNotFoundError as error:
        sys.exit(f"format_test.py: {error}")
    Settings.seed = arguments.seed
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
