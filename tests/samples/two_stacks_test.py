#!/usr/bin/python3 -B
"""samples/two-stacks: what its run prints is what its README shows, and nothing of it stays, also when it is interrupted.

  two_stacks_test.py --programs build/release/generator --programs build/release/reader/inspect [--update]

--update writes what it prints into the README.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from sample_case import SAMPLES, Settings, SampleCase, environment, main
from shown_commands import commands_in, in_console_blocks, with_outputs

SAMPLE = SAMPLES / "two-stacks"
README = SAMPLE / "README.md"
TIMEOUT_SECONDS = 120
# What is another one each time.
VARYING = ((re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"), (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "TIME"),
           (re.compile(r"\b[0-9a-f]{32}\b"), "ID"), (re.compile(r"\d+ bytes"), "N bytes"),
           (re.compile(r" +age  "), " age  "), (re.compile(r" +\d+ (s|min( \d+ s)?)(?= )"), " AGE"))


def processes_of(session):
    """The process ids of a session, whose leader was its first process."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def lasting(text):
    for pattern, instead in VARYING:
        text = pattern.sub(instead, text)
    return text


class TwoStacks(SampleCase):
    def start(self):
        process = subprocess.Popen([SAMPLE / "run"], cwd=self.folder, env=environment(TMPDIR=str(self.folder)), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", start_new_session=True)
        self.addCleanup(self.end_all, process)
        return process

    def end_all(self, process):
        for each in processes_of(process.pid):
            os.kill(each, signal.SIGKILL)
        process.wait()
        process.stdout.close()

    def demand_nothing_left(self, process):
        self.assertEqual(processes_of(process.pid), [])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), [])

    def test_what_it_prints(self):
        process = self.start()
        printed, _ = process.communicate(timeout=TIMEOUT_SECONDS)
        self.assertEqual(process.returncode, 0, printed)
        self.demand_nothing_left(process)
        actual = commands_in(printed)
        answers = [output for command, output in actual if command.startswith("curl ")]
        self.assertEqual(answers, ["this is users, asked for /sign-in\n", "this is orders, asked for /7\n",
                                   "no service of that name\n", "this is users, asked for /sign-in\n"])
        document = README.read_text(encoding="utf-8")
        if Settings.update:
            document = with_outputs(document, actual)
            README.write_text(document, encoding="utf-8")
        self.assertEqual([(command, lasting(output)) for command, output in actual],
                         [(command, lasting(output)) for command, output in in_console_blocks(document)])

    def interrupted(self, received):
        """A run that was sent this signal when everything was running, after its end."""
        process = self.start()
        for line in process.stdout:
            if line.startswith("this is users"):
                break
        process.send_signal(received)
        process.communicate(timeout=TIMEOUT_SECONDS)
        return process

    def test_interrupted(self):
        for received, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(received):
                process = self.interrupted(received)
                self.assertEqual(process.returncode, status)
                self.demand_nothing_left(process)

    def test_killed(self):
        process = self.interrupted(signal.SIGKILL)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while processes_of(process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(processes_of(process.pid), [])


if __name__ == "__main__":
    sys.exit(main())
