#!/usr/bin/env python3
"""Registers what a CloudFormation stack offers, and takes it away once the stack is deleted.

  aws cloudformation describe-stacks --stack-name users-prod | stacks.py register STORE -n NAMESPACE [IMPORT OPTION...]
  stacks.py deregister STORE < EVENT

The registrant is the stack by its id, stack/NAME/UUID: an event that comes late does not take away what a younger stack of
the same name has registered since. EVENT is a "CloudFormation Stack Status Change" of EventBridge; any but DELETE_COMPLETE is
left alone. handler() is the same for AWS Lambda, with the store in ALMANAC_URL.

Exit status: 0 done, or nothing to do; 1 refused; 2 trouble.
"""
import argparse
import json
import os
import subprocess
import sys


class Trouble(Exception):
    pass


def registrant_of(stack_id):
    """"stack/users-prod/7d1c3b10-…" of "arn:aws:cloudformation:us-east-1:123456789012:stack/users-prod/7d1c3b10-…"."""
    parts = stack_id.split(":", 5) if isinstance(stack_id, str) else []
    if len(parts) < 6 or parts[2] != "cloudformation" or not parts[5].startswith("stack/"):
        raise Trouble(f"not the id of a stack: {json.dumps(stack_id)}")
    return parts[5]


def generate_snapshot(*arguments, **options):
    return subprocess.run(["generate-snapshot", *arguments], check=True, **options)


def register(described, store, import_options):
    stacks = json.loads(described).get("Stacks", [])
    if len(stacks) != 1:
        raise Trouble(f"{len(stacks)} stacks at once; name one by --stack-name")
    registrant = registrant_of(stacks[0].get("StackId"))
    records = generate_snapshot("import", "cloudformation", "-", *import_options, input=described, stdout=subprocess.PIPE).stdout
    if records:
        generate_snapshot("register", store, "--registrant", registrant, "--from", "-", input=records)
    else:  # its last output went with the deployment
        generate_snapshot("deregister", store, "--registrant", registrant, "--all")


def deregister(event, store):
    detail = event.get("detail", {})
    if event.get("source") != "aws.cloudformation" or event.get("detail-type") != "CloudFormation Stack Status Change" \
            or detail.get("status-details", {}).get("status") != "DELETE_COMPLETE":
        print("no stack was deleted: nothing to do")
        return
    generate_snapshot("deregister", store, "--registrant", registrant_of(detail.get("stack-id")), "--all")


def handler(event, _context):
    deregister(event, os.environ["ALMANAC_URL"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("register", "deregister"))
    parser.add_argument("store")
    arguments, import_options = parser.parse_known_args()
    try:
        if arguments.command == "register":
            register(sys.stdin.buffer.read(), arguments.store, import_options)
        elif import_options:
            parser.error(f"deregister takes no {import_options[0]}")
        else:
            deregister(json.load(sys.stdin), arguments.store)
    except subprocess.CalledProcessError as failed:  # which has said why
        return failed.returncode if failed.returncode > 0 else 2
    except (Trouble, OSError) as problem:
        print(f"stacks.py: {problem}", file=sys.stderr)
        return 2
    except (ValueError, TypeError, AttributeError) as problem:
        wanted = "what describe-stacks prints" if arguments.command == "register" else "an event of EventBridge"
        print(f"stacks.py: standard input is not {wanted}: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
