#!/usr/bin/env python3
"""Publishes what is registered whenever a registration was written or removed.

  sync_on_event.py STORE < EVENT

EVENT is what S3 sends (`Records`, each with a bucket and a key). Keys that are no registrations of STORE are not looked at, so that
what `sync` itself writes does not call it again. How often an event comes, in what order, and how many at once makes no difference:
`sync` reads what is registered now, and writes nothing where that is live already. handler() is the same for AWS Lambda, with the
store in ALMANAC_URL.

Exit status: 0 done, or nothing to do; 1 refused; 2 trouble. The last two want another try, which Lambda makes when handler() raises.
"""
import argparse
import json
import os
import subprocess
import sys
import urllib.parse


def registrations_of(store):
    """Bucket and beginning of the keys of a store's registrations; a store that is no bucket has no name in events."""
    address = urllib.parse.urlsplit(store)
    if address.scheme != "s3":
        return None, "registrations/"
    root = address.path.strip("/")
    return address.netloc, f"{root}/registrations/" if root else "registrations/"


def changed_registrations(event, store):
    """Keys in the order of the event. Amazon's are encoded as in a form, "a b" as "a+b"; other servers send them as they are."""
    bucket, beginning = registrations_of(store)
    keys = []
    for record in event.get("Records", []):  # S3's test event has none
        changed = record["s3"]
        key = changed["object"]["key"]
        if record.get("eventSource") == "aws:s3":
            key = urllib.parse.unquote_plus(key)
        if bucket in (None, changed["bucket"]["name"]) and key.startswith(beginning):
            keys.append(key)
    return keys


def sync(event, store):
    keys = changed_registrations(event, store)
    if not keys:
        print("no registration changed: nothing to do")
        return
    print(f"{keys[0]} changed" + (f", and {len(keys) - 1} more" if len(keys) > 1 else ""), flush=True)
    subprocess.run(["generate-snapshot", "sync", store], check=True)


def handler(event, _context):
    sync(event, os.environ["ALMANAC_URL"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    store = parser.parse_args().store
    try:
        sync(json.load(sys.stdin), store)
    except subprocess.CalledProcessError as failed:  # which has said why
        return failed.returncode if failed.returncode > 0 else 2
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        print(f"sync_on_event.py: standard input is no event of S3: {type(problem).__name__}: {problem}", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"sync_on_event.py: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
