"""Walking every chain and every day root: what was changed, removed or put in another order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from maplebridge.kernel import chain
from maplebridge.kernel.worktime import midnight
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.trust.models import DayRoot
from maplebridge.trust.queries import changed_passages, verify_day, verify_roots

CHUNK = 2000


@dataclass(frozen=True)
class Problem:
    """One thing that does not verify: where (a matter's number or a day) and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


Check = Callable[[], Iterator[Problem]]
_CHECKS: list[Check] = []


def register_check(check: Check) -> None:
    """A room above that ties steps of its own into these chains says how they are verified.

    Called while the applications start; the check runs in the snapshot of `verify_ledger`.
    """
    if check not in _CHECKS:
        _CHECKS.append(check)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a Shanghai day and of the next, aware."""
    return midnight(day), midnight(day + timedelta(days=1))


def day_leaves(day: date) -> Iterator[tuple[int, bytes]]:
    """(event id, 32-byte digest) of a day's events in the order of ids."""
    start, end = day_bounds(day)
    rows = MatterEvent.objects.filter(at__gte=start, at__lt=end).order_by("id")
    for pk, digest in rows.values_list("id", "digest").iterator(CHUNK):
        yield pk, bytes(digest)


def first_unclosed_day() -> date | None:
    """The day after the last closed one, or the day of the first event; None when empty."""
    last = DayRoot.objects.order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        return last + timedelta(days=1)
    first = MatterEvent.objects.order_by("at").values_list("at", flat=True).first()
    return timezone.localdate(first) if first else None


def verify_ledger(progress: Callable[[int], None] = lambda _n: None) -> Iterator[Problem]:
    """Every problem of the ledger, in one snapshot's reading; `progress` gets events read so far.

    Checks each event's digest and its link, the versions without gaps, each matter against its
    last event, each passage against its digest, every closed day against its root, the roots
    against each other, and what rooms above have tied in. Memory stays flat.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not connection.savepoint_ids:  # inside a caller's transaction its own view holds
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield from _verify_chains(progress)
        yield from _verify_heads()
        for root in DayRoot.objects.order_by("day").iterator(50):
            for what in verify_day(root, day_leaves(root.day)):
                yield Problem("day root", what)
        for what in verify_roots():
            yield Problem("day root", what)
        for check in _CHECKS:
            yield from check()


def _verify_chains(progress: Callable[[int], None]) -> Iterator[Problem]:
    matter, version, link = 0, 0, chain.GENESIS
    texts: dict[UUID, bytes] = {}
    events = MatterEvent.objects.order_by("matter_id", "version").iterator(CHUNK)
    for count, event in enumerate(events, 1):
        if event.matter_id != matter:
            matter, version, link = event.matter_id, 0, chain.GENESIS
        name = f"matter {event.matter_id} event {event.id} (version {event.version})"
        if event.version != version + 1:
            yield Problem(name, f"version {version + 1} is missing or out of order")
        elif bytes(event.previous) != link:
            yield Problem(name, "does not follow the event before it")
        if chain.digest(event.payload(), bytes(event.previous)) != bytes(event.digest):
            yield Problem(name, "was changed")
        version, link = event.version, bytes(event.digest)
        if event.passage_id:
            texts[event.passage_id] = bytes.fromhex(event.data.get("text", ""))
        if count % CHUNK == 0:
            yield from _verify_texts(texts)
            texts = {}
            progress(count)
    yield from _verify_texts(texts)


def _verify_texts(texts: dict[UUID, bytes]) -> Iterator[Problem]:
    for passage_id in changed_passages(texts):
        yield Problem(f"text {passage_id}", "was changed")


def _verify_heads() -> Iterator[Problem]:
    """Matters whose row disagrees with their last event, or that have none."""
    wrong = Matter.objects.raw(
        """
        SELECT m.* FROM matters_matter m
        LEFT JOIN matters_matterevent e ON e.matter_id = m.id AND e.version = m.version
        WHERE e.id IS NULL OR e.digest <> m.last_hash OR e.to_status <> m.status
        """
    )
    for matter in wrong.iterator():
        yield Problem(f"matter {matter.number}", "its row does not agree with its last event")
