"""Registries and snapshots to measure with: made once a run, in one folder, and used by every question."""

import pathlib
import subprocess


class Material:
    """`build` is the folder of a release build, `folder` has room for everything (about 8 GiB at 10 million services)."""

    def __init__(self, build, folder):
        self.build = pathlib.Path(build).resolve()
        self.folder = pathlib.Path(folder)

    def program(self, name):
        for room in ("bench", "generator", "reader/inspect"):
            path = self.build / room / name
            if path.exists():
                return path
        raise FileNotFoundError(f"{self.build} has no {name}: build it first (bench/run does)")

    def registry(self, services, namespaces=20):
        """The synthetic registry as sorted JSON Lines."""

        def make(path):
            with path.open("wb") as out:
                subprocess.run([self.program("make-synthetic-registry"), str(services), "--namespaces", str(namespaces)], check=True, stdout=out)

        return self._once(f"{services}-in-{namespaces}.jsonl", make)

    def snapshot(self, services, namespaces=20, level=None):
        """That registry compiled; at the level that users get when none is named."""
        source = self.registry(services, namespaces)
        options = [] if level is None else ["--level", str(level)]
        name = f"{services}-in-{namespaces}{'' if level is None else f'-level-{level}'}.almanac"
        return self._once(name, lambda path: self.run("generate-snapshot", "build", source, "-o", path, *options))

    def aws_endpoints(self):
        """The snapshot of samples/aws-endpoints/."""
        source = pathlib.Path(__file__).resolve().parents[2] / "samples" / "aws-endpoints" / "aws-endpoints.jsonl"
        return self._once("aws-endpoints.almanac", lambda path: self.run("generate-snapshot", "build", source, "-o", path))

    def run(self, program, *arguments):
        """Standard output of one of the programs."""
        return subprocess.run([self.program(program), *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout

    def _once(self, name, make):
        path = self.folder / name
        if not path.exists():
            aside = path.with_name("." + name)
            make(aside)
            aside.rename(path)
        return path
