#!/usr/bin/python3 -B
"""The policies of samples/cloudformation before a real S3 server: enough for what they are for, and no more.

  with_radosgw.py --user publisher --user reader --user checker --user registrant -- bucket_policies_test.py \
      --programs build/release/generator --programs build/release/reader/inspect
"""
import json
import os
import sys

from sample_case import SAMPLES, SampleCase, main
from template import Template

try:
    import boto3
    import botocore.exceptions
except ImportError as missing:
    sys.exit(f"bucket_policies_test.py: {missing}; run it with /usr/bin/python3 and install what it needs:\n"
             "  apt-get install -y python3-boto3")

SAMPLE = SAMPLES / "cloudformation"
STACKS = SAMPLE / "stacks.py"
DESCRIBED = (SAMPLE / "users-prod.json").read_bytes()
DELETED = (SAMPLE / "users-prod-deleted.json").read_bytes()
USERS = {"publisher": "Publisher", "reader": "Reader", "checker": "Checker", "registrant": None}
OWN_KEYS = "stack%2Fusers-prod%2F*"


def key_of(user):
    """A user's credentials as an environment has them."""
    key_id, secret = os.environ[f"ALMANAC_TEST_USER_{user.upper()}"].split()
    return {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret}


class BucketPolicies(SampleCase):
    def setUp(self):
        super().setUp()
        self.bucket = self.id().rsplit(".", 1)[-1].replace("_", "-")
        self.store = f"s3://{self.bucket}/live"
        self.template = Template(SAMPLE / "bucket.yaml", Bucket=self.bucket)
        self.s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])
        self.addCleanup(self.s3.close)
        self.s3.create_bucket(Bucket=self.bucket)
        self.document = self.one_policy()
        self.put_policy(self.as_this_server_has_it(self.document))
        # Something is live, of a publisher, and something is registered, of another stack.
        (self.folder / "mail.yaml").write_text("namespaces: {prod: {services: {mail: 'smtps://mail.example:465'}}}\n", encoding="utf-8")
        self.publish = ("generate-snapshot", "publish", "mail.yaml", "--registry", "acme", "--with-registrations", "--to", self.store)
        self.run_as("publisher", *self.publish)
        self.run_program("generate-snapshot", "register", self.store, "-n", "prod", "orders", "--uri", "https://orders.example",
                         "--registrant", "stack/orders-prod/1")

    def one_policy(self):
        """Those of the templates as one of the bucket: the same statements, for a user each."""
        registrant = Template(SAMPLE / "registrant.yaml", Bucket=self.bucket, Namespace="prod", Registrant=OWN_KEYS)
        statements = []
        for user, resource in USERS.items():
            properties = self.template.properties(resource) if resource else registrant.properties("Policy")
            for statement in properties["PolicyDocument"]["Statement"]:
                statements.append({**statement, "Principal": {"AWS": [f"arn:aws:iam:::user/{user}"]}})
        return {"Version": "2012-10-17", "Statement": statements}

    @staticmethod
    def as_this_server_has_it(document):
        """Whether what is not there is answered by 404 or 403 depends on the right to list. S3 takes the key for the prefix of such a
        listing, and so does Ceph since 2026 (its pull request 68577); radosgw 16 wants the right without a condition."""
        return {**document, "Statement": [{key: value for key, value in statement.items() if key != "Condition"}
                                          for statement in document["Statement"]]}

    def put_policy(self, document):
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(document))

    def run_as(self, user, *command, **more):
        return self.run_program(*command, **key_of(user), **more)

    # The objects of a user are not the bucket owner's on this server.
    def live_services(self):
        return self.live(**key_of("checker"))

    def registered_names(self):
        return [name for _, name, _ in self.registered(**key_of("checker"))]

    def demand_refusal(self, user, *command, **more):
        self.assertIn("AccessDenied", self.run_as(user, *command, status=2, **more))

    def test_a_registrant_registers_and_deregisters(self):
        self.run_as("registrant", STACKS, "register", self.store, "-n", "prod", given=DESCRIBED)
        self.run_as("registrant", STACKS, "register", self.store, "-n", "prod", given=DESCRIBED)
        self.run_as("publisher", "generate-snapshot", "sync", self.store)
        self.assertEqual(list(self.live_services()), ["mail", "orders", "users-api", "users-prod/SessionHours", "users-prod/SignInEvents",
                                                           "users-prod/UsersTable"])
        fewer = json.loads(DESCRIBED)
        fewer["Stacks"][0]["Outputs"].pop()
        self.run_as("registrant", STACKS, "register", self.store, "-n", "prod", given=json.dumps(fewer).encode())
        self.run_as("registrant", STACKS, "deregister", self.store, given=DELETED)
        self.assertEqual(self.registered_names(), ["orders"])

    def test_a_registrant_reaches_nothing_of_others(self):
        for space, name, registrant in (("prod", "orders", "stack/orders-prod/1"), ("prod", "orders", "stack/users-prod"),
                                        ("prod", "stack/users-prod/1", "x"), ("staging", "users", "stack/users-prod/1"),
                                        ("prod/eu", "users", "stack/users-prod/1")):
            self.demand_refusal("registrant", "generate-snapshot", "register", self.store, "-n", space, name, "--uri", "https://x.example",
                                "--registrant", registrant)
        for what in (("-n", "prod", "orders"), ("--all",)):
            self.demand_refusal("registrant", "generate-snapshot", "deregister", self.store, *what, "--registrant", "stack/orders-prod/1")
        self.demand_refusal("registrant", "generate-snapshot", "sync", self.store)
        self.demand_refusal("registrant", *self.publish)
        self.demand_refusal("registrant", "inspect-snapshot", "list", self.store)
        self.assertEqual(self.registered_names(), ["orders"])

    def test_a_registrant_lists_registrations_alone(self):
        self.put_policy(self.document)
        key = {name.lower(): value for name, value in key_of("registrant").items()}
        client = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"], **key)
        self.addCleanup(client.close)
        for prefix in ("live/registrations/", "live/registrations/prod/"):
            self.assertEqual(client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)["KeyCount"], 1, prefix)
        for asked in ({}, {"Prefix": ""}, {"Prefix": "live/"}, {"Prefix": "live/generations/"}):
            with self.assertRaises(botocore.exceptions.ClientError, msg=asked) as caught:
                client.list_objects_v2(Bucket=self.bucket, **asked)
            self.assertEqual(caught.exception.response["Error"]["Code"], "AccessDenied")

    def test_a_reader_sees_what_is_live_and_no_more(self):
        self.assertIn("smtps://mail.example:465", self.run_as("reader", "inspect-snapshot", "get", self.store, "mail", "-n", "prod"))
        for command in ("history", "registrations", "sync"):
            self.demand_refusal("reader", "generate-snapshot", command, self.store)
        self.demand_refusal("reader", "generate-snapshot", "register", self.store, "-n", "prod", "x", "--uri", "https://x.example",
                            "--registrant", "stack/users-prod/1")

    def test_a_checker_sees_what_would_change_and_changes_nothing(self):
        (self.folder / "mail.yaml").write_text("namespaces: {prod: {services: {mail: 'smtps://mail-2.example:465'}}}\n", encoding="utf-8")
        said = self.run_as("checker", *self.publish, "--dry-run")
        self.assertIn("+ endpoint smtps://mail-2.example:465", said)
        self.assertIn("orders", said)
        self.run_as("checker", "generate-snapshot", "history", self.store)
        self.assertIn("stack/orders-prod/1", self.run_as("checker", "generate-snapshot", "registrations", self.store))
        self.demand_refusal("checker", *self.publish)
        self.demand_refusal("checker", "generate-snapshot", "deregister", self.store, "--registrant", "stack/orders-prod/1", "--all")
        self.assertEqual(self.live_services(), {"mail": ["smtps://mail.example:465"]})


if __name__ == "__main__":
    sys.exit(main())
