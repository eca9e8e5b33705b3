"""A registry in a store, as it was and as it has become (changed.py), of which either can be made live."""

import json
import os
import time

from cold_start.changed import changed_registry
from cold_start.wanted import wanted_service


class TwoStates:
    """`level` is that of zstd; without one, the level that users get when they name none."""

    def __init__(self, material, server, services, namespaces, level):
        self.material = material
        registry = material.registry(services, namespaces)
        wanted = wanted_service(registry)
        changed = changed_registry(registry, wanted)
        # The same service in both; its uri is another one.
        self.wanted = [wanted, wanted_service(changed, wanted.namespace, wanted.name)]
        self.path = f"{services}-in-{namespaces}"
        self.folder = server.root / self.path
        self.files = [material.snapshot(services, namespaces, level), self._compiled(changed, level)]
        self._published = int(time.time())

    def publish(self, state):
        self.material.run("generate-snapshot", "publish", "--snapshot", self.files[state], "--max-size", "4GiB", "--to", self.folder)
        # nginx tells versions of a file apart by its size and the second it was written in, and here two may be written in one.
        self._published += 1
        os.utime(self.folder / "current", (self._published, self._published))

    def layout(self, state):
        return json.loads(self.material.run("inspect-snapshot", "layout", "--json", self.files[state]))

    def _compiled(self, registry, level):
        path = self.folder.with_name(f"{self.path}-changed.almanac")
        self.material.run("generate-snapshot", "build", registry, *([] if level is None else ["--level", level]), "-o", path)
        return path
