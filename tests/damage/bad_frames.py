"""Files that break a rule of what is in a frame."""

import struct

from sample import PROD, snapshot
from snapshot_writer import Endpoint, Service, slot_of


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
        moved = bytes(buffer.data[at:at + 4 + 32 * 2])
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
    buffer.data += struct.pack("<I", count) + vtable + bytes(8 * count - len(vtable))
    buffer.point("slots", moved)
    buffer.put(root, "i", root - (moved + 4))


def parts() -> dict:
    def part_field(part, name, value):
        def change(frame):
            frame.parts[part][name] = value(frame.parts[part][name])
        return snapshot(frame=change)

    def clear(frame):
        for part in frame.parts:
            part.update(slots=0, pilots=0, rows=0, endpoints=0, text_size=0, description_size=0)
        frame.text = frame.descriptions = b""
        frame.pilots, frame.checkpoints, frame.slots = [], [], []
        frame.columns = {name: [] for name in frame.columns}

    def no_rows_but_slots(frame):
        # A part without services that has slots to look into, and no pilot that would say which.
        clear(frame)
        frame.parts[1]["slots"] = 5
        frame.slots = [(0, 0)] * 5

    def no_rows_but_text(frame):
        # A row that nobody has counted, and no slot that it could have.
        first_checkpoint = frame.checkpoints[:1]
        clear(frame)
        frame.parts[0].update(text_size=2, description_size=1)
        frame.text, frame.descriptions, frame.checkpoints = b"a\0", b"\0", first_checkpoint

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

    def move_text(frame):
        frame.parts[0]["text_size"] -= 1
        frame.parts[1]["text_size"] += 1

    def fill(frame, name, extra):
        setattr(frame, name, getattr(frame, name) + extra)

    return {
        "parts-out-of-order": snapshot(frame=swap),
        "parts-missing": snapshot(frame=lambda frame: frame.parts.clear()),
        "part-text-too-short": part_field(0, "text_size", lambda size: size - 1),
        "part-ends-inside-a-row": snapshot(frame=move_text),
        "part-rows-beyond-vectors": part_field(1, "rows", lambda rows: rows + 1),
        "part-rows-4-billion": part_field(1, "rows", lambda rows: 2**32 - 1),
        "part-text-beyond-the-text": part_field(1, "text_size", lambda size: 2**32 - 1),
        "part-endpoints-4-billion": part_field(1, "endpoints", lambda count: 2**32 - 1),
        "part-slots-beyond-vectors": part_field(1, "slots", lambda slots: slots + 1),
        "part-pilots-beyond-vectors": part_field(1, "pilots", lambda pilots: 2**32 - 1),
        "part-fewer-slots-than-rows": snapshot(frame=shrink_slots),
        "part-rows-without-pilots": snapshot(frame=no_pilots),
        "part-text-without-rows": snapshot(frame=no_rows_but_text, manifest=no_services),
        "part-slots-without-pilots": snapshot(frame=no_rows_but_slots, manifest=no_services),
        "checkpoints-too-few": snapshot(frame=missing_checkpoint),
        "text-of-no-part": snapshot(frame=lambda frame: fill(frame, "text", b"x\0")),
        "pilots-of-no-part": snapshot(frame=lambda frame: fill(frame, "pilots", [0])),
        "slots-of-no-part": snapshot(frame=lambda frame: fill(frame, "slots", [(0, 0)])),
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
        frame.slots = [(0, 5)] * len(frame.slots)

    url = (Endpoint(b"https://x.example"),)
    unsorted = list(reversed(PROD))
    return {
        "text-without-end-mark": text(lambda all_rows: all_rows[:-1] + b"x"),
        "descriptions-without-end-mark": changed(lambda frame: setattr(frame, "descriptions", frame.descriptions[:-1] + b"x")),
        "rows-too-few": text(lambda all_rows: all_rows.replace(b"\0", b"x", 1)),
        "rows-too-many": text(lambda all_rows: all_rows.replace(b"users.example", b"users\0example", 1)),
        "descriptions-too-few": changed(lambda frame: setattr(frame, "descriptions", frame.descriptions.replace(b"\0", b"x", 1))),
        "endpoints-too-many": text(lambda all_rows: all_rows.replace(b"https://", b"http\1s//", 1)),
        "endpoints-too-few": text(lambda all_rows: all_rows.replace(b"\1https://b", b"xhttps://b", 1)),
        "name-empty": text(lambda all_rows: b"\1" + all_rows[1:]),
        "name-too-long": prod(Service(b"n" * 1025, url)),
        "uri-empty": prod(Service(b"users", (Endpoint(b""),))),
        "second-uri-empty": prod(Service(b"users", url + (Endpoint(b""),))),
        "second-uri-too-long": prod(Service(b"users", url + (Endpoint(b"https://" + b"x" * 8185),))),
        "uri-with-control-characters": prod(Service(b"users", (Endpoint(b"https://\x1b[2J"),))),
        "uri-too-long": prod(Service(b"users", (Endpoint(b"https://" + b"x" * 8185),))),
        "service-of-65536-endpoints": prod(Service(b"users", (Endpoint(b"a:b"),) * 65_536)),
        "names-out-of-order": prod(*unsorted, sort=False),
        "two-names-one-slot": changed(two_names_one_slot),
        "neither-endpoint-nor-value": prod(Service(b"users")),
        "slots-filled-in-the-file": changed(slots_filled),
        "name-with-control-characters": prod(Service(b"use\x1b[2Jrs", url)),
        "name-not-utf-8": prod(Service(b"us\xff\xfers", url)),
    }
