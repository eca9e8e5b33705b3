#!/usr/bin/env python3
"""Parses what inspect-snapshot prints with --json and holds it against what went in.

  inspect_json_test.py --programs build/generator --programs build/reader/inspect
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HOSTILE = 'say "hi" \\ \u001b[31m\u0007 \u2028 \u009b \U0001f5fa größen\nsecond line\ttab'

SERVICES = [
    {"namespace": "prod", "name": "audit-log", "endpoints": [{"uri": "arn:aws:sqs:us-east-1:123456789012:audit"}]},
    {
        "namespace": "prod",
        "name": "payments/api",
        "description": HOSTILE,
        "value": HOSTILE,
        "tags": ["critical", "pci", "größe"],
        "attributes": {"empty": "", "owner": 'team "payments"', "schlüssel": HOSTILE},
        "endpoints": [
            {
                "uri": "https://a.example/x?q=%22",
                "version": "1.2.3-rc.1+build.5",
                "weight": 0,
                "zone": "us-east-1a",
                "tags": ["canary"],
                "attributes": {"k": "v"},
            },
            {"uri": "https://b.example", "weight": 65535},
        ],
    },
    {"namespace": "prod", "name": "payments/limit", "value": "", "tags": ["pci"]},
    {"namespace": "staging", "name": "audit-log", "value": "off"},
]
REGISTRY = [{"registry": 'ac"me', "revision": "4f2a91c"}, {"namespace": "empty"}, *SERVICES]

RULED = [
    {"namespace": "blue", "name": "api", "endpoints": [{"uri": "http://a", "weight": 3}, {"uri": "http://b"}]},
    {"namespace": "green", "name": "new", "value": "1"},
    {
        "callers": [
            {"when": {"function": "f"}, "namespace": "green"},
            {
                "when": {"role": ["?,*", "x"], "tag.x": "gr*"},
                "namespace": "blue",
                "rollout": {"to": "green", "linear": {"from": "2026-11-20T09:20:00Z", "over": "1h"}, "by": "key"},
            },
            {"namespace": "green"},
        ]
    },
]


class InspectJson(unittest.TestCase):
    programs = []

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="almanac-json-")
        cls.environment = dict(os.environ, PATH=os.pathsep.join([*cls.programs, os.environ["PATH"]]))
        cls.snapshot = cls.build("acme", REGISTRY)
        cls.ruled = cls.build("ruled", RULED)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    @classmethod
    def write(cls, name, records):
        source = cls.path(name + ".jsonl")
        pathlib.Path(source).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return source

    @classmethod
    def build(cls, name, records):
        target = cls.path(name + ".almanac")
        cls.run_program("generate-snapshot", "build", cls.write(name, records), "-o", target)
        return target

    @classmethod
    def run_program(cls, *command, status=0):
        done = subprocess.run(command, env=cls.environment, capture_output=True, timeout=60, check=False)
        if done.returncode != status:
            raise AssertionError(f"{command}: exit status {done.returncode}, expected {status}: {done.stderr.decode()}")
        return done.stdout.decode("utf-8")

    def inspect(self, *arguments, status=0):
        """The objects it prints: each on a line of its own, without blanks, and of known keys once."""
        text = self.run_program("inspect-snapshot", *arguments, "--json", status=status)
        self.assertTrue(text.endswith("\n"))
        objects = []
        for line in text.split("\n")[:-1]:
            parsed = json.loads(line, object_pairs_hook=self.without_duplicates)
            self.assertEqual(line, json.dumps(parsed, ensure_ascii=False, separators=(",", ":")))
            objects.append(parsed)
        return objects

    def without_duplicates(self, pairs):
        self.assertEqual(len({key for key, _ in pairs}), len(pairs))
        return dict(pairs)

    def test_summary_of_a_file(self):
        (summary,) = self.inspect("summary", self.snapshot)
        self.assertEqual(summary["registry"], 'ac"me')
        self.assertEqual(summary["revision"], "4f2a91c")
        self.assertEqual(summary["size"], os.path.getsize(self.snapshot))
        self.assertEqual((summary["services"], summary["endpoints"]), (4, 3))
        rows = summary["namespaces"]
        self.assertEqual([(row["name"], row["services"], row["endpoints"]) for row in rows], [("empty", 0, 0), ("prod", 3, 3), ("staging", 1, 0)])
        self.assertEqual(summary["size"], summary["overhead"] + sum(row["stored"] for row in rows))
        self.assertEqual(summary["inflated"], sum(row["inflated"] for row in rows))
        self.assertNotIn("generation", summary)

    def test_summary_of_a_store(self):
        store = self.path("store")
        before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        self.run_program("generate-snapshot", "publish", self.path("acme.jsonl"), "--to", store)
        (live,) = self.inspect("summary", store)
        (file,) = self.inspect("summary", self.snapshot)
        self.assertEqual(live["id"], file["id"])
        self.assertEqual(live["generation"], 1)
        published = datetime.datetime.strptime(live["published"], "%Y-%m-%dT%H:%M:%S%z")
        self.assertLessEqual(before, published)
        self.assertLessEqual(published, datetime.datetime.now(datetime.timezone.utc))

    def test_list(self):
        listed = self.inspect("list", self.snapshot)
        self.assertEqual([(each["namespace"], each["name"]) for each in listed], [(each["namespace"], each["name"]) for each in SERVICES])
        self.assertEqual(listed[0], {"namespace": "prod", "name": "audit-log", "endpoints": 1, "uri": SERVICES[0]["endpoints"][0]["uri"]})
        self.assertEqual(listed[1]["value"], HOSTILE)
        self.assertEqual(listed[1]["tags"], ["critical", "größe", "pci"])
        self.assertEqual(listed[2], {"namespace": "prod", "name": "payments/limit", "endpoints": 0, "value": "", "tags": ["pci"]})

    def test_list_of_a_part(self):
        listed = self.inspect("list", self.snapshot, "-n", "prod", "--prefix", "payments/", "--tag", "pci", "--tag", "critical")
        self.assertEqual([each["name"] for each in listed], ["payments/api"])

    def test_get(self):
        for service in SERVICES:
            (record,) = self.inspect("get", self.snapshot, service["name"], "-n", service["namespace"])
            expected = dict(service)
            if "tags" in expected:
                expected["tags"] = sorted(expected["tags"])
            self.assertEqual(record, expected)
        self.assertEqual(self.run_program("inspect-snapshot", "get", self.snapshot, "none", "--json", status=1), "")

    def explain(self, *arguments, status=0):
        (report,) = self.inspect("explain", self.ruled, *arguments, status=status)
        return report

    def test_explain(self):
        report = self.explain("api", "--caller", "role=a\\,b,tag.x=größe \u202e", "--key", "k 1", "--at", "2026-11-20T10:10:00+01:00")
        self.assertEqual((report["service"], report["found"], report["namespace"], report["named_by"]), ("api", True, "blue", "rule"))
        self.assertEqual((report["at"], report["key"]), ("2026-11-20T09:10:00Z", "k 1"))
        self.assertEqual(report["caller"], {"role": "a,b", "tag.x": "größe \u202e"})
        self.assertEqual(
            report["rules"],
            [
                {"namespace": "green", "verdict": "does not match", "conditions": [{"property": "function", "patterns": ["f"]}]},
                {
                    "namespace": "blue",
                    "verdict": "decides",
                    "conditions": [
                        {"property": "role", "value": "a,b", "patterns": ["?,*", "x"], "matched": "?,*"},
                        {"property": "tag.x", "value": "größe \u202e", "patterns": ["gr*"], "matched": "gr*"},
                    ],
                },
                {"namespace": "green", "verdict": "not asked"},
            ],
        )
        choice = report["choice"]
        self.assertEqual((choice["rule"], choice["base"], choice["going_to"], choice["by"]), (2, "blue", "green", "key"))
        self.assertEqual((choice["share"], choice["moved"], report["elsewhere"]), (0, False, [{"namespace": "green", "found": False}]))
        self.assertEqual(report["record"], {"namespace": "blue", "name": "api", "endpoints": [{"uri": "http://a", "weight": 3}, {"uri": "http://b"}]})
        self.assertEqual(report["shares"], [750000, 250000])

    def test_explain_follows_the_clock(self):
        moments = set()
        for key in range(20):
            asked = ("new", "--caller", "role=a\\,b,tag.x=gr", "--key", str(key), "--at")
            report = self.explain(*asked, "2026-11-20T09:20:00Z", status=1)
            moves = datetime.datetime.fromisoformat(report["choice"]["moves"].replace("Z", "+00:00"))
            before, then = moves - datetime.timedelta(milliseconds=1), moves
            self.assertEqual(self.explain(*asked, before.isoformat(timespec="milliseconds"), status=1)["namespace"], "blue")
            moved = self.explain(*asked, then.isoformat(timespec="milliseconds"))
            self.assertEqual((moved["namespace"], moved["choice"]["moved"]), ("green", True))
            self.assertGreater(moved["choice"]["share"], moved["choice"]["bucket"])
            moments.add(moves)
        self.assertGreater(len(moments), 15)

    def test_explain_what_is_not_there(self):
        missing = self.explain("apo", "--caller", "function=f", status=1)
        self.assertEqual((missing["found"], missing["namespace"], missing["near"]), (False, "green", []))
        self.assertNotIn("record", missing)
        (nobody,) = self.inspect("explain", self.snapshot, "audit-log", status=1)
        self.assertEqual((nobody["found"], nobody["named_by"], nobody["rules"]), (False, "nothing", []))
        self.assertNotIn("namespace", nobody)
        self.assertNotIn("choice", nobody)

    def test_rollouts(self):
        (rollout,) = self.inspect("rollouts", self.ruled, "--at", "2026-11-20T09:50:00Z")
        self.assertEqual(
            rollout,
            {
                "rule": 2,
                "from": "blue",
                "to": "green",
                "by": "key",
                "at": "2026-11-20T09:50:00Z",
                "state": "under way",
                "share": 500000,
                "ramp": True,
                "stages": [{"at": "2026-11-20T09:20:00Z", "share": 0}, {"at": "2026-11-20T10:20:00Z", "share": 1000000}],
            },
        )
        self.assertEqual(self.run_program("inspect-snapshot", "rollouts", self.snapshot, "--json"), "")

    def test_dump(self):
        records = self.inspect("dump", self.snapshot)
        self.assertEqual(records[:2], REGISTRY[:1] + [{"namespace": "empty"}])
        self.assertEqual([record["name"] for record in records[2:]], [service["name"] for service in SERVICES])
        copy = self.build("copy", records)
        self.assertEqual(pathlib.Path(copy).read_bytes(), pathlib.Path(self.snapshot).read_bytes())

    def test_diff(self):
        changed = [dict(record) for record in REGISTRY]
        changed[3] = dict(changed[3], value="new", endpoints=list(reversed(changed[3]["endpoints"])))
        del changed[5]
        changed.append({"namespace": "test", "name": "x", "value": "1"})
        new = self.build("new", changed)
        *changes, summary = self.inspect("diff", self.snapshot, new, status=1)
        self.assertEqual(
            [(each["change"], each["namespace"], each.get("name")) for each in changes],
            [("changed", "prod", "payments/api"), ("removed", "staging", None), ("removed", "staging", "audit-log"), ("added", "test", None), ("added", "test", "x")],
        )
        self.assertEqual(
            changes[0]["fields"],
            [
                {"change": "changed", "field": "value", "old": HOSTILE, "new": "new"},
                {"change": "reordered", "field": "endpoints"},
            ],
        )
        self.assertEqual(changes[2]["old"], SERVICES[3])
        self.assertEqual(changes[4]["new"], {"namespace": "test", "name": "x", "value": "1"})
        self.assertEqual(summary, {"summary": {"same": False, "added": 1, "removed": 1, "changed": 1, "unchanged": 2}})

    def test_diff_of_the_same(self):
        renamed = self.build("renamed", [{"registry": "other"}, *REGISTRY[1:]])
        (summary,) = self.inspect("diff", self.snapshot, renamed)
        self.assertEqual(summary["summary"]["same"], True)
        self.assertEqual(summary["summary"]["registry"], {"old": 'ac"me', "new": "other"})
        self.assertEqual(summary["summary"]["revision"], {"old": "4f2a91c", "new": ""})

    def test_verify(self):
        (intact,) = self.inspect("verify", self.snapshot)
        (summary,) = self.inspect("summary", self.snapshot)
        self.assertEqual(intact, {"ok": True, "id": summary["id"], "size": summary["size"], "namespaces": 3, "services": 4, "endpoints": 3})
        content = bytearray(pathlib.Path(self.snapshot).read_bytes())
        content[-1] ^= 1
        damaged = self.path("damaged.almanac")
        pathlib.Path(damaged).write_bytes(content)
        (report,) = self.inspect("verify", damaged, status=1)
        self.assertEqual(report["ok"], False)
        self.assertEqual((report["error"]["code"], report["error"]["object"]), ("corrupt", damaged))

    def test_layout(self):
        (layout,) = self.inspect("layout", self.snapshot)
        self.assertEqual(layout["size"], os.path.getsize(self.snapshot))
        self.assertEqual(layout["size"], layout["preamble"] + layout["manifest"] + sum(frame["stored"] for frame in layout["frames"]))
        self.assertEqual(layout["manifest"], sum(component["stored"] for component in layout["manifest_components"]))
        self.assertEqual(layout["manifest_inflated"], sum(component["inflated"] for component in layout["manifest_components"]))
        for frame in layout["frames"]:
            self.assertEqual(frame["inflated"], sum(component["inflated"] for component in frame["components"]))
            self.assertEqual(frame["stored"], sum(component["stored"] for component in frame["components"]))
        self.assertEqual(layout["services"], sum(frame["services"] for frame in layout["frames"]))
        named = {component["what"] for component in layout["components"]}
        self.assertLessEqual({"index", "columns", "text", "tag sets", "attribute sets", "padding"}, named)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", action="append", required=True, help="folder of built programs; may be repeated")
    known, rest = parser.parse_known_args()
    InspectJson.programs = [os.path.abspath(folder) for folder in known.programs]
    unittest.main(argv=[sys.argv[0], *rest])
