"""Many phones that come back into the network at the same moment, and one that begins anew."""

import gzip
import http.client
import json
import random
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from maplebridge.bench.load import cpu
from maplebridge.fieldwork.models import Place
from maplebridge.kernel.ids import uuid7
from maplebridge.matters.models import MatterEvent
from maplebridge.org.models import Area, Person, Post, Unit
from maplebridge.org.queries import actor_for, directory
from maplebridge.sync import actions
from maplebridge.sync.models import Submission
from maplebridge.sync.seal import seal

# Of the records of a phone every fourth is a note on the report before it.
CHAINED = 4
PATIENCE = 300.0
Say = Callable[[str], None]


class _Phone:
    """An enrolled device with its records sealed, before the clock runs."""

    def __init__(self, person: Person) -> None:
        self.actor = actor_for(person)
        now = timezone.now()
        self.device, self.cookie = actions.enrol(self.actor, browser="bench", at=now)
        self.headers = {
            "Cookie": f"maplebridge_device={self.cookie}", "Accept-Encoding": "gzip",
            "X-Maplebridge-Device": str(self.device.id),
        }  # fmt: skip
        self.ids: list[UUID] = []
        self.body = b""

    @property
    def grid(self) -> str:
        """The grid of the worker."""
        return self.actor.scopes(["grid_worker"])[0]

    def fill(self, rng: random.Random, key: bytes, records: int) -> None:
        """Seal so many records, made over the last hours, into one packed batch."""
        sent, report = [], ""
        outline = directory().outline(self.grid)
        assert outline is not None
        point = outline.representative_point()
        for number in range(records):
            name = uuid7()
            chained = number % CHAINED == CHAINED - 1
            made = timezone.now() - timedelta(minutes=rng.randrange(1, 300))
            record = {
                "id": str(name), "kind": "note" if chained else "report", "seq": number + 1,
                "device": str(self.device.id), "form": "report", "form_version": 1,
                "after": report if chained else None, "made_at": made.isoformat(),
                "offset_ms": 0, "files": [],
                "subject": {"record": report} if chained else {},
                "position": {"lon": point.x, "lat": point.y, "accuracy": 9},
                "body": {"note": f"又看了一次，第{number}处。"} if chained
                else {"text": f"路灯不亮，第{number}处，晚上过路的人看不清，希望尽快来修。"},
            }  # fmt: skip
            report = report if chained else str(name)
            sealed = seal(key, json.dumps(record, ensure_ascii=False).encode())
            self.ids.append(name)
            sent.append(
                {
                    "id": str(name), "sha256": sha256(sealed).hexdigest(),
                    "sealed": b64encode(sealed).decode(),
                }
            )  # fmt: skip
        batch = {"sent_at": timezone.now().isoformat(), "records": sent}
        self.body = gzip.compress(json.dumps(batch).encode())


def phones(
    port: int, server: int, database: int, *, count: int, records: int, say: Say
) -> list[dict[str, Any]]:
    """So many phones send so many records each at once; then one phone reads 10,000 things."""
    rng = random.Random(20190806)  # noqa: S311 — invented records
    say(f"{count} phones × {records} records at once")
    made = _enrolled(count)
    key = bytes(actions.current_key().public)
    for phone in made:
        phone.fill(rng, key, records)
    rush = _rush(port, server, database, made)
    say("The first reading of a phone: 10,000 things")
    return [rush, _first_reading(port, server, database, made[0])]


def _enrolled(count: int) -> list[_Phone]:
    unit = Unit.objects.filter(kind="grid").first() or Unit.objects.all()[0]
    areas = list(Area.objects.filter(level="grid").order_by("code"))
    people = [
        Person(username=f"phone{n}", name=f"员{n}", password="!") for n in range(count)  # noqa: S106
    ]  # fmt: skip
    Person.objects.bulk_create(people)
    posts = [Post(person=p, kind="grid_worker", title="网格员", unit=unit) for p in people]
    Post.objects.bulk_create(posts)
    for number, post in enumerate(posts):
        post.areas.set([areas[number % len(areas)]])
    return [_Phone(person) for person in people]


def _rush(port: int, server: int, database: int, made: list[_Phone]) -> dict[str, Any]:
    """Seconds until every phone holds its receipts, and until everything is applied."""
    told: dict[str, str] = {}
    start = threading.Barrier(len(made) + 1)

    def send(phone: _Phone) -> None:
        start.wait()
        for receipt in _asked(port, "POST", "/records", phone)["receipts"]:
            told[receipt["id"]] = receipt["state"]

    threads = [threading.Thread(target=send, args=[p]) for p in made]
    for thread in threads:
        thread.start()
    before = cpu(server), cpu(database)
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    received = time.perf_counter() - begun
    while _left() and time.perf_counter() - begun < PATIENCE:
        time.sleep(0.5)
    applied = time.perf_counter() - begun
    after = cpu(server), cpu(database)
    ids = [name for phone in made for name in phone.ids]
    there = Submission.objects.filter(state="applied").count()
    twice = MatterEvent.objects.filter(command_id__in=ids).values("command_id")
    return {
        "what": f"{len(made)} phones × {len(made[0].ids)} records", "matters": len(ids),
        "connections": len(made), "per_second": len(ids) / applied,
        "seconds": received, "seconds_applied": applied, "lost": len(ids) - len(told),
        "not_applied": len(ids) - there,
        "doubled": twice.annotate(n=Count("id")).filter(n__gt=1).count(),
        "bytes_per_record": sum(len(p.body) for p in made) / len(ids),
        "server_cpu_ms": 1000 * (after[0] - before[0]) / len(ids),
        "database_cpu_ms": 1000 * (after[1] - before[1]) / len(ids),
    }  # fmt: skip


def _left() -> int:
    return Submission.objects.filter(state__in=["kept", "waiting"]).count()


def _asked(port: int, method: str, path: str, phone: _Phone) -> Any:
    """The answer to a phone that tries until there is one."""
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        try:
            line.request(
                method, f"/api/v1/sync{path}", body=phone.body if method == "POST" else None,
                headers=phone.headers | (packed if method == "POST" else {}),
            )  # fmt: skip
            answer = line.getresponse()
            raw = answer.read()
            if answer.status == 200:
                whole = gzip.decompress(raw) if answer.headers["Content-Encoding"] else raw
                return json.loads(whole) | {"_bytes": len(raw)}
            pause = float(answer.headers.get("Retry-After") or 1)
        except OSError:
            pause = 1.0
        finally:
            line.close()
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 — so that they part


def _first_reading(port: int, server: int, database: int, phone: _Phone) -> dict[str, Any]:
    area, now = phone.grid, timezone.now()
    Place.objects.bulk_create(
        Place(
            id=uuid7(), kind="rental", name=f"溪边出租房{n}", area_code=area, lon=119.05, lat=27.95,
            address=f"溪边{n}号", facts={"rooms": 4, "extinguishers": 2}, created_at=now,
        )
        for n in range(10_000)
    )  # fmt: skip
    before, begun = (cpu(server), cpu(database)), time.perf_counter()
    cursor, rows, size, pages = "", 0, 0, 0
    while True:
        page = _asked(port, "GET", f"/changes?cursor={cursor}", phone)
        rows, size, pages = rows + len(page["put"]), size + page["_bytes"], pages + 1
        cursor = page["cursor"]
        if not page["more"]:
            break
    taken, after = time.perf_counter() - begun, (cpu(server), cpu(database))
    return {
        "what": f"first reading of {rows:,} things", "matters": rows, "connections": 1,
        "seconds": taken, "per_second": rows / taken, "pages": pages,
        "bytes_per_record": size / rows,
        "server_cpu_ms": 1000 * (after[0] - before[0]) / rows,
        "database_cpu_ms": 1000 * (after[1] - before[1]) / rows,
    }  # fmt: skip
