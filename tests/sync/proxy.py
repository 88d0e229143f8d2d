"""A bad network: a real TCP proxy that loses, doubles, delays and cuts what goes through it."""

import socket
import threading
from contextlib import suppress

PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\nConnection: close\r\n\r\n"
    b"<html>Please pay at the desk</html>"[:33]
)
PROXY_ERROR = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)
FAULTS = (
    "none",
    "drop_before",  # nothing reaches the server
    "drop_after",  # the server acts, its answer is lost
    "twice",  # the request is delivered twice, one answer comes back
    "later",  # no answer; the request is delivered after the next one
    "portal",  # a page of somebody else answers, with 200
    "gateway",  # something in between says it failed
    "cut_up",  # the request ends in the middle
    "cut_down",  # the answer ends in the middle
)


class Proxy:
    """Listens on a port of its own and hands on to `target`; `fault` is for the next request."""

    def __init__(self, target):
        self.target, self.fault = target, "none"
        self._late, self._busy = [], threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()[:2]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._listener.close()

    def wait(self):
        """Until nothing is on its way that was not held back."""
        with self._busy:
            pass

    def deliver_late(self):
        """What was held back arrives now."""
        late, self._late = self._late, []
        for request in late:
            self._ask(request)

    def _serve(self):
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            with client, self._busy, suppress(OSError):
                self._handle(client)

    def _handle(self, client):
        request, fault = _read_message(client), self.fault
        if fault == "drop_before" or not request:
            return
        if fault == "portal":
            client.sendall(PORTAL)
        elif fault == "gateway":
            client.sendall(PROXY_ERROR)
        elif fault == "later":
            self._late.append(request)
        elif fault == "cut_up":
            self._ask(request[: len(request) * 2 // 3], cut=True)
        else:
            answer = self._ask(request)
            if fault == "twice":
                answer = self._ask(request)
            if fault == "drop_after":
                return
            client.sendall(answer[: len(answer) * 2 // 3] if fault == "cut_down" else answer)
        if fault != "later" and self._late:
            self.deliver_late()

    def _ask(self, request, *, cut=False):
        with socket.create_connection(self.target, timeout=30) as server:
            server.sendall(request)
            if cut:
                server.shutdown(socket.SHUT_WR)
            parts = []
            while part := server.recv(65536):
                parts.append(part)
            return b"".join(parts)


def _read_message(client):
    client.settimeout(10)
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65536)
        if not part:
            return b""
        data += part
    head, _mark, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = client.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body
