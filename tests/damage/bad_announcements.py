"""Announcements that break a rule."""

from announcement_writer import Announcement, Rollout
from sample import nothing


def announced(change=nothing, **fields) -> bytes:
    return Announcement(minor=1, rollout=Rollout(**fields)).store(change)


def announcements() -> dict:
    return {
        "rollback-of-its-own-generation": Announcement(rollback_of=7).store(),
        "rollback-of-a-later-generation": Announcement(rollback_of=2**64 - 1).store(),
        "rollout-from-generation-0": announced(previous_generation=0),
        "rollout-from-its-own-generation": announced(previous_generation=7),
        "rollout-from-a-later-generation": announced(previous_generation=2**64 - 1),
        "rollout-not-to-all": announced(stages=[[0, 0], [1, 999_999]]),
        "rollout-without-stages": announced(stages=[]),
        "rollout-stages-1001": announced(stages=[[i, 1_000_000] for i in range(1001)]),
        "rollout-stages-4-billion": announced(lambda buffer: buffer.put(buffer.at["rollout.stages"], "I", 2**32 - 1)),
        "rollout-stages-not-aligned": announced(lambda buffer: buffer.misalign("rollout.stages", 16)),
        "rollout-before-1970": announced(stages=[[-1, 0], [1, 1_000_000]]),
        "rollout-beyond-9999": announced(stages=[[253_402_300_800_000, 1_000_000]]),
        "rollout-share-above-the-whole": announced(stages=[[0, 1_000_001]]),
        "rollout-times-equal": announced(stages=[[5, 0], [5, 1_000_000]]),
        "rollout-share-falls": announced(stages=[[5, 2], [6, 1], [7, 1_000_000]]),
        "rollout-previous-published-at-no-time": announced(previous_published_ms=2**63 - 1),
        "documents-too-short": Announcement(minor=1, documents=b"0123456789abcdef").store(),
        "documents-out-of-their-folder": Announcement(minor=1, documents=b"../snapshots/0123456789abcdef012").store(),
        "documents-in-upper-case": Announcement(minor=1, documents=b"0123456789ABCDEF0123456789ABCDEF").store(),
        "rollout-beyond-the-body": announced(lambda buffer: buffer.point("rollout", 1 << 20)),
    }
