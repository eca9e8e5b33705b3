#!/usr/bin/env python3
"""Reads with other people's parsers what inspect-snapshot exports, and holds it against what went in.

  inspect_export_test.py --programs build/generator --programs build/reader/inspect
"""
import argparse
import csv
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

import yaml

NAMES = ["users", "payments/api", "two words", 'quo"te', "back\\slash", "dollar$HOME", "`id`", "a;b", "{c}", "#d", "!e", "f=g:h", "größe 🗺",
         "-", "null", "1e3", "no", "~", "? q", "\u2028", "\ufeffbom", "'", "x" * 1024, "%s", "\\u0041", "*alias", "&anchor", "@at", "<<"]
TEXTS = ["", " ", " both ", "'", '"', "it's \"so\" $HOME `id` \\ !", "line\nbreak", "cr\r\n", "tab\t", "\\", "\\\\n", "a,b", "\u0007\u001b[2J\u007f",
         "\u0085\u2028\u2029\ufeff", "größe 🗺 \U0010ffff", "null", "1e3", "no", "2026-11-21", "=SUM(A1)", "#", "${HOME}", "$(id)", "a: b", "- c",
         "\\u0041", "!ruby/object", "x" * 3000]


def record(name, **fields):
    return {"namespace": "prod", "name": name, **fields}


def hostile_registry(draw):
    """Every name and every text at least once, in other pairs each time."""
    names = draw.sample(NAMES, len(NAMES))
    texts = draw.sample(TEXTS, len(TEXTS))
    return [record(name, value=texts[index % len(texts)]) for index, name in enumerate(names)]


SERVED = [
    record("nsqlookupd", endpoints=[{"uri": "tcp://10.0.1.5:4161"}, {"uri": "tcp://[2001:db8::1]:4161", "weight": 3, "zone": 'a"b'}]),
    record('quo"te\\', tags=["a,b", "größe"], attributes={"k": 'v"\n', "Größe": "x"}, endpoints=[{"uri": "https://10.0.0.1/v1?a=b", "version": "1.0.0"}]),
    record("users", endpoints=[{"uri": "https://users.example"}]),
]


def parse_properties(text):
    """As java.util.Properties.load has it, and stricter: what an escape or a line cannot be is an error."""
    entries = {}
    for line in text.splitlines():
        match = re.fullmatch(r"((?:[^\\=: \t#!]|\\.)+)=(.*)", line, re.ASCII)
        assert match, line
        parts = []
        for part in match.groups():
            assert re.fullmatch(r"([\x20-\x5b\x5d-\x7e]|\\[nrt =:#!\\]|\\u[0-9A-F]{4})*", part), line
            units = re.sub(r"\\(u(....)|.)", lambda found: chr(int(found[2], 16)) if found[2] else {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1]), part)
            parts.append(units.encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
        value = match[2]
        assert not value.startswith((" ", "\t")), line  # load() would skip it
        assert parts[0] not in entries
        entries[parts[0]] = parts[1]
    return entries


class InspectExport(unittest.TestCase):
    programs = []
    seed = 0

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="almanac-export-")
        self.addCleanup(self.folder.cleanup)
        self.environment = dict(os.environ, PATH=os.pathsep.join([*self.programs, os.environ["PATH"]]))

    def export(self, kind, records):
        source = pathlib.Path(self.folder.name, "x.jsonl")
        source.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
        snapshot = str(source.with_suffix(".almanac"))
        self.run_program("generate-snapshot", "build", source, "-o", snapshot)
        return self.run_program("inspect-snapshot", "export", snapshot, "--format", kind)

    def run_program(self, *command):
        done = subprocess.run(command, env=self.environment, capture_output=True, timeout=60, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{command}: exit status {done.returncode}: {done.stderr.decode()}")
        self.told = done.stderr.decode("utf-8")
        return done.stdout.decode("utf-8")

    def draws(self):
        for number in range(3):
            yield hostile_registry(random.Random(f"{self.seed} {number}"))

    def test_json(self):
        for records in self.draws():
            self.assertEqual(json.loads(self.export("json", records)), {one["name"]: one["value"] for one in records})
        self.assertEqual(json.loads(self.export("json", SERVED))["nsqlookupd"], ["tcp://10.0.1.5:4161", "tcp://[2001:db8::1]:4161"])

    def test_yaml(self):
        for records in self.draws():
            self.assertEqual(yaml.safe_load(self.export("yaml", records)), {one["name"]: one["value"] for one in records})
        self.assertEqual(yaml.safe_load(self.export("yaml", SERVED)), json.loads(self.export("json", SERVED)))

    def test_properties(self):
        for records in self.draws():
            self.assertEqual(parse_properties(self.export("properties", records)), {one["name"]: one["value"] for one in records})

    def test_dotenv_in_a_shell(self):
        records = [record(f"service/{index}", value=text) for index, text in enumerate(TEXTS)]
        path = pathlib.Path(self.folder.name, "env")
        path.write_bytes(self.export("dotenv", records).encode())
        # A child sees them as they are; what was expanded or run would show.
        script = 'set -eu; set -a; . "$1"; exec /usr/bin/env -0'
        done = subprocess.run(["/bin/sh", "-c", script, "sh", path], env={"LC_ALL": "C.UTF-8"}, timeout=60, check=True, capture_output=True)
        self.assertEqual(done.stderr, b"")
        variables = dict(one.split("=", 1) for one in done.stdout.decode().split("\0") if one)
        self.assertEqual({name: text for name, text in variables.items() if name.startswith("SERVICE_")},
                         {f"SERVICE_{index}": text for index, text in enumerate(TEXTS)})

    def test_csv(self):
        for records in self.draws():
            rows = list(csv.DictReader(io.StringIO(self.export("csv", records), newline=""), strict=True))
            self.assertEqual({row["name"]: row["value"] for row in rows}, {one["name"]: one["value"] for one in records})
        rows = list(csv.DictReader(io.StringIO(self.export("csv", SERVED), newline=""), strict=True))
        self.assertEqual([(row["name"], row["uri"], row["weight"]) for row in rows],
                         [(one["name"], address["uri"], str(address.get("weight", 1)))
                          for one in sorted(SERVED, key=lambda one: one["name"]) for address in one["endpoints"]])
        quoted = next(row for row in rows if row["tags"])
        self.assertEqual(json.loads(quoted["tags"]), ["a,b", "größe"])
        self.assertEqual(json.loads(quoted["attributes"]), {"k": 'v"\n', "Größe": "x"})

    def test_tsv(self):
        escapes = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
        for records in self.draws():
            table = self.export("tsv", records)
            rows = [[re.sub(r"\\(.)", lambda found: escapes[found[1]], cell) for cell in line.split("\t")] for line in table.split("\n")[:-1]]
            self.assertEqual({len(row) for row in rows}, {12})
            self.assertEqual({row[1]: row[3] for row in rows[1:]}, {one["name"]: one["value"] for one in records})

    def test_envoy(self):
        response = json.loads(self.export("envoy", SERVED))
        clusters = {resource["cluster_name"]: resource["endpoints"] for resource in response["resources"]}
        self.assertEqual(list(clusters), ["nsqlookupd", 'quo"te\\', "users"])
        self.assertEqual(clusters["users"], [])  # a name, where Envoy takes addresses
        self.assertEqual([locality.get("locality") for locality in clusters["nsqlookupd"]], [None, {"zone": 'a"b'}])
        hosts = [host for localities in clusters.values() for locality in localities for host in locality["lb_endpoints"]]
        addresses = [host["endpoint"]["address"]["socket_address"] for host in hosts]
        self.assertEqual([(one["address"], one["port_value"]) for one in addresses], [("10.0.1.5", 4161), ("2001:db8::1", 4161), ("10.0.0.1", 443)])
        self.assertEqual([host["load_balancing_weight"] for host in hosts], [1, 3, 1])

    def test_prometheus(self):
        groups = json.loads(self.export("prometheus", SERVED))
        self.assertEqual([group["targets"] for group in groups], [["10.0.1.5:4161"], ["[2001:db8::1]:4161"], ["10.0.0.1:443"], ["users.example:443"]])
        for group in groups:
            for name in group["labels"]:
                self.assertRegex(name, r"\A[a-zA-Z_][a-zA-Z0-9_]*\Z")
        self.assertEqual(groups[2]["labels"]["job"], 'quo"te\\')
        self.assertEqual(groups[2]["labels"]["__meta_almanac_attribute_k"], 'v"\n')
        self.assertEqual(groups[1]["labels"]["zone"], 'a"b')

    def test_consul(self):
        services = json.loads(self.export("consul", SERVED))["services"]
        self.assertEqual([(one["name"], one["address"], one["port"]) for one in services],
                         [("nsqlookupd", "10.0.1.5", 4161), ("nsqlookupd", "2001:db8::1", 4161), ('quo"te\\', "10.0.0.1", 443), ("users", "users.example", 443)])
        self.assertEqual(len({one["id"] for one in services}), 4)
        self.assertEqual(services[2]["meta"], {"k": 'v"\n', "uri": "https://10.0.0.1/v1?a=b", "version": "1.0.0"})

    def test_import_takes_back_what_a_format_carries_and_the_rest_is_told(self):
        lookup, api, page = ["tcp://10.0.1.5:4161", "tcp://10.0.1.6:4161"], "https://10.0.0.1:8443/v1?a=b", "http://users.example:81"
        records = [record("limit", value="3"),
                   record("nsqlookupd", description="where nsqd is", endpoints=[lookup[0], {"uri": lookup[1], "weight": 3, "zone": "z"}]),
                   record("payments/api", tags=["t"], attributes={"k": "v"}, endpoints=[{"uri": api, "version": "1.0.0"}]),
                   record("users", endpoints=[page])]
        texts = {"limit": "3", "nsqlookupd": lookup, "payments/api": [api], "users": [page]}
        addresses = {"nsqlookupd": lookup, "payments/api": ["tcp://10.0.0.1:8443"]}
        carried = {
            "envoy": (addresses, ["a path or query", "a version", "tags", "attributes", "the name of a host", "without an endpoint"]),
            "prometheus": ({"nsqlookupd": ["http://10.0.1.5:4161", "http://10.0.1.6:4161"], "payments/api": ["https://10.0.0.1:8443"],
                            "users": [page]}, ["without an endpoint"]),
            "consul": ({**addresses, "users": ["tcp://users.example:81"]}, ["without an endpoint"]),
            "dotenv": ({name.upper().replace("/", "_"): text for name, text in texts.items()}, ["a weight", "a zone", "a version", "tags", "attributes"]),
            **{kind: (texts, ["a weight", "a zone", "a version", "tags", "attributes"]) for kind in ("json", "yaml", "properties")},
        }
        for kind, (expected, losses) in carried.items():
            with self.subTest(kind):
                exported = pathlib.Path(self.folder.name, "exported")
                exported.write_text(self.export(kind, records), encoding="utf-8")
                for loss in ["a description", *losses]:
                    self.assertIn(loss, self.told)
                lines = map(json.loads, self.run_program("generate-snapshot", "import", kind, exported, "-n", "prod").splitlines())
                self.assertEqual({line["name"]: line.get("value") or [one["uri"] for one in line["endpoints"]] for line in lines}, expected)

    def test_amplify(self):
        apis = json.loads(self.export("amplify", SERVED))["API"]["REST"]
        self.assertEqual(apis, {'quo"te\\': {"endpoint": "https://10.0.0.1/v1?a=b"}, "users": {"endpoint": "https://users.example"}})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", action="append", required=True, help="folder of built programs; may be repeated")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="which names get which texts")
    known, rest = parser.parse_known_args()
    InspectExport.programs = [os.path.abspath(folder) for folder in known.programs]
    InspectExport.seed = known.seed
    print(f"seed {known.seed}", file=sys.stderr)
    unittest.main(argv=[sys.argv[0], *rest])
