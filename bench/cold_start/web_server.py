"""A real web server (nginx) on the loopback interface, over http and https, for one run.

    with WebServer(folder, root) as server:
        server.address("https") + "/some/file"      a file below root
        server.environment()                        of a process that is to trust its certificate
        server.requests()                           what was asked for since the last call
"""

import dataclasses
import pathlib
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

from cold_start.server_process import end_with_parent, free_ports, listens

HERE = pathlib.Path(__file__).resolve().parent
LINE = re.compile(r'^(\d+) (\d+) (\d+) (\d+) "(.*)" (\S+)$')
ATTEMPTS = 5
LONGEST_START = 10  # seconds


@dataclasses.dataclass(frozen=True)
class Request:
    path: str
    range: str  # "first-last", or empty
    status: int
    sent: int  # bytes of the answer, headers included
    body: int  # bytes of its body
    received: int  # bytes of the request


class WebServer:
    def __init__(self, folder, root):
        self.folder = pathlib.Path(folder)
        self.root = pathlib.Path(root)
        self.roots = self.folder / "roots"
        self.ports = {}
        self._process = None
        self._lines_read = 0
        self._marks = 0

    def __enter__(self):
        self.roots.mkdir(parents=True)
        self.root.mkdir(parents=True, exist_ok=True)
        self._make_certificates()
        for _ in range(ATTEMPTS):  # somebody may take a port between its choice and its use
            if self._start():
                return self
        raise RuntimeError(f"nginx does not start: {(self.folder / 'error.log').read_text()}")

    def __exit__(self, *_):
        self._stop()

    def address(self, scheme):
        return f"{scheme}://127.0.0.1:{self.ports[scheme]}"

    def environment(self):
        return {"PATH": "/usr/bin:/bin", "SSL_CERT_DIR": str(self.roots)}

    def requests(self):
        """Since the last call, in the order in which they were answered."""
        # One process serves all, and writes a line when it is done with a request: once it has this one's, it has all before.
        self._marks += 1
        mark = f"/no-such-file-{self._marks}"
        try:
            urllib.request.urlopen(self.address("http") + mark, timeout=LONGEST_START).close()
        except urllib.error.HTTPError:
            pass
        deadline = time.monotonic() + LONGEST_START
        while True:
            lines = (self.folder / "access.log").read_text().splitlines()
            if lines and lines[-1].endswith(" " + mark):
                break
            if time.monotonic() > deadline:
                raise RuntimeError(f"nginx has not logged {mark}")
            time.sleep(0.01)
        fresh, self._lines_read = lines[self._lines_read : -1], len(lines)
        return [self._request(line) for line in fresh]

    @staticmethod
    def _request(line):
        status, sent, body, received, asked, path = LINE.match(line).groups()
        return Request(path, "" if asked == "-" else asked.removeprefix("bytes="), int(status), int(sent), int(body), int(received))

    def _make_certificates(self):
        """A root in a hashed folder, and a certificate of this address that it vouches for; both with keys on P-256."""

        def make(name, *options):
            key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / f"{name}.key"]
            command = ["openssl", "req", "-x509", "-days", "2", *key, "-out", self.folder / f"{name}.pem", *options]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

        make("root", "-subj", "/CN=a root", "-addext", "keyUsage=critical,keyCertSign")
        make("server", "-subj", "/CN=a server", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
             "-CA", self.folder / "root.pem", "-CAkey", self.folder / "root.key")
        shutil.copy(self.folder / "root.pem", self.roots)
        subprocess.run(["openssl", "rehash", self.roots], check=True)

    def _start(self):
        self.ports = dict(zip(("http", "https"), free_ports(2)))
        text = (HERE / "nginx.conf").read_text()
        for name, value in {**self.ports, "root": self.root}.items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "nginx.conf").write_text(text)
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        if program is None:
            raise FileNotFoundError("there is no nginx here: apt-get install -y nginx-light")
        command = [program, "-p", f"{self.folder}/", "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=end_with_parent)
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline and self._process.poll() is None:
            if all(listens(port) for port in self.ports.values()):
                return True
            time.sleep(0.01)
        self._stop()
        return False

    def _stop(self):
        self._process.kill()
        self._process.wait()
