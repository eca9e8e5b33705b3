#!/usr/bin/python3 -B
"""generate-snapshot against a real S3 server: many at once, and killed at every request.

  with_radosgw.py -- publish_test.py --programs build/release/generator --programs build/release/reader/inspect
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

from request_proxy import RequestProxy

try:
    import boto3
except ImportError as missing:
    sys.exit(f"publish_test.py: {missing}; run it with /usr/bin/python3 and install what it needs:\n"
             "  apt-get install -y python3-boto3")

BUCKET = "publish-test"
TIMEOUT_SECONDS = 120
STOP_SECONDS = 30
PUBLISHERS = 50


class Settings:
    programs = []


class Publishing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])
        cls.addClassCleanup(s3.close)
        s3.create_bucket(Bucket=BUCKET)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="almanac-publish-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.store = f"s3://{BUCKET}/{self.id().rsplit('.', 1)[-1]}"

    def document(self, port):
        path = self.folder / f"{port}.jsonl"
        path.write_text(json.dumps({"namespace": "prod", "name": "users", "endpoints": [{"uri": f"http://10.0.0.1:{port}"}]}) + "\n",
                        encoding="utf-8")
        return path

    def start(self, *command, endpoint=None):
        environment = {**os.environ, "PATH": os.pathsep.join([*Settings.programs, os.environ["PATH"]])}
        if endpoint:
            environment["AWS_ENDPOINT_URL_S3"] = endpoint
        return subprocess.Popen([*map(str, command)], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, encoding="utf-8")

    def run_program(self, *command, endpoint=None):
        """Its exit status and what it printed; a program that was killed has a negative one."""
        process = self.start(*command, endpoint=endpoint)
        try:
            stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
        finally:
            process.kill()
        return process.returncode, stdout, stderr

    def publish(self, port, *options, endpoint=None):
        return self.run_program("generate-snapshot", "publish", self.document(port), "--to", self.store, "--revision", f"r{port}", *options,
                                endpoint=endpoint)

    def history(self):
        status, stdout, stderr = self.run_program("generate-snapshot", "history", self.store, "--json", "--last", "0")
        self.assertEqual((status, stderr), (0, ""))
        return [json.loads(line) for line in stdout.splitlines()]

    def live_port(self):
        status, stdout, stderr = self.run_program("inspect-snapshot", "get", self.store, "users", "--json")
        self.assertEqual((status, stderr), (0, ""))
        return int(json.loads(stdout)["endpoints"][0]["uri"].rsplit(":", 1)[-1])

    def large_document(self, port):
        """Its snapshot is more than travels inside current: 1.2 MB that do not compress."""
        source = random.Random(port)
        path = self.document(port)
        with path.open("a", encoding="utf-8") as lines:
            for number in range(60):
                lines.write(json.dumps({"namespace": "prod", "name": f"s{number}", "value": source.randbytes(20_000).hex()}) + "\n")
        return path

    def end_at(self, moment, request, *command, how=signal.SIGKILL):
        """Runs it as far as that request; its exit status, its requests, and what it had to say."""
        with RequestProxy(os.environ["AWS_ENDPOINT_URL_S3"]) as proxy:
            process = self.start(*command, endpoint=proxy.url)

            def end(number):
                if number == request:
                    process.send_signal(how)
                    process.wait(TIMEOUT_SECONDS)
                    return False
                return None

            setattr(proxy, moment, end)
            stdout, stderr = process.communicate(timeout=TIMEOUT_SECONDS)
        self.assertIn(process.returncode, (0, -how), f"{moment} request {request}: {stdout}{stderr}")
        return process.returncode, proxy.requests, stderr

    def kill_at_every_request(self, document, *options, each_elsewhere=False):
        """Publishes it and is killed: current is whole, or not there yet, and the next publication goes through."""
        root = self.store
        port = 1
        for moment in ("before", "after"):
            for request in range(1, 100):
                if each_elsewhere:
                    self.store = f"{root}/{moment}-{request}"
                port += 1
                status, requests, _ = self.end_at(moment, request, "generate-snapshot", "publish", document(port), "--level", "1",
                                                  "--max-removed", "100", "--to", self.store, *options)
                if status == 0:
                    self.assertGreater(request, 5, "a publication is more requests than that")
                    break
                verified, _, stderr = self.run_program("inspect-snapshot", "verify", self.store)
                if not (each_elsewhere and "no such object" in stderr):
                    self.assertEqual(verified, 0, f"{moment} {requests}: {stderr}")
                port += 1
                status, stdout, stderr = self.publish(port, "--max-removed", "100", "--end-rollout")
                self.assertEqual(status, 0, f"after being killed {moment} {requests[-1]}: {stdout}{stderr}")
                self.assertEqual(self.live_port(), port)
                numbers = sorted(generation["generation"] for generation in self.history())
                self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
            else:
                self.fail("the program was never done")

    def publish_at_once(self, *options):
        with concurrent.futures.ThreadPoolExecutor(PUBLISHERS) as pool:
            return list(pool.map(lambda port: (port, *self.publish(port, *options)), range(1, PUBLISHERS + 1)))

    def test_fifty_at_once_that_try_again(self):
        for port, status, stdout, stderr in self.publish_at_once("--on-conflict", "retry"):
            self.assertEqual(status, 0, f"{port}: {stdout}{stderr}")
        generations = self.history()
        self.assertEqual(sorted(generation["generation"] for generation in generations), list(range(1, PUBLISHERS + 1)))
        self.assertEqual({generation["revision"] for generation in generations}, {f"r{port}" for port in range(1, PUBLISHERS + 1)})
        newest = max(generations, key=lambda generation: generation["generation"])
        self.assertEqual(newest["revision"], f"r{self.live_port()}")

    def assert_names_who_won(self, stderr):
        told = re.search(r'generation (\d+) \(revision "(r\d+)", snapshot ([0-9a-f]{32})\) was published meanwhile', stderr)
        self.assertTrue(told, stderr)
        (won,) = [generation for generation in self.history() if generation["generation"] == int(told[1])]
        self.assertEqual((won["revision"], won["snapshot"]), (told[2], told[3]))

    def test_fifty_at_once_are_each_told_the_truth(self):
        self.assertEqual(self.publish(1000)[0], 0)
        outcomes = self.publish_at_once()
        statuses = [status for _, status, _, _ in outcomes]
        self.assertEqual(set(statuses) - {0, 1}, set(), outcomes)
        self.assertGreaterEqual(statuses.count(0), 1)
        announced = {generation["revision"] for generation in self.history()}
        self.assertEqual(announced, {"r1000"} | {f"r{port}" for port, status, _, _ in outcomes if status == 0})
        for _, status, stdout, stderr in outcomes:
            if status == 1:
                self.assert_names_who_won(stderr)
        self.assertGreaterEqual(statuses.count(1), 1, "a race that nobody lost shows nothing")

    def test_killed_at_every_request(self):
        self.assertEqual(self.publish(1)[0], 0)
        self.kill_at_every_request(self.document)

    def test_killed_at_every_request_for_a_large_snapshot(self):
        self.assertEqual(self.publish(1)[0], 0)
        self.kill_at_every_request(self.large_document)

    def test_killed_at_every_request_of_a_publication_in_phases(self):
        self.assertEqual(self.publish(1)[0], 0)
        self.kill_at_every_request(self.document, "--over", "30m")
        rollouts = [generation["rollout"] for generation in self.history() if "rollout" in generation]
        self.assertGreaterEqual(len(rollouts), 4, "some were killed when they had announced it, and some came to their end")
        for rollout in rollouts:
            self.assertEqual(rollout["from"] + 1, rollout["began_with"])
            status, _, stderr = self.run_program("inspect-snapshot", "verify", f"{self.store}@{rollout['from']}")
            self.assertEqual(status, 0, stderr)

    def test_what_a_killed_publication_in_phases_announced_goes_to_nobody_by_the_way(self):
        self.assertEqual(self.publish(1)[0], 0)
        for request in range(1, 100):
            self.end_at("after", request, "generate-snapshot", "publish", self.document(2), "--to", self.store, "--canary", "10%:30m")
            newest = self.history()[0]
            if newest["generation"] == 2:
                break
        self.assertEqual((newest["state"], newest["rollout"]["state"], newest["rollout"]["share"]), ("pending", "not begun", 0))
        for command in (("publish", self.document(3), "--to", self.store), ("pin", self.store)):
            status, _, stderr = self.run_program("generate-snapshot", *command)
            self.assertEqual(status, 1, stderr)
            self.assertRegex(stderr, r"generation 2 \(snapshot [0-9a-f]{32}\) was announced at \S+Z with a rollout and never became live")
            self.assertIn("; nothing was changed", stderr)
            self.assertEqual(self.live_port(), 1)
        self.assertEqual(self.run_program("generate-snapshot", "rollback", self.store)[0], 0)
        self.assertEqual(self.live_port(), 1)
        self.assertEqual(self.publish(3)[0], 0)
        self.assertEqual(self.live_port(), 3)

    def test_interrupted_at_every_request_it_says_what_state_it_leaves(self):
        self.assertEqual(self.publish(1)[0], 0)
        told = set()
        port = 1
        for moment in ("before", "after"):
            for request in range(1, 100):
                port += 1
                before = len(self.history())
                status, requests, stderr = self.end_at(moment, request, "generate-snapshot", "publish", self.document(port), "--to",
                                                       self.store, how=signal.SIGINT)
                if status == 0:
                    break
                self.assertTrue(stderr.startswith(f"generate-snapshot: interrupted: {self.store}: "), stderr)
                said = stderr.removeprefix(f"generate-snapshot: interrupted: {self.store}: ").strip()
                told.add(re.sub(r"\d+", "N", said))
                generations = self.history()
                newest = generations[0]
                self.assertEqual(newest["generation"], len(generations))
                if said.endswith(("nothing was announced", "nothing more was announced")):
                    self.assertEqual(len(generations), before, requests)
                    if "left unfinished" in said:
                        self.assertEqual(newest["state"], "live")
                elif said.startswith("it is not known whether"):
                    self.assertIn("generations/", requests[-1])
                else:
                    self.assertEqual(len(generations), before + 1, requests)
                    self.assertIn(f"generation {newest['generation']} is ", said)
                if said.endswith("is live"):
                    self.assertEqual(newest["state"], "live")
            else:
                self.fail("the program was never done")
        self.assertEqual(told, {"nothing was announced",
                                "generation N, which another publisher left unfinished, is live now; nothing more was announced",
                                "it is not known whether generation N was announced; see history",
                                "generation N is announced, and becomes live with the next publish if it is not yet",
                                "generation N is live"})

    def stop_where_the_store_hangs(self, request, *command):
        """From that request on nothing is answered, and SIGTERM comes; the requests, and what it had to say."""
        hangs = threading.Event()
        with RequestProxy(os.environ["AWS_ENDPOINT_URL_S3"]) as proxy:
            def hang(number):
                if number < request:
                    return None
                hangs.set()
                process.wait(TIMEOUT_SECONDS)
                return False

            proxy.before = hang
            process = self.start(*command, endpoint=proxy.url)
            try:
                self.assertTrue(hangs.wait(TIMEOUT_SECONDS), f"there were no {request} requests")
                process.send_signal(signal.SIGTERM)
                stdout, stderr = process.communicate(timeout=STOP_SECONDS)
            finally:
                process.kill()
        self.assertEqual(process.returncode, 0, f"{proxy.requests}: {stdout}{stderr}")
        return proxy.requests, stderr

    def test_watch_is_stopped_while_the_store_hangs(self):
        def register(value):
            status, _, stderr = self.run_program("generate-snapshot", "register", self.store, "-n", "prod", "users", "--value", value,
                                                 "--registrant", "a")
            self.assertEqual(status, 0, stderr)

        def sync():
            status, stdout, stderr = self.run_program("generate-snapshot", "sync", self.store)
            self.assertEqual(status, 0, stdout + stderr)

        register("0")
        sync()
        told = set()
        for request in range(1, 100):
            register(str(request))
            before = len(self.history())
            requests, stderr = self.stop_where_the_store_hangs(request, "generate-snapshot", "watch", self.store, "--every", "100ms")
            hung_at = requests[request - 1]
            is_live = any(each.endswith("/current") for each in requests[: request - 1] if each.startswith("PUT "))
            said = re.sub(r"\d+", "N", stderr.partition("generate-snapshot: ")[2].strip())
            told.add(said.removeprefix(re.sub(r"\d+", "N", f"interrupted: {self.store}: ")))
            newest = self.history()[:1]
            is_announced = len(self.history()) > before
            if not stderr:
                self.assertEqual(is_announced, is_live, hung_at)
            if "is announced" in stderr:
                self.assertTrue(is_announced, hung_at)
                self.assertEqual(newest[0]["state"], "pending")
            if is_live and not stderr:
                break
            sync()
            status, stdout, _ = self.run_program("inspect-snapshot", "get", self.store, "users", "--json")
            self.assertEqual((status, json.loads(stdout)["value"]), (0, str(request)))
        else:
            self.fail("watch never made it live")
        self.assertEqual(told, {"", "it is not known whether generation N was announced; see history",
                                "generation N is announced, and becomes live with the next publish if it is not yet",
                                "generation N is live"})

    def test_follow_is_stopped_while_the_store_hangs(self):
        self.assertEqual(self.publish(1)[0], 0)
        file = self.folder / "users.json"
        for request in (1, 2):
            _, stderr = self.stop_where_the_store_hangs(request, "inspect-snapshot", "follow", self.store, "--format", "json", "-o", file,
                                                        "--every", "100ms")
            self.assertEqual((stderr, file.exists()), ("", request == 2))

    def test_killed_at_every_request_of_the_first_publication(self):
        self.kill_at_every_request(self.document, each_elsewhere=True)

    def test_rolls_back_pins_and_prunes(self):
        for port in (1, 2, 3):
            self.assertEqual(self.publish(port)[0], 0)
        self.assertEqual(self.run_program("generate-snapshot", "rollback", self.store, "--pin", "incident 42")[0], 0)
        self.assertEqual(self.live_port(), 2)
        status, stdout, stderr = self.publish(4)
        self.assertEqual(status, 1)
        self.assertIn("incident 42", stdout + stderr)
        self.assertEqual(self.run_program("generate-snapshot", "unpin", self.store)[0], 0)
        for port in (4, 5):
            self.assertEqual(self.publish(port)[0], 0)
        # What is younger than a day stays, unless it is told otherwise.
        self.assertEqual(self.run_program("generate-snapshot", "prune", self.store, "--keep", "1")[0], 0)
        self.assertEqual(len(self.history()), 7)
        self.assertEqual(self.run_program("generate-snapshot", "prune", self.store, "--keep", "2", "--min-age", "0")[0], 0)
        self.assertEqual(sorted(generation["generation"] for generation in self.history()), [6, 7])
        self.assertEqual(self.live_port(), 5)
        self.assertEqual(self.run_program("generate-snapshot", "rollback", self.store)[0], 0)
        self.assertEqual(self.live_port(), 4)

    def test_inspect_fetches_only_what_it_shows(self):
        source = self.folder / "large.jsonl"
        with source.open("w", encoding="utf-8") as lines:
            for space in ("a", "b"):
                for number in range(400):
                    value = os.urandom(2048).hex()
                    lines.write(json.dumps({"namespace": space, "name": f"s{number}", "value": value}) + "\n")
        self.assertEqual(self.run_program("generate-snapshot", "publish", source, "--level", "1", "--to", self.store)[0], 0)
        with RequestProxy(os.environ["AWS_ENDPOINT_URL_S3"]) as proxy:
            for command, wanted in ((("summary", self.store), 1), (("get", self.store, "s7", "-n", "b"), 2)):
                proxy.requests.clear()
                self.assertEqual(self.run_program("inspect-snapshot", *command, endpoint=proxy.url)[0], 0)
                self.assertEqual(len(proxy.requests), wanted, proxy.requests)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", action="append", required=True, help="folder of generate-snapshot or inspect-snapshot")
    arguments, rest = parser.parse_known_args()
    Settings.programs = [str(pathlib.Path(folder).resolve()) for folder in arguments.programs]
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
