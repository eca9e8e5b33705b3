"""An inflated frame of a snapshot, and the namespaces in it: sections "Frame" to "The index" of FORMAT.md."""
import bisect
import re
import struct
from typing import NamedTuple

import xxhash

from flat_table import FlatTable
from format_error import demand

PART = struct.Struct("<Q6I")
SLOT_SIZE, CHECKPOINT_SIZE, OFFSET_SIZE = 8, 16, 4
TEXT_A_CHECKPOINT = 128
ENDPOINTS_LIMIT = 65_535
TWO_64 = 1 << 64
ROW = re.compile(r"([^\x00-\x1f]+)((?:\x01[^\x00-\x1f]+)*)(?:\x02([^\x00]*))?\x00")


class Part(NamedTuple):
    """How much of each vector is one namespace's own."""
    seed: int
    rows: int
    endpoints: int
    text_size: int
    description_size: int
    pilots: int
    slots: int


class Frame:
    """The columns of one or more namespaces."""

    def __init__(self, data):
        table = FlatTable.root(data, b"ALMF")
        self.parts = [Part(*fields) for fields in table.structs(0, PART)]
        self.text = table.bytes(1)
        self.descriptions = table.bytes(2)
        self.pilots = [pilot for (pilot,) in table.structs(3, struct.Struct("<H"))]
        # What the parts before each part have together: where it begins.
        self.begins = [Part(*[0] * len(Part._fields))]
        end, checkpoints = self._check_parts()
        self.labels = labels(table.bytes(4))
        self.tag_sets = sets(table.bytes(5), words=1)
        self.attribute_sets = sets(table.bytes(6), words=2)
        self.tags = column(table.table(7), end.rows, self.tag_sets)
        self.attributes = column(table.table(8), end.rows, self.attribute_sets)
        self.endpoint_version = column(table.table(9), end.endpoints, self.labels)
        self.endpoint_zone = column(table.table(10), end.endpoints, self.labels)
        self.endpoint_weight = column(table.table(11), end.endpoints, range(65536))
        self.endpoint_tags = column(table.table(12), end.endpoints, self.tag_sets)
        self.endpoint_attributes = column(table.table(13), end.endpoints, self.attribute_sets)
        working_space = ((end.slots, SLOT_SIZE), (checkpoints, CHECKPOINT_SIZE), (len(self.labels), OFFSET_SIZE),
                         (len(self.tag_sets), OFFSET_SIZE), (len(self.attribute_sets), OFFSET_SIZE))
        for field, (count, size) in enumerate(working_space, 14):
            space = table.bytes(field, size)
            demand(len(space) == count * size and not any(space), f"field {field} is not {count} elements of 0")

    def _check_parts(self):
        """That the parts make sense and fill their vectors. Gives what they have together, and the checkpoints."""
        checkpoints = 0
        for number, part in enumerate(self.parts):
            demand(part.slots >= part.rows, f"part {number}: {part.slots} slots for {part.rows} rows")
            demand(part.pilots > 0 or part.rows == 0, f"part {number}: no pilots")
            checkpoints += -(-part.text_size // TEXT_A_CHECKPOINT)
            self.begins.append(Part._make(map(sum, zip(self.begins[-1], part))))
        end = self.begins[-1]
        vectors = (len(self.text), len(self.descriptions), len(self.pilots))
        demand(vectors == (end.text_size, end.description_size, end.pilots), "the parts do not fill the vectors")
        # Every row has one 00 in text and every endpoint a 01: the counts are true, or at least not huge.
        demand(end.rows == self.text.count(0), f"{end.rows} rows in parts, {self.text.count(0)} in text")
        demand(end.endpoints <= self.text.count(1), f"{end.endpoints} endpoints in parts, fewer in text")
        return end, checkpoints


def texts(data):
    """The texts of a vector in which a 00 ends each."""
    demand(data[-1:] in (b"", b"\0"), "the last text has no end")
    return [text.decode("utf-8") for text in data.split(b"\0")[:-1]]


def labels(data):
    entries = texts(data)
    demand(entries[:1] == [""], "label 0 is not the empty one")
    demand(len(set(entries)) == len(entries), "a label stands twice")
    return entries


def sets(data, words):
    """The entries of tag_sets (one word a member, the tag) or attribute_sets (two: key and value), as tuples."""
    words_left = iter(texts(data))
    entries = []
    members = []
    for first in words_left:
        if first:
            second = None if words == 1 else next(words_left, None)
            demand(words == 1 or second is not None, f"set {len(entries)}: its last key has no value")
            members.append(first if words == 1 else (first, second))
            continue
        keys = [member if words == 1 else member[0] for member in members]
        demand(keys == sorted(set(keys), key=str.encode), f"set {len(entries)} is not in byte order")
        entries.append(tuple(members))
        members = []
    demand(not members, "the last set has no end")
    demand(entries[:1] == [()], "set 0 is not the empty one")
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

    def __init__(self, frame, number):
        self._frame = frame
        self._part = part = frame.parts[number]
        self._begin = begin = frame.begins[number]
        self.names = []
        self._uris = []
        self._values = []
        self._first_endpoint = [begin.endpoints]
        self._read_text(frame.text[begin.text_size:][:part.text_size].decode("utf-8"))
        self._descriptions = texts(frame.descriptions[begin.description_size:][:part.description_size])
        demand(len(self.names) == len(self._descriptions) == part.rows, "its texts have another number of rows")
        demand(self._first_endpoint[-1] == begin.endpoints + part.endpoints, "its text has another number of endpoints")
        demand(self.names == sorted(set(self.names)), "its names are not in byte order, or not unique")
        self._row_of_slot = {self._slot(name): row for row, name in enumerate(self.names)}
        demand(len(self._row_of_slot) == part.rows, "two names have one slot")

    def _read_text(self, text):
        position = 0
        while position < len(text):
            row = ROW.match(text, position)
            demand(row and (row[2] or row[3] is not None), f"no row of text at {position}")
            uris = row[2].split("\x01")[1:]
            demand(len(uris) <= ENDPOINTS_LIMIT, f"{len(uris)} endpoints of a service")
            self.names.append(row[1].encode("utf-8"))
            self._uris.append(uris)
            self._values.append(row[3])
            self._first_endpoint.append(self._first_endpoint[-1] + len(uris))
            position = row.end()

    def _slot(self, name):
        part = self._part
        h = xxhash.xxh3_64_intdigest(name, part.seed)
        pilot = self._frame.pilots[self._begin.pilots + h * part.pilots // TWO_64]
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
        frame, everywhere = self._frame, self._begin.rows + row
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
