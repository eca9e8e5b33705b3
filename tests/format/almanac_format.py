"""A reader of almanac snapshots and announcements, written from schema/FORMAT.md alone.

It shares nothing with the C++ reader, so it shows that the document says enough, and it follows the
document from top to bottom for whoever wants to see the bytes:

    snapshot = Snapshot(pathlib.Path("acme.almanac").read_bytes())
    prod = snapshot.namespace("prod")
    print(prod.service(prod.find("nsqlookupd")))
    print(snapshot.choose({b"function": b"checkout"}, b"", 1_795_165_200_000))

Everything is held in memory. A rule of the layout that is broken raises FormatError; the rules for what names,
uris and versions look like are the writer's to keep.
"""
import hashlib
import re
import struct
from typing import NamedTuple

import xxhash
import zstandard

from caller_records import read_caller_records
from caller_rules import GenerationRollout, decide, read_rules
from flat_table import FlatTable
from format_error import demand, reading
from frame import Frame, Namespace

MAJOR = 1
KNOWN_FEATURES = 0
PREAMBLE = struct.Struct("<8sHHIQIIQQQQ")
PREAMBLE_MAGIC = bytes.fromhex("89 41 4C 4D 0D 0A 1A 0A")
ANNOUNCEMENT_HEADER = struct.Struct("<8sHHIQ")
ANNOUNCEMENT_MAGIC = bytes.fromhex("89 41 4C 41 0D 0A 1A 0A")
FRAME_ENTRY = struct.Struct("<QQQQQ")
NAMESPACE_ENTRY = struct.Struct("<6I")
MANIFEST_LIMIT = 256 << 20
FRAME_LIMIT = (2 << 30) - 1


def digest_text(high, low):
    return f"{high:016x}{low:016x}"


def checked(stored, digest, what):
    """The stored bytes, once they are known to be what was written."""
    demand(xxhash.xxh3_128_hexdigest(stored) == digest, f"{what}: its digest is not {digest}")
    return stored


def inflate(stored, size, limit):
    demand(size <= limit, f"{size} bytes inflated are more than {limit}")
    demand(zstandard.get_frame_parameters(stored).dict_id == 0, "needs a zstd dictionary")
    content_size = zstandard.frame_content_size(stored)
    demand(content_size == size, f"zstd says {content_size} bytes, not {size}")
    inflater = zstandard.ZstdDecompressor().decompressobj()
    data = inflater.decompress(stored)
    demand(inflater.eof and len(data) == size, "the zstd frame is not whole")
    demand(not inflater.unused_data, "something lies behind the zstd frame")
    return data


def check_version(major, minor):
    demand(major == MAJOR, f"format {major}.{minor}; this reads {MAJOR}.x: use a newer reader")


class FrameEntry(NamedTuple):
    offset: int
    stored_size: int
    size: int
    digest: str


class NamespaceEntry(NamedTuple):
    name_offset: int
    name_size: int
    frame: int
    part: int
    services: int
    endpoints: int


class Snapshot:
    """A snapshot file. Preamble and manifest are read at once, a frame when it is asked for."""

    def __init__(self, data):
        self._data = data
        with reading("preamble"):
            manifest_begin, manifest_end, manifest_size = self._read_preamble()
        with reading("manifest"):
            stored = checked(data[manifest_begin:manifest_end], self.id, "stored bytes")
            manifest = FlatTable.root(inflate(stored, manifest_size, MANIFEST_LIMIT), b"ALMM")
            self._read_manifest(manifest, manifest_end)
            self._manifest = manifest
        self._opened = {}

    def _read_preamble(self):
        data = self._data
        demand(data[:8] == PREAMBLE_MAGIC, "not an almanac snapshot")
        demand(len(data) >= PREAMBLE.size, f"only {len(data)} bytes")
        (_, major, minor, begin, file_size, stored_size, size,
         high, low, features, checksum) = PREAMBLE.unpack_from(data)
        demand(xxhash.xxh3_64_intdigest(data[:56]) == checksum, "its checksum is wrong")
        check_version(major, minor)
        demand(not features & ~KNOWN_FEATURES, f"unknown features {features & ~KNOWN_FEATURES:#x}")
        demand(64 <= begin <= 4096 and (begin == 64 or minor > 0), f"a preamble of {begin} bytes")
        demand(begin + stored_size <= file_size, "the manifest is larger than the file")
        demand(len(data) == file_size, f"the file has {len(data)} bytes, not {file_size}")
        self.id = digest_text(high, low)
        return begin, begin + stored_size, size

    def _read_manifest(self, manifest, frames_begin):
        self.registry = manifest.text(0)
        self.revision = manifest.text(1)
        self.frames = []
        end = frames_begin
        for offset, stored_size, size, high, low in manifest.structs(2, FRAME_ENTRY):
            demand(frames_begin + offset == end, f"frame {len(self.frames)} does not begin where the last one ends")
            self.frames.append(FrameEntry(end, stored_size, size, digest_text(high, low)))
            end += stored_size
        demand(end == len(self._data), "the last frame does not end the file")
        names = manifest.bytes(4)
        self._entries = {}
        for entry in map(NamespaceEntry._make, manifest.structs(3, NAMESPACE_ENTRY)):
            name = names[entry.name_offset:entry.name_offset + entry.name_size]
            demand(1 <= entry.name_size <= 255 and len(name) == entry.name_size, "a namespace's name is out of range")
            demand(entry.frame < len(self.frames), f"{name}: there is no frame {entry.frame}")
            self._entries[name.decode("utf-8")] = entry
        # Python sorts texts by code point, which is the byte order of their UTF-8.
        demand(list(self._entries) == sorted(self._entries), "namespaces are not in byte order")
        demand(len(self._entries) == len(manifest.structs(3, NAMESPACE_ENTRY)), "a namespace stands twice")
        demand(len({entry[2:4] for entry in self._entries.values()}) == len(self._entries), "namespaces share a part")
        self._check_blake2b(manifest.bytes(5))
        self.rules = read_rules(manifest, self.namespaces())

    def _check_blake2b(self, digests):
        demand(len(digests) in (0, 32 * len(self.frames)), "frame_blake2b is not 32 bytes a frame")
        for index in range(len(digests) // 32):
            actual = hashlib.blake2b(self.stored_frame(index), digest_size=32).digest()
            demand(actual == digests[32 * index:][:32], f"frame {index}: its BLAKE2b digest is another one")

    def stored_frame(self, index):
        """The compressed bytes of a frame, found undamaged."""
        entry = self.frames[index]
        return checked(self._data[entry.offset:][:entry.stored_size], entry.digest, f"frame {index}")

    def frame(self, index):
        if index not in self._opened:
            with reading(f"frame {index}"):
                self._opened[index] = Frame(inflate(self.stored_frame(index), self.frames[index].size, FRAME_LIMIT))
                claimed = sum(entry.frame == index for entry in self._entries.values())
                demand(claimed == len(self._opened[index].parts), "a part of it belongs to no namespace")
        return self._opened[index]

    def namespaces(self):
        return list(self._entries)

    def namespace(self, name):
        entry = self._entries[name]
        frame = self.frame(entry.frame)
        with reading(f"namespace {name}"):
            demand(entry.part < len(frame.parts), f"there is no part {entry.part}")
            part = frame.parts[entry.part]
            demand((part.rows, part.endpoints) == entry[4:], "frame and manifest count differently")
            return Namespace(frame, entry.part)

    def choose(self, caller, key, now):
        """What the rules give a caller at a moment; None where none matches."""
        return decide(self.rules, caller, key, now)

    def records(self):
        """All there is, as the dicts of canonical JSON Lines: the registry, the rules about callers, then service by service."""
        if self.registry or self.revision:
            yield {key: text for key, text in (("registry", self.registry), ("revision", self.revision)) if text}
        callers = read_caller_records(self._manifest, self.namespaces())
        if callers:
            yield {"callers": callers}
        for name in self.namespaces():
            namespace = self.namespace(name)
            if not namespace.names:
                yield {"namespace": name}
            for row in range(len(namespace.names)):
                yield {"namespace": name, **namespace.service(row)}


class Announcement:
    """What `current` and `generations/<number>` hold; `behind` are the first bytes of the snapshot, and `snapshot`
    is that snapshot when they are all of it, or None."""

    def __init__(self, data):
        with reading("announcement"):
            demand(data[:8] == ANNOUNCEMENT_MAGIC, "not an almanac announcement")
            _, major, minor, size, checksum = ANNOUNCEMENT_HEADER.unpack_from(data)
            body = data[ANNOUNCEMENT_HEADER.size:][:size]
            actual = xxhash.xxh3_64_intdigest(data[:16]) ^ xxhash.xxh3_64_intdigest(body)
            demand(len(body) == size and actual == checksum, "its checksum is wrong")
            check_version(major, minor)
            table = FlatTable.root(body, b"ALMA")
            self.generation = table.number(0)
            self.snapshot_id = digest_text(table.number(1), table.number(2))
            self.snapshot_size = table.number(3)
            self.published_ms = table.signed(4)
            self.registry = table.text(5)
            self.revision = table.text(6)
            self.rollback_of = table.number(7)
            demand(self.generation > self.rollback_of, f"generation {self.generation} brings back {self.rollback_of}")
            self.pinned = table.text(8) if table.has(8) else None
            self.rollout = GenerationRollout(table.table(9), self.generation) if table.has(9) else None
            self.documents = table.text(10)
            demand(re.fullmatch(r"([0-9a-f]{32})?", self.documents), f"{self.documents!r} are no documents")
            self.behind = data[ANNOUNCEMENT_HEADER.size + size:]
            demand(len(self.behind) <= self.snapshot_size, f"{len(self.behind)} bytes of {self.snapshot_size} behind it")
        self.snapshot = Snapshot(self.behind) if self.behind and len(self.behind) == self.snapshot_size else None
        demand(not self.snapshot or self.snapshot.id == self.snapshot_id, "the snapshot behind it is another one")
