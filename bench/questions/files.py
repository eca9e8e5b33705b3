"""Bytes of the file that lookups run on: the same registry in the formats that people keep tables in.

Each holds every service under its namespace and name, with the rest of its record as JSON, made by the format's own tool as it
is made smallest: cdb by `cdb -c`; LMDB by `mdb_load` in order of the keys and `mdb_copy -c`; SQLite as a table WITHOUT ROWID, vacuumed.
None is compressed, so a snapshot counts as it is inflated, the bytes that its lookups read.
"""

import json
import sqlite3
import subprocess
import tempfile

from measuring.result import measured

TITLE = "Bytes of a file to look up in"
PACKAGES = ["tinycdb", "lmdb-utils", "libsqlite3-0"]
SERVICES = [10_000, 100_000]

CASE = "bytes that lookups run on"


def targets():
    return []


def measure(setting):
    found = []
    for services in setting.services:
        setting.say(f"{services:,} services")
        rows = list(records(setting.material.registry(services)))
        if len(rows) != services:
            raise RuntimeError(f"the registry of {services} services has {len(rows)}")
        summary = json.loads(setting.material.run("inspect-snapshot", "summary", "--json", setting.material.snapshot(services)))
        found.append(measured(CASE, "almanac", "bytes", summary["inflated"], services=services, beside="cdb"))
        with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
            for subject, make in (("cdb", cdb), ("LMDB", lmdb), ("SQLite", sqlite)):
                path = f"{folder}/{subject}"
                make(path, rows)
                with open(path, "rb") as file:
                    found.append(measured(CASE, subject, "bytes", file.seek(0, 2), services=services))
    return found


def records(source):
    """(namespace, name, the rest as JSON) of each service, in order."""
    with source.open() as lines:
        for line in lines:
            service = json.loads(line)
            if "name" in service:
                name_space, name = service.pop("namespace"), service.pop("name")
                yield name_space, name, json.dumps(service, separators=(",", ":"))


def key(name_space, name):
    return f"{name_space} {name}".encode()


def cdb(path, rows):
    lines = b"".join(b"+%d,%d:%s->%s\n" % (len(key(*names)), len(record.encode()), key(*names), record.encode()) for *names, record in rows)
    subprocess.run(["cdb", "-c", path], input=lines + b"\n", check=True)


def lmdb(path, rows):
    pairs = sorted((key(*names), record.encode()) for *names, record in rows)
    header = "VERSION=3\nformat=bytevalue\ntype=btree\nmapsize=4294967296\nHEADER=END\n"
    text = header + "".join(f" {name.hex()}\n {record.hex()}\n" for name, record in pairs) + "DATA=END\n"
    subprocess.run(["mdb_load", "-n", path + ".loaded"], input=text.encode(), check=True)
    with open(path, "wb") as out:
        subprocess.run(["mdb_copy", "-n", "-c", path + ".loaded"], stdout=out, check=True)


def sqlite(path, rows):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE services (namespace TEXT, name TEXT, record TEXT, PRIMARY KEY (namespace, name)) WITHOUT ROWID")
        database.executemany("INSERT INTO services VALUES (?, ?, ?)", rows)
    database.execute("VACUUM")
    database.close()
