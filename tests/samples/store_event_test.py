#!/usr/bin/python3 -B
"""samples/store-event: an event about a registration publishes, any other does nothing, the same twice changes nothing.

  store_event_test.py --programs build/release/generator --programs build/release/reader/inspect
"""
import json
import os
import sys
import unittest.mock

from sample_case import DOCUMENTED_STORE, SAMPLES, SampleCase, environment, main, module_of
from vendor_model import demand_request

SAMPLE = SAMPLES / "store-event"
SCRIPT = SAMPLE / "sync_on_event.py"
EVENT = json.loads((SAMPLE / "registered.json").read_text(encoding="utf-8"))
NOTIFICATION = json.loads((SAMPLE / "notification.json").read_text(encoding="utf-8"))


def event_about(*keys, bucket="acme-registry"):
    return {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": bucket}, "object": {"key": key}}} for key in keys]}


class StoreEvent(SampleCase):
    def register(self, name, uri):
        self.run_program("generate-snapshot", "register", self.store, "-n", "prod", name, "--uri", uri, "--registrant", "host/5")

    def happen(self, event, status=0):
        given = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.run_program(SCRIPT, self.store, given=given, status=status)

    def generations(self):
        return len(self.run_program("generate-snapshot", "history", self.store, "--json").splitlines())

    def test_a_registration_goes_live(self):
        self.register("users", "https://users.example")
        self.happen(event_about("registrations/prod/users/host%252F5.json"))
        self.assertEqual(self.live(), {"users": ["https://users.example"]})

    def test_the_same_event_again_changes_nothing(self):
        self.register("users", "https://users.example")
        event = event_about("registrations/prod/users/host%252F5.json")
        for _ in range(3):
            self.happen(event)
        self.assertEqual(self.generations(), 1)

    def test_an_event_that_comes_late_publishes_what_is_registered_now(self):
        self.register("users", "https://users.example")
        self.register("orders", "https://orders.example")
        self.happen(event_about("registrations/prod/orders/host%252F5.json"))
        self.run_program("generate-snapshot", "deregister", self.store, "-n", "prod", "orders", "--registrant", "host/5")
        self.happen(event_about("registrations/prod/orders/host%252F5.json"))
        self.assertEqual(self.live(), {"users": ["https://users.example"]})

    def test_other_keys_do_nothing(self):
        self.register("users", "https://users.example")
        for key in ("current", "generations/1", "snapshots/0a1b.almanac", "documents/0a1b", "other/registrations/prod/users/x.json", ""):
            self.assertEqual(self.happen(event_about(key)), "no registration changed: nothing to do\n", key)
        self.assertEqual(self.happen({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "acme-registry"}),
                         "no registration changed: nothing to do\n")
        self.assertFalse((self.folder / self.store / "current").exists())

    def test_what_is_no_event_is_trouble(self):
        for given in (b"", b"[]", b'"x"', b"{", b'{"Records": [{}]}', b'{"Records": 7}', b'{"Records": [{"s3": {"object": {"key": 1}}}]}'):
            with self.subTest(given):
                self.assertIn("no event of S3", self.happen(given, status=2))

    def test_the_refusal_of_sync_is_passed_on(self):
        # A registration that cannot be read is not left out in silence.
        self.register("users", "https://users.example")
        damaged = next((self.folder / self.store / "registrations").rglob("*.json"))
        damaged.write_text("{", encoding="utf-8")
        self.happen(event_about("registrations/prod/users/host%252F5.json"), status=1)

    def test_which_keys_of_which_bucket(self):
        changed = module_of(SCRIPT).changed_registrations
        self.assertEqual(changed(EVENT, DOCUMENTED_STORE),
                         ["live/registrations/prod/users-api/stack%2Fusers-prod%2F7d1c3b10-c5f2-11f0-9a41-0e6f0d2f8b57.json"])
        self.assertEqual(changed(EVENT, "s3://acme-registry/"), [])
        self.assertEqual(changed(EVENT, "s3://acme-registry/liv"), [])
        self.assertEqual(changed(EVENT, "s3://other/live"), [])
        elsewhere = event_about("a+b/registrations/a/b%20c/d.json")
        self.assertEqual(changed(elsewhere, "s3://acme-registry/a b"), ["a b/registrations/a/b c/d.json"])
        elsewhere["Records"][0]["eventSource"] = "ceph:s3"
        self.assertEqual(changed(elsewhere, "s3://acme-registry/a+b"), ["a+b/registrations/a/b%20c/d.json"])

    def test_the_handler_of_lambda(self):
        self.register("users", "https://users.example")
        store = str(self.folder / self.store)
        module = module_of(SCRIPT)
        with unittest.mock.patch.dict(os.environ, environment(ALMANAC_URL=store), clear=True):
            module.handler(event_about("registrations/prod/users/host%252F5.json"), None)
            self.assertEqual(self.live(), {"users": ["https://users.example"]})
            next((self.folder / self.store / "registrations").rglob("*.json")).write_text("{", encoding="utf-8")
            # So that Lambda tries again, and tells in the end.
            with self.assertRaises(Exception):
                module.handler(event_about("registrations/prod/users/host%252F5.json"), None)

    def test_the_notification_is_one_of_s3_and_about_registrations_alone(self):
        demand_request("s3", "PutBucketNotificationConfiguration", {"Bucket": "acme-registry", "NotificationConfiguration": NOTIFICATION})
        (configuration,) = NOTIFICATION["LambdaFunctionConfigurations"]
        (rule,) = configuration["Filter"]["Key"]["FilterRules"]
        bucket, beginning = module_of(SCRIPT).registrations_of(DOCUMENTED_STORE)
        self.assertEqual((rule["Name"], rule["Value"]), ("prefix", beginning))
        self.assertEqual({record["s3"]["configurationId"] for record in EVENT["Records"]}, {configuration["Id"]})
        self.assertEqual(bucket, "acme-registry")
        # A bucket with versions puts a marker where an object is removed: ObjectRemoved:DeleteMarkerCreated.
        self.assertEqual(configuration["Events"], ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"])


if __name__ == "__main__":
    sys.exit(main())
