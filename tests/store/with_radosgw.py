#!/usr/bin/env python3
"""Runs a command beside a real S3 server of its own, on the loopback interface, and ends with the command's status.

  with_radosgw.py [--session] [--user NAME]... [--timeout SECONDS] -- COMMAND...

The server is Ceph's radosgw over one monitor and one object store in memory. It checks signatures and payload hashes, keeps
conditional writes atomic and hands out session tokens. The command finds it by the environment:

  AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION   as every S3 client takes them
  ALMANAC_TEST_BUCKETS          buckets that are there, with spaces between: a plain one and one with dots
  ALMANAC_TEST_SESSION          with --session: a key's id, its secret and its session token, with spaces between
  ALMANAC_TEST_USER_NAME        with --user: the id and the secret of that user's key, who may do nothing yet

Any number may run at once. All is gone afterwards, whatever became of the command: each process is ended by its number, and
by the kernel should this script be killed.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from cold_start.server_process import end_with_parent, free_ports, listens  # noqa: E402: its folder is only now on the path

PACKAGES = {"ceph": "ceph-common", "ceph-mon": "ceph-mon", "ceph-osd": "ceph-osd", "monmaptool": "ceph-common",
            "radosgw": "radosgw", "radosgw-admin": "radosgw"}
KEY_ID, SECRET = "AKIDALMANAC", "a-secret-of-no-worth"
USER, ROLE = "almanac", "reader"
BUCKETS = ("almanac-test", "almanac.with.dots")
START_SECONDS = 30
ANSWER_SECONDS = 5
# Another process may take a port between its choice and its use, and on a busy machine Ceph's daemons race each other.
TRIES = 5

CONF = """
[global]
fsid = {fsid}
# Not "mon host", with which more daemons send their first command before they know the fsid, and are refused.
monmap = {folder}/monmap
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
run dir = {folder}
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
[mon]
mon data = {folder}/mon
mon cluster log file = {folder}/cluster.log
mon data avail crit = 1
# Each change of the cluster waits for these; their defaults make the start ten seconds long.
paxos propose interval = 0.05
paxos min wait = 0.01
[osd]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd class load list = *
osd class default list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1
rgw thread pool size = 32
rgw enable usage log = false
rgw run sync thread = false
rgw gc max objs = 8
rgw lc max objs = 2
rgw usage max shards = 2
rgw data log num shards = 2
rgw md log max shards = 2
rgw s3 auth use sts = true
rgw sts key = abcdefghijklmnop
"""


class NotStarted(Exception):
    pass


class Server:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.mon_port, self.port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.daemons: list[subprocess.Popen] = []
        self.deadline = time.monotonic() + START_SECONDS

    def start(self) -> None:
        conf, fsid, disk = self.folder / "ceph.conf", uuid.uuid4(), uuid.uuid4()
        for name in ("mon", "osd"):
            (self.folder / name).mkdir()
        conf.write_text(CONF.format(folder=self.folder, fsid=fsid, mon_port=self.mon_port, port=self.port))
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "CEPH_CONF": str(conf)}
        map_file = self.folder / "monmap"
        self.run("monmaptool", "--create", "--fsid", str(fsid), "--addv", "a", f"[v1:127.0.0.1:{self.mon_port}]", str(map_file))
        self.run("ceph-mon", "-i", "a", "--mkfs", "--monmap", str(map_file))
        self.spawn("ceph-mon", "-f", "-i", "a", ready=lambda: listens(self.mon_port))
        self.run_until_heard("ceph", "osd", "new", str(disk))
        self.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", str(disk))
        # One that is still on its way up when the first pool is made may never get there.
        self.spawn("ceph-osd", "-f", "-i", "0", ready=lambda: "booting -> active" in self.log_of("osd.0.log"))
        self.spawn("radosgw", "-f", "-n", "client.rgw", ready=lambda: listens(self.port))
        self.add_user(USER, KEY_ID, SECRET)

    def stop(self) -> None:
        for daemon in reversed(self.daemons):
            daemon.kill()  # nothing is to be kept: the store is in memory
        for daemon in self.daemons:
            daemon.wait()

    def run_until_heard(self, *command: str) -> None:
        """Of a command that may be repeated. A monitor that has only just begun to listen refuses some, and forgets others."""
        while True:
            try:
                self.run(*command, seconds=ANSWER_SECONDS)
                return
            except NotStarted:
                if time.monotonic() + ANSWER_SECONDS > self.deadline:
                    raise

    def run(self, *command: str, seconds: float = START_SECONDS) -> str:
        seconds = min(seconds, max(1.0, self.deadline - time.monotonic()))
        try:
            done = subprocess.run(command, env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                  timeout=seconds, preexec_fn=end_with_parent, check=False)
        except subprocess.TimeoutExpired:
            raise NotStarted(f"{command[0]} did not end within {seconds:.0f} s\n{self.logs()}") from None
        if done.returncode != 0:
            raise NotStarted(f"{' '.join(command)}: status {done.returncode}\n{done.stderr}\n{self.logs()}")
        return done.stdout

    def admin(self, *command: str) -> str:
        return self.run("radosgw-admin", "-n", "client.rgw", *command)

    def spawn(self, *command: str, ready: Callable[[], bool]) -> None:
        """Starts a daemon and waits until it is ready."""
        with open(self.folder / f"{command[0]}.out", "wb") as output:
            daemon = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=output,
                                      stderr=subprocess.STDOUT, preexec_fn=end_with_parent)
        self.daemons.append(daemon)
        while not ready():
            for each in self.daemons:
                if each.poll() is not None:
                    raise NotStarted(f"{each.args[0]} ended with status {each.returncode}\n{self.logs()}")
            if time.monotonic() > self.deadline:
                raise NotStarted(f"{command[0]} is not ready after {START_SECONDS} s\n{self.logs()}")
            time.sleep(0.02)

    def log_of(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""

    def logs(self) -> str:
        return "".join(f"--- {path.name}\n{self.log_of(path.name)[-2000:]}\n"
                       for path in sorted(self.folder.glob("*.out")) + sorted(self.folder.glob("*.log")))

    def add_user(self, name: str, key_id: str, secret: str) -> None:
        self.admin("user", "create", f"--uid={name}", f"--display-name={name}", f"--access-key={key_id}", f"--secret-key={secret}")

    def client(self, service: str):
        import boto3
        import botocore.config
        return boto3.client(service, endpoint_url=self.url, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET,
                            region_name="us-east-1", config=botocore.config.Config(proxies={}, s3={"addressing_style": "path"}))

    def session(self) -> str:
        """A temporary key: of a role that this user may assume, and that may do everything."""
        def document(**what) -> str:
            return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **what}]})
        arn = f"arn:aws:iam:::role/{ROLE}"
        trust = document(Principal={"AWS": [f"arn:aws:iam:::user/{USER}"]}, Action=["sts:AssumeRole"])
        self.admin("role", "create", f"--role-name={ROLE}", "--path=/", f"--assume-role-policy-doc={trust}")
        rights = document(Action=["s3:*"], Resource=["arn:aws:s3:::*"])
        self.admin("role-policy", "put", f"--role-name={ROLE}", "--policy-name=all", f"--policy-doc={rights}")
        key = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return f"{key['AccessKeyId']} {key['SecretAccessKey']} {key['SessionToken']}"


def started(folder: pathlib.Path) -> Server:
    for tries in range(1, TRIES + 1):
        place = folder / str(tries)
        place.mkdir()
        server = Server(place)
        try:
            server.start()
            return server
        except NotStarted as problem:
            server.stop()
            if tries == TRIES:
                raise
            print(f"with_radosgw.py: try {tries}: {str(problem).splitlines()[0]}", file=sys.stderr)
        except BaseException:
            server.stop()
            raise
    raise AssertionError("unreachable")


def environment_for(server: Server, session: bool, users: list[str]) -> dict[str, str]:
    # The settings of whoever runs this must not get into it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ALMANAC_"))}
    environment.update(AWS_ENDPOINT_URL_S3=server.url, AWS_ACCESS_KEY_ID=KEY_ID, AWS_SECRET_ACCESS_KEY=SECRET, AWS_REGION="us-east-1",
                       AWS_CONFIG_FILE=str(server.folder / "none"), AWS_SHARED_CREDENTIALS_FILE=str(server.folder / "none"),
                       NO_PROXY="127.0.0.1", no_proxy="127.0.0.1")
    s3 = server.client("s3")
    for bucket in BUCKETS:
        s3.create_bucket(Bucket=bucket)
    environment["ALMANAC_TEST_BUCKETS"] = " ".join(BUCKETS)
    if session:
        environment["ALMANAC_TEST_SESSION"] = server.session()
    for user in users:
        key_id, secret = f"AKID{user.upper()}", f"the-secret-of-{user}"
        server.add_user(user, key_id, secret)
        environment[f"ALMANAC_TEST_USER_{user.upper()}"] = f"{key_id} {secret}"
    return environment


def run_command(command: list[str], environment: dict[str, str], timeout: float) -> int:
    process = subprocess.Popen(command, env=environment, preexec_fn=end_with_parent)
    try:
        status = process.wait(timeout)
        return status if status >= 0 else 128 - status
    except subprocess.TimeoutExpired:
        print(f"with_radosgw.py: {command[0]} did not end within {timeout} s", file=sys.stderr)
        return 124
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--session", action="store_true", help="also hand out a temporary key")
    parser.add_argument("--user", action="append", default=[], metavar="NAME", help="also make a user without any rights")
    parser.add_argument("--timeout", type=float, default=270, metavar="SECONDS", help="for the command (270)")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    missing = sorted({package for program, package in PACKAGES.items() if not shutil.which(program)})
    if missing:
        print(f"with_radosgw.py: no S3 server on this machine: apt-get install -y {' '.join(missing)}", file=sys.stderr)
        return 2
    # Turns these into an exception, so that what was started is stopped.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    with tempfile.TemporaryDirectory(prefix="almanac-radosgw-") as folder:
        try:
            server = started(pathlib.Path(folder))
        except NotStarted as problem:
            print(f"with_radosgw.py: the S3 server did not start: {problem}", file=sys.stderr)
            return 2
        try:
            return run_command(options.command, environment_for(server, options.session, options.user), options.timeout)
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
