"""Files that break a rule of the preamble, of the manifest, or of how frames are stored."""

import struct

import zstandard

from sample import snapshot
from snapshot_writer import Preamble, compress, digest

EMPTY_FRAME = b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00"  # zstd, no content, of an announced size of 0
SKIPPABLE_FRAME = b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip"


def preambles() -> dict:
    def with_preamble(**fields):
        return snapshot(preamble=Preamble(**fields))
    good = snapshot()
    return {
        "magic-of-an-announcement": with_preamble(magic=b"\x89ALA\r\n\x1a\n"),
        "preamble-cut-short": good[:63],
        "preamble-checksum-wrong": with_preamble(checksum=0),
        "major-version-0": with_preamble(major=0),
        "major-version-2": with_preamble(major=2),
        "unknown-feature": with_preamble(minor=1, features=1 << 63),
        "preamble-too-small": with_preamble(size=63),
        "preamble-too-large": with_preamble(size=4097, extra=bytes(4097 - 64)),
        "manifest-over-256-mib": with_preamble(manifest_size=(256 << 20) + 1),
        "manifest-stored-over-256-mib": with_preamble(manifest_stored_size=(256 << 20) + 1),
        "manifest-beyond-the-file": with_preamble(manifest_stored_size=1 << 20),
        "manifest-of-no-bytes": with_preamble(manifest_stored_size=0, manifest_digest=digest(b"")),
        "manifest-digest-wrong": with_preamble(manifest_digest=(0, 0)),
        "file-longer-than-it-says": snapshot(behind=b"\0"),
        "file-shorter-than-it-says": good[:-1],
        "file-size-wraps": with_preamble(file_size=2**64 - 1),
    }


def stored_manifests() -> dict:
    def unannounced(data):
        return zstandard.ZstdCompressor(level=19, write_content_size=False).compress(data)
    return {
        "manifest-is-not-zstd": snapshot(manifest_stored=lambda data: data),
        "manifest-size-lies": snapshot(preamble=Preamble(manifest_size=8)),
        "manifest-size-not-announced": snapshot(manifest_stored=unannounced),
        "manifest-is-two-zstd-frames": snapshot(manifest_stored=lambda data: compress(data) + EMPTY_FRAME),
        "manifest-with-bytes-behind": snapshot(manifest_stored=lambda data: compress(data) + SKIPPABLE_FRAME),
        "manifest-is-skippable": snapshot(manifest_stored=lambda data: SKIPPABLE_FRAME, preamble=Preamble(manifest_size=0)),
        "manifest-is-empty": snapshot(manifest_stored=lambda data: EMPTY_FRAME, preamble=Preamble(manifest_size=0)),
        "manifest-is-a-frame": snapshot(manifest_buffer=lambda buffer: buffer.put(4, "4s", b"ALMF")),
        "manifest-root-beyond-its-end": snapshot(manifest_buffer=lambda buffer: buffer.put(0, "I", 1 << 20)),
        "manifest-name-without-end": snapshot(manifest_buffer=lambda buffer: buffer.put(buffer.at["registry"], "I", 1 << 20)),
        "manifest-frames-not-aligned": snapshot(manifest_buffer=lambda buffer: buffer.misalign("frames", 40)),
    }


def manifests() -> dict:
    def frame_field(frame, number, value):
        def change(manifest):
            manifest.frames[frame][number] = value(manifest.frames[frame][number])
        return snapshot(manifest=change)

    def namespace_field(namespace, number, value):
        def change(manifest):
            manifest.namespaces[namespace][number] = value(manifest.namespaces[namespace][number])
        return snapshot(manifest=change)

    def swap(manifest):
        manifest.namespaces.reverse()

    def long_name(manifest):
        manifest.namespaces[2][0:2] = [len(manifest.names), 256]
        manifest.names += b"z" * 256

    def drop(manifest):
        manifest.namespaces.pop()

    def same_twice(manifest):
        manifest.namespaces[1][0:2] = manifest.namespaces[0][0:2]

    def share(manifest):
        manifest.namespaces[1][3:] = manifest.namespaces[0][3:]

    return {
        "manifest-frame-gap": frame_field(1, 0, lambda offset: offset + 1),
        "manifest-frames-overlap": frame_field(1, 0, lambda offset: offset - 1),
        "manifest-frame-before-the-first": frame_field(0, 0, lambda offset: 2**64 - 1),
        "manifest-frame-beyond-the-file": frame_field(1, 1, lambda size: size + 1),
        "manifest-frame-size-wraps": frame_field(1, 1, lambda size: 2**64 - 8),
        "manifest-frames-do-not-fill-the-file": frame_field(1, 1, lambda size: size - 1),
        "manifest-of-a-million-frames": snapshot(manifest=lambda manifest: manifest.frames.extend([[0] * 5] * 1_000_000)),
        "manifest-of-a-million-namespaces": snapshot(manifest=lambda manifest: manifest.namespaces.extend([[0] * 6] * 1_000_000)),
        "manifest-without-frames": snapshot(manifest=lambda manifest: manifest.frames.clear()),
        "frame-digest-wrong": frame_field(0, 4, lambda low: low ^ 1),
        "frame-of-3-gib": frame_field(0, 2, lambda size: 3 << 30),
        "frame-of-2-gib": frame_field(0, 2, lambda size: 2 << 30),
        "frame-size-wraps": frame_field(0, 2, lambda size: 2**64 - 1),
        "frame-size-lies": frame_field(0, 2, lambda size: size - 8),
        "namespace-name-beyond-the-names": namespace_field(2, 1, lambda size: size + 1),
        "namespace-name-offset-wraps": namespace_field(0, 0, lambda offset: 2**32 - 1),
        "namespace-name-empty": namespace_field(0, 1, lambda size: 0),
        "namespace-name-too-long": snapshot(manifest=long_name),
        "namespaces-out-of-order": snapshot(manifest=swap),
        "namespace-twice": snapshot(manifest=same_twice),
        "namespace-in-no-frame": namespace_field(0, 2, lambda frame: 2),
        "namespace-in-no-part": namespace_field(0, 3, lambda part: 2),
        "namespace-of-other-services": namespace_field(0, 4, lambda services: services + 1),
        "namespace-of-other-endpoints": namespace_field(0, 5, lambda endpoints: endpoints - 1),
        "namespaces-share-a-part": snapshot(manifest=share),
        "part-without-namespace": snapshot(manifest=drop),
    }


def stored_frames() -> dict:
    def lying_header(data):
        # Frame header: magic, descriptor, (window,) content size; a single segment of up to 64 KiB has two bytes of size, less 256.
        stored = bytearray(compress(data))
        size = struct.unpack_from("<H", stored, 5)[0]
        struct.pack_into("<H", stored, 5, size + 8)
        return bytes(stored)

    def legacy(data):
        return b"\x27" + compress(data)[1:]

    def dictionary(data):
        # The two lowest bits of the descriptor are the size of the dictionary's number, which lies behind it.
        stored = compress(data)
        return stored[:4] + bytes([stored[4] | 1, 7]) + stored[5:]

    def size_of_sample():
        return len(snapshot_frame_data())

    return {
        "zstd-frame-cut-short": snapshot(stored=lambda data: compress(data)[:-1]),
        "zstd-frame-of-no-bytes": snapshot(stored=lambda data: b""),
        "zstd-content-size-lies": snapshot(stored=lying_header, size=size_of_sample() + 8),
        "zstd-magic-of-version-0.7": snapshot(stored=legacy),
        "zstd-with-dictionary": snapshot(stored=dictionary),
        "zstd-with-bytes-behind": snapshot(stored=lambda data: compress(data) + b"stray"),
        "zstd-two-frames": snapshot(stored=lambda data: compress(data) + EMPTY_FRAME),
        "zstd-skippable-frame": snapshot(stored=lambda data: SKIPPABLE_FRAME, size=0),
        "frame-of-no-bytes": snapshot(inflated=b""),
    }


def snapshot_frame_data() -> bytes:
    """The first frame of the sample, inflated."""
    found = []
    snapshot(buffer=lambda buffer: found.append(bytes(buffer.data)))
    return found[0]
