"""The network between a phone's browser and the server: a real proxy that can be as bad as one."""

import gzip
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.field.pages import page
from tests.sync.phone import Offline
from tests.sync.server import request

PORTAL = b"<!doctype html><title>Welcome to our guest network</title>"
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection"}


class Network:
    """`fault(method, path)` names what happens to a request: None, "portal", "redirect", "page 500",
    "busy" (503 with Retry-After), "drop before", "drop after" (the server acts, its answer is lost),
    "stall", or "shape" (JSON of something else). `log` has what was asked for below /api."""

    def __init__(self, site):
        self.target = ("127.0.0.1", int(site.rsplit(":", 1)[1]))
        self.fault = lambda method, path: None
        self.log = []
        network = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                """Say nothing about each request."""

            def carry(self):
                network.carry(self)

            do_GET = do_POST = do_PATCH = do_HEAD = do_DELETE = carry  # noqa: N815  their names

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def always(self, fault):
        self.fault = lambda method, path: fault

    def asked(self, what):
        """The requests whose "METHOD path" has these words."""
        return [each for each in self.log if what in f"{each[0]} {each[1]}"]

    def carry(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        path = handler.path.removeprefix("/api/v1/sync/")
        if path == "/bare":
            return answer(handler, 200, {"Content-Type": "text/html"}, page().encode())
        fault = None
        if path != handler.path:
            self.log.append((handler.command, path, handler.headers, body))
            fault = self.fault(handler.command, path)
        if fault == "portal":
            return answer(handler, 200, {"Content-Type": "text/html"}, PORTAL)
        if fault == "redirect":
            return answer(handler, 302, {"Location": "http://127.0.0.1:9/welcome"}, b"")
        if fault == "page 500":
            return answer(handler, 500, {"Content-Type": "text/html"}, PORTAL)
        if fault == "busy":
            return answer(handler, 503, {"Retry-After": "120"}, b"")
        if fault == "shape":
            return answer(handler, 200, {"Content-Type": "application/json"}, b'{"now": "today"}')
        if fault == "stall":
            time.sleep(2)
            return None
        if fault == "drop before":
            return None
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in HOP}
        try:
            status, given, content = request(
                self.target, handler.command, handler.path, body, headers
            )
        except Offline:
            return None
        if fault == "drop after":
            return None
        return answer(handler, status, given, content)


def answer(handler, status, headers, content):
    handler.send_response(status)
    for name, value in headers.items():
        if name.lower() not in HOP:
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(content)


def said(each):
    """The JSON of a logged request."""
    _method, _path, headers, body = each
    packed = headers.get("Content-Encoding") == "gzip"
    return json.loads(gzip.decompress(body) if packed else body)
