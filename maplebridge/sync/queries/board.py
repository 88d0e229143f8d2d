"""The device board of a command room, and what waits there for a decision.

It says whether a phone is silent, so that somebody calls its worker; never where a worker is or
how long he was online.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from maplebridge.org.models import Post
from maplebridge.org.rules import Actor
from maplebridge.sync.models import Device, Submission, Upload
from maplebridge.sync.rules import ROOM_KINDS

SILENT_DAYS = 3
DRIFT_MS = 5 * 60 * 1000
LOW_BYTES = 200 * 1024 * 1024
DECIDE = ("conflict", "quarantined")


def devices_watched_by(actor: Actor) -> QuerySet[Device]:
    """Devices of people whose units lie in the areas of the actor's command room."""
    return Device.objects.filter(person_id__in=_people(actor))


def _people(actor: Actor) -> QuerySet[Post, int]:
    scopes = actor.scopes(ROOM_KINDS)
    if not scopes:
        return Post.objects.none().values_list("person_id", flat=True)
    here = reduce(or_, (Q(unit__area__code__startswith=scope) for scope in scopes))
    return Post.objects.filter(here).values_list("person_id", flat=True)


@dataclass(frozen=True)
class BoardRow:
    """One device as its command room sees it.

    `to_decide` counts records of its worker that are returned or in conflict. `advice` are codes
    of what needs somebody: "silent", "never", "unsent", "clock", "space", "persistence".
    """

    device: Device
    to_decide: int
    silent_days: int
    advice: tuple[str, ...]

    @property
    def unsent(self) -> int:
        return int(self.device.told.get("unsent") or 0)

    @property
    def app(self) -> str:
        return str(self.device.told.get("app") or "")

    @property
    def free_bytes(self) -> int | None:
        told = self.device.told.get("free_bytes")
        return int(told) if isinstance(told, (int, float)) else None


def board(actor: Actor, now: datetime, *, silent_days: int = SILENT_DAYS) -> list[BoardRow]:
    """The devices in use of the actor's command room, the longest silent first."""
    devices = list(
        devices_watched_by(actor).filter(revoked_at__isnull=True).select_related("person")
    )
    waiting = dict(
        Submission.objects.filter(person_id__in={d.person_id for d in devices}, state__in=DECIDE)
        .exclude(kind="draft")
        .values_list("person_id")
        .annotate(Count("receipt"))
    )
    rows = [_row(d, waiting.get(d.person_id, 0), now, silent_days) for d in devices]
    return sorted(rows, key=lambda r: r.device.last_contact_at or r.device.enrolled_at)


def _row(device: Device, to_decide: int, now: datetime, most: int) -> BoardRow:
    silent = now - (device.last_contact_at or device.enrolled_at)
    told, advice = device.told, []
    if silent >= timedelta(days=most):
        advice.append("silent" if device.last_contact_at else "never")
    if silent >= timedelta(days=1) and told.get("unsent"):
        advice.append("unsent")
    if device.drift_ms is not None and abs(device.drift_ms) >= DRIFT_MS:
        advice.append("clock")
    free = told.get("free_bytes")
    if isinstance(free, (int, float)) and free < LOW_BYTES:
        advice.append("space")
    if told.get("persistent") is False:
        advice.append("persistence")
    return BoardRow(device, to_decide, silent.days, tuple(advice))


def to_decide(actor: Actor) -> QuerySet[Submission]:
    """Records of the actor's command room that are returned or in conflict, the oldest first.

    An unfinished form is its author's alone.
    """
    found = Submission.objects.filter(person_id__in=_people(actor), state__in=DECIDE)
    return found.exclude(kind="draft").select_related("person", "matter").order_by("receipt")


def files_missing(actor: Actor) -> QuerySet[Submission]:
    """Records of the actor's command room whose text is here and a photo or voice note is not, the
    oldest first; `coming` counts those on their way, `wrong` those that could not be read."""
    coming, wrong = (
        Count("uploads", filter=Q(uploads__state=state))
        for state in (Upload.State.COMING, Upload.State.WRONG)
    )
    lacking = Upload.objects.exclude(state=Upload.State.WHOLE).values("submission")
    found = Submission.objects.filter(person_id__in=_people(actor), pk__in=lacking)
    found = found.exclude(kind="draft").select_related("person", "matter")
    return found.annotate(coming=coming, wrong=wrong).order_by("receipt")
