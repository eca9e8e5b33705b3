"""A proxy between a program and a real HTTP server: tells of each request, and may keep it from happening.

  with RequestProxy("127.0.0.1:8000") as proxy:
      environment["AWS_ENDPOINT_URL_S3"] = proxy.url
      proxy.before = lambda request: kill(program)      # or .after: forwarded, and not yet answered
      ...
      proxy.requests                                    # ["PUT /bucket/live/current", …]

Requests are forwarded as they came but for "Connection: close", which nobody signs.
"""
import contextlib
import socket
import socketserver
import threading

TIMEOUT_SECONDS = 30


class RequestProxy:
    def __init__(self, upstream):
        host, port = upstream.removeprefix("http://").rstrip("/").rsplit(":", 1)
        self._upstream = (host, int(port))
        self._lock = threading.Lock()
        self.requests = []
        self.before = self.after = lambda request: None

    def __enter__(self):
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                # A program that was killed resets its connections.
                with contextlib.suppress(ConnectionError):
                    proxy._pass_on(self.request)

        class Server(socketserver.ThreadingTCPServer):
            request_queue_size = 128
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _pass_on(self, client):
        client.settimeout(TIMEOUT_SECONDS)
        received = b""
        while b"\r\n\r\n" not in received:
            more = client.recv(65536)
            if not more:
                return
            received += more
        head, body = received.split(b"\r\n\r\n", 1)
        request_line, *headers = head.split(b"\r\n")
        fields = dict(header.lower().split(b":", 1) for header in headers)
        size = int(fields.get(b"content-length", b"0"))
        while len(body) < size:
            more = client.recv(65536)
            if not more:
                return
            body += more
        request = b" ".join(request_line.split(b" ")[:2]).decode("ascii")
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        if self.before(number) is False:
            return
        headers = [header for header in headers if not header.lower().startswith(b"connection:")]
        with socket.create_connection(self._upstream, TIMEOUT_SECONDS) as server:
            server.sendall(b"\r\n".join([request_line, *headers, b"Connection: close", b"", body]))
            answer = b""
            while more := server.recv(65536):
                answer += more
        if self.after(number) is False:
            return
        client.sendall(answer)
