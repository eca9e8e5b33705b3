#!/usr/bin/env python3
"""The questions about cold starts, growth, memory and refreshes are answered, at a small size, and what they rest on holds.

Usage: cold_start_test.py --build DIR, a build with the benchmarks
"""

import json
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest
import unittest.mock
import urllib.request

from asking import WithMaterial, main  # first: it finds the modules of bench/
from cold_start import answering
from cold_start.changed import changed_registry
from cold_start.wanted import wanted_service
from cold_start.web_server import WebServer


class QuestionsTest(WithMaterial):
    def test_cold_start(self):
        self.answers("cold_start", SECONDS=0)

    def test_growth(self):
        found = self.answers("growth", SECONDS=0)
        self.assertEqual(found["more namespaces: requests", "almanac"].value, 1)  # all of it travels inside `current`

    def test_memory(self):
        found = self.answers("memory", REPETITIONS=1)
        for cache in ("cache directory", "no cache directory"):
            inflated = found[f"open, {cache}", "the inflated namespace"].value
            self.assertGreater(found[f"open, {cache}", "almanac"].value, inflated)
            self.assertGreater(found[f"swap, {cache}", "almanac"].value, 2 * inflated)

    def test_refresh(self):
        found = self.answers("refresh", REPETITIONS=1, LOOKS=3)
        self.assertEqual(found["nothing changed: requests", "almanac"].value, 1)
        size = "one in 100 changed: bytes of the frame"
        self.assertLess(found[size, "a delta by zstd, level 19"].value, found[size, "the stored frame"].value / 4)


class ChangedTest(WithMaterial):
    def test_as_much_changes_as_is_said(self):
        registry = self.material.registry(20_000, 4)
        wanted = wanted_service(registry)
        changed = changed_registry(registry, wanted)
        old, new = self.services(registry), self.services(changed)
        common = old.keys() & new.keys()
        self.assertAlmostEqual(sum(old[key] != new[key] for key in common), 200, delta=60)
        self.assertAlmostEqual(len(old.keys() - common), 40, delta=25)
        self.assertAlmostEqual(len(new.keys() - common), 40, delta=25)
        self.assertNotEqual(wanted_service(changed, wanted.namespace, wanted.name), wanted)
        self.material.run("generate-snapshot", "check", changed)

    @staticmethod
    def services(path):
        with path.open() as lines:
            next(lines)
            found = [json.loads(line) for line in lines]
        return {(one["namespace"], one["name"]): one for one in found}


class StartsTest(WithMaterial):
    def starts(self, *lines):
        command = [self.material.program("bench-starts"), "--seconds=0", "--least=4"]
        return subprocess.run(command, input="".join("\t".join(line) + "\n" for line in lines), capture_output=True, text=True)

    def test_every_round_is_told(self):
        done = self.starts(("a", "1", "-", "/bin/echo", "1"), ("b", "2 3", "-", "/bin/echo", "2 3"))
        self.assertEqual(done.returncode, 0, done.stderr)
        times = json.loads(done.stdout)
        self.assertEqual({name: len(each) for name, each in times.items()}, {"a": 4, "b": 4})
        self.assertGreater(min(times["a"]), 0)

    def test_folder_is_removed_before_each_start(self):
        self.assertEqual(self.starts(("a", "", str(self.folder / "made"), "/bin/mkdir", str(self.folder / "made"))).returncode, 0)

    def test_wrong_answer_is_an_error(self):
        for line in (("a", "1", "-", "/bin/echo", "2"), ("a", "", "-", "/bin/false"), ("a", "1", "-", "/no/such/program")):
            done = self.starts(line)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stdout, "")
            self.assertIn("bench-starts: ", done.stderr)


class AnsweringTest(unittest.TestCase):
    def line_of(self, *command):
        """(the line, the exit status)"""
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            return answering.next_line(process), process.wait()

    def test_a_line(self):
        self.assertEqual(self.line_of("echo", "word"), ("word\n", 0))

    def test_who_says_nothing_is_killed(self):
        with unittest.mock.patch.object(answering, "LONGEST", 0.2):
            self.assertEqual(self.line_of("sleep", "600"), ("", -signal.SIGKILL))


class WebServerTest(unittest.TestCase):
    def test_it_serves_over_both_and_tells(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            with WebServer(folder / "server", folder / "root") as server:
                (folder / "root" / "file").write_text("content")
                trust = ssl.create_default_context(cafile=folder / "server" / "root.pem")
                asked = urllib.request.Request(f"{server.address('https')}/file", headers={"Range": "bytes=0-2"})
                self.assertEqual(urllib.request.urlopen(asked, context=trust).read(), b"con")
                self.assertEqual(urllib.request.urlopen(f"{server.address('http')}/file").read(), b"content")
                told = [(one.path, one.range, one.status, one.body) for one in server.requests()]
                self.assertEqual(told, [("/file", "0-2", 206, 3), ("/file", "", 200, 7)])
                self.assertEqual(server.requests(), [])
            for port in server.ports.values():
                with socket.socket() as probe:
                    self.assertNotEqual(probe.connect_ex(("127.0.0.1", port)), 0)


if __name__ == "__main__":
    main()
