#!/usr/bin/env python3
"""Makes the files of tests/bad: each breaks the one rule of schema/FORMAT.md that it is named after, and all its digests are right.

Usage: make_bad_snapshots.py FOLDER
"""

import dataclasses
import pathlib
import struct
import sys

import zstandard

from sample import PROD, snapshot
from snapshot_writer import Endpoint, Preamble, Service, compress, slot_of

EMPTY_FRAME = b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00"  # zstd, no content, of an announced size of 0
SKIPPABLE_FRAME = b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip"


def preambles() -> dict:
    def with_preamble(**fields):
        return snapshot(preamble=Preamble(**fields))
    good = snapshot()
    return {
        "magic-of-an-announcement": with_preamble(magic=b"\x89ALA\r\n\x1a\n"),
        "preamble-cut-short": good[:63],
        "preamble-checksum-wrong": with_preamble(checksum=0),
        "major-version-0": with_preamble(major=0),
        "major-version-2": with_preamble(major=2),
        "unknown-feature": with_preamble(minor=1, features=1 << 63),
        "preamble-too-small": with_preamble(size=63),
        "preamble-too-large": with_preamble(size=4097, extra=bytes(4097 - 64)),
        "manifest-over-256-mib": with_preamble(manifest_size=(256 << 20) + 1),
        "manifest-stored-over-256-mib": with_preamble(manifest_stored_size=(256 << 20) + 1),
        "manifest-beyond-the-file": with_preamble(manifest_stored_size=1 << 20),
        "manifest-of-no-bytes": with_preamble(manifest_stored_size=0),
        "manifest-digest-wrong": with_preamble(manifest_digest=(0, 0)),
        "file-longer-than-it-says": snapshot(behind=b"\0"),
        "file-shorter-than-it-says": good[:-1],
        "file-size-wraps": with_preamble(file_size=2**64 - 1),
    }


def stored_manifests() -> dict:
    def unannounced(data):
        return zstandard.ZstdCompressor(level=19, write_content_size=False).compress(data)
    return {
        "manifest-is-not-zstd": snapshot(manifest_stored=lambda data: data),
        "manifest-size-lies": snapshot(preamble=Preamble(manifest_size=8)),
        "manifest-size-not-announced": snapshot(manifest_stored=unannounced),
        "manifest-is-two-zstd-frames": snapshot(manifest_stored=lambda data: compress(data) + EMPTY_FRAME),
        "manifest-with-bytes-behind": snapshot(manifest_stored=lambda data: compress(data) + SKIPPABLE_FRAME),
        "manifest-is-skippable": snapshot(manifest_stored=lambda data: SKIPPABLE_FRAME, preamble=Preamble(manifest_size=0)),
        "manifest-is-empty": snapshot(manifest_stored=lambda data: EMPTY_FRAME, preamble=Preamble(manifest_size=0)),
        "manifest-is-a-frame": snapshot(manifest_buffer=lambda buffer: buffer.put(4, "4s", b"ALMF")),
        "manifest-root-beyond-its-end": snapshot(manifest_buffer=lambda buffer: buffer.put(0, "I", 1 << 20)),
        "manifest-name-without-end": snapshot(manifest_buffer=lambda buffer: buffer.put(buffer.at["registry"], "I", 1 << 20)),
        "manifest-frames-not-aligned": snapshot(manifest_buffer=misalign_frames),
    }


def misalign_frames(buffer) -> None:
    """Moves the list of frames by four bytes; its numbers have eight."""
    at = buffer.at["frames"]
    count = struct.unpack_from("<I", buffer.data, at)[0]
    moved = bytes(buffer.data[at:at + 4 + 40 * count])
    buffer.pad(8)
    buffer.point("frames", len(buffer.data))
    buffer.data += moved + bytes(4)


def manifests() -> dict:
    def frame_field(frame, number, value):
        def change(manifest):
            manifest.frames[frame][number] = value(manifest.frames[frame][number])
        return snapshot(manifest=change)

    def namespace_field(namespace, number, value):
        def change(manifest):
            manifest.namespaces[namespace][number] = value(manifest.namespaces[namespace][number])
        return snapshot(manifest=change)

    def swap(manifest):
        manifest.namespaces.reverse()

    def long_name(manifest):
        manifest.namespaces[2][0:2] = [len(manifest.names), 256]
        manifest.names += b"z" * 256

    def drop(manifest):
        manifest.namespaces.pop()

    def same_twice(manifest):
        manifest.namespaces[1][0:2] = manifest.namespaces[0][0:2]

    def share(manifest):
        manifest.namespaces[1][3:] = manifest.namespaces[0][3:]

    return {
        "manifest-frame-gap": frame_field(1, 0, lambda offset: offset + 1),
        "manifest-frames-overlap": frame_field(1, 0, lambda offset: offset - 1),
        "manifest-frame-before-the-first": frame_field(0, 0, lambda offset: 2**64 - 1),
        "manifest-frame-beyond-the-file": frame_field(1, 1, lambda size: size + 1),
        "manifest-frame-size-wraps": frame_field(1, 1, lambda size: 2**64 - 8),
        "manifest-frames-do-not-fill-the-file": frame_field(1, 1, lambda size: size - 1),
        "manifest-without-frames": snapshot(manifest=lambda manifest: manifest.frames.clear()),
        "frame-digest-wrong": frame_field(0, 4, lambda low: low ^ 1),
        "frame-of-3-gib": frame_field(0, 2, lambda size: 3 << 30),
        "frame-of-2-gib": frame_field(0, 2, lambda size: 2 << 30),
        "frame-size-wraps": frame_field(0, 2, lambda size: 2**64 - 1),
        "frame-size-lies": frame_field(0, 2, lambda size: size - 8),
        "namespace-name-beyond-the-names": namespace_field(2, 1, lambda size: size + 1),
        "namespace-name-offset-wraps": namespace_field(0, 0, lambda offset: 2**32 - 1),
        "namespace-name-empty": namespace_field(0, 1, lambda size: 0),
        "namespace-name-too-long": snapshot(manifest=long_name),
        "namespaces-out-of-order": snapshot(manifest=swap),
        "namespace-twice": snapshot(manifest=same_twice),
        "namespace-in-no-frame": namespace_field(0, 2, lambda frame: 2),
        "namespace-in-no-part": namespace_field(0, 3, lambda part: 2),
        "namespace-of-other-services": namespace_field(0, 4, lambda services: services + 1),
        "namespace-of-other-endpoints": namespace_field(0, 5, lambda endpoints: endpoints - 1),
        "namespaces-share-a-part": snapshot(manifest=share),
        "part-without-namespace": snapshot(manifest=drop),
    }


def stored_frames() -> dict:
    def lying_header(data):
        # Frame header: magic, descriptor, (window,) content size; a single segment of up to 64 KiB has two bytes of size, less 256.
        stored = bytearray(compress(data))
        size = struct.unpack_from("<H", stored, 5)[0]
        struct.pack_into("<H", stored, 5, size + 8)
        return bytes(stored)

    def legacy(data):
        return b"\x27" + compress(data)[1:]

    def dictionary(data):
        samples = zstandard.ZstdCompressionDict(b"dictionary" * 100, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        return zstandard.ZstdCompressor(level=19, dict_data=samples).compress(data)

    def size_of_sample():
        return len(snapshot_frame_data())

    return {
        "zstd-frame-cut-short": snapshot(stored=lambda data: compress(data)[:-1]),
        "zstd-frame-of-no-bytes": snapshot(stored=lambda data: b""),
        "zstd-content-size-lies": snapshot(stored=lying_header, size=size_of_sample() + 8),
        "zstd-magic-of-version-0.7": snapshot(stored=legacy),
        "zstd-with-dictionary": snapshot(stored=dictionary),
        "zstd-with-bytes-behind": snapshot(stored=lambda data: compress(data) + b"stray"),
        "zstd-two-frames": snapshot(stored=lambda data: compress(data) + EMPTY_FRAME),
        "zstd-skippable-frame": snapshot(stored=lambda data: SKIPPABLE_FRAME, size=0),
        "frame-of-no-bytes": snapshot(inflated=b""),
    }


def snapshot_frame_data() -> bytes:
    """The first frame of the sample, inflated."""
    found = []
    snapshot(buffer=lambda buffer: found.append(bytes(buffer.data)))
    return found[0]


def structures() -> dict:
    """What the FlatBuffer of a frame may not look like."""
    def changed(change):
        return snapshot(buffer=change)

    def cycle(buffer):
        # A column whose plane would be the root table itself.
        target = buffer.at["root"]
        buffer.put(buffer.offset_at["tags"], "i", target - buffer.offset_at["tags"])

    def misalign_parts(buffer):
        at = buffer.at["parts"]
        moved = bytes(buffer.data[at:at + 4 + 64 * 2])
        buffer.pad(8)
        buffer.point("parts", len(buffer.data))
        buffer.data += moved + bytes(4)

    def plane_twice(buffer):
        buffer.point("endpoint_weight.p0", buffer.at["endpoint_version.p0"])

    return {
        "frame-is-a-manifest": changed(lambda buffer: buffer.put(4, "4s", b"ALMM")),
        "frame-root-beyond-its-end": changed(lambda buffer: buffer.put(0, "I", len(buffer.data))),
        "frame-root-before-itself": changed(lambda buffer: buffer.put(0, "i", -4)),
        "frame-vtable-outside": changed(lambda buffer: buffer.put(buffer.at["root"], "i", 1 << 20)),
        "frame-vtable-too-long": changed(lambda buffer: buffer.put(buffer.at["root/vtable"], "H", 0xFFFE)),
        "frame-vector-beyond-its-end": changed(lambda buffer: buffer.put(buffer.at["text"], "I", 1 << 20)),
        "frame-vector-size-wraps": changed(lambda buffer: buffer.put(buffer.at["slots"], "I", 1 << 28)),
        "frame-column-is-the-root": changed(cycle),
        "frame-parts-not-aligned": changed(misalign_parts),
        "slots-overlap-text": changed(overlap_text),
        "slots-overlap-a-table": changed(overlap_table),
        "planes-overlap": changed(plane_twice),
        "offsets-overlap-checkpoints": changed(lambda buffer: buffer.point("label_offsets", buffer.at["checkpoints"])),
    }


def overlap_text(buffer) -> None:
    """The text, made long enough, is also where the slots are said to be."""
    slots = buffer.at["slots"]
    size = slots + 8 - (buffer.at["text"] + 4)
    buffer.put(buffer.at["text"], "I", size)


def overlap_table(buffer) -> None:
    """The slots lie behind everything, and the vtable of the root in one of them."""
    at = buffer.at["slots"]
    count = struct.unpack_from("<I", buffer.data, at)[0]
    vtable_at, root = buffer.at["root/vtable"], buffer.at["root"]
    vtable_size = struct.unpack_from("<H", buffer.data, vtable_at)[0]
    vtable = bytes(buffer.data[vtable_at:vtable_at + vtable_size])
    buffer.pad(8)
    moved = len(buffer.data)
    buffer.data += struct.pack("<I", count) + vtable + bytes(16 * count - len(vtable))
    buffer.point("slots", moved)
    buffer.put(root, "i", root - (moved + 4))


def parts() -> dict:
    def part_field(part, name, value):
        def change(frame):
            frame.parts[part][name] = value(frame.parts[part][name])
        return snapshot(frame=change)

    def no_rows_but_slots(frame):
        # A part without services that has slots to look into, and no pilot that would say which.
        frame.parts[1].update(slots=5, pilots=0, rows=0, endpoints=0, text_size=0, description_size=0)
        frame.parts[0].update(pilots=0, slots=0, rows=0, endpoints=0, text_size=0, description_size=0)
        frame.parts[1].update(row=0, endpoint=0, text=0, description=0, pilot=0, slot=0, checkpoint=0)
        frame.text = frame.descriptions = b""
        frame.pilots, frame.checkpoints = [], []
        frame.slots = [(0, 0, 0, 0, 0)] * 5
        frame.columns = {name: [] for name in frame.columns}

    def no_services(manifest):
        for entry in manifest.namespaces[:2]:
            entry[4:] = [0, 0]

    def shrink_slots(frame):
        frame.parts[1]["slots"] -= 2
        del frame.slots[-2:]

    def no_pilots(frame):
        frame.parts[1]["pilots"] = 0
        frame.pilots.pop()

    def missing_checkpoint(frame):
        frame.checkpoints.pop()

    def swap(frame):
        frame.parts.reverse()

    def fill(frame, name, extra):
        setattr(frame, name, getattr(frame, name) + extra)

    return {
        "parts-out-of-order": snapshot(frame=swap),
        "parts-missing": snapshot(frame=lambda frame: frame.parts.clear()),
        "part-begins-inside-the-one-before": part_field(1, "text", lambda at: at - 1),
        "part-rows-beyond-vectors": part_field(1, "rows", lambda rows: rows + 1),
        "part-rows-4-billion": part_field(1, "rows", lambda rows: 2**32 - 1),
        "part-text-beyond-the-text": part_field(1, "text_size", lambda size: 2**32 - 1),
        "part-endpoints-4-billion": part_field(1, "endpoints", lambda count: 2**32 - 1),
        "part-slots-beyond-vectors": part_field(1, "slots", lambda slots: slots + 1),
        "part-pilots-beyond-vectors": part_field(1, "pilots", lambda pilots: 2**32 - 1),
        "part-fewer-slots-than-rows": snapshot(frame=shrink_slots),
        "part-rows-without-pilots": snapshot(frame=no_pilots),
        "part-slots-without-pilots": snapshot(frame=no_rows_but_slots, manifest=no_services),
        "checkpoints-too-few": snapshot(frame=missing_checkpoint),
        "text-of-no-part": snapshot(frame=lambda frame: fill(frame, "text", b"x\0")),
        "pilots-of-no-part": snapshot(frame=lambda frame: fill(frame, "pilots", [0])),
        "slots-of-no-part": snapshot(frame=lambda frame: fill(frame, "slots", [(0, 0, 0, 0, 0)])),
        "part-reserved-not-zero": part_field(0, "reserved", lambda zero: 1),
    }


def columns_and_tables() -> dict:
    def changed(change):
        return snapshot(frame=change)

    def column_of(name, values):
        def change(frame):
            frame.columns[name] = values(frame.columns[name])
        return snapshot(frame=change)

    def table(name, count, text=lambda text: text, more=0):
        def change(frame):
            setattr(frame, name, text(getattr(frame, name)))
            setattr(frame, count, getattr(frame, count) + more)
        return snapshot(frame=change)

    def not_empty_first(frame):
        frame.tag_sets = b"all\0" + frame.tag_sets

    return {
        "column-too-short": column_of("tags", lambda values: values[:-1]),
        "column-too-long": column_of("endpoint_weight", lambda values: values + [0]),
        "column-of-rows-where-there-are-none": column_of("attributes", lambda values: [1]),
        "tag-set-number-too-large": column_of("tags", lambda values: [200] + values[1:]),
        "tag-set-number-4-billion": column_of("endpoint_tags", lambda values: [2**32 - 1] + values[1:]),
        "attribute-set-number-too-large": column_of("attributes", lambda values: [200] + values[1:]),
        "label-number-too-large": column_of("endpoint_version", lambda values: [200] + values[1:]),
        "weight-too-large": column_of("endpoint_weight", lambda values: [65536] + values[1:]),
        "labels-without-end-mark": table("labels", "label_count", lambda text: text + b"x"),
        "labels-too-few": table("labels", "label_count", more=1),
        "labels-too-many": table("labels", "label_count", more=-1),
        "tag-sets-without-end-mark": table("tag_sets", "tag_set_count", lambda text: text + b"x"),
        "tag-sets-too-few": table("tag_sets", "tag_set_count", more=1),
        "tag-sets-too-many": table("tag_sets", "tag_set_count", more=-1),
        "tag-set-not-closed": table("tag_sets", "tag_set_count", lambda text: text[:-1]),
        "attribute-sets-without-end-mark": table("attribute_sets", "attribute_set_count", lambda text: text + b"x"),
        "attribute-sets-too-few": table("attribute_sets", "attribute_set_count", more=1),
        "attribute-sets-too-many": table("attribute_sets", "attribute_set_count", more=-1),
        "attribute-without-value": table("attribute_sets", "attribute_set_count", lambda text: text + b"key\0", more=1),
        "first-tag-set-not-empty": changed(not_empty_first),
    }


def rows() -> dict:
    def changed(change):
        return snapshot(frame=change)

    def prod(*services, sort=True):
        return snapshot(services=list(services), sort=sort)

    def text(edit):
        """A change of the first part's text that keeps its size."""
        def change(frame):
            size = frame.parts[0]["text_size"]
            edited = edit(frame.text[:size])
            assert len(edited) == size
            frame.text = edited + frame.text[size:]
        return snapshot(frame=change)

    def two_names_one_slot(frame):
        # The pilot of the first bucket, until two of its names collide.
        part, names = frame.parts[0], [service.name for service in PROD]
        frame.pilots[0] = next(pilot for pilot in range(65536)
                               if len({slot_of(name, part["seed"], pilot, part["slots"]) for name in names}) < len(names))

    def slots_filled(frame):
        # As if a service were there that the text does not have.
        frame.slots = [(0, 0, 0, 9, 5)] * len(frame.slots)

    url = (Endpoint(b"https://x.example"),)
    unsorted = list(reversed(PROD))
    return {
        "text-without-end-mark": text(lambda all_rows: all_rows[:-1] + b"x"),
        "descriptions-without-end-mark": changed(lambda frame: setattr(frame, "descriptions", frame.descriptions[:-1] + b"x")),
        "rows-too-few": text(lambda all_rows: all_rows.replace(b"\0", b"x", 1)),
        "rows-too-many": text(lambda all_rows: all_rows.replace(b"payments/api\1", b"payments\0api\1", 1)),
        "descriptions-too-few": changed(lambda frame: setattr(frame, "descriptions", frame.descriptions.replace(b"\0", b"x", 1))),
        "endpoints-too-many": text(lambda all_rows: all_rows.replace(b"https://", b"http\1s//", 1)),
        "endpoints-too-few": text(lambda all_rows: all_rows.replace(b"\1https://b", b"xhttps://b", 1)),
        "name-empty": text(lambda all_rows: b"\1" + all_rows[1:]),
        "name-too-long": prod(Service(b"n" * 1025, url)),
        "uri-empty": prod(Service(b"users", (Endpoint(b""),))),
        "uri-too-long": prod(Service(b"users", (Endpoint(b"https://" + b"x" * 8185),))),
        "names-out-of-order": prod(*unsorted, sort=False),
        "two-names-one-slot": changed(two_names_one_slot),
        "neither-endpoint-nor-value": prod(Service(b"users")),
        "slots-filled-in-the-file": changed(slots_filled),
        "name-with-control-characters": prod(Service(b"use\x1b[2Jrs", url)),
        "name-not-utf-8": prod(Service(b"us\xff\xfers", url)),
    }


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1])
    for family in (preambles, stored_manifests, manifests, stored_frames, structures, parts, columns_and_tables, rows):
        for name, content in family().items():
            (folder / f"{name}.almanac").write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
