"""What the tests with real servers share: a registry in a directory, servers that say who they are, and processes that end with the test."""
import collections
import contextlib
import ctypes
import http.client
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from cold_start.server_process import end_with_parent, free_ports, listens  # noqa: E402: its folder is only now on the path

DEADLINE_SECONDS = 30
NAMESPACE = "prod"


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def eventually(holds, what):
    """Calls `holds` until it is true; `what` may be a function that tells more."""
    until = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        check(time.monotonic() < until, what() if callable(what) else what)
        time.sleep(0.02)


def adopt_orphans():
    """What a server's own processes leave behind becomes this process's child, and can be waited for."""
    PR_SET_CHILD_SUBREAPER = 36
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def nobody_is_left():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
        return False
    except ChildProcessError:
        return True


class Process:
    """Ended by its number, whatever becomes of the test. Its output is in a file, to be shown when something is wrong."""

    def __init__(self, log, *command):
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            preexec_fn=lambda: end_with_parent(signal.SIGTERM))

    def said(self):
        return f"--- {self.log.name}\n{self.log.read_text(errors='replace')[-3000:]}"

    def ready(self, port):
        eventually(lambda: listens(port) or self.process.poll() is not None, lambda: f"nothing listens\n{self.said()}")
        return self.process.poll() is None

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(DEADLINE_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode


class Answering(contextlib.AbstractContextManager):
    """A web server on the loopback interface that answers everything with its name."""

    def __init__(self, name):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Place(contextlib.AbstractContextManager):
    """A folder with a store in it; what is started here ends here."""

    def __init__(self, programs, packages):
        missing = sorted({package for program, package in packages.items() if not shutil.which(program)})
        if missing:
            sys.exit(f"this test needs real servers: apt-get install -y {' '.join(missing)}")
        adopt_orphans()
        path = ":".join(map(str, programs))
        self.generate = shutil.which("generate-snapshot", path=path)
        self.inspect = shutil.which("inspect-snapshot", path=path)
        check(self.generate and self.inspect, f"no programs in {path}")
        self.started = contextlib.ExitStack()
        self.folder = pathlib.Path(self.started.enter_context(tempfile.TemporaryDirectory(prefix="almanac-servers-")))
        self.folder.chmod(0o755)  # a server may give up its rights
        self.store = self.folder / "store"

    def __exit__(self, *_):
        self.started.close()
        eventually(nobody_is_left, "a server left processes behind")

    def answering(self, name):
        return self.started.enter_context(Answering(name))

    def spawn(self, name, *command):
        process = Process(self.folder / f"{name}.log", *command)
        self.started.callback(process.stop)
        return process

    def serve(self, name, conf, *command):
        """A server and its port. Its configuration, NAME.conf, is `conf` with {folder} and {port} filled in."""
        for _ in range(5):
            [port] = free_ports(1)
            (self.folder / f"{name}.conf").write_text(conf.format(folder=self.folder, port=port))
            server = self.spawn(name, *command)
            if server.ready(port):
                return server, port
        raise AssertionError(f"{name} does not start\n{server.said()}")

    def run(self, *command, status=0):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=DEADLINE_SECONDS, stdin=subprocess.DEVNULL)
        check(done.returncode == status, f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def publish(self, services, namespace=NAMESPACE):
        """`services`: {name: [(uri, weight), …]}, all that the namespace has."""
        lines = self.folder / f"{namespace}.jsonl"
        lines.write_text(f'{{"namespace":"{namespace}"}}\n' + "".join(
            json.dumps({"namespace": namespace, "name": name, "endpoints": [{"uri": uri, "weight": weight} for uri, weight in endpoints]}) + "\n"
            for name, endpoints in services.items()))
        documents = sorted(self.folder.glob("*.jsonl"))
        self.run(self.generate, "publish", *documents, "--to", self.store, "--max-removed", "100")

    def follow(self, server_format, file, then):
        return self.spawn("follow", self.inspect, "follow", self.store, "--format", server_format, "-n", NAMESPACE, "-o", file,
                          "--then", then, "--every", "100ms")

    def export(self, server_format, file, *more):
        return self.run(self.inspect, "export", self.store, "--format", server_format, "-n", NAMESPACE, "-o", file, *more)


def answer(port, headers):
    """The status and body of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
    try:
        connection.request("GET", "/", headers={"Connection": "close", **headers})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    finally:
        connection.close()


def tally(port, headers, requests):
    return collections.Counter(answer(port, headers) for _ in range(requests))


class KeptConnection:
    """A client that keeps its connection. Where that closed before any byte of an answer came, it asks once more, on a new one."""

    def __init__(self):
        self.connection = None
        self.reused = 0
        self.retries = 0

    def answer(self, port, headers):
        if self.connection is not None:
            got = self.attempt(headers)
            if got is not None:
                self.reused += 1
                return got
            self.retries += 1
            self.close()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
        try:
            got = self.attempt(headers)
            if got is None:
                raise ConnectionError("a new connection closed before an answer")
            return got
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def attempt(self, headers):
        """Nothing: the connection closed before an answer had begun."""
        try:
            self.connection.request("GET", "/", headers=headers)
            if not self.connection.sock.recv(1, socket.MSG_PEEK):
                return None
        except (ConnectionResetError, BrokenPipeError):
            return None
        response = self.connection.getresponse()
        got = response.status, response.read().decode(errors="replace")
        if response.will_close:
            self.close()
        return got

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Hammer(contextlib.AbstractContextManager):
    """Clients that ask without a pause, half of them on connections that they keep, and note every answer and every failure."""

    def __init__(self, port, headers, clients=8):
        self.answers = collections.Counter()
        self.kept = [KeptConnection() for _ in range(clients // 2)]
        self.latest = collections.deque(maxlen=40)
        self.lock = threading.Lock()
        self.over = threading.Event()
        ways = [answer] * (clients - len(self.kept)) + [kept.answer for kept in self.kept]
        self.threads = [threading.Thread(target=self.ask, args=(way, port, headers)) for way in ways]
        for thread in self.threads:
            thread.start()

    def ask(self, way, port, headers):
        while not self.over.is_set():
            try:
                got = way(port, headers)
            except (OSError, http.client.HTTPException) as problem:
                got = ("lost", repr(problem))
            with self.lock:
                self.answers[got] += 1
                self.latest.append(got)

    def forget_latest(self):
        with self.lock:
            self.latest.clear()

    def has_only(self, got):
        """Among the latest answers. What is on its way out may answer some, beside what came for it."""
        with self.lock:
            return len(self.latest) == self.latest.maxlen and set(self.latest) == {got}

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
        for kept in self.kept:
            kept.close()


def expect_no_request_lost(place, port, headers, follower):
    """Two services change places again and again, under load: each request is answered, and each change arrives.
    A kept connection may close between two requests (RFC 9112, section 9.3.1): its client asks again, once."""
    one, two = place.answering("one"), place.answering("two")
    with Hammer(port, headers) as hammer:
        for turn in range(6):
            now, name = ((one, "one"), (two, "two"))[turn % 2]
            place.publish({"users": [(now.uri, 1)]})
            hammer.forget_latest()
            eventually(lambda: hammer.has_only((200, name)), lambda: f"change {turn} did not arrive: {hammer.answers}\n{follower.said()}")
    lost = {got: count for got, count in hammer.answers.items() if got[0] != 200}
    check(not lost, f"of {hammer.answers.total()} requests some were lost: {lost}\n{follower.said()}")
    reused, retries = (sum(getattr(kept, count) for kept in hammer.kept) for count in ("reused", "retries"))
    check(reused > 100, f"only {reused} requests were on a connection that had been used before")
    print(f"{hammer.answers.total()} requests while 6 changes came, {reused} on kept connections, {retries} asked again there, none lost")


def expect_clean_end(follower):
    status = follower.stop()
    check(status == 0, f"follow ended with {status}\n{follower.said()}")
