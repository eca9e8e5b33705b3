"""A registry after a day: one service in 100 changed, and of every 1,000 two removed and two added."""

import json
import random
import re

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# What a cloud hands out anew when a resource is made again, and how: the identifier of an API, the end of a physical name, an address.
IDENTIFIERS = (
    (re.compile(r"(?<=//)[a-z0-9]{10}(?=\.)"), lambda draw: "".join(draw.choices(LETTERS, k=10))),
    (re.compile(r"(?<=-)[A-Z0-9]{12}$"), lambda draw: "".join(draw.choices(LETTERS.upper(), k=12))),
    (re.compile(r"(?<=\.)\d+\.\d+(?=:)"), lambda draw: f"{draw.randrange(256)}.{draw.randrange(256)}"),
)


def renewed_uri(draw, uri):
    for pattern, renew in IDENTIFIERS:
        if pattern.search(uri):
            return pattern.sub(renew(draw), uri, count=1)
    raise ValueError(f"no identifier in {uri}")


def renewed(draw, service):
    """Its first endpoint is another one, or its value."""
    if "endpoints" not in service:
        return {**service, "value": str(1001 + draw.randrange(1000))}
    first, *others = service["endpoints"]
    return {**service, "endpoints": [{**first, "uri": renewed_uri(draw, first["uri"])}, *others]}


def line_of(service):
    return json.dumps(service, ensure_ascii=False, separators=(",", ":")) + "\n"


def changed_registry(registry, keep):
    """The path of what `registry`, a file of JSON Lines, has become, beside it. The service `keep` (namespace, name) is changed."""
    path = registry.with_name(f"{registry.stem}-changed.jsonl")
    if path.exists():
        return path
    draw = random.Random(1)
    aside = path.with_name("." + path.name)
    with registry.open() as old, aside.open("w") as new:
        new.write(next(old))
        for line in old:
            fate = draw.random()
            is_kept = keep.name in line and json.loads(line)["name"] == keep.name and json.loads(line)["namespace"] == keep.namespace
            if is_kept or fate < 0.010:
                new.write(line_of(renewed(draw, json.loads(line))))
            elif fate >= 0.012:
                new.write(line)
            if 0.012 <= fate < 0.014:
                service = json.loads(line)
                new.write(line_of(renewed(draw, {**service, "name": service["name"] + "-again"})))
    aside.rename(path)
    return path
