"""A small writer of schema/FORMAT.md whose every number can be set to a wrong one before it is stored.

Digests and the checksum are always right, unless a test asks for others: what it makes is refused
for the rule that it breaks, not for damage.
"""

import struct
from dataclasses import dataclass, field

import xxhash
import zstandard

from flat_layout import Buffer, Table, lay_out, numbers, string, structs, text_vector

MASK = 2**64 - 1
PART = ("seed", "rows", "endpoints", "text_size", "description_size", "pilots", "slots")
COLUMNS = ("tags", "attributes", "endpoint_version", "endpoint_zone", "endpoint_weight", "endpoint_tags", "endpoint_attributes")


@dataclass
class Endpoint:
    uri: bytes
    version: bytes = b""
    zone: bytes = b""
    weight: int = 1
    tags: tuple = ()
    attributes: tuple = ()


@dataclass
class Service:
    name: bytes
    endpoints: tuple = ()
    value: bytes | None = None
    description: bytes = b""
    tags: tuple = ()
    attributes: tuple = ()

    def row(self) -> bytes:
        uris = b"".join(b"\1" + endpoint.uri for endpoint in self.endpoints)
        return self.name + uris + (b"" if self.value is None else b"\2" + self.value) + b"\0"


def spread(value: int, count: int) -> int:
    return (value & MASK) * count >> 64


def bucket_of(name: bytes, seed: int, pilots: int) -> int:
    return spread(xxhash.xxh3_64_intdigest(name, seed), pilots)


def slot_of(name: bytes, seed: int, pilot: int, slots: int) -> int:
    mixed = xxhash.xxh3_64_intdigest(name, seed) ^ (pilot * 0x9E3779B97F4A7C15 & MASK)
    return spread(mixed * 0xD6E8FEB86659FD93, slots)


def perfect_hash(names: list) -> tuple:
    """Seed, pilots and the number of slots. Buckets are taken in their order: short of names, that does."""
    if not names:
        return 0, [], 0
    slots = len(names) + -(-len(names) // 49)
    buckets = -(-len(names) // 4)
    for seed in range(256):
        pilots, taken = [0] * buckets, set()
        for bucket in sorted(range(buckets), key=lambda b: -sum(bucket_of(name, seed, buckets) == b for name in names)):
            mine = [name for name in names if bucket_of(name, seed, buckets) == bucket]
            for pilot in range(65536):
                wanted = {slot_of(name, seed, pilot, slots) for name in mine}
                if len(wanted) == len(mine) and not wanted & taken:
                    pilots[bucket] = pilot
                    taken |= wanted
                    break
            else:
                break
        else:
            return seed, pilots, slots
    raise ValueError("no perfect hash")


class Shared:
    """Texts or sets that stand once, the empty one as number 0."""

    def __init__(self):
        self.forms = {b"\0": 0}

    def number(self, form: bytes) -> int:
        return self.forms.setdefault(form, len(self.forms))

    def text(self) -> bytes:
        return b"".join(self.forms)


def tag_form(tags) -> bytes:
    return b"".join(tag + b"\0" for tag in sorted(tags)) + b"\0"


def attribute_form(attributes) -> bytes:
    return b"".join(key + b"\0" + value + b"\0" for key, value in sorted(attributes)) + b"\0"


@dataclass
class Frame:
    """The content of a frame, before it is laid out; parts are dicts of the fields in PART."""
    parts: list = field(default_factory=list)
    text: bytes = b""
    descriptions: bytes = b""
    pilots: list = field(default_factory=list)
    labels: bytes = b""
    tag_sets: bytes = b""
    attribute_sets: bytes = b""
    columns: dict = field(default_factory=lambda: {name: [] for name in COLUMNS})
    slots: list = field(default_factory=list)
    checkpoints: list = field(default_factory=list)
    label_count: int = 0
    tag_set_count: int = 0
    attribute_set_count: int = 0
    later_fields: int = 0  # fields that version 1.0 does not know, at the end of the table

    def lay_out(self) -> Buffer:
        return lay_out(b"ALMF", Table({
            "parts": structs("Q6I", [[part[name] for name in PART] for part in self.parts], 8),
            "text": text_vector(self.text),
            "descriptions": text_vector(self.descriptions),
            "pilots": numbers("H", self.pilots),
            "labels": text_vector(self.labels),
            "tag_sets": text_vector(self.tag_sets),
            "attribute_sets": text_vector(self.attribute_sets),
            **{name: column(self.columns[name]) for name in COLUMNS},
            "slots": structs("2I", self.slots),
            "checkpoints": structs("4I", self.checkpoints),
            "label_offsets": numbers("I", [0] * self.label_count),
            "tag_set_offsets": numbers("I", [0] * self.tag_set_count),
            "attribute_set_offsets": numbers("I", [0] * self.attribute_set_count),
            **later(self.later_fields),
        }))


def later(fields: int) -> dict:
    return {f"later_{i}": text_vector(b"of a later version") for i in range(fields)}


def column(values: list) -> Table | None:
    planes = {}
    for plane in range(4):
        data = bytes(value >> 8 * plane & 0xFF for value in values)
        planes[f"p{plane}"] = text_vector(data) if any(data) else None
    return Table(planes) if any(planes.values()) else None


def frame_of(namespaces: list, sort: bool = True) -> Frame:
    """`namespaces` is a list of lists of services."""
    frame = Frame()
    labels, tag_sets, attribute_sets = Shared(), Shared(), Shared()
    for services in namespaces:
        if sort:
            services = sorted(services, key=lambda service: service.name)
        text = b"".join(service.row() for service in services)
        descriptions = b"".join(service.description + b"\0" for service in services)
        endpoints = [endpoint for service in services for endpoint in service.endpoints]
        seed, pilots, slots = perfect_hash([service.name for service in services])
        frame.parts.append({
            "seed": seed, "rows": len(services), "endpoints": len(endpoints), "text_size": len(text),
            "description_size": len(descriptions), "pilots": len(pilots), "slots": slots})
        frame.text += text
        frame.descriptions += descriptions
        frame.pilots += pilots
        frame.slots += [(0, 0)] * slots
        frame.checkpoints += [(0, 0, 0, 0)] * -(-len(text) // 128)
        frame.columns["tags"] += [tag_sets.number(tag_form(service.tags)) for service in services]
        frame.columns["attributes"] += [attribute_sets.number(attribute_form(service.attributes)) for service in services]
        frame.columns["endpoint_version"] += [labels.number(endpoint.version + b"\0") for endpoint in endpoints]
        frame.columns["endpoint_zone"] += [labels.number(endpoint.zone + b"\0") for endpoint in endpoints]
        frame.columns["endpoint_weight"] += [endpoint.weight ^ 1 for endpoint in endpoints]
        frame.columns["endpoint_tags"] += [tag_sets.number(tag_form(endpoint.tags)) for endpoint in endpoints]
        frame.columns["endpoint_attributes"] += [attribute_sets.number(attribute_form(endpoint.attributes)) for endpoint in endpoints]
    frame.labels, frame.label_count = labels.text(), len(labels.forms)
    frame.tag_sets, frame.tag_set_count = tag_sets.text(), len(tag_sets.forms)
    frame.attribute_sets, frame.attribute_set_count = attribute_sets.text(), len(attribute_sets.forms)
    return frame


def compress(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=19).compress(data)


def digest(stored: bytes) -> tuple:
    value = xxhash.xxh3_128_intdigest(stored)
    return value >> 64, value & MASK


@dataclass
class Manifest:
    registry: bytes | None = b"acme"
    revision: bytes | None = None
    frames: list = field(default_factory=list)      # [offset, stored size, size, digest high, digest low]
    namespaces: list = field(default_factory=list)  # [name offset, name size, frame, part, services, endpoints]
    names: bytes = b""
    blake2b: bytes | None = None
    caller_rules: list = field(default_factory=list)     # [namespace, conditions, rollouts]
    caller_conditions: bytes = b""
    caller_rollouts: list = field(default_factory=list)  # [to, stages, by, is ramp]
    caller_stages: list = field(default_factory=list)    # [milliseconds, share]
    later_fields: int = 0  # fields that version 1.1 does not know, at the end of the table

    def add_frame(self, stored: bytes, size: int) -> None:
        offset = sum(frame[1] for frame in self.frames)
        self.frames.append([offset, len(stored), size, *digest(stored)])

    def add_namespace(self, name: bytes, frame: int, part: int, services: int, endpoints: int) -> None:
        self.namespaces.append([len(self.names), len(name), frame, part, services, endpoints])
        self.names += name

    def add_rule(self, namespace: int, conditions: dict, rollouts: tuple = ()) -> None:
        """`conditions` are lists of patterns by property; a rollout is (to, by, is ramp, stages)."""
        self.caller_rules.append([namespace, len(conditions), len(rollouts)])
        for name, patterns in conditions.items():
            self.caller_conditions += b"".join(text + b"\0" for text in (name, *patterns)) + b"\0"
        for to, by, is_ramp, stages in rollouts:
            self.caller_rollouts.append([to, len(stages), by, is_ramp])
            self.caller_stages += stages

    def rule_fields(self) -> dict:
        """None at all in a file that has none of them, as in one of version 1.0."""
        fields = {
            "caller_rules": structs("3I", self.caller_rules) if self.caller_rules else None,
            "caller_conditions": text_vector(self.caller_conditions) if self.caller_conditions else None,
            "caller_rollouts": structs("2IB?2x", self.caller_rollouts) if self.caller_rollouts else None,
            "caller_stages": structs("qI4x", self.caller_stages, 8) if self.caller_stages else None,
        }
        return fields if self.later_fields or any(fields.values()) else {}

    def lay_out(self) -> Buffer:
        return lay_out(b"ALMM", Table({
            "registry": None if self.registry is None else string(self.registry),
            "revision": None if self.revision is None else string(self.revision),
            "frames": structs("5Q", self.frames, 8),
            "namespaces": structs("6I", self.namespaces),
            "names": text_vector(self.names),
            "frame_blake2b": None if self.blake2b is None else text_vector(self.blake2b),
            **self.rule_fields(),
            **later(self.later_fields),
        }))


@dataclass
class Preamble:
    """What is None is computed."""
    magic: bytes = b"\x89ALM\r\n\x1a\n"
    major: int = 1
    minor: int = 0
    size: int = 64
    extra: bytes = b""  # between the first 64 bytes and the manifest
    file_size: int | None = None
    manifest_stored_size: int | None = None
    manifest_size: int | None = None
    manifest_digest: tuple | None = None
    features: int = 0
    checksum: int | None = None

    def store(self, manifest: bytes, manifest_size: int, frames_size: int) -> bytes:
        def given(value, computed):
            return computed if value is None else value
        file_size = 64 + len(self.extra) + len(manifest) + frames_size
        head = self.magic + struct.pack(
            "<HHIQIIQQQ", self.major, self.minor, self.size, given(self.file_size, file_size),
            given(self.manifest_stored_size, len(manifest)), given(self.manifest_size, manifest_size),
            *given(self.manifest_digest, digest(manifest)), self.features)
        return head + struct.pack("<Q", given(self.checksum, xxhash.xxh3_64_intdigest(head))) + self.extra


def put_together(manifest: bytes, manifest_size: int, frames: list, preamble: Preamble | None = None) -> bytes:
    """From stored pieces to a file."""
    head = (preamble or Preamble()).store(manifest, manifest_size, sum(map(len, frames)))
    return head + manifest + b"".join(frames)
