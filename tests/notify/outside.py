"""Real servers of the outside world on loopback: robots' webhooks over HTTP, mail over SMTP."""

import json
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Robots(ThreadingHTTPServer):
    """Counts what arrives; `says` is what it answers: ok, a status, an errcode, slow, page."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Robot)
        self.got, self.says = [], "ok"
        self.url = f"http://127.0.0.1:{self.server_port}"

    def texts(self):
        return [text for _path, text in self.got]


class _Robot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        says = self.server.says
        if says == "slow":
            time.sleep(1.5)
        status = says if isinstance(says, int) and says < 600 else 200
        code = says if isinstance(says, int) and says >= 600 else 0
        answer = b"<html>" if says == "page" else json.dumps({"errcode": code}).encode()
        if says == "ok":
            text = body.get("text", {}).get("content") or body["content"]["text"]
            self.server.got.append((self.path, text))
        self.send_response(status)
        if status in {301, 302}:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        """Say nothing about each request."""


class Mail(socketserver.ThreadingTCPServer):
    """Takes mail; `says` is its answer to a recipient: 250, or a refusal."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _MailSession)
        self.got, self.says = [], "250 ok"
        self.port = self.server_address[1]


class _MailSession(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"RCPT":
                self.say(self.server.says)
            elif word == b"DATA":
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                    lines.append(line)
                self.server.got.append(b"".join(lines))
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


def served(server):
    """A fixture's body: the server in a thread of its own until the test is over."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
