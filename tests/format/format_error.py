"""What all of this reader says when bytes are not what FORMAT.md allows."""
import contextlib
import struct

import zstandard


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
