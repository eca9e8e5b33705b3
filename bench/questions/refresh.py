"""What a look at the store costs when nothing has changed and when something has, and what a delta would save.

A registry over 20 namespaces, of which a process has one open. Nothing changed: looks of one process, one after the other, and after each
the same conditional GET by Python's http.client, on a connection that it keeps: no peer, but how long this machine takes for a 304.
Changed: one service in 100, and of every 1,000 two removed and two added, before one look of a process whose cache directory was empty
when it began. Requests and bytes are those that the web server has logged. The time of a look ends when the new uri is known.

A delta would be made by zstd with the old inflated frame as prefix (ZSTD_CCtx_refPrefix, long-distance matching, a window over both), and
fetched instead of the new frame as it is stored. Its bytes are held beside those of the frame, and the time to apply it beside the time to
inflate the frame.
"""

import http.client
import json
import pathlib
import subprocess
import tempfile
import time

from cold_start.answering import LONGEST, next_line
from cold_start.starts import milliseconds
from cold_start.two_states import TwoStates
from cold_start.web_server import WebServer
from measuring.result import Target, measured

TITLE = "Refresh: nothing changed, one service in 100 changed, and what a delta would save"
PACKAGES = ["libcurl4-openssl-dev", "libzstd1", "nginx-light"]
SERVICES = [10_000, 100_000, 1_000_000]
NAMESPACES = 20
LOOKS = 50
REPETITIONS = 5

ALMANAC = "almanac"
INFLATE = "zstd inflate of the stored frame"
STORED = "the stored frame"
BARE = "a 304 by Python's http.client"
FLOORS = [INFLATE, BARE]
SAME = "nothing changed"
CHANGED = "one in 100 changed"


def targets():
    words = "{:,} services, nothing changed: one request, answered 304"
    return [Target(words.format(services), f"{SAME}: requests", 1, services) for services in SERVICES]


class Process:
    """bench-refresh, and what it says of each look."""

    def __init__(self, states, server, cache):
        self._wanted = states.wanted
        store = f"{server.address('http')}/{states.path}"
        command = [states.material.program("bench-refresh"), store, self._wanted[0].namespace, self._wanted[0].name, cache]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=server.environment())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._process.communicate(timeout=LONGEST)
        finally:
            self._process.kill()

    def opened(self):
        self._said(0)

    def look(self, state):
        """Milliseconds."""
        self._process.stdin.write("look\n")
        self._process.stdin.flush()
        return self._said(state)

    def _said(self, state):
        line = next_line(self._process)
        said = json.loads(line) if line else {}
        if said.get("uri") != self._wanted[state].uri:
            raise RuntimeError(f"bench-refresh says {said} where {self._wanted[state]} is right")
        return said["nanoseconds"] / 1e6


class BareGet:
    """A GET of what is live, on the condition that it has changed."""

    def __init__(self, states, server):
        self._connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=LONGEST)
        self._path = f"/{states.path}/current"
        self._headers = {"If-None-Match": self._answer({}).getheader("ETag")}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def milliseconds(self):
        begin = time.perf_counter_ns()
        self._answer(self._headers)
        return (time.perf_counter_ns() - begin) / 1e6

    def _answer(self, headers):
        self._connection.request("GET", self._path, headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer


def of_nothing(states, server, services, folder):
    states.publish(0)
    times, bare_times = [], []
    with Process(states, server, folder / "cache") as process, BareGet(states, server) as bare:
        process.opened()
        server.requests()
        for _ in range(LOOKS):
            times.append(process.look(0))
            bare_times.append(bare.milliseconds())
        all_requests = server.requests()
    if [one.status for one in all_requests] != [304] * 2 * LOOKS:
        raise RuntimeError(f"{LOOKS} looks at what has not changed, with a bare GET after each, were {all_requests}")
    requests = all_requests[::2]
    yield milliseconds(f"{SAME}: time", ALMANAC, times, services=services, beside=BARE)
    yield milliseconds(f"{SAME}: time", BARE, bare_times, services=services)
    details = {"status": 304, "looks": LOOKS}
    yield measured(f"{SAME}: requests", ALMANAC, "requests", len(requests) / LOOKS, services=services, details=details)
    details = {"bytes of their bodies": sum(one.body for one in requests), "bytes of a request": requests[0].received}
    yield measured(f"{SAME}: bytes", ALMANAC, "bytes", [one.sent for one in requests], services=services, details=details)


def of_change(states, server, services, scratch):
    times, traffic = [], []
    for _ in range(REPETITIONS):
        states.publish(0)
        with tempfile.TemporaryDirectory(dir=scratch) as folder, Process(states, server, pathlib.Path(folder) / "cache") as process:
            process.opened()
            states.publish(1)
            server.requests()
            times.append(process.look(1))
            traffic.append(server.requests())
    requests = traffic[0]
    details = {"bytes of each body": [one.body for one in requests], "bytes of the snapshot": states.files[1].stat().st_size}
    yield milliseconds(f"{CHANGED}: time", ALMANAC, times, services=services, beside=INFLATE)
    yield measured(f"{CHANGED}: requests", ALMANAC, "requests", [len(one) for one in traffic], services=services)
    sent = [sum(one.sent for one in each) for each in traffic]
    yield measured(f"{CHANGED}: bytes", ALMANAC, "bytes", sent, services=services, details=details)


def of_delta(states, services):
    wanted = states.wanted[0]
    found = json.loads(states.material.run("bench-delta", *states.files, wanted.namespace))
    size, making = f"{CHANGED}: bytes of the frame", f"{CHANGED}: time to make the frame"
    details = {"bytes inflated, old": found["old"]["inflated"], "bytes inflated, new": found["new"]["inflated"]}
    yield measured(size, STORED, "bytes", found["new"]["stored"], services=services, details=details)
    for case in (f"{CHANGED}: time", making):
        yield milliseconds(case, INFLATE, [one / 1e6 for one in found["new"]["nanoseconds"]], services=services)
    for level in (12, 19):
        name = f"a delta by zstd, level {level}"
        delta = found[f"level {level}"]
        yield measured(size, name, "bytes", delta["bytes"], services=services, beside=STORED)
        yield milliseconds(making, name, [one / 1e6 for one in delta["nanoseconds"]], services=services, beside=INFLATE)


def measure(setting):
    measurements = []
    with tempfile.TemporaryDirectory(dir=setting.material.folder) as folder:
        folder = pathlib.Path(folder)
        with WebServer(folder / "server", folder / "root") as server:
            for services in setting.services:
                setting.say(f"{services:,} services")
                states = TwoStates(setting.material, server, services, NAMESPACES, None)
                with tempfile.TemporaryDirectory(dir=folder) as cache:
                    measurements += of_nothing(states, server, services, pathlib.Path(cache))
                measurements += of_change(states, server, services, folder)
                measurements += of_delta(states, services)
    return measurements
