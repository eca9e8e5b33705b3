"""The service that is asked for, and registries as they are published."""

import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class Wanted:
    namespace: str
    name: str
    uri: str


def wanted_service(registry, namespace=None):
    """One from the middle of the first namespace of sorted JSON Lines (or of the one named), that has a uri."""
    lines = []
    with registry.open() as text:
        next(text)  # which names the registry
        for line in text:
            found = line.split('"', 4)[3]  # {"namespace":"prod/eu-west-1",...
            namespace = namespace or found
            if found == namespace:
                lines.append(line)
            elif lines:
                break  # they are sorted
    for line in lines[len(lines) // 2 :]:
        service = json.loads(line)
        if "endpoints" in service:
            return Wanted(namespace, service["name"], service["endpoints"][0]["uri"])
    raise ValueError(f"{registry} has no service with a uri in {namespace}")
