"""The good snapshots that the hostile ones are made of, with a place to change each step of their making."""

from snapshot_writer import Endpoint, Manifest, Preamble, Service, compress, frame_of, put_together

PROD = [
    Service(b"audit-log", (Endpoint(b"arn:aws:sqs:us-east-1:123456789012:audit"),)),
    Service(b"payments/api", (Endpoint(b"https://a.example/prod", b"2.1.0", b"us-east-1a", 90, (b"blue",), ((b"pool", b"1"),)),
                              Endpoint(b"https://b.example/prod", b"2.2.0", weight=10)),
            description=b"Takes money", tags=(b"pci",), attributes=((b"owner", b"team-payments"), (b"timeout_ms", b"500"))),
    Service(b"payments/api/max-retries", value=b"3"),
    Service(b"users", (Endpoint(b"https://users.example"),), tags=(b"core", b"pci")),
]
SHARED = [Service(b"queue", (Endpoint(b"tcp://10.0.1.5:4161"), Endpoint(b"tcp://10.0.2.7:4161")), value=b"main")]
# More than one checkpoint.
STAGING = [Service(b"service-%02d" % i, (Endpoint(b"https://s%d.example" % i),)) for i in range(40)]
# The parts of each frame, under their names.
FRAMES = [{b"prod": PROD, b"shared": SHARED}, {b"staging": STAGING}]


RAMP = [[1_795_165_200_000, 0], [1_795_167_000_000, 1_000_000]]  # 2026-11-20 from 09:00 to 09:30 UTC


def add_rules(manifest: Manifest) -> None:
    """Rules about the first two namespaces: prod is number 0, shared number 1."""
    manifest.add_rule(0, {b"role": [b"arn:aws:iam::*:role/checkout-*"], b"tag.stage": [b"live", b"prod"]}, ((1, 1, True, RAMP),))
    manifest.add_rule(1, {b"function": [b"\\*", b"pay-?"]}, ((0, 3, False, [[0, 100_000]]), (0, 3, False, [[0, 0], [1, 900_000]])))
    manifest.add_rule(1, {})


def nothing(_) -> None:
    """Leaves a step as it is."""


def snapshot(*, services=None, sort=True, frame=nothing, buffer=nothing, inflated=None, stored=None, size=None,
             manifest=nothing, manifest_buffer=nothing, manifest_stored=None, preamble=None, behind=b"") -> bytes:
    """A whole file of two frames and three namespaces. Each argument changes one step, of the first frame where a frame is concerned.

    services: of the namespace prod
    frame, manifest: take the content before it is laid out; buffer, manifest_buffer: the FlatBuffer
    inflated: replaces the FlatBuffer; stored, manifest_stored: turn the FlatBuffer into what is stored
    size: that the manifest announces for the frame; preamble: of the file; behind: bytes after its end
    """
    description = Manifest()
    frames = []
    for number, parts in enumerate(FRAMES):
        lists = list(parts.values())
        if number == 0 and services is not None:
            lists[0] = services
        content = frame_of(lists, sort)
        if number == 0:
            frame(content)
        laid_out = content.lay_out()
        if number == 0:
            buffer(laid_out)
        data = bytes(laid_out.data)
        if number == 0 and inflated is not None:
            data = inflated
        frames.append(stored(data) if number == 0 and stored else compress(data))
        description.add_frame(frames[-1], size if number == 0 and size is not None else len(data))
        for part, name in enumerate(parts):
            endpoints = sum(len(service.endpoints) for service in lists[part])
            description.add_namespace(name, number, part, len(lists[part]), endpoints)
    manifest(description)
    laid_out = description.lay_out()
    manifest_buffer(laid_out)
    data = bytes(laid_out.data)
    stored_manifest = manifest_stored(data) if manifest_stored else compress(data)
    return put_together(stored_manifest, len(data), frames, preamble or Preamble()) + behind
