"""The service that a subject asks for."""

import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class Wanted:
    namespace: str
    name: str
    uri: str


def wanted_service(registry, namespace=None, name=None):
    """That one of a file of sorted JSON Lines; else one that has a uri, from the middle of the namespace, or of the first one."""
    lines = []
    with registry.open() as text:
        next(text)  # names the registry
        for line in text:
            found = line.split('"', 4)[3]  # {"namespace":"prod/eu-west-1",...
            namespace = namespace or found
            if found == namespace:
                lines.append(line)
            elif lines:
                break
    for service in map(json.loads, lines if name else lines[len(lines) // 2 :]):
        if service["name"] == name if name else "endpoints" in service:
            return Wanted(namespace, service["name"], service["endpoints"][0]["uri"])
    raise ValueError(f"{registry} has no such service in {namespace}")
