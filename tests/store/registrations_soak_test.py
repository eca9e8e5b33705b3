#!/usr/bin/python3 -B
"""Fifty registrants register, renew and leave at once while several publishers sync and now and then bring other documents: in the
end what is live is exactly what is registered, and no generation on the way had anything that was gone by an earlier one.

  registrations_soak_test.py --programs build/release/generator --programs build/release/reader/inspect [--seed N]
  with_radosgw.py -- registrations_soak_test.py ... --bucket NAME      in a new bucket of that server, and not in a directory
"""
import argparse
import concurrent.futures
import itertools
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

try:
    import boto3
except ImportError as missing:
    sys.exit(f"registrations_soak_test.py: {missing}; run it with /usr/bin/python3 and install what it needs:\n"
             "  apt-get install -y python3-boto3")

TIMEOUT_SECONDS = 120
REGISTRANTS = 50
STEPS = 12
PUBLISHERS = 3  # besides one that watches


class Settings:
    programs = []
    seed = 0
    bucket = ""


def uri(registrant, version):
    return f"tcp://host-{registrant}:{version}"


class Registrant:
    """One of many, with a service of its own and a share in one that all have; each change brings another version."""

    def __init__(self, number, run):
        self.number, self.run = number, run
        self.random = random.Random(f"{Settings.seed} {number}")
        self.who = f"host/{number}"
        self.version = 0
        self.has = {}  # name: version

    def names(self):
        return (f"own/{self.number}", "shared by all")

    def register(self, name):
        self.version += 1
        self.run("register", "-n", "prod", name, "--uri", uri(self.number, self.version), "--registrant", self.who, "--lease", "24h")
        self.has[name] = self.version

    def renew(self, name):
        self.run("register", "-n", "prod", name, "--uri", uri(self.number, self.has[name]), "--registrant", self.who, "--lease", "24h")

    def leave(self, name):
        self.run("deregister", "-n", "prod", name, "--registrant", self.who)
        del self.has[name]

    def declare(self):
        """All it has, in one step: what is not named goes."""
        names = self.random.sample(self.names(), self.random.randint(1, 2))
        self.version += 1
        lines = [json.dumps({"namespace": "prod", "name": name, "endpoints": [uri(self.number, self.version)]}) for name in names]
        self.run("register", "--from", "-", "--registrant", self.who, "--lease", "1h", stdin="\n".join(lines) + "\n")
        self.has = {name: self.version for name in names}

    def live_on(self):
        for _ in range(STEPS):
            name = self.random.choice(self.names())
            if name not in self.has:
                self.register(name)
            else:
                self.random.choice((self.register, self.renew, self.leave, lambda _: self.declare()))(name)


class Soak(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="almanac-soak-")
        self.addCleanup(folder.cleanup)
        self.store = str(pathlib.Path(folder.name) / "store")
        pathlib.Path(self.store).mkdir()  # nobody waits for one that is not there
        if Settings.bucket:
            s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])
            self.addCleanup(s3.close)
            s3.create_bucket(Bucket=Settings.bucket)
            self.store = f"s3://{Settings.bucket}/live"
        self.environment = {**os.environ, "PATH": os.pathsep.join([*Settings.programs, os.environ["PATH"]])}

    def run_program(self, *command, stdin="", statuses=(0,)):
        done = subprocess.run([*map(str, command)], env=self.environment, input=stdin, capture_output=True, encoding="utf-8",
                              timeout=TIMEOUT_SECONDS, check=False)
        self.assertIn(done.returncode, statuses, f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def on_store(self, command, *options, stdin=""):
        return self.run_program("generate-snapshot", command, self.store, *options, stdin=stdin)

    def publish_until(self, stopped):
        documents = '{"namespace":"staging","name":"of the documents","value":"%d"}\n'
        for number in itertools.count():
            if stopped.is_set():
                return
            options = ["--level", "1"]
            # 1: others were faster ten times
            if number % 3:
                self.run_program("generate-snapshot", "sync", self.store, *options, statuses=(0, 1))
            else:
                self.run_program("generate-snapshot", "publish", "-", "--to", self.store, "--with-registrations", "--on-conflict", "retry",
                                 "--max-removed", "100", "--allow-removed-namespaces", *options, stdin=documents % number, statuses=(0, 1))

    def endpoints_of(self, what):
        """Of each registrant, which version of which service there is."""
        found = {}
        for line in self.run_program("inspect-snapshot", "dump", what).splitlines():
            service = json.loads(line)
            for endpoint in service.get("endpoints", ()):
                number, version = endpoint["uri"].removeprefix("tcp://host-").split(":")
                self.assertNotIn((service["name"], int(number)), found, "a registrant has one endpoint of a service")
                found[service["name"], int(number)] = int(version)
        return found

    def demand_no_return(self):
        """Whatever left or was replaced by one generation is in no later one."""
        newest, gone = {}, set()
        generations = [json.loads(line)["generation"]
                       for line in self.on_store("history", "--json", "--last", "0").splitlines()]
        for generation in sorted(generations):
            there = self.endpoints_of(f"{self.store}@{generation}")
            for key, version in there.items():
                self.assertGreaterEqual(version, newest.get(key, 0), f"{key} of generation {generation} is older than before")
                self.assertFalse((key, version) in gone, f"{key} is back in generation {generation}")
            gone |= {(key, version) for key, version in newest.items() if there.get(key) != version}
            newest.update(there)
        return len(generations)

    def test_what_is_live_in_the_end_is_what_is_registered(self):
        print(f"seed {Settings.seed}")
        registrants = [Registrant(number, self.on_store) for number in range(REGISTRANTS)]
        watch = subprocess.Popen(["generate-snapshot", "watch", self.store, "--every", "1s", "--level", "1"],
                                 env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 encoding="utf-8")
        try:
            stopped = threading.Event()
            with concurrent.futures.ThreadPoolExecutor(REGISTRANTS + PUBLISHERS) as threads:
                publishers = [threads.submit(self.publish_until, stopped) for _ in range(PUBLISHERS)]
                try:
                    for life in [threads.submit(registrant.live_on) for registrant in registrants]:
                        life.result()
                finally:
                    stopped.set()
                for publisher in publishers:
                    publisher.result()
            expected = {(name, registrant.number): version for registrant in registrants for name, version in registrant.has.items()}
            deadline = time.monotonic() + TIMEOUT_SECONDS
            while self.endpoints_of(self.store) != expected and time.monotonic() < deadline:
                time.sleep(0.2)  # watch sees the last of them within its second
            watch.send_signal(signal.SIGTERM)
            output, _ = watch.communicate(timeout=TIMEOUT_SECONDS)
        finally:
            watch.kill()
            watch.wait()
        self.assertEqual(watch.returncode, 0, output)
        self.assertEqual(self.endpoints_of(self.store), expected, output)
        self.assertIn("nothing to do", self.on_store("sync"))  # at another level of zstd too
        self.assertGreater(self.demand_no_return(), 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", action="append", default=[])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--bucket", default="")
    arguments, rest = parser.parse_known_args()
    Settings.programs = [str(pathlib.Path(folder).resolve()) for folder in arguments.programs]
    Settings.seed, Settings.bucket = arguments.seed, arguments.bucket
    unittest.main(argv=[sys.argv[0], *rest])
