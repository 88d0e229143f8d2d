"""Kinds of places and what is known of each, why somebody goes, and how often a check is due."""

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Fact:
    """One fact about a place, never about a person: a whole number, yes or no, or a short line."""

    label: Any
    kind: Literal["count", "yesno", "line"]


FACTS = {
    "head_count": Fact(_("People living here"), "count"),
    "rooms": Fact(_("Rooms let"), "count"),
    "floors": Fact(_("Floors"), "count"),
    "extinguishers": Fact(_("Extinguishers"), "count"),
    "smoke_alarms": Fact(_("Smoke alarms"), "count"),
    "second_exit": Fact(_("A second way out"), "yesno"),
    "water": Fact(_("Water for fire fighting"), "line"),
    "shelter": Fact(_("Where to go in danger"), "line"),
}


@dataclass(frozen=True)
class PlaceKind:
    """A kind of place: its facts, its checklist, and the days between two checks (0: none due).

    Intervals are defaults: rental dwellings and small premises once a quarter, as townships do
    (领域做法); danger points once a month in and out of the season (地质灾害防治条例 Art. 15).
    """

    label: object
    facts: tuple[str, ...]
    checklist: str = ""
    every_days: int = 0


KINDS = {
    "rental": PlaceKind(
        _("Rental dwelling"),
        ("head_count", "rooms", "floors", "extinguishers", "smoke_alarms", "second_exit"),
        "rental", 90,
    ),
    "premises": PlaceKind(
        _("Shop or small premises"), ("floors", "extinguishers", "smoke_alarms", "second_exit"),
        "premises", 90,
    ),
    "workshop": PlaceKind(
        _("Workshop"), ("head_count", "extinguishers", "smoke_alarms", "second_exit"),
        "premises", 90,
    ),
    "lodging": PlaceKind(
        _("Guest house"), ("rooms", "floors", "extinguishers", "smoke_alarms", "second_exit"),
        "premises", 90,
    ),
    "forest": PlaceKind(_("Forest work site"), ("head_count", "water"), "forest", 60),
    "danger": PlaceKind(_("Danger point"), ("head_count", "shelter"), "danger", 30),
    "water": PlaceKind(_("Pond, weir or river bank"), ("shelter",), "danger", 60),
    "public": PlaceKind(
        _("Public building"), ("floors", "extinguishers", "second_exit"), "premises", 180
    ),
    "dwelling": PlaceKind(_("Dwelling"), ("shelter",)),
}  # fmt: skip

# What two phones may both have mended; everything else of a place is decided once.
MENDABLE = ("name", "kind", "address", "lon", "lat")

REASONS = {
    "asked": _("Somebody asked for a visit"),
    "dispute": _("Look again after a dispute"),
    "check": _("A check is due"),
    "after_fault": _("A fault was found; look again"),
    "again": _("Agreed at the last visit"),
    "warning": _("A warning of weather or ground"),
    "told": _("The command room asks"),
}
# Reasons the timer or a visit finds by itself; nobody chooses them.
FOUND = ("dispute", "check", "after_fault", "again")

MET = {
    "yes": _("Met somebody"),
    "no_one": _("Nobody was there"),
    "refused": _("They would rather not"),
    "site": _("Only looked at the place"),
}
# With whom a talk about a dispute was; what one side says alone is kept from the other.
TALKED = {
    "joint": _("Both sides"),
    "applicant": _("The applicant's side alone"),
    "respondent": _("The other side alone"),
}
ANSWERS = {"ok": _("In order"), "fault": _("Not in order"), "na": _("Does not apply")}

# A check shows on the phones this many days before it is due.
AHEAD_DAYS = 14
# A settled dispute is looked at again once, a month after closing.
DISPUTE_AFTER_DAYS = 30
# After a fault: the handling limit of a fire hazard (3 working days) and a weekend.
FAULT_AFTER_DAYS = 7
# A need that nobody met stays for all to see; the timer makes no second one beside it.


def is_fact(kind: str, name: str, value: Any) -> bool:
    """True when the fact belongs to this kind of place and the value has its shape."""
    if kind not in KINDS or name not in KINDS[kind].facts:
        return False
    shape = FACTS[name].kind
    if value is None:
        return True
    if shape == "count":
        return type(value) is int and 0 <= value <= 9999
    if shape == "yesno":
        return isinstance(value, bool)
    return isinstance(value, str) and len(value) <= 100
