#!/usr/bin/env python3
"""bench/run, with questions made for the occasion: what it writes, what it leaves, how it ends."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from handmade import ROOT, run

QUESTION = '''
from measuring.result import Target, measured

TITLE = "About {name}"
PACKAGES = []
SERVICES = [1_000, 10_000, 100_000]
REMARKS = {{"found": "A reason."}}


def targets():
    return [Target("at most half", "found", 0.5, 1_000, "peer"), Target("at most half", "found", 0.5, 100_000, "peer")]


def measure(setting):
    setting.say("measuring")
    {statement}
    return [measured("found", subject, "ns", [value, value + 1], services=services)
            for services in setting.services for subject, value in (("almanac", {value}), ("peer", 10.0))]
'''
BENCHMARK = '''#!/bin/sh
cat <<'JSON'
{"context": {"host_name": "somebodys-machine", "executable": "/somewhere/bench-fake", "num_cpus": 2},
 "benchmarks": [{"name": "b", "run_name": "b", "family_index": 1, "run_type": "iteration", "real_time": 9.0, "time_unit": "us"},
                {"name": "a", "run_name": "a", "family_index": 0, "run_type": "iteration", "real_time": 5.0, "time_unit": "ns"},
                {"name": "c", "run_name": "c/iterations:2/manual_time", "family_index": 2, "run_type": "iteration", "real_time": 9.0,
                 "time_unit": "us", "items_per_second": 5e8},
                {"name": "d", "run_name": "d/real_time", "family_index": 3, "run_type": "iteration", "real_time": 9.0, "time_unit": "us",
                 "items_per_second": 2.5e8},
                {"name": "b", "run_name": "b", "family_index": 1, "run_type": "iteration", "real_time": 8.0, "time_unit": "us"}]}
JSON
'''
WAIT = 30  # seconds; only a test that fails waits so long


class RunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "project"
        self.scratch = pathlib.Path(folder.name) / "scratch"
        self.scratch.mkdir()
        for part in ("measuring", "reporting"):
            shutil.copytree(ROOT / "bench" / part, self.root / "bench" / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy2(ROOT / "bench" / "run", self.root / "bench" / "run")
        (self.root / "bench" / "questions").mkdir()
        (self.root / "bench" / "questions" / "__init__.py").touch()
        self.output = self.root / "figures"

    def question(self, name, statement="pass", value=4.0):
        (self.root / "bench" / "questions" / f"{name}.py").write_text(QUESTION.format(name=name, statement=statement, value=value))

    def command(self, *arguments):
        return [self.root / "bench" / "run", "--build", self.root, *map(str, arguments)]

    def environment(self):
        return {**os.environ, "TMPDIR": str(self.scratch)}

    def run_bench(self, *arguments):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, env=self.environment())
        self.assertEqual(done.stdout, "")
        self.assertEqual(list(self.scratch.iterdir()), [])
        return done

    def result(self, name):
        return json.loads((self.output / f"{name}.json").read_text())

    def files(self):
        return sorted(path.name for path in self.output.iterdir())

    def test_everything(self):
        self.question("one")
        self.question("two")
        done = self.run_bench("--output", self.output)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.files(), ["README.md", "one-found.svg", "one.json", "two-found.svg", "two.json"])
        one = self.result("one")
        self.assertEqual(one["command"], f"bench/run --output {self.output}")
        self.assertEqual((one["remarks"], one["versions"], one["quick"]), ({"found": "A reason."}, {}, False))
        self.assertEqual((len(one["measurements"]), len(one["targets"])), (6, 2))
        self.assertIn("kernel", one["machine"])
        self.assertRegex(done.stderr, r"\d+:\d\d  one: About one\n +\d+:\d\d    measuring\n")

    def test_a_question_that_fails_is_named_and_the_others_are_answered(self):
        self.question("alpha", "raise RuntimeError('no such luck')")
        self.question("beta")
        (self.root / "bench" / "questions" / "gamma.py").write_text("import a_module_that_is_not_there\n")
        done = self.run_bench("--output", self.output)
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed: alpha: no such luck\nfailed: gamma: No module named 'a_module_that_is_not_there'\n", done.stderr)
        self.assertEqual(self.files(), ["README.md", "beta-found.svg", "beta.json"])

    def test_one_question_again_replaces_its_file_alone(self):
        self.question("one")
        self.question("two")
        self.run_bench("--output", self.output)
        before = (self.output / "one.json").read_bytes()
        self.question("two", value=7.0)
        self.assertEqual(self.run_bench("--output", self.output, "--only", "two").returncode, 0)
        self.assertEqual((self.output / "one.json").read_bytes(), before)
        page = (self.output / "README.md").read_text()
        self.assertIn("## About one", page)
        self.assertIn("| **almanac** | 7.50 ns [7 – 8] |", page)

    def test_targets_that_are_missed(self):
        self.question("one", value=40.0)
        done = self.run_bench("--output", self.output)
        self.assertEqual(done.returncode, 0)
        self.assertIn("short of its target: one: at most half, 1,000 services\n", done.stderr)
        self.assertEqual(self.run_bench("--output", self.output, "--must-reach").returncode, 1)
        self.question("one", value=4.0)
        self.assertEqual(self.run_bench("--output", self.output, "--must-reach").returncode, 0)

    def test_a_quick_run_is_small_and_no_result_to_keep(self):
        self.question("one", "assert setting.quick")
        done = self.run_bench("--quick")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.output = self.root / "build" / "quick-figures"
        self.assertEqual({one["services"] for one in self.result("one")["measurements"]}, {1_000, 10_000})
        self.assertIn("nothing to quote", (self.output / "README.md").read_text())
        self.assertFalse((self.root / "bench" / "results").exists())

    def test_sizes_that_are_named(self):
        self.question("one")
        self.run_bench("--output", self.output, "--services", 500, "--services", 1000)
        self.assertEqual({one["services"] for one in self.result("one")["measurements"]}, {500, 1000})
        self.assertEqual([target["services"] for target in self.result("one")["targets"]], [1000])

    def test_what_programs_print_is_kept_without_what_names_a_machine(self):
        program = self.root / "bench-fake"
        program.write_text(BENCHMARK)
        program.chmod(0o755)
        ask = f"from measuring.google_benchmark import samples; found = samples({str(program)!r})"
        expected = [("a", ("ns", [5.0])), ("b", ("us", [9.0, 8.0])), ("c", ("ns", [2.0])), ("d", ("ns", [4.0]))]
        self.question("one", f"{ask}; assert list(found.items()) == {expected}, found; {ask}")
        done = self.run_bench("--output", self.output)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(list((self.output / "raw").iterdir())), 2)
        kept = (self.output / "raw" / "one-1.json").read_text()
        self.assertEqual(json.loads(kept)["context"], {"executable": "bench-fake", "num_cpus": 2})
        self.question("one", ask)
        self.assertEqual(self.run_bench("--output", self.output).returncode, 0)
        self.assertEqual(len(list((self.output / "raw").iterdir())), 1)
        program.write_text(BENCHMARK.replace("/real_time", ""))
        done = self.run_bench("--output", self.output)
        self.assertEqual(done.returncode, 1)
        self.assertIn("d: counts items over the processor's time: UseRealTime()", done.stderr)

    def test_a_run_that_is_stopped_keeps_what_was_finished(self):
        for begin in ("subprocess.run({})", "subprocess.Popen({}).wait()"):  # the latter leaves its process to whoever ends the run
            with self.subTest(begin):
                self.stop_a_run(begin)

    def stop_a_run(self, begin):
        shutil.rmtree(self.output, ignore_errors=True)
        told = self.root / "child"
        told.unlink(missing_ok=True)
        self.question("one")
        command = f"echo $$ > {told}.new; mv {told}.new {told}; exec sleep 600"
        self.question("two", f"import subprocess; {begin.format(['sh', '-c', command])}")
        with subprocess.Popen(self.command("--output", self.output), stderr=subprocess.DEVNULL, env=self.environment(),
                              start_new_session=True) as running:
            try:
                end = time.monotonic() + WAIT
                while not told.exists():
                    self.assertLess(time.monotonic(), end, "the second question was not asked")
                    self.assertIsNone(running.poll())
                    time.sleep(0.02)
                running.terminate()
                running.wait(WAIT)
                self.assertFalse(pathlib.Path("/proc", told.read_text().strip()).exists(), "the question's own process is still there")
            finally:
                self.end_group(running.pid)
        self.assertEqual(running.returncode, 128 + signal.SIGTERM)
        self.assertEqual(self.files(), ["README.md", "one-found.svg", "one.json"])
        self.assertEqual(list(self.scratch.iterdir()), [])

    @staticmethod
    def end_group(group):
        """What a run has started is in its group, and goes even where the run left it behind."""
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def test_a_folder_that_has_something_else(self):
        self.question("one")
        self.output.mkdir()
        (self.output / "other.json").write_text("{}")
        done = self.run_bench("--output", self.output)
        self.assertEqual(done.returncode, 2)
        self.assertIn('other.json: has no "question"\n', done.stderr)
        self.assertEqual(self.files(), ["other.json"])

    def test_a_build_that_is_not_there(self):
        self.question("one", "setting.material.snapshot(1_000)")
        done = self.run_bench("--output", self.output, "--only", "one")
        self.assertEqual(done.returncode, 1)
        self.assertIn("has no make-synthetic-registry: build it first (bench/run does)\n", done.stderr)


class HelpTest(unittest.TestCase):
    def test_it_names_every_question(self):
        done = run("run", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for path in (ROOT / "bench" / "questions").glob("[a-z]*.py"):
            self.assertIn(path.stem, done.stdout)
        for option in ("--only", "--services", "--quick", "--build", "--output", "--must-reach", "Exit status:"):
            self.assertIn(option, done.stdout)

    def test_usage(self):
        for arguments in (["--only", "nothing"], ["--services", "0"], ["--services", "many"]):
            done = run("run", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("error: argument", done.stderr)


if __name__ == "__main__":
    unittest.main()
