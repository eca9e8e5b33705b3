"""A reader of almanac snapshots and announcements, written from schema/FORMAT.md alone.

It shares nothing with the C++ reader, so it shows that the document says enough, and it follows the
document from top to bottom for whoever wants to see the bytes:

    snapshot = Snapshot(pathlib.Path("acme.almanac").read_bytes())
    prod = snapshot.namespace("prod")
    print(prod.service(prod.find("nsqlookupd")))

Everything is held in memory and checked as far as the document goes; what breaks a rule raises FormatError.
"""
import bisect
import contextlib
import hashlib
import re
import struct
from typing import NamedTuple

import xxhash
import zstandard
from flatbuffers import number_types

from flat_table import FlatTable

MAJOR = 1
KNOWN_FEATURES = 0
PREAMBLE = struct.Struct("<8sHHIQIIQQQQ")
PREAMBLE_MAGIC = bytes.fromhex("89 41 4C 4D 0D 0A 1A 0A")
ANNOUNCEMENT_HEADER = struct.Struct("<8sHHIQ")
ANNOUNCEMENT_MAGIC = bytes.fromhex("89 41 4C 41 0D 0A 1A 0A")
FRAME_ENTRY = struct.Struct("<QQQQQ")
NAMESPACE_ENTRY = struct.Struct("<6I")
PART = struct.Struct("<Q14I")
SLOT_SIZE, CHECKPOINT_SIZE, OFFSET_SIZE = 16, 12, 4
ROWS_A_CHECKPOINT = 32
MANIFEST_LIMIT = 256 << 20
FRAME_LIMIT = (2 << 30) - 1
TWO_64 = 1 << 64
ROW = re.compile(rb"([^\x00-\x1f]+)((?:\x01[^\x00-\x1f]+)*)(?:\x02([^\x00]*))?\x00")


class FormatError(ValueError):
    """Bytes that FORMAT.md does not allow."""


def demand(holds, what):
    if not holds:
        raise FormatError(what)


@contextlib.contextmanager
def reading(what):
    """Whatever goes wrong below is an error in this piece of the file."""
    try:
        yield
    except (ValueError, struct.error, zstandard.ZstdError) as error:
        raise FormatError(f"{what}: {error}") from error


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
        self._opened = {}

    def _read_preamble(self):
        data = self._data
        demand(data[:8] == PREAMBLE_MAGIC, "not an almanac snapshot")
        demand(len(data) >= PREAMBLE.size, f"only {len(data)} bytes")
        (_, major, minor, begin, file_size, stored_size, size, high, low, features, checksum) = PREAMBLE.unpack_from(data)
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
            self._entries[name] = entry
        demand(list(self._entries) == sorted(self._entries), "namespaces are not in byte order")
        demand(len(self._entries) == len(manifest.structs(3, NAMESPACE_ENTRY)), "a namespace stands twice")
        demand(len({entry[2:4] for entry in self._entries.values()}) == len(self._entries), "namespaces share a part")
        self._check_blake2b(manifest.bytes(5))

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
        return [name.decode("utf-8") for name in self._entries]

    def namespace(self, name):
        entry = self._entries[name.encode("utf-8")]
        frame = self.frame(entry.frame)
        with reading(f"namespace {name}"):
            demand(entry.part < len(frame.parts), f"there is no part {entry.part}")
            part = frame.parts[entry.part]
            demand((part.rows, part.endpoints) == entry[4:], "frame and manifest count differently")
            return Namespace(frame, part)

    def records(self):
        """All there is, as the dicts of canonical JSON Lines: the registry, then service by service."""
        registry = {"registry": self.registry, "revision": self.revision}
        if any(registry.values()):
            yield {key: text for key, text in registry.items() if text}
        for name in self.namespaces():
            namespace = self.namespace(name)
            if not namespace.names:
                yield {"namespace": name}
            for row in range(len(namespace.names)):
                yield {"namespace": name, **namespace.service(row)}


class Part(NamedTuple):
    seed: int
    row: int
    rows: int
    endpoint: int
    endpoints: int
    text: int
    text_size: int
    description: int
    description_size: int
    pilot: int
    pilots: int
    slot: int
    slots: int
    checkpoint: int
    reserved: int


class Frame:
    """The columns of one or more namespaces."""

    def __init__(self, data):
        table = FlatTable.root(data, b"ALMF")
        self.parts = [Part(*fields) for fields in table.structs(0, PART)]
        self.text = table.bytes(1)
        self.descriptions = table.bytes(2)
        self.pilots = [pilot for (pilot,) in table.structs(3, struct.Struct("<H"))]
        rows, endpoints, slots, checkpoints = self._check_parts()
        self.labels = labels(table.bytes(4))
        self.tag_sets = sets(table.bytes(5), words=1)
        self.attribute_sets = sets(table.bytes(6), words=2)
        self.tags = column(table.table(7), rows, self.tag_sets)
        self.attributes = column(table.table(8), rows, self.attribute_sets)
        self.endpoint_version = column(table.table(9), endpoints, self.labels)
        self.endpoint_zone = column(table.table(10), endpoints, self.labels)
        self.endpoint_weight = column(table.table(11), endpoints, range(65536))
        self.endpoint_tags = column(table.table(12), endpoints, self.tag_sets)
        self.endpoint_attributes = column(table.table(13), endpoints, self.attribute_sets)
        working_space = ((slots, SLOT_SIZE), (checkpoints, CHECKPOINT_SIZE), (len(self.labels), OFFSET_SIZE),
                         (len(self.tag_sets), OFFSET_SIZE), (len(self.attribute_sets), OFFSET_SIZE))
        for field, (count, size) in enumerate(working_space, 14):
            demand(table.bytes(field, size) == bytes(count * size), f"field {field} is not {count} elements of zeros")

    def _check_parts(self):
        """That the parts follow each other and fill their vectors. Gives rows, endpoints, slots, checkpoints."""
        begins = ("row", "endpoint", "text", "description", "pilot", "slot")
        sizes = ("rows", "endpoints", "text_size", "description_size", "pilots", "slots")
        filled = dict.fromkeys(begins, 0)
        checkpoints = 0
        for number, part in enumerate(self.parts):
            for begin, size in zip(begins, sizes):
                demand(getattr(part, begin) == filled[begin], f"part {number}: its first {begin} is not {filled[begin]}")
                filled[begin] += getattr(part, size)
            demand(part.checkpoint == checkpoints, f"part {number}: its first checkpoint is not {checkpoints}")
            checkpoints += -(-part.rows // ROWS_A_CHECKPOINT)
            demand(part.slots >= part.rows and part.reserved == 0, f"part {number}: slots or reserved")
        vectors = (len(self.text), len(self.descriptions), len(self.pilots))
        demand(vectors == (filled["text"], filled["description"], filled["pilot"]), "the parts do not fill their vectors")
        return filled["row"], filled["endpoint"], filled["slot"], checkpoints


def texts(data):
    """The texts of a vector in which a 00 ends each."""
    demand(data[-1:] in (b"", b"\0"), "the last text has no end")
    return [text.decode("utf-8") for text in data.split(b"\0")[:-1]]


def labels(data):
    entries = texts(data)
    demand(not entries or entries[0] == "", "label 0 is not the empty one")
    demand(len(set(entries)) == len(entries), "a label stands twice")
    return entries


def sets(data, words):
    """The entries of tag_sets (one word a member, the tag) or attribute_sets (two: key and value), as tuples."""
    words_left = iter(texts(data))
    entries = []
    members = []
    for first in words_left:
        if first:
            members.append(first if words == 1 else (first, next(words_left)))
            continue
        keys = [member if words == 1 else member[0] for member in members]
        demand(keys == sorted(set(keys), key=str.encode), f"set {len(entries)} is not in byte order")
        entries.append(tuple(members))
        members = []
    demand(not members, "the last set has no end")
    demand(not entries or entries[0] == (), "set 0 is not the empty one")
    demand(len(set(entries)) == len(entries), "a set stands twice")
    return entries


def column(table, count, entries):
    """The numbers of a column, put together from its byte planes; each is one of the entries."""
    planes = [table.bytes(number) if table else b"" for number in range(4)]
    demand(all(len(plane) in (0, count) for plane in planes), f"a plane has not {count} elements")
    numbers = [sum(byte << 8 * place for place, byte in enumerate(bytes_))
               for bytes_ in zip(*(plane or bytes(count) for plane in planes))]
    demand(max(numbers, default=-1) < len(entries), f"{max(numbers, default=0)} of {len(entries)} entries")
    return numbers


class Namespace:
    """One part of a frame. `names` are bytes, row by row; a row is what find() and search() give."""

    def __init__(self, frame, part):
        self._frame = frame
        self._part = part
        self.names = []
        self._uris = []
        self._values = []
        self._first_endpoint = [part.endpoint]
        self._read_text(frame.text[part.text:part.text + part.text_size])
        self._descriptions = texts(frame.descriptions[part.description:part.description + part.description_size])
        demand(len(self.names) == len(self._descriptions) == part.rows, "its texts have another number of rows")
        demand(self._first_endpoint[-1] == part.endpoint + part.endpoints, "its text has another number of endpoints")
        demand(self.names == sorted(set(self.names)), "its names are not in byte order, or not unique")
        self._row_of_slot = {self._slot(name): row for row, name in enumerate(self.names)}
        demand(len(self._row_of_slot) == part.rows, "two names have one slot")

    def _read_text(self, text):
        position = 0
        while position < len(text):
            row = ROW.match(text, position)
            demand(row and (row[2] or row[3] is not None), f"no row of text at {position}")
            uris = row[2].decode("utf-8").split("\x01")[1:]
            self.names.append(row[1])
            self._uris.append(uris)
            self._values.append(None if row[3] is None else row[3].decode("utf-8"))
            self._first_endpoint.append(self._first_endpoint[-1] + len(uris))
            position = row.end()

    def _slot(self, name):
        part = self._part
        h = xxhash.xxh3_64_intdigest(name, part.seed)
        pilot = self._frame.pilots[part.pilot + h * part.pilots // TWO_64]
        mixed = (h ^ pilot * 0x9E3779B97F4A7C15 % TWO_64) * 0xD6E8FEB86659FD93 % TWO_64
        return mixed * part.slots // TWO_64

    def find(self, name):
        """The row of a name by the perfect hash, or None."""
        if not self.names:
            return None
        row = self._row_of_slot.get(self._slot(name))
        return row if row is not None and self.names[row] == name else None

    def search(self, name):
        """The row of a name by binary search, or None."""
        row = bisect.bisect_left(self.names, name)
        return row if row < len(self.names) and self.names[row] == name else None

    def service(self, row):
        """A service as a plain dict: what is empty, and the weight 1, are left out."""
        frame, everywhere = self._frame, self._part.row + row
        found = {
            "name": self.names[row].decode("utf-8"),
            "description": self._descriptions[row] or None,
            "value": self._values[row],
            "tags": list(frame.tag_sets[frame.tags[everywhere]]) or None,
            "attributes": dict(frame.attribute_sets[frame.attributes[everywhere]]) or None,
            "endpoints": [self._endpoint(number, uri) for number, uri in
                          enumerate(self._uris[row], self._first_endpoint[row])] or None,
        }
        return {key: field for key, field in found.items() if field is not None}

    def _endpoint(self, number, uri):
        frame = self._frame
        weight = frame.endpoint_weight[number] ^ 1
        found = {
            "uri": uri,
            "version": frame.labels[frame.endpoint_version[number]] or None,
            "weight": None if weight == 1 else weight,
            "zone": frame.labels[frame.endpoint_zone[number]] or None,
            "tags": list(frame.tag_sets[frame.endpoint_tags[number]]) or None,
            "attributes": dict(frame.attribute_sets[frame.endpoint_attributes[number]]) or None,
        }
        return {key: field for key, field in found.items() if field is not None}


class Announcement:
    """What `current` and `generations/<number>` hold; `snapshot` is the one behind it, or None."""

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
            self.published_ms = table.number(4, number_types.Int64Flags)
            self.registry = table.text(5)
            self.revision = table.text(6)
            self.rollback_of = table.number(7)
            demand(self.generation > self.rollback_of, f"generation {self.generation} brings back {self.rollback_of}")
            behind = data[ANNOUNCEMENT_HEADER.size + size:]
            demand(len(behind) in (0, self.snapshot_size), f"{len(behind)} bytes behind it, not {self.snapshot_size}")
        self.snapshot = Snapshot(behind) if behind else None
        demand(not self.snapshot or self.snapshot.id == self.snapshot_id, "the snapshot behind it is another one")
