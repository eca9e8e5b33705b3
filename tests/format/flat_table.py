"""FlatBuffers read by field number, as https://flatbuffers.dev/internals/ describes them.

Field numbers are those of the schemas: the first field of a table is 0. The runtime's Table follows
offsets without looking where they lead; here each leads into the buffer or raises FormatError.
"""
import struct

from flatbuffers import number_types
from flatbuffers.table import Table

from format_error import FormatError, demand


class FlatTable:
    def __init__(self, data, position):
        self._table = Table(data, position)

    @classmethod
    def root(cls, data, identifier):
        demand(data[4:8] == identifier, f"identifier {data[4:8]}, not {identifier}")
        return cls(data, struct.unpack_from("<I", data)[0])

    def has(self, field):
        return bool(self._position(field))

    def number(self, field, flags=number_types.Uint64Flags):
        position = self._position(field)
        return self._get(flags, position) if position else 0

    def signed(self, field):
        return self.number(field, number_types.Int64Flags)

    def flag(self, field):
        return bool(self.number(field, number_types.BoolFlags))

    def text(self, field):
        """A string; an absent one is empty."""
        return self.bytes(field).decode("utf-8")

    def table(self, field):
        position = self._position(field)
        if not position:
            return None
        return FlatTable(self._table.Bytes, position + self._get(number_types.UOffsetTFlags, position))

    def bytes(self, field, element_size=1):
        """The elements of a vector; an absent one is empty."""
        position = self._position(field)
        if not position:
            return b""
        start = position + self._get(number_types.UOffsetTFlags, position)
        size = self._get(number_types.UOffsetTFlags, start) * element_size
        start += number_types.UOffsetTFlags.bytewidth
        demand(size <= len(self._table.Bytes) - start,
               f"field {field}: {size} bytes at {start} of {len(self._table.Bytes)}")
        return self._table.Bytes[start:start + size]

    def structs(self, field, layout):
        """The elements of a vector of structs, each as a tuple."""
        return list(layout.iter_unpack(self.bytes(field, layout.size)))

    def _position(self, field):
        """Where the field's own bytes are; 0 where it is absent."""
        try:
            offset = self._table.Offset(4 + 2 * field)
        except (struct.error, TypeError) as error:
            raise FormatError(f"field {field}: its table or vtable is outside the buffer") from error
        return self._table.Pos + offset if offset else 0

    def _get(self, flags, position):
        try:
            return self._table.Get(flags, position)
        except (struct.error, TypeError) as error:
            raise FormatError(f"an offset leads to {position} of {len(self._table.Bytes)}") from error
