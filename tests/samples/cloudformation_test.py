#!/usr/bin/python3 -B
"""samples/cloudformation: a stack's outputs are registered and go with the stack; the templates say what the README says.

  cloudformation_test.py --programs build/release/generator --programs build/release/reader/inspect
"""
import copy
import json
import os
import re
import sys
import unittest.mock

from sample_case import DOCUMENTED_STORE, ROOT, SAMPLES, SampleCase, environment, main, module_of
from template import Template
from vendor_model import demand_answer

SAMPLE = SAMPLES / "cloudformation"
SCRIPT = SAMPLE / "stacks.py"
DESCRIBED = json.loads((SAMPLE / "users-prod.json").read_text(encoding="utf-8"))
DELETED = json.loads((SAMPLE / "users-prod-deleted.json").read_text(encoding="utf-8"))
PATTERN = json.loads((SAMPLE / "stack-deleted.pattern.json").read_text(encoding="utf-8"))
REGISTRANT = "stack/users-prod/7d1c3b10-c5f2-11f0-9a41-0e6f0d2f8b57"


def younger_stack():
    described = copy.deepcopy(DESCRIBED)
    stack = described["Stacks"][0]
    stack["StackId"] = stack["StackId"].replace("7d1c3b10", "9e2d4c21")
    return described


def event_of(status):
    event = copy.deepcopy(DELETED)
    event["detail"]["status-details"]["status"] = status
    return event


def matches(pattern, event):
    """An EventBridge pattern of exact values: every field that it names has one of them."""
    return all(matches(wanted, event.get(key, {})) if isinstance(wanted, dict) else event.get(key) in wanted
               for key, wanted in pattern.items())


class Stacks(SampleCase):
    def register(self, described=DESCRIBED, status=0):
        given = described if isinstance(described, bytes) else json.dumps(described).encode()
        return self.run_program(SCRIPT, "register", self.store, "-n", "prod", given=given, status=status)

    def happen(self, event, status=0):
        given = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.run_program(SCRIPT, "deregister", self.store, given=given, status=status)

    def names(self):
        return [name for _, name, _ in self.registered()]

    def test_outputs_are_registered_and_live(self):
        self.register()
        self.assertEqual({registrant for _, _, registrant in self.registered()}, {REGISTRANT})
        self.sync()
        self.assertEqual(self.live(), {
            "users-prod/SessionHours": "12",
            "users-prod/SignInEvents": ["https://sqs.us-east-1.amazonaws.com/123456789012/users-prod-SignInEvents-9T84AZYTJXEP"],
            "users-api": ["https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod"],
            "users-prod/UsersTable": ["arn:aws:dynamodb:us-east-1:123456789012:table/users-prod-UsersTable-1MVX3PQ8K2T7D"]})

    def test_the_commands_of_the_readme(self):
        register, by_hand, deregister = self.shell_blocks(SAMPLE / "README.md")[:3]
        self.stand_in("aws", f'[ "$*" = "cloudformation describe-stacks --stack-name users-prod" ] && cat {SAMPLE}/users-prod.json')
        (self.folder / "samples").symlink_to(SAMPLES)
        self.run_shell(register)
        first = self.registered()
        self.assertEqual({registrant for _, _, registrant in first}, {REGISTRANT})
        self.assertIn("0 new, 0 changed, 4 renewed, 0 taken away", self.run_shell(by_hand))
        self.assertEqual(self.registered(), first)
        self.run_shell(deregister)
        self.assertEqual(self.registered(), [])

    def test_an_output_that_is_gone_is_taken_away(self):
        self.register()
        fewer = copy.deepcopy(DESCRIBED)
        fewer["Stacks"][0]["Outputs"].pop()
        self.register(fewer)
        self.assertEqual(self.names(), ["users-api", "users-prod/SignInEvents", "users-prod/UsersTable"])
        del fewer["Stacks"][0]["Outputs"]
        self.register(fewer)
        self.assertEqual(self.names(), [])

    def test_what_is_no_stack_changes_nothing(self):
        self.register()
        before = self.registered()
        strange = copy.deepcopy(DESCRIBED)
        strange["Stacks"][0]["StackId"] = "arn:aws:s3:::stack/users-prod/7d1c3b10"
        two = {"Stacks": DESCRIBED["Stacks"] * 2}
        for described in (b"", b"{", b"[]", b'{"Stacks": []}', b'{"Stacks": [{}]}', b'{"Stacks": 7}', b'{"Stacks": [7]}', two, strange):
            with self.subTest(described):
                self.register(described, status=2)
                self.assertEqual(self.registered(), before)

    def test_a_deleted_stack_is_gone(self):
        self.run_program("generate-snapshot", "register", self.store, "-n", "prod", "mail", "--uri", "smtps://mail.example:465",
                         "--registrant", "pipeline/mail")
        self.register()
        self.sync()
        self.happen(DELETED)
        self.assertEqual(self.names(), ["mail"])
        self.sync()
        self.assertEqual(self.live(), {"mail": ["smtps://mail.example:465"]})
        self.happen(DELETED)  # events may come twice
        self.assertEqual(self.names(), ["mail"])

    def test_a_late_event_leaves_a_younger_stack_of_the_same_name(self):
        self.register(younger_stack())
        self.happen(DELETED)
        self.assertEqual(self.names(), ["users-api", "users-prod/SessionHours", "users-prod/SignInEvents", "users-prod/UsersTable"])

    def test_other_events_do_nothing(self):
        self.register()
        before = self.registered()
        others = [event_of(status) for status in ("DELETE_IN_PROGRESS", "DELETE_FAILED", "UPDATE_COMPLETE", "ROLLBACK_COMPLETE")]
        others += [{**DELETED, "source": "acme"}, {**DELETED, "detail-type": "CloudFormation Resource Status Change"}, {}]
        for event in others:
            self.assertEqual(self.happen(event), "no stack was deleted: nothing to do\n", event)
        self.assertEqual(self.registered(), before)

    def test_what_is_no_event_is_trouble(self):
        self.register()
        before = self.registered()
        nameless = copy.deepcopy(DELETED)
        for stack_id in ("", 7, None, "stack/users-prod", "arn:aws:cloudformation:us-east-1:123456789012:changeSet/a/b"):
            nameless["detail"]["stack-id"] = stack_id
            self.happen(nameless, status=2)
        for event in (b"", b"{", b"[]", {**DELETED, "detail": 7}, {**DELETED, "detail": {"status-details": []}}):
            self.happen(event, status=2)
        self.assertEqual(self.registered(), before)

    def test_the_handler_of_lambda(self):
        self.register()
        module = module_of(SCRIPT)
        with unittest.mock.patch.dict(os.environ, environment(ALMANAC_URL=str(self.folder / self.store)), clear=True):
            module.handler(DELETED, None)
            self.assertEqual(self.names(), [])
            # So that Lambda tries again, and tells in the end.
            os.environ["ALMANAC_URL"] = "ftp://nowhere"
            with self.assertRaises(Exception):
                module.handler(DELETED, None)

    def test_the_rule_lets_deletions_through_alone(self):
        self.assertTrue(matches(PATTERN, DELETED))
        for status in ("DELETE_IN_PROGRESS", "DELETE_FAILED", "UPDATE_COMPLETE"):
            self.assertFalse(matches(PATTERN, event_of(status)), status)
        self.assertFalse(matches(PATTERN, {**DELETED, "source": "acme"}))

    def test_what_is_recorded_is_what_describe_stacks_gives(self):
        for path in (SAMPLE / "users-prod.json", *sorted((SAMPLES / "two-stacks").glob("*-prod.json"))):
            demand_answer("cloudformation", "DescribeStacks", json.loads(path.read_text(encoding="utf-8")))


class Templates(SampleCase):
    def setUp(self):
        super().setUp()
        self.bucket = Template(SAMPLE / "bucket.yaml", Bucket="acme-registry")

    def policy(self, name):
        return self.bucket.properties(name)["PolicyDocument"]

    def test_the_policies_are_those_of_the_readme(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        shown = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)]
        self.assertEqual([self.policy("Publisher"), self.policy("Reader")], shown)

    def test_a_checker_changes_nothing(self):
        actions = [action for statement in self.policy("Checker")["Statement"] for action in [statement["Action"]]]
        self.assertEqual(actions, ["s3:GetObject", "s3:ListBucket"])

    def test_the_bucket(self):
        (bucket,) = self.bucket.resources("AWS::S3::Bucket")
        properties = self.bucket.properties(bucket)
        self.assertEqual(properties["VersioningConfiguration"], {"Status": "Enabled"})
        self.assertEqual(set(properties["PublicAccessBlockConfiguration"]),
                         {"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"})
        self.assertEqual(set(properties["PublicAccessBlockConfiguration"].values()), {True})
        (encryption,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        self.assertEqual(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256")
        self.assertEqual(properties["OwnershipControls"]["Rules"], [{"ObjectOwnership": "BucketOwnerEnforced"}])
        document = self.bucket.document["Resources"][bucket]
        self.assertEqual((document["DeletionPolicy"], document["UpdateReplacePolicy"]), ("Retain", "Retain"))

    def test_what_is_current_never_expires(self):
        known = {"Id", "Status", "Prefix", "NoncurrentVersionExpiration", "ExpiredObjectDeleteMarker", "AbortIncompleteMultipartUpload"}
        for rule in self.bucket.properties("Bucket")["LifecycleConfiguration"]["Rules"]:
            self.assertLessEqual(set(rule), known, rule)

    def test_plain_http_is_refused_to_everybody(self):
        (policy,) = self.bucket.resources("AWS::S3::BucketPolicy")
        (statement,) = self.bucket.properties(policy)["PolicyDocument"]["Statement"]
        self.assertEqual(statement, {"Sid": "OnlyEncryptedTransport", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                                     "Resource": ["arn:aws:s3:::acme-registry", "arn:aws:s3:::acme-registry/*"],
                                     "Condition": {"Bool": {"aws:SecureTransport": "false"}}})

    def test_the_outputs(self):
        outputs = self.bucket.outputs()
        self.assertEqual(outputs["Store"], DOCUMENTED_STORE)
        self.assertEqual((outputs["PublisherPolicy"], outputs["ReaderPolicy"], outputs["CheckerPolicy"]),
                         ("the Publisher", "the Reader", "the Checker"))

    def test_a_root_with_slashes_at_its_ends_is_refused(self):
        for root in ("/live", "live/", "", "a//b"):
            with self.assertRaises(ValueError):
                Template(SAMPLE / "bucket.yaml", Bucket="acme-registry", Root=root)

    def test_a_registrant_has_its_own_keys(self):
        template = Template(SAMPLE / "registrant.yaml", Bucket="acme-registry", Namespace="prod", Registrant="stack%2Fusers-prod%2F*")
        objects, listing = template.properties("Policy")["PolicyDocument"]["Statement"]
        self.assertEqual(objects["Resource"], "arn:aws:s3:::acme-registry/live/registrations/prod/*/stack%2Fusers-prod%2F*.json")
        self.assertEqual(objects["Action"], ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
        self.assertEqual(listing["Resource"], "arn:aws:s3:::acme-registry")
        self.assertEqual(listing["Condition"], {"StringLike": {"s3:prefix": "live/registrations/*"}})
        # A slash of a name is %2F there: a parameter with one would be somebody else's folder.
        for wrong in ({"Namespace": "prod/eu"}, {"Registrant": "stack/users-prod"}, {"Registrant": "*/x"}, {"Registrant": ""}):
            with self.assertRaises(ValueError):
                Template(SAMPLE / "registrant.yaml", **{"Bucket": "b", "Namespace": "prod", "Registrant": "x", **wrong})


if __name__ == "__main__":
    sys.exit(main())
