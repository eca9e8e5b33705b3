"""What the tests of samples share: the built programs, a folder, a store in it."""
import argparse
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
SAMPLES = ROOT / "samples"
DOCUMENTED_STORE = "s3://acme-registry/live"
TIMEOUT_SECONDS = 60


class Settings:
    programs = []
    update = False


def environment(**more):
    """That of whoever runs this, without what would speak of a store of theirs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALMANAC_", "GITHUB_", "RUNNER_"))}
    return {**kept, "PATH": os.pathsep.join([*Settings.programs, os.environ["PATH"]]), "LC_ALL": "C.UTF-8", "TZ": "UTC", **more}


def module_of(script):
    """A script of a sample as Lambda loads it, for its handler()."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class SampleCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="almanac-sample-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.store = "store"

    def run_program(self, *command, status=0, given=b"", **more):
        """Its standard output and standard error in one; it must end with `status`."""
        done = subprocess.run([*map(str, command)], cwd=self.folder, env=environment(**more), input=given, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=TIMEOUT_SECONDS, check=False)
        self.assertEqual(done.returncode, status, done.stdout.decode(errors="replace"))
        return done.stdout.decode()

    def shell_blocks(self, document):
        """The commands that a README shows, for the store of this test and in its folder."""
        blocks = re.findall(r"^```sh\n(.*?)^```$", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        return [block.replace(DOCUMENTED_STORE, self.store) for block in blocks]

    def run_shell(self, script, status=0, **more):
        """As a step of GitHub Actions runs it, with the programs that were made by stand_in()."""
        path = os.pathsep.join([str(self.folder / "bin"), environment()["PATH"]])
        return self.run_program("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script, status=status, PATH=path, **more)

    def stand_in(self, program, script):
        """For a program that wants an account somewhere."""
        path = self.folder / "bin" / program
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def registered(self, **more):
        """(namespace, name, registrant) of each registration, in order."""
        listed = self.run_program("generate-snapshot", "registrations", self.store, "--json", **more)
        found = [json.loads(line) for line in listed.splitlines()]
        return sorted((each["namespace"], each["name"], each["registrant"]) for each in found)

    def sync(self):
        return self.run_program("generate-snapshot", "sync", self.store)

    def live(self, **more):
        """The services that are live: their names, and the uris or the value of each."""
        services = {}
        for line in self.run_program("inspect-snapshot", "dump", self.store, **more).splitlines():
            service = json.loads(line)
            if "name" in service:
                services[service["name"]] = [each["uri"] for each in service.get("endpoints", [])] or service["value"]
        return services


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", action="append", required=True, help="folder of generate-snapshot or inspect-snapshot")
    parser.add_argument("--update", action="store_true", help="write what the commands print into the documents")
    arguments, rest = parser.parse_known_args()
    Settings.programs = [str(pathlib.Path(folder).resolve()) for folder in arguments.programs]
    Settings.update = arguments.update
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2)
