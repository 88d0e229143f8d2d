"""What is measured, in one run beside each other."""

import importlib
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import psutil
import xlsxwriter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils import timezone

from maplebridge.bench.fill import copy_limit, fill
from maplebridge.bench.load import Maker, Measured, ask
from maplebridge.bench.phones import phones
from maplebridge.demo.people import build
from maplebridge.hotline.commands import import_hotline
from maplebridge.matters.actions import report
from maplebridge.matters.models import Matter
from maplebridge.org.actions import issue_token
from maplebridge.org.models import Person
from maplebridge.org.queries import directory

Say = Callable[[str], None]
WORDS = (
    "路灯不亮",
    "垃圾成堆",
    "水管漏水",
    "道路塌陷",
    "噪声扰民",
    "邻里争吵",
    "树倒在路上",
    "狗没人管",
)
CONNECTIONS = (1, 4, 16)
SEED = 20190806
PHONE_RECORDS = 40


def bench(
    sizes: Sequence[int], *, seconds: float, rows: int, phone_count: int, say: Say
) -> list[dict[str, Any]]:
    """Measure on the present (scratch) database; one row of figures for each thing and size."""
    build(SEED)
    rng = random.Random(SEED)  # noqa: S311 — invented matters
    for n in range(200):
        _reported(rng, n)
    found: list[dict[str, Any]] = []
    for size in sizes:
        say(f"Filling up to {size:,} matters")
        fill(size)
        with _server() as (port, server):
            for name, connections, maker in _asked(rng):
                say(f"{name}, {connections} connections")
                measured = ask(
                    port, maker, connections=connections, seconds=seconds, server=server,
                    database=_database(),
                )  # fmt: skip
                found.append(
                    {"what": name, "matters": size, "connections": connections, **asdict(measured)}
                )
        say("The same rows with COPY")
        limit = copy_limit(min(seconds, 3.0))
        found.append({"what": "COPY limit", "matters": size, "connections": 1, "per_second": limit})
        if rows:
            say(f"A workbook of {rows:,} rows")
            found.append(
                {"what": f"workbook of {rows:,} rows", "matters": size, **_workbook(rows, rng)}
            )
    _compare(found)
    if phone_count:
        with _server() as (port, server):
            found += phones(
                port, server, _database(), count=phone_count, records=PHONE_RECORDS, say=say
            )
    return found


def _compare(found: Sequence[dict[str, Any]]) -> None:
    """Beside each p95 what it comes to against the same thing at the smallest size."""
    first: dict[tuple[str, int], float] = {}
    for row in found:
        if p95 := row.get("p95_ms"):
            row["p95_ratio"] = p95 / first.setdefault((row["what"], row["connections"]), p95)


def _reported(rng: random.Random, n: int) -> None:
    report(command_id=uuid4(), channel="api", **_telling(rng, n))


def _telling(rng: random.Random, n: int) -> dict[str, Any]:
    _area, outline = rng.choice(list(directory().outlines()))
    west, south, east, north = outline.bounds
    return {
        "text": f"{rng.choice(WORDS)}，第{n}处，希望尽快处理，{rng.choice(WORDS)}。",
        "lon": round(rng.uniform(west, east), 6),
        "lat": round(rng.uniform(south, north), 6),
        "address": f"{n}号附近",
    }


def _asked(rng: random.Random) -> Iterator[tuple[str, int, Maker]]:
    token = issue_token("dispatcher")
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={_session('dispatcher')}"}
    tellings = [json.dumps(_telling(rng, n)).encode() for n in range(2000)]
    jsonly = {"Content-Type": "application/json"}

    def new_report(n: int) -> Any:
        return "POST", "/api/v1/reports", jsonly, tellings[n % len(tellings)]

    for connections in CONNECTIONS:
        yield "report", connections, new_report
    waiting = list(
        Matter.objects.filter(status="reported")
        .order_by("-id")
        .values_list("number", flat=True)[:20_000]
    )

    def page(n: int) -> Any:
        return "GET", f"/desk/matters/{waiting[n % 200]}", cookie, None

    def step(n: int) -> Any:
        body = {"id": str(uuid4()), "step": "dispatch", "category": "E02", "lead": "sanitation"}
        return "POST", f"/api/v1/matters/{waiting[-1 - n]}/steps", bearer, json.dumps(body).encode()

    yield "inbox page", 4, lambda n: ("GET", "/desk/lists/inbox", cookie, None)
    yield "search", 4, lambda n: ("GET", "/desk/matters?q=%E5%9E%83%E5%9C%BE", cookie, None)
    for words, level, zoom in (("map of all", "", 10), ("map of one village", "village", 14)):
        view = _view(level, zoom)
        yield words, 4, lambda n, view=view: ("GET", view, cookie, None)
    yield "matter page", 4, page
    yield "step", 4, step


def _view(level: str, zoom: int) -> str:
    """The address of what the map shows of one area of a level, or of all (""), at a zoom."""
    town = directory()
    outlines = [line.bounds for area, line in town.outlines() if area.level == (level or "grid")]
    boxes = outlines[:1] if level else outlines
    edges = zip((min, min, max, max), zip(*boxes, strict=True), strict=True)
    west, south, east, north = (pick(edge) for pick, edge in edges)
    return f"/desk/map/points?bbox={west:.6f},{south:.6f},{east:.6f},{north:.6f}&zoom={zoom}"


def _session(username: str) -> str:
    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    person = Person.objects.get(username=username)
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store["seen"] = int(time.time()) + 3600
    store.create()
    return str(store.session_key)


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """The real server on a free port, ready to answer: (port, process id)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "maplebridge", "--data", str(settings.DATA_DIR), "serve"]
    running = subprocess.Popen(  # noqa: S603 — our own command
        [*command, "--port", str(port)], env=os.environ | {"MAPLEBRIDGE_THROTTLE": "off"},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                urlopen(f"http://127.0.0.1:{port}/healthz").close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait()


def _database() -> int:
    """The process id of the database server, parent of the one that serves us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(psutil.Process(cursor.fetchone()[0]).ppid())


def _workbook(rows: int, rng: random.Random) -> dict[str, Any]:
    """Seconds, rows per second and the most memory above the start, in MiB, of an import."""
    path = Path(settings.DATA_DIR) / f"bench-{rows}.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["工单编号", "主题", "诉求内容", "来电时间", "地址"])
    villages = [a.name for a in directory().areas.values() if a.level == "village"]
    start = timezone.localtime() - timedelta(days=365)
    for n in range(1, rows + 1):
        where, what = rng.choice(villages), rng.choice(WORDS)
        told = (
            f"{where}{what}，第{n}处，已经有一段时间，" + "希望有关部门尽快到现场看一看并处理。" * 3
        )
        when = (start + timedelta(minutes=5 * n)).strftime("%Y-%m-%d %H:%M")
        sheet.write_row(n, 0, [f"B{n}", f"{where}{what}", told, when, f"{where}{n}号"])
    book.close()
    memory = _Memory()
    begun = time.perf_counter()
    summary = import_hotline(path, errors_path=path.with_suffix(".errors.xlsx"))
    taken = time.perf_counter() - begun
    path.unlink()
    return {
        "seconds": taken,
        "per_second": rows / taken,
        "memory_mib": memory.most(),
        "opened": summary.reports,
    }


class _Memory:
    """The most memory of this process above what it was at the start, in MiB."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._start = self._most = self._process.memory_info().rss
        self._going = True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self._going:
            self._most = max(self._most, self._process.memory_info().rss)
            time.sleep(0.05)

    def most(self) -> float:
        """Stop watching; the figure."""
        self._going = False
        self._thread.join()
        return (self._most - self._start) / 2**20


def table(found: Sequence[dict[str, Any]]) -> str:
    """The figures as one table."""
    heads = ("what", "matters", "connections", "per_second", "p50_ms", "p95_ms", "p95_ratio",
             "server_cpu_ms", "database_cpu_ms", "refused", "memory_mib", "seconds",
             "seconds_applied", "lost", "doubled", "bytes_per_record")  # fmt: skip
    lines = [[head.replace("_", " ") for head in heads]]
    lines += [[_cell(row.get(head)) for head in heads] for row in found]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    return "\n".join(
        "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w)
            for i, (c, w) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return (
        f"{value:,.{1 if value >= 10 else 2}f}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


__all__ = ["Measured", "bench", "table"]
