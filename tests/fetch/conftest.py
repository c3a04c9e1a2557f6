"""A server on loopback that misbehaves in every way that a path names."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from publish.fetch.network import Limits
from tests.tiny import picture


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        """Say nothing."""

    def do_GET(self):
        server = self.server
        server.asked.append(self.path)
        path = self.path.partition("?")[0]
        try:
            if path in server.places:
                self.redirect(server.places[path])
            elif path in server.bodies:
                self.answer(server.bodies[path])
            else:
                getattr(self, path.strip("/").replace("-", "_").replace(".", "_"), self.missing_png)()
        except OSError:
            pass

    def redirect(self, where):
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, body, kind="image/png"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def missing_png(self):
        self.send_error(404)

    def endless(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while not self.server.stopping.is_set():
            self.wfile.write(b"x" * 65_536)

    def claims_much(self):
        self.send_response(200)
        self.send_header("Content-Length", "99999999999")
        self.end_headers()
        self.server.stopping.wait(5)

    def hangs_up(self):
        self.close_connection = True
        self.connection.close()

    def garbage(self):
        self.wfile.write(b"\x00\xff no HTTP at all\r\n\r\n")
        self.close_connection = True

    def _dripping(self, head):
        self.wfile.write(head)
        for _ in range(200):
            if self.server.stopping.is_set():
                return
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def drip(self):
        self._dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")

    def drip_headers(self):
        self._dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ")

    def silent(self):
        self.server.stopping.wait(5)


class Misbehaving(ThreadingHTTPServer):
    """The server, with what it was asked, bodies and redirects by path."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked, self.stopping = [], threading.Event()
        self.picture = picture()
        port = self.server_address[1]
        self.bodies = {"/dot.png": self.picture, "/page.png": b"<!doctype html><title>no</title>"}
        self.places = {
            "/hop": "/dot.png",
            "/loop": "/loop",
            "/to-loopback": f"http://localhost:{port}/dot.png",
            "/to-loopback-https": "https://127.0.0.1/dot.png",
            "/to-metadata": "https://169.254.169.254/latest/meta-data/",
            "/to-file": "file:///etc/passwd",
        }
        self.limits = Limits(200_000, 10, 5, frozenset({("127.0.0.1", port)}))

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


@pytest.fixture
def server():
    serving = Misbehaving()
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield serving
    serving.stopping.set()
    serving.shutdown()
    serving.server_close()
    thread.join()
