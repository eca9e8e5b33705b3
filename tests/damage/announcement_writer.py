"""A writer of announcements whose every number can be set to a wrong one before it is stored; its checksum is right."""

import struct
from dataclasses import dataclass, field

import xxhash

from flat_layout import Scalar, Table, lay_out, string, structs
from sample import RAMP, nothing


@dataclass
class Rollout:
    previous_generation: int = 6
    previous_id: tuple = (0x0011223344556677, 0x8899AABBCCDDEEFF)
    previous_size: int = 4096
    previous_published_ms: int = 1_795_078_800_000
    previous_revision: bytes | None = b"r6"
    seed: int = 7
    is_ramp: bool = True
    stages: list = field(default_factory=lambda: [list(stage) for stage in RAMP])  # [milliseconds, share]

    def table(self) -> Table:
        high, low = self.previous_id
        return Table({
            "previous_generation": Scalar("Q", self.previous_generation),
            "previous_id_high": Scalar("Q", high),
            "previous_id_low": Scalar("Q", low),
            "previous_size": Scalar("Q", self.previous_size),
            "previous_published_ms": Scalar("q", self.previous_published_ms),
            "previous_revision": None if self.previous_revision is None else string(self.previous_revision),
            "seed": Scalar("Q", self.seed),
            "is_ramp": Scalar("?", self.is_ramp),
            "stages": structs("qI4x", self.stages, 8),
        })


@dataclass
class Announcement:
    generation: int = 7
    snapshot_id: tuple = (0x0123456789ABCDEF, 0xFEDCBA9876543210)
    snapshot_size: int = 960
    published_ms: int = 1_795_165_200_000
    registry: bytes | None = b"acme"
    revision: bytes | None = b"r7"
    rollback_of: int = 0
    pinned: bytes | None = None
    rollout: Rollout | None = None
    documents: bytes | None = None
    minor: int = 0
    behind: bytes = b""

    def store(self, change=nothing) -> bytes:
        """`change` takes the FlatBuffer of the body."""
        high, low = self.snapshot_id
        body = lay_out(b"ALMA", Table({
            "generation": Scalar("Q", self.generation),
            "snapshot_id_high": Scalar("Q", high),
            "snapshot_id_low": Scalar("Q", low),
            "snapshot_size": Scalar("Q", self.snapshot_size),
            "published_ms": Scalar("q", self.published_ms),
            "registry": None if self.registry is None else string(self.registry),
            "revision": None if self.revision is None else string(self.revision),
            "rollback_of": Scalar("Q", self.rollback_of),
            "pinned": None if self.pinned is None else string(self.pinned),
            "rollout": None if self.rollout is None else self.rollout.table(),
            "documents": None if self.documents is None else string(self.documents),
        }))
        change(body)
        head = b"\x89ALA\r\n\x1a\n" + struct.pack("<HHI", 1, self.minor, len(body.data))
        checksum = xxhash.xxh3_64_intdigest(head) ^ xxhash.xxh3_64_intdigest(bytes(body.data))
        return head + struct.pack("<Q", checksum) + bytes(body.data) + self.behind
