"""The ticker: a process beside the server that lets time pass, whichever servers there are."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

TICK_SECONDS, SEND_SECONDS, RESTART_SECONDS = 60, 5, 15
# Whoever holds this advisory lock ticks ("MBT"); the others stand by.
LOCK = 0x4D4254
# A sending that has begun may take as long as the slowest server outside.
PATIENCE = 20
# So many records left over are a rush.
RUSH = 1000
_hands: list[subprocess.Popen[bytes]] = []
log = logging.getLogger(__name__)


def pass_time(now: datetime | None = None) -> dict[str, int]:
    """What time itself does in every room that has something of the kind; how many of each.

    A room that fails stops no other: an ExceptionGroup tells of it when all have had their turn.
    """
    from django.utils import timezone  # noqa: PLC0415 — settings come first

    from maplebridge.fieldwork.actions import find_needs  # noqa: PLC0415
    from maplebridge.insight.actions import make_due_digests  # noqa: PLC0415
    from maplebridge.kernel.attempts import Attempts  # noqa: PLC0415
    from maplebridge.matters.actions import tick  # noqa: PLC0415
    from maplebridge.mediation.actions import tick as tick_mediations  # noqa: PLC0415
    from maplebridge.notify.actions import deliver_due, tidy  # noqa: PLC0415
    from maplebridge.org.actions import carry_out_plans  # noqa: PLC0415
    from maplebridge.sync import actions as sync  # noqa: PLC0415

    moment, attempts, counts = now or timezone.now(), Attempts(), dict[str, int]()
    for name, part in (
        ("plans_carried_out", carry_out_plans),
        ("", tick),
        ("needs_found", find_needs),
        ("", tick_mediations),
        ("digests", make_due_digests),
        ("records_applied", lambda _moment: sync.apply_due(now)),
        ("", deliver_due),
        ("messages_forgotten", tidy),
        ("records_erased", sync.tidy),
    ):
        with attempts:
            made = part(moment)
            counts |= made if isinstance(made, dict) else {name: made}
    attempts.raise_faults("Time did not pass in every room")
    return counts


def keep_ticking() -> None:
    """Tick every minute and send every few seconds until a signal or the parent's end.

    Only the process that holds the lock does; a fault is logged and the next round begins anew.
    """
    stop, parent = threading.Event(), os.getppid()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_args: stop.set())
    held, next_tick, busy = False, 0.0, False
    while not stop.is_set() and os.getppid() == parent:
        try:
            held = held or _take_lock()
            if held:
                next_tick, busy = _round(next_tick)
        except Exception:
            log.exception("The ticker met a fault and goes on.")
            _let_go()
            held = busy = False
        stop.wait(0 if busy else SEND_SECONDS)
    for hand in _hands:
        hand.terminate()


def _round(next_tick: float) -> tuple[float, bool]:
    """When the next tick is, and whether a rush of records is still being applied."""
    from maplebridge.notify.actions import deliver_due  # noqa: PLC0415
    from maplebridge.sync.actions import apply_due  # noqa: PLC0415

    if time.monotonic() < next_tick:
        _call_hands()
        busy = apply_due() > 0
        deliver_due()
        return next_tick, busy
    pass_time()
    return time.monotonic() + TICK_SECONDS, False


def _call_hands() -> None:
    """After a rush of records, let as many processes apply as there are processors."""
    from maplebridge.sync.queries.receipts import left_to_apply  # noqa: PLC0415

    _hands[:] = [hand for hand in _hands if hand.poll() is None]
    if not _hands and left_to_apply(RUSH) == RUSH:
        command = [sys.executable, "-m", "maplebridge", "tick", "--records"]
        others = range((os.cpu_count() or 1) - 1)
        _hands.extend(subprocess.Popen(command) for _ in others)  # noqa: S603 — our own program


def _take_lock() -> bool:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _let_go() -> None:
    from django.db import connection  # noqa: PLC0415

    connection.close()  # the lock goes with it


@contextmanager
def beside() -> Iterator[None]:
    """Keep a ticker running as a process of its own while the block runs."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=[stop], daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(PATIENCE + 5)


def _keep(stop: threading.Event) -> None:
    command = [sys.executable, "-m", "maplebridge", "tick", "--keep-on"]
    while not stop.is_set():
        child = subprocess.Popen(command, start_new_session=True)  # noqa: S603 — our own program
        while child.poll() is None and not stop.wait(0.5):
            pass
        if child.returncode is None:
            child.terminate()
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        stop.wait(RESTART_SECONDS)
