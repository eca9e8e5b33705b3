"""A registry after a day: one service in 100 changed, and of every 1,000 two removed and two added."""

import json
import random
import re

# What a cloud hands out anew when a resource is made again: the identifier of an API, the end of a physical name, an address.
IDENTIFIERS = ((re.compile(r"//[a-z0-9]{10}\."), "abcdefghijklmnopqrstuvwxyz0123456789"), (re.compile(r"-[A-Z0-9]{12}$"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
               (re.compile(r"(?<=\.)\d+\.\d+(?=:)"), None))


def renewed_uri(draw, uri):
    for pattern, alphabet in IDENTIFIERS:
        found = pattern.search(uri)
        if found:
            text = "".join(character if character in "/-." else draw.choice(alphabet) for character in found[0]) if alphabet else f"{draw.randrange(256)}.{draw.randrange(256)}"
            return uri[: found.start()] + text + uri[found.end() :]
    raise ValueError(f"no identifier in {uri}")


def renewed(draw, service):
    """Its first endpoint is another one, or its value."""
    if "endpoints" not in service:
        return {**service, "value": str(1001 + draw.randrange(1000))}
    first, *others = service["endpoints"]
    return {**service, "endpoints": [{**first, "uri": renewed_uri(draw, first["uri"])}, *others]}


def lines_of(service):
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
                new.write(lines_of(renewed(draw, json.loads(line))))
            elif fate >= 0.012:
                new.write(line)
            if 0.012 <= fate < 0.014:
                service = json.loads(line)
                new.write(lines_of(renewed(draw, {**service, "name": service["name"] + "-again"})))
    aside.rename(path)
    return path
