"""A phone in Python: the protocol of docs/sync.md with a small durable outbox of its own.

What a real phone must do it does: a record is on its disk before any request, is sent until a
receipt echoes its hash, and is offered again when the server has lost something.
"""

import gzip
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from maplebridge.kernel.ids import uuid7
from maplebridge.sync.seal import seal

BATCH = 100
PART = 256 * 1024


class Offline(Exception):
    """No answer, or something that is not an answer of the server."""


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status, self.body = status, body


@dataclass
class Kept:
    """A record in the outbox; `receipt` is None until the server has echoed its hash."""

    id: UUID
    kind: str
    sealed: bytes
    receipt: int | None = None
    state: str = ""
    reason: str = ""
    matter: str | None = None

    @property
    def sha256(self):
        return sha256(self.sealed).hexdigest()

    @property
    def sent(self):
        return self.receipt is not None


@dataclass
class Phone:
    """`carry(method, path, body, headers)` gives (status, headers, body) or raises Offline.

    `skew` is how far its clock is off; `outbox`, `files` and what it knows are its disk.
    """

    carry: object
    skew: timedelta = timedelta()
    device: str = ""
    cookie: str = ""
    key: bytes = b""
    epoch: str = ""
    behind: bool = False
    offset_ms: int | None = None
    seq: int = 0
    outbox: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)  # sealed hash → sealed bytes, until they are whole
    held: dict = field(default_factory=dict)  # (kind, id) → row
    cursor: str = ""
    revoked: bool = False
    now: object = None

    def clock(self):
        """The time this phone believes it is."""
        real = self.now() if self.now else datetime.now(UTC)
        return real + self.skew

    # What the worker does.

    def record(
        self, kind, body=None, *, subject=None, after=None, files=(), position=None, made=None
    ):
        """Finish a record: on disk under its own id; nothing is sent yet. Gives its id."""
        self.seq += 1
        record = {
            "id": str(uuid7()), "kind": kind, "device": self.device, "form": kind,
            "form_version": 1, "after": str(after) if after else None, "seq": self.seq,
            "made_at": (made or self.clock()).isoformat(), "offset_ms": self.offset_ms,
            "subject": subject or {}, "position": position, "files": [], "body": body or {},
        }  # fmt: skip
        for plain, what in files:
            sealed = seal(self.key, plain)
            name = sha256(sealed).hexdigest()
            self.files[name] = sealed
            record["files"].append(
                {
                    "sha256": sha256(plain).hexdigest(),
                    "sealed": name,
                    "size": len(sealed),
                    "kind": what,
                }
            )
        kept = Kept(UUID(record["id"]), kind, seal(self.key, json.dumps(record).encode()))
        self.outbox[kept.id] = kept
        return kept.id

    @property
    def unsent(self):
        return [k for k in self.outbox.values() if not k.sent]

    # What the phone does.

    def call(self, method, path, body=None, *, raw=None, headers=None, packed=False):
        """One request with the device's cookie; the JSON answered, or (status, headers)."""
        sent = {"X-Maplebridge-Device": self.device, "Cookie": f"maplebridge_device={self.cookie}"}
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        if body is not None:
            sent["Content-Type"] = "application/json"
            if packed:
                data, sent["Content-Encoding"] = gzip.compress(data), "gzip"
        status, answered, content = self.carry(
            method, f"/api/v1/sync{path}", data, {**sent, **(headers or {})}
        )
        if raw is not None or method == "HEAD":
            return status, answered, content
        return self._read(status, answered, content)

    def _read(self, status, answered, content):
        if status == 204:
            return None
        if not answered.get("content-type", "").startswith("application/json"):
            raise Offline("a captive portal, or a cut answer")
        try:
            body = json.loads(content)
        except ValueError as error:
            raise Offline("a cut answer") from error
        if status == 401 and body.get("code") == "revoked":
            self.revoked = True
        if status >= 500:
            raise Offline(f"the server answered {status}")
        if status >= 400:
            raise Refused(status, body)
        return body

    def batch(self, kept):
        """The body that sends these records."""
        last = max(
            (k for k in self.outbox.values() if k.sent), key=lambda k: k.receipt, default=None
        )
        return {
            "sent_at": self.clock().isoformat(), "epoch": self.epoch,
            "last": {"receipt": last.receipt, "id": str(last.id)} if last else None,
            "state": {
                "unsent": len(self.unsent), "quarantined": 0, "drafts": 0, "free_bytes": 10**9,
                "seq": self.seq, "app": "test", "persistent": True, "browser": "Test 1",
            },
            "records": [
                {"id": str(k.id), "sha256": k.sha256, "sealed": b64encode(k.sealed).decode()}
                for k in kept
            ],
        }  # fmt: skip

    def send(self):
        """Send what is unsent, a batch at a time; offer again what the server lost."""
        while True:
            kept = sorted(self.unsent, key=lambda k: k.id)[:BATCH]
            answer = self.call("POST", "/records", self.batch(kept), packed=True)
            self._take(answer)
            if not self.unsent:
                return answer

    def _take(self, answer):
        if not isinstance(answer.get("receipts"), list) or "epoch" not in answer:
            raise Offline("not an answer of ours")
        # Before new receipts hide that older ones are not known there.
        self.behind |= answer["lost"] or bool(self.epoch and self.epoch != answer["epoch"])
        for told in answer["receipts"]:
            mine = self.outbox.get(UUID(told["id"]))
            if mine is not None and told["sha256"] == mine.sha256:
                mine.receipt, mine.state = told["receipt"], told["state"]
                mine.reason, mine.matter = told["reason"], told["matter"]
        self.offset_ms = round(
            (datetime.fromisoformat(answer["now"]) - self.clock()).total_seconds() * 1000
        )
        if self.behind:
            self._offer_again()
            self.behind = False
        self.epoch = answer["epoch"]

    def _offer_again(self):
        """Ask about every record kept, before the new epoch is taken for known."""
        kept = [k for k in self.outbox.values() if k.sent]
        for start in range(0, len(kept), 1000):
            ids = [str(k.id) for k in kept[start : start + 1000]]
            lacks = self.call("POST", "/which", {"ids": ids})["missing"]
            for name in lacks:
                self.outbox[UUID(name)].receipt = None

    def upload(self, part=PART):
        """Send files, in parts, from where the server stands."""
        for name, sealed in list(self.files.items()):
            status, headers, _body = self.call("HEAD", f"/files/{name}")
            if status not in {200, 404} or "upload-offset" not in headers:
                raise Offline(f"upload answered {status}")
            offset = int(headers.get("upload-offset", 0))
            while status == 404:
                answered, headers, _body = self.call(
                    "PATCH", f"/files/{name}", raw=sealed[offset : offset + part],
                    headers={
                        "Upload-Offset": str(offset), "Upload-Length": str(len(sealed)),
                        "Content-Type": "application/octet-stream",
                    },
                )  # fmt: skip
                right = answered in {201, 204, 409} and "upload-offset" in headers
                if not (right or answered == 422):
                    raise Offline(f"upload answered {answered}")
                if answered in {201, 422}:
                    break
                offset = int(headers["upload-offset"])
            del self.files[name]

    def read(self, digest=False):
        """Read changes to the end; gives the last page."""
        while True:
            query = f"?cursor={self.cursor}" + (f"&digest={self.digest()}" if digest else "")
            page = self.call("GET", f"/changes{query}")
            if page["restart"]:
                self._seen = set()
            for row in page["put"]:
                self.held[row["kind"], row["id"]] = row
                if getattr(self, "_seen", None) is not None:
                    self._seen.add((row["kind"], row["id"]))
            for gone in page["gone"]:
                self.held.pop((gone["kind"], gone["id"]), None)
            if not page["more"] and getattr(self, "_seen", None) is not None:
                self.held = {k: v for k, v in self.held.items() if k in self._seen}
                self._seen = None
            self.cursor = page["cursor"]
            if not page["more"]:
                return page

    def digest(self):
        lines = sorted(
            f"{kind}:{name}:{row['version']}\n"
            for (kind, name), row in self.held.items()
            if kind in {"matter", "place", "need"}
        )
        return sha256("".join(lines).encode()).hexdigest()

    def enrolled(self, answer, cookie):
        """Take over what enrolling answered."""
        self.device, self.key = answer["device"], b64decode(answer["key"])
        self.epoch, self.cookie = answer["epoch"], cookie
        return self
