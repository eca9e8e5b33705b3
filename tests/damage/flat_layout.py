"""FlatBuffers laid out by hand, so that a test can put every byte where a well-behaved writer would not."""

import struct
from dataclasses import dataclass, field


@dataclass
class Vector:
    """`data` is the elements, as they are stored; `alignment` is that of an element."""
    data: bytes
    count: int
    alignment: int = 4
    closing: bytes = b""  # behind the elements and not counted: the 00 of a string


@dataclass
class Scalar:
    """A number that stands in its table."""
    layout: str
    value: int


@dataclass
class Table:
    """Fields in the order of the schema; None is an absent one."""
    fields: dict


@dataclass
class Buffer:
    """A finished buffer, and where its pieces lie: lengths of vectors and starts of tables by path, and the
    offsets that point at them."""
    data: bytearray
    at: dict = field(default_factory=dict)
    offset_at: dict = field(default_factory=dict)

    def put(self, at: int, layout: str, *values) -> None:
        struct.pack_into("<" + layout, self.data, at, *values)

    def point(self, path: str, target: int) -> None:
        """Lets a field begin at another place, which must lie behind the field."""
        self.put(self.offset_at[path], "I", target - self.offset_at[path])

    def misalign(self, path: str, element_size: int) -> None:
        """Moves a vector, whose numbers have eight bytes, by four."""
        at = self.at[path]
        (count,) = struct.unpack_from("<I", self.data, at)
        moved = bytes(self.data[at:at + 4 + element_size * count])
        self.pad(8)
        self.point(path, len(self.data))
        self.data += moved + bytes(4)

    def pad(self, alignment: int, extra: int = 0) -> None:
        """Zeros, until what follows in `extra` bytes is aligned."""
        self.data += bytes(-(len(self.data) + extra) % alignment)


def text_vector(text: bytes) -> Vector:
    return Vector(text, len(text), 1)


def string(text: bytes) -> Vector:
    return Vector(text, len(text), 1, b"\0")


def numbers(layout: str, values) -> Vector:
    size = struct.calcsize(layout)
    return Vector(b"".join(struct.pack("<" + layout, value) for value in values), len(values), size)


def structs(layout: str, rows, alignment: int = 4) -> Vector:
    return Vector(b"".join(struct.pack("<" + layout, *row) for row in rows), len(rows), alignment)


def lay_out(identifier: bytes, root: Table) -> Buffer:
    """The tables come first, then the vectors in the order of their fields."""
    buffer = Buffer(bytearray(4) + identifier)
    vectors = []
    root_at = lay_out_table(buffer, "", root, vectors)
    buffer.put(0, "I", root_at)
    for path, vector in vectors:
        buffer.pad(max(4, vector.alignment), 4)
        buffer.at[path] = len(buffer.data)
        buffer.point(path, len(buffer.data))
        buffer.data += struct.pack("<I", vector.count) + vector.data + vector.closing
    buffer.pad(8)
    return buffer


def lay_out_table(buffer: Buffer, path: str, table: Table, vectors: list) -> int:
    present = {name: value for name, value in table.fields.items() if value is not None}
    sizes = {name: struct.calcsize(value.layout) if isinstance(value, Scalar) else 4 for name, value in present.items()}
    vtable_at = len(buffer.data)
    # The largest come first: then each is aligned as the one before it is.
    inline_size, slots = 4, {}
    for name in sorted(present, key=lambda name: -sizes[name]):
        slots[name] = inline_size
        inline_size += sizes[name]
    entries = [slots.get(name, 0) for name in table.fields]
    buffer.data += struct.pack(f"<HH{len(entries)}H", 4 + 2 * len(entries), inline_size, *entries)
    buffer.pad(max(sizes.values(), default=4), 4 if 8 in sizes.values() else 0)
    table_at = len(buffer.data)
    buffer.at[path or "root"] = table_at
    buffer.at[(path or "root") + "/vtable"] = vtable_at
    buffer.data += struct.pack("<i", table_at - vtable_at) + bytes(inline_size - 4)
    for name, slot in zip(table.fields, entries):
        if slot == 0:
            continue
        inner = f"{path}.{name}" if path else name
        buffer.offset_at[inner] = table_at + slot
        if isinstance(present[name], Scalar):
            buffer.put(table_at + slot, present[name].layout, present[name].value)
        elif isinstance(present[name], Table):
            buffer.point(inner, lay_out_table(buffer, inner, present[name], vectors))
        else:
            vectors.append((inner, present[name]))
    return table_at
