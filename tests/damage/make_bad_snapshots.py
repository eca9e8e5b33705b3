#!/usr/bin/env python3
"""Makes the files of tests/bad: each breaks the one rule of schema/FORMAT.md that it is named after, and all its
digests are right. The good ones that they are variations of go to tests/damage, their inflated pieces to
tests/fuzz/corpus/snapshot, good announcements to tests/fuzz/corpus/announcement.

Usage: make_bad_snapshots.py TESTS_FOLDER
"""

import pathlib
import struct
import sys

import bad_announcements
import bad_envelopes
import bad_frames
import bad_rules
from announcement_writer import Announcement, Rollout
from sample import FRAMES, SHARED, STAGING, add_rules, snapshot
from snapshot_writer import Manifest, Preamble, frame_of


def good() -> dict:
    def with_later_fields(piece):
        piece.later_fields = 2
    later = Preamble(minor=2, size=128, extra=b"what version 1.2 has to say".ljust(64, b"."))
    return {
        "version-1.0": snapshot(),
        "version-1.1": snapshot(preamble=Preamble(minor=1), manifest=add_rules),
        "version-1.2": snapshot(preamble=later, frame=with_later_fields, manifest=with_later_fields),
    }


def pieces() -> dict:
    """What snapshot_fuzzer.cpp puts a file around."""
    services = list(FRAMES[0].values())
    frame = bytes(frame_of(services).lay_out().data)
    small = bytes(frame_of([SHARED]).lay_out().data)
    manifest = Manifest(revision=b"r1")
    manifest.add_frame(b"", 0)
    for part, (name, content) in enumerate(FRAMES[0].items()):
        manifest.add_namespace(name, 0, part, len(content), sum(len(service.endpoints) for service in content))
    data = bytes(manifest.lay_out().data)
    add_rules(manifest)
    ruled = bytes(manifest.lay_out().data)
    return {
        "frame-of-two-namespaces": b"F" + frame,
        "frame-of-one-service": b"F" + small,
        "frame-of-checkpoints": b"F" + bytes(frame_of([STAGING]).lay_out().data),
        "frame-of-no-services": b"F" + bytes(frame_of([[], []]).lay_out().data),
        "manifest-and-frame": b"M" + struct.pack("<H", len(data)) + data + frame,
        "manifest-with-rules-and-frame": b"M" + struct.pack("<H", len(ruled)) + ruled + frame,
    }


def good_announcements() -> dict:
    return {
        "for-everyone-at-once": Announcement().store(),
        "with-documents": Announcement(minor=1, documents=b"00112233445566778899aabbccddeeff").store(),
        "in-phases": Announcement(minor=1, rollout=Rollout()).store(),
        "in-phases-and-pinned": Announcement(minor=1, rollout=Rollout(is_ramp=False), pinned=b"incident 42").store(),
        "with-the-snapshot-behind": Announcement(behind=snapshot()).store(),
    }


def write(folder: pathlib.Path, files: dict, ending: str = ".almanac") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}{ending}").write_bytes(content)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    tests = pathlib.Path(sys.argv[1])
    for family in (bad_envelopes.preambles, bad_envelopes.stored_manifests, bad_envelopes.manifests, bad_envelopes.stored_frames,
                   bad_frames.structures, bad_frames.parts, bad_frames.columns_and_tables, bad_frames.rows,
                   bad_rules.rules):
        write(tests / "bad", family())
    write(tests / "bad", bad_announcements.announcements(), ".announcement")
    write(tests / "damage", good())
    write(tests / "fuzz" / "corpus" / "snapshot", pieces(), "")
    write(tests / "fuzz" / "corpus" / "announcement", good_announcements(), "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
