"""A duty looked at for one place and day, and why one leads before another."""

from dataclasses import dataclass
from datetime import date

from maplebridge.org.models import Duty, Unit


@dataclass(frozen=True)
class DutyMatch:
    """The duty that leads a category in an area, the units it names, and why it was chosen."""

    duty: Duty
    lead: Unit
    helpers: tuple[Unit, ...]
    respond: str
    handle: str


# The verdict on the duty that leads; the others lost because they are "wider", because a
# "precedent" binds, or are "older"; or they don't fit: "early", "ended", "elsewhere", "no_unit".
LEADS = "leads"


@dataclass(frozen=True)
class WeighedDuty:
    """A duty looked at for one place and day: who would lead by it, and what became of it."""

    duty: Duty
    lead: Unit | None
    verdict: str


def rank(duty: Duty) -> tuple[int, bool, date]:
    """What decides between two duties: the longer area, then a precedent, then the later start."""
    return len(duty.area_code), bool(duty.precedent_of), duty.valid_from


def why_lost(duty: Duty, best: Duty) -> str:
    """The verdict on a duty that fits but does not lead."""
    for verdict, mine, other in zip(
        ("wider", "precedent", "older"), rank(duty), rank(best), strict=True
    ):
        if mine != other:
            return verdict
    return "older"
