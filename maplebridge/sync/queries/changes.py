"""What changed for one phone since its cursor, never skipping what was still being written.

A trigger notes the number of the transaction that changed a thing. Numbers are given at the
beginning of a transaction and become visible at its end, so a later one may be seen first: a
reading stops before the lowest that is still open, and the next one begins there.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from django.db import connection
from django.utils import timezone

from maplebridge.org.rules import Actor
from maplebridge.sync.models import Epoch
from maplebridge.sync.queries.rows import READ_ID, ROWS, Row, first_ids
from maplebridge.sync.queries.scopes import Scopes
from maplebridge.sync.rules import CURSOR_DAYS, PAGE

KINDS = tuple(ROWS)
# Transactions of other databases of the same server write nothing here; one whose backend is not
# shown to us counts as ours.
_OPEN = """
SELECT coalesce(
    (SELECT min(open::text::bigint) FROM pg_snapshot_xip(snapshot) AS open WHERE NOT EXISTS (
        SELECT 1 FROM pg_stat_activity AS other
        WHERE other.backend_xid::text::bigint = open::text::bigint % 4294967296
            AND other.datname <> current_database())),
    pg_snapshot_xmax(snapshot)::text::bigint
) FROM (SELECT pg_current_snapshot() AS snapshot) AS now
"""
_SINCE = """
SELECT kind, thing, xid, id FROM sync_change
WHERE scope = ANY(%(scopes)s) AND xid < %(open)s
    AND (xid > %(xid)s OR (xid = %(xid)s AND id > %(id)s))
ORDER BY xid, id LIMIT %(size)s
"""
_ANY_LATER = "SELECT EXISTS (SELECT 1 FROM sync_change WHERE scope = ANY(%s) AND xid >= %s)"


@dataclass(frozen=True)
class Cursor:
    """How far a phone has read: everything before (`xid`, `id`); while `kind` is set a full
    reading is under way, of this kind and after this thing."""

    epoch: str
    scopes: str
    day: int
    xid: int
    id: int = 0
    kind: str = ""
    after: str = ""

    def text(self) -> str:
        """As the phone keeps it; it makes nothing of it."""
        raw = json.dumps([*vars(self).values()], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for what is no cursor of ours: then the reading begins anew."""
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            cursor = cls(*parts)
            shapes = (str, str, int, int, int, str, str)
            fits = all(type(v) is s for v, s in zip(vars(cursor).values(), shapes, strict=True))
        except (binascii.Error, ValueError, TypeError):
            return None
        right = fits and 0 <= cursor.xid < 2**62 and 0 <= cursor.id < 2**62
        return cursor if right and cursor.kind in {"", *KINDS} else None


@dataclass
class Page:
    """One page of changes."""

    cursor: Cursor
    more: bool
    restart: bool = False
    drift: bool = False
    scopes: list[dict[str, str]] = field(default_factory=list)
    put: list[Row] = field(default_factory=list)
    gone: list[dict[str, str]] = field(default_factory=list)


def changes(actor: Actor, epoch: Epoch, text: str, digest: str = "", *, size: int = PAGE) -> Page:
    """The page of changes after a cursor; a digest is compared where nothing is left to read."""
    scopes = Scopes.of(actor)
    with connection.cursor() as db:
        db.execute(_OPEN)
        first_open = db.fetchone()[0]
    cursor = _usable(Cursor.read(text) if text else None, epoch, scopes)
    restart = cursor is None
    if cursor is None:
        today = timezone.localdate().toordinal()
        cursor = Cursor(epoch.name, scopes.mark, today, first_open, kind=KINDS[0])
    read_on = _first if cursor.kind else _since
    page = read_on(scopes, cursor, first_open, size)
    page.restart, page.scopes = restart, scopes.named
    if digest and not page.more and not page.put and not page.gone:
        page.drift = _drifted(scopes, page.cursor, digest)
    return page


def _usable(cursor: Cursor | None, epoch: Epoch, scopes: Scopes) -> Cursor | None:
    if cursor is None or cursor.epoch != epoch.name or cursor.scopes != scopes.mark:
        return None
    age = timezone.localdate().toordinal() - cursor.day
    return cursor if 0 <= age <= CURSOR_DAYS else None


def _first(scopes: Scopes, cursor: Cursor, _first_open: int, size: int) -> Page:
    """A page of a full reading: kind by kind, in the order of ids."""
    put: list[Row] = []
    kind, after = cursor.kind, cursor.after
    while len(put) < size:
        try:
            since = READ_ID[kind](after) if after else None
        except ValueError:
            since = None
        ids = first_ids(scopes, kind, since, size - len(put))
        put += ROWS[kind](scopes, ids)
        if len(ids) and len(put) >= size:
            after = str(ids[-1])
            break
        after = str(ids[-1]) if ids else after
        rest = KINDS[KINDS.index(kind) + 1 :]
        if not rest:
            return Page(replace(cursor, kind="", after=""), False, put=put)
        kind, after = rest[0], ""
    return Page(replace(cursor, kind=kind, after=after), True, put=put)


def _since(scopes: Scopes, cursor: Cursor, first_open: int, size: int) -> Page:
    with connection.cursor() as db:
        db.execute(
            _SINCE,
            {"scopes": scopes.keys(), "open": first_open, "xid": cursor.xid, "id": cursor.id,
             "size": size + 1},
        )  # fmt: skip
        found = db.fetchall()
    more, found = len(found) > size, found[:size]
    put, gone = _present(scopes, [(kind, thing) for kind, thing, _xid, _id in found])
    today = timezone.localdate().toordinal()
    if more:
        ahead = replace(cursor, day=today, xid=found[-1][2], id=found[-1][3])
    else:
        # (xid, 0) is before every note of that transaction, which is still open or to come.
        ahead = replace(cursor, day=today, xid=max(first_open, cursor.xid), id=0)
    return Page(ahead, more, put=put, gone=gone)


def _present(
    scopes: Scopes, things: Iterable[tuple[str, str]]
) -> tuple[list[Row], list[dict[str, str]]]:
    """Changed things as they are now, and those the phone may hold no more."""
    wanted: dict[str, dict[str, None]] = {}
    for kind, thing in things:
        wanted.setdefault(kind, {})[thing] = None
    put: list[Row] = []
    gone: list[dict[str, str]] = []
    for kind, names in wanted.items():
        rows = ROWS[kind](scopes, [READ_ID[kind](name) for name in names])
        put += rows
        there = {str(row["receipt"] if kind == "record" else row["id"]) for row in rows}
        if kind != "record":  # what became of one's own record stays
            gone += [{"kind": kind, "id": name} for name in names if name not in there]
    return put, gone


def _drifted(scopes: Scopes, cursor: Cursor, digest: str) -> bool:
    """Whether the phone holds something else than it should; unknown while a change that it
    cannot have read yet is there, which is asked last."""
    if digest.lower() == holdings_digest(scopes):
        return False
    with connection.cursor() as db:
        db.execute(_ANY_LATER, [scopes.keys(), cursor.xid])
        return not db.fetchone()[0]


def holdings_digest(scopes: Scopes) -> str:
    """SHA-256 over the sorted lines "kind:id:version" of what the phone should hold."""
    held: dict[str, Any] = {
        "matter": scopes.matters(), "place": scopes.places(), "need": scopes.needs(),
    }  # fmt: skip
    lines = [
        f"{kind}:{pk}:{version}\n"
        for kind, rows in held.items()
        for pk, version in rows.order_by().values_list("pk", "version")
    ]
    return sha256("".join(sorted(lines)).encode()).hexdigest()
