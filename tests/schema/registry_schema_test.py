#!/usr/bin/env python3
"""Holds schema/registry.schema.json and `generate-snapshot check` together.

Goes over tests/documents: both accept what is good, both refuse what is bad, and what only the
program can refuse is listed with the reason. What `check` prints is compared with NAME.expected.

  registry_schema_test.py --program build/bin/generate-snapshot [--update]
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "tests" / "documents"
SCHEMA = ROOT / "schema" / "registry.schema.json"
ENDINGS = {".yaml", ".json", ".jsonl"}


class CoreLoader(yaml.SafeLoader):
    """YAML with the scalars of YAML 1.2's core schema: no dates, no yes and no; and with merge keys, as editors have them."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("merge", r"<<", ["<"]),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


def parse(path):
    """The documents of a file and, for each, the part of the schema that it is about."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        # A file without any document is an empty document, as it is to the program.
        return [("document", value) for value in list(yaml.load_all(text, CoreLoader)) or [None]]
    if path.suffix == ".json":
        return [("document", json.loads(text))]
    return [("record", json.loads(line)) for line in text.splitlines() if line.strip()]


class Validators:
    def __init__(self):
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        record = {"$schema": schema["$schema"], "$ref": "#/$defs/record", "$defs": schema["$defs"]}
        self.by_kind = {
            "document": jsonschema.Draft202012Validator(schema),
            "record": jsonschema.Draft202012Validator(record),
        }

    def accepts(self, path):
        return all(self.by_kind[kind].is_valid(value) for kind, value in parse(path))


def check(program, path):
    """Exit status and output; the file is named alone, so that the output is the same everywhere."""
    done = subprocess.run(
        [program, "check", path.name], cwd=path.parent, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    if done.stderr:
        sys.exit(f"{path}: unexpected on standard error: {done.stderr}")
    return done.returncode, done.stdout


def documents(folder):
    found = sorted(path for path in (DOCUMENTS / folder).iterdir() if path.suffix in ENDINGS)
    if not found:
        sys.exit(f"no documents in {DOCUMENTS / folder}")
    return found


class Findings:
    def __init__(self):
        self.count = 0

    def demand(self, condition, path, what):
        if not condition:
            self.count += 1
            print(f"FAILED {path.relative_to(ROOT)}: {what}")


def test_good(program, validators, findings):
    for path in documents("good"):
        status, output = check(program, path)
        findings.demand(status == 0, path, f"check refuses it: {output}")
        findings.demand(validators.accepts(path), path, "the schema refuses it")


def test_bad(program, folder, findings, update):
    for path in documents(folder):
        status, output = check(program, path)
        findings.demand(status == 1, path, "check accepts it")
        expectation = path.with_name(path.name + ".expected")
        if update:
            expectation.write_text(output, encoding="utf-8")
        expected = expectation.read_text(encoding="utf-8") if expectation.exists() else ""
        findings.demand(output == expected, path, f"expected\n{expected}but check prints\n{output}")


def test_schema_refuses(validators, findings):
    for path in documents("bad"):
        findings.demand(not validators.accepts(path), path, "the schema accepts it")


def test_beyond_schema(validators, findings):
    listed = (DOCUMENTS / "bad-beyond-schema" / "README.md").read_text(encoding="utf-8")
    for path in documents("bad-beyond-schema"):
        findings.demand(f"`{path.name}`" in listed, path, "the README does not say why")
        try:
            accepted = validators.accepts(path)
        except (yaml.YAMLError, ValueError):
            continue  # it never comes before the schema
        findings.demand(accepted, path, "the schema refuses it after all: it belongs to bad/")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True, help="generate-snapshot")
    parser.add_argument("--update", action="store_true", help="write what check prints as what is expected")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    validators = Validators()
    findings = Findings()
    test_good(program, validators, findings)
    test_bad(program, "bad", findings, arguments.update)
    test_bad(program, "bad-beyond-schema", findings, arguments.update)
    test_schema_refuses(validators, findings)
    test_beyond_schema(validators, findings)
    print(f"{findings.count} failed" if findings.count else "schema and check agree")
    return 1 if findings.count else 0


if __name__ == "__main__":
    sys.exit(main())
