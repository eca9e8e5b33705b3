#!/usr/bin/python3 -B
"""The README is true: its commands print what it shows, and its policies for a bucket are enough and no more. So is the README
of the sample that shows its own commands.

  with_radosgw.py --user publisher --user reader -- readme_test.py --programs build/release/generator \
      --programs build/release/reader/inspect [--update]

--update writes what the commands print into the documents.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shown_commands import commands_in, in_console_blocks, with_outputs

try:
    import boto3
except ImportError as missing:
    sys.exit(f"readme_test.py: {missing}; run it with /usr/bin/python3 and install what it needs:\n"
             "  apt-get install -y python3-boto3")

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
BLUE_GREEN = ROOT / "samples" / "blue-green"
BUCKET = "acme-registry"
STORE = f"s3://{BUCKET}/live"
TIMEOUT_SECONDS = 60
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


class Settings:
    programs = []
    update = False


def section(title):
    """The README, and where the section begins and ends in it."""
    text = README.read_text(encoding="utf-8")
    begin = text.index(f"\n## {title}\n")
    return text, begin, text.index("\n## ", begin + 1)


def blocks(title, language):
    text, begin, end = section(title)
    return re.findall(rf"^```{language}\n(.*?)^```$", text[begin:end], re.MULTILINE | re.DOTALL)


def examples(title):
    """What the section's console block shows."""
    (console,) = blocks(title, "console")
    return commands_in(console)


def policy_of(users):
    """The README's policies for a user as one of the bucket: the same statements, for a principal each."""
    statements = []
    for user, block in zip(users, blocks("Your bucket", "json"), strict=True):
        for statement in json.loads(block)["Statement"]:
            statements.append({**statement, "Principal": {"AWS": [f"arn:aws:iam:::user/{user}"]}})
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def key_of(user):
    """A user's credentials as an environment has them."""
    key_id, secret = os.environ[f"ALMANAC_TEST_USER_{user.upper()}"].split()
    return {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret}


class Readme(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="almanac-bucket-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "samples" / "acme", self.folder / "acme")

    def run_as(self, credentials, command):
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ALMANAC_")},
            **credentials,
            "PATH": os.pathsep.join([*Settings.programs, os.environ["PATH"]]),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        return subprocess.run(["/bin/bash", "-c", command], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                              timeout=TIMEOUT_SECONDS, check=False)

    def demand_outputs(self, title, credentials):
        actual = [(command, self.run_as(credentials, command).stdout) for command, _ in examples(title)]
        if Settings.update:
            text, begin, end = section(title)
            README.write_text(text[:begin] + with_outputs(text[begin:end], actual) + text[end:], encoding="utf-8")
        self.assert_shown(actual, examples(title))

    def assert_shown(self, actual, expected):
        self.assertEqual([command for command, _ in actual], [command for command, _ in expected])
        for (command, output), (_, shown) in zip(actual, expected):
            self.assertEqual(TIME.sub("TIME", output), TIME.sub("TIME", shown), command)

    def test_two_minutes(self):
        self.demand_outputs("The tour", {})

    def test_blue_green(self):
        document = BLUE_GREEN / "README.md"
        done = self.run_as({}, str(BLUE_GREEN / "run"))
        self.assertEqual(done.returncode, 0, done.stdout)
        actual = commands_in(done.stdout)
        if Settings.update:
            document.write_text(with_outputs(document.read_text(encoding="utf-8"), actual), encoding="utf-8")
        self.assert_shown(actual, in_console_blocks(document.read_text(encoding="utf-8")))

    def test_your_bucket(self):
        s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])
        self.addCleanup(s3.close)
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_policy(Bucket=BUCKET, Policy=policy_of(["publisher", "reader"]))
        publisher, reader = key_of("publisher"), key_of("reader")
        self.demand_outputs("Your bucket", publisher)

        # What is published by now, the functions can read, and nothing more.
        get = f"inspect-snapshot get {STORE} user-management-service -n prod"
        found = self.run_as(reader, get)
        self.assertEqual((found.returncode, found.stdout), (0, self.run_as(publisher, get).stdout))
        for credentials, forbidden in ((reader, f"generate-snapshot publish acme --registry other --to {STORE}"),
                                       (reader, f"generate-snapshot history {STORE}"),
                                       (reader, f"inspect-snapshot summary {STORE}@1"),
                                       (publisher, f"generate-snapshot publish acme --to s3://{BUCKET}/other")):
            refused = self.run_as(credentials, forbidden)
            self.assertEqual(refused.returncode, 2, refused.stdout)
            self.assertIn("AccessDenied", refused.stdout, forbidden)

    def test_a_publisher_that_may_not_list_is_told(self):
        bucket = "acme-without-list"
        s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])
        self.addCleanup(s3.close)
        s3.create_bucket(Bucket=bucket)
        policy = json.loads(policy_of(["publisher", "reader"]).replace(f":::{BUCKET}", f":::{bucket}"))
        publisher, store = key_of("publisher"), f"s3://{bucket}/live"

        def publish(port):
            (self.folder / "one.yaml").write_text(f"namespaces: {{prod: {{services: {{users: 'http://users:{port}'}}}}}}\n", encoding="utf-8")
            return self.run_as(publisher, f"generate-snapshot publish one.yaml --registry one --to {store}")

        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
        for port in (1, 2):
            self.assertEqual(publish(port).returncode, 0)
        policy["Statement"] = [statement for statement in policy["Statement"] if statement["Action"] != "s3:ListBucket"]
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
        for refused in (publish(1), publish(3), self.run_as(publisher, f"generate-snapshot rollback {store}"),
                        self.run_as(publisher, f"generate-snapshot history {store}"),
                        self.run_as(publisher, f"generate-snapshot prune {store} --keep 1")):
            self.assertEqual(refused.returncode, 2, refused.stdout)
            self.assertRegex(refused.stdout, "AccessDenied.*ListBucket")
        # What is live is not touched by any of this.
        found = self.run_as(publisher, f"inspect-snapshot get {store} users -n prod")
        self.assertIn("http://users:2", found.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", action="append", required=True, help="folder of generate-snapshot or inspect-snapshot")
    parser.add_argument("--update", action="store_true", help="write the README's outputs anew")
    arguments, rest = parser.parse_known_args()
    Settings.programs = [str(pathlib.Path(folder).resolve()) for folder in arguments.programs]
    Settings.update = arguments.update
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
