#!/usr/bin/env python3
"""What boto3, a client that is none of ours, writes into a bucket we read, and it reads what we write.

  with_radosgw.py -- boto3_test.py --client build/tests/store/store_client
"""
import argparse
import hashlib
import os
import subprocess
import sys
import unittest

import boto3
import botocore.config
import botocore.exceptions

KEYS = ["current", "a b", "a+b", "a%20b%zz", "größe/日本語", "a*b(c)!'d&e$f@g:h;i,j~k", "a#b?c=d", "a\\b\"c<d>", "dir//file", "dir/", "./x", "tab\tin"]


class Boto3Test(unittest.TestCase):
    client_program = ""

    def setUp(self):
        self.bucket = os.environ["ALMANAC_TEST_BUCKETS"].split()[0]
        self.prefix = f"{self.id()} ü+/"
        self.store = f"s3://{self.bucket}/{self.prefix}"
        self.s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"],
                               config=botocore.config.Config(s3={"addressing_style": "path"}))

    def ours(self, command: str, *words: str, sent: bytes = b"", status: int = 0) -> subprocess.CompletedProcess:
        done = subprocess.run([self.client_program, command, self.store, *words], input=sent, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def their_keys(self) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix).get("Contents", [])
        return sorted(entry["Key"].removeprefix(self.prefix) for entry in listed)

    def our_keys(self) -> list[str]:
        return sorted(bytes.fromhex(line.split()[1]).decode() for line in self.ours("list", "").stdout.decode().splitlines())

    def test_they_write_and_we_read(self):
        for key in KEYS:
            content = hashlib.sha512(key.encode()).digest() * 1000
            etag = self.s3.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=content)["ETag"]
            done = self.ours("get", key)
            self.assertEqual(done.stdout, content, key)
            self.assertEqual(done.stderr.decode(), etag, key)
        self.assertEqual(self.our_keys(), sorted(KEYS))

    def test_we_write_and_they_read(self):
        for key in KEYS:
            content = hashlib.sha512(key.encode()).digest() * 1000
            self.ours("put-if-absent", key, sent=content)
            theirs = self.s3.get_object(Bucket=self.bucket, Key=self.prefix + key)
            self.assertEqual(theirs["Body"].read(), content, key)
            self.assertEqual(self.ours("get", key).stderr.decode(), theirs["ETag"], key)
        self.assertEqual(self.their_keys(), sorted(KEYS))

    def test_conditions_hold_for_their_etags(self):
        etag = self.s3.put_object(Bucket=self.bucket, Key=self.prefix + "current", Body=b"theirs")["ETag"]
        self.ours("put-if-absent", "current", sent=b"ours", status=1)
        self.ours("put-if-match", "current", etag, sent=b"ours")
        self.ours("put-if-match", "current", etag, sent=b"ours again", status=1)
        self.assertEqual(self.s3.get_object(Bucket=self.bucket, Key=self.prefix + "current")["Body"].read(), b"ours")

    def test_what_we_remove_is_gone(self):
        for key in KEYS:
            self.s3.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=b"x")
            self.ours("remove", key)
            with self.assertRaises(botocore.exceptions.ClientError, msg=key):
                self.s3.head_object(Bucket=self.bucket, Key=self.prefix + key)
        self.ours("remove", "current")

    def test_both_list_thousands(self):
        for i in range(1, 1101):
            self.s3.put_object(Bucket=self.bucket, Key=f"{self.prefix}{i:04} +%", Body=b"")
        self.assertEqual(self.our_keys(), [f"{i:04} +%" for i in range(1, 1101)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--client", required=True)
    options, rest = parser.parse_known_args()
    Boto3Test.client_program = options.client
    unittest.main(argv=[sys.argv[0], *rest])
