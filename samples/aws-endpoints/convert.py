#!/usr/bin/python3
"""Turn botocore's endpoints.json into registry documents (JSON Lines)."""

# /usr/bin/python3 and not the first one on PATH: Debian's is the one that
# finds Debian's python3-botocore, whose version README.md names.

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

# The modules beside this script are part of a source tree: leave no __pycache__ in it.
sys.dont_write_bytecode = True

from endpoint_rules import (
    MALFORMED, VARIANTS, InputError, load_partitions, resolve, variant_of,
)

REGISTRY = "aws-endpoints"
DEFAULT_OUTPUT = Path(__file__).resolve().parent / "aws-endpoints.jsonl"

# A region's description is one setting of its namespace, not an attribute
# repeated on each of its services.
REGION_DESCRIPTION = "region/description"

DESCRIPTION = """\
Turn botocore's endpoints.json, the public list of AWS endpoints, into registry
documents: JSON Lines, one service a line, sorted, the same bytes every time."""

EPILOG = """\
what becomes of what:
  region or pseudo region   namespace    us-east-1, aws-global, fips-us-west-2
  its description           a setting    region/description
  service id                name         dynamodb, api.ecr
  hostname template         uri          https://dynamodb.us-east-1.amazonaws.com
  fips, dualstack variants  more endpoints, tagged, after the plain one
  deprecated                a tag of the service
  all else                  attributes, under the names that endpoints.json uses

examples:
  convert.py                            write aws-endpoints.jsonl beside this script
  convert.py my-endpoints.json -o -     another input; the records on standard output
  convert.py --verify                   hold the rules and the written file against botocore

exit status: 0 done, 1 --verify found differences, 2 trouble
"""


def locate_input():
    """The endpoints.json that the installed botocore reads."""
    try:
        import botocore
    except ImportError as error:
        raise InputError(
            "botocore is not installed: install python3-botocore, or name an endpoints.json"
        ) from error
    return Path(botocore.__file__).parent / "data" / "endpoints.json"


def namespaces_of(partitions):
    """{(partition, region): namespace}.

    A few pseudo regions ("fips", "dms") occur in several partitions. The first
    partition has the name to itself, as it is the first that EndpointResolver
    looks into; in the others it is <partition>/<name>.
    """
    owners = {}
    result = {}
    for partition in partitions:
        name = partition["partition"]
        regions = set(partition["regions"])
        regions.update(r for s in partition["services"].values() for r in s["endpoints"])
        for region in regions:
            mine = owners.setdefault(region, name) == name
            result[name, region] = region if mine else f"{name}/{region}"
    return result


def service_attributes(partition, service_id, region, resolved):
    """What holds for all endpoints of the service and is not said by name, namespace or uri."""
    service = partition["services"][service_id]
    attributes = {"partition": partition["partition"]}
    scope = resolved.get("credentialScope", {})
    for key, known in (("region", region), ("service", service_id)):
        if scope.get(key, known) != known:
            attributes[f"credentialScope.{key}"] = scope[key]
    if resolved["signatureVersions"] != ["v4"]:
        attributes["signatureVersions"] = ",".join(resolved["signatureVersions"])
    if "https" not in resolved["protocols"]:
        attributes["protocols"] = ",".join(resolved["protocols"])
    if service.get("partitionEndpoint") == region:
        attributes["partitionEndpoint"] = "true"
        attributes["isRegionalized"] = str(service.get("isRegionalized", True)).lower()
    return dict(sorted(attributes.items()))


def endpoint_record(resolved, tags):
    scheme = "https" if "https" in resolved["protocols"] else "http"
    record = {"uri": f'{scheme}://{resolved["hostname"]}'}
    if tags:
        record["tags"] = sorted(tags)
    if resolved.get("sslCommonName", resolved["hostname"]) != resolved["hostname"]:
        record["attributes"] = {"sslCommonName": resolved["sslCommonName"]}
    return record


def service_record(partition, service_id, region, namespace):
    """A service in one region, with the variants that its entry lists.

    The defaults could expand every variant everywhere; only those an entry
    lists exist, which is how EndpointResolver.get_available_endpoints sees it.
    """
    entry = partition["services"][service_id]["endpoints"][region]
    record = {"namespace": namespace, "name": service_id}
    if entry.get("deprecated"):
        record["tags"] = ["deprecated"]
    plain = resolve(partition, service_id, region, frozenset())
    record["attributes"] = service_attributes(partition, service_id, region, plain)
    record["endpoints"] = [
        endpoint_record(resolve(partition, service_id, region, tags), tags)
        for tags in VARIANTS
        if not tags or variant_of(entry, tags)
    ]
    return record


def partition_records(partition, namespaces):
    """The records of one partition: its regions' descriptions, then its services."""
    name = partition["partition"]
    for region, about in partition["regions"].items():
        yield {
            "namespace": namespaces[name, region],
            "name": REGION_DESCRIPTION,
            "value": about["description"],
            "attributes": {"partition": name},
        }
    for service_id, service in partition["services"].items():
        for region in service["endpoints"]:
            try:
                yield service_record(partition, service_id, region, namespaces[name, region])
            except MALFORMED as error:
                raise InputError(
                    f'partition "{name}", service "{service_id}", endpoint "{region}": '
                    f"malformed: {type(error).__name__}: {error}"
                ) from error


def convert(partitions):
    """All records, in the order of the UTF-8 bytes of namespace and name."""
    namespaces = namespaces_of(partitions)
    records = {}
    for partition in partitions:
        for record in partition_records(partition, namespaces):
            key = (record["namespace"].encode(), record["name"].encode())
            if key in records:
                raise InputError(
                    f'partition "{partition["partition"]}": namespace "{record["namespace"]}" '
                    f'has "{record["name"]}" twice'
                )
            records[key] = record
    return [records[key] for key in sorted(records)]


def to_lines(records):
    for record in ({"registry": REGISTRY}, *records):
        yield json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def replace_file(path, lines):
    """Replaces path whole or not at all."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=path.name + ".", dir=path.parent)
    except OSError as error:
        raise InputError(f"{path}: cannot write beside it: {error.strerror}") from error
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def summary(records):
    """The counts that README.md gives."""
    endpoints = [e for r in records for e in r.get("endpoints", [])]
    variants = [frozenset(e.get("tags", [])) for e in endpoints]
    lines = [
        (len({r["namespace"] for r in records}), "namespaces"),
        (sum("value" in r for r in records), "region descriptions"),
        (sum("endpoints" in r for r in records), "services"),
        (sum("deprecated" in r.get("tags", []) for r in records), "of them deprecated"),
        (len(endpoints), "endpoints"),
    ]
    for tags in VARIANTS:
        lines.append((variants.count(tags), f'of them {" and ".join(sorted(tags)) or "plain"}'))
    return "".join(f"{count:>6} {label}\n" for count, label in lines)


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", nargs="?", metavar="ENDPOINTS_JSON",
                        help="the file to read (default: that of the installed botocore)")
    parser.add_argument("-o", "--output", metavar="FILE", default=str(DEFAULT_OUTPUT),
                        help='the file to write, "-" for standard output '
                             "(default: aws-endpoints.jsonl beside this script)")
    parser.add_argument("--verify", action="store_true",
                        help="write nothing: ask botocore's EndpointResolver for every service, "
                             "region and variant, and compare its answers with the rules here "
                             "and with the file named by --output")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    try:
        source = Path(arguments.input) if arguments.input else locate_input()
        partitions = load_partitions(source)
        records = convert(partitions)
        if arguments.verify:
            from compare_with_botocore import compare

            return compare(
                partitions, namespaces_of(partitions), REGION_DESCRIPTION,
                Path(arguments.output), "".join(to_lines(records)),
            )
        if arguments.output == "-":
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
            sys.stdout.writelines(to_lines(records))
            sys.stdout.flush()
        else:
            replace_file(Path(arguments.output), to_lines(records))
        sys.stderr.write(f"from {source}:\n{summary(records)}")
    except (InputError, OSError, UnicodeError) as error:
        print(f"convert.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
