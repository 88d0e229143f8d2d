"""The table of commands: which act of a room below a kind of record is. Writes nothing itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from maplebridge.fieldwork.actions import (
    keep_place,
    mend_place,
    note_mediation,
    record_visit,
    words_of_talk,
)
from maplebridge.fieldwork.models import Place
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.matters.actions import follow, report, take_step
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import matters_visible_to
from maplebridge.org.rules import Actor
from maplebridge.sync.minutes import keep_minutes
from maplebridge.sync.reading import Body
from maplebridge.sync.record import Record


@dataclass(frozen=True)
class Wish:
    """A record to be applied: who wishes it, when it was made by the server's clock, and the
    matter its subject names, if any."""

    record: Record
    actor: Actor
    made: datetime
    at: datetime
    matter: int | None = None

    @property
    def id(self) -> UUID:
        return self.record.id

    @property
    def body(self) -> Body:
        return Body(self.record.body)

    def files(self, kind: str) -> list[str]:
        """Hashes of the photos or voice notes that belong to the record."""
        return list(dict.fromkeys(f.sha256 for f in self.record.files if f.kind == kind))

    @property
    def times(self) -> dict[str, Any]:
        return {"made_at": self.made, "at": self.at}


@dataclass(frozen=True)
class Done:
    """What an act brought: the matter, a remark for the author, and fields in conflict."""

    matter: int | None = None
    reason: str = ""
    conflicts: Mapping[str, Any] = field(default_factory=dict)


def run(wish: Wish) -> Done:
    """Apply a record through the act of its kind, inside the caller's transaction.

    Raises whatever the acts refuse: InvalidInput, NotAllowed, Conflict, NotFound.
    """
    if not wish.actor.posts:
        raise NotAllowed(_("You held no post when this was made."))
    return COMMANDS[wish.record.kind](wish)


def _report(wish: Wish) -> Done:
    body, position = wish.body, wish.record.position
    said: dict[str, Any] = {
        "text": body.text("text"), "urgency": body.text("urgency"),
        "photos": wish.files("photo"), "voices": wish.files("voice"),
    }  # fmt: skip
    place: dict[str, Any] = {
        "category": body.text("category"), "address": body.text("address"),
        "area": body.text("area"),
        "lon": position.lon if position else None, "lat": position.lat if position else None,
    }  # fmt: skip
    settled, joined = body.text("settled").strip(), body.number("duplicate_of")
    body.finish()
    if not said["text"].strip() and (said["photos"] or said["voices"]):
        said["text"] = _("(told by photo)") if said["photos"] else _("(told by voice note)")
    if position is None and not place["area"]:
        place["area"] = _own_grid(wish.actor)
    common: dict[str, Any] = {
        "channel": Report.Channel.FIELD, "actor": wish.actor, "command_id": wish.id,
        "reported_at": wish.made, "at": wish.at,
    }  # fmt: skip
    if joined is not None:
        try:
            told = _apart(lambda: follow(_seen(wish.actor, joined).id, **said, **common))
            return Done(told.matter_id)
        except (Conflict, NotFound):
            told = report(**said, **place, **common)
            return Done(told.matter_id, _("The matter it named was over; it was reported anew."))
    if not settled:
        return Done(report(**said, **place, **common).matter_id)
    try:
        return Done(_apart(lambda: _settled(wish, settled, {**said, **place, **common})))
    except (Conflict, NotAllowed) as error:
        what = _("Done on the spot: %(what)s") % {"what": settled}
        said["text"] = f"{said['text']}\n{what}".strip()
        told = report(**said, **place, **common)
        why = _("Reported, but not settled: %(why)s") % {"why": error.message}
        return Done(told.matter_id, why)


def _settled(wish: Wish, result: str, told: Mapping[str, Any]) -> int:
    matter = report(**told, hold=True).matter_id
    take_step(
        matter, "settle_on_spot", wish.actor, {"result": result},
        command_id=uuid5(wish.id, "settle"), **wish.times,
    )  # fmt: skip
    return matter


def _apart(act: Callable[[], Any]) -> Any:
    """Run an act so that its refusal undoes nothing else."""
    with transaction.atomic():
        return act()


def _own_grid(actor: Actor) -> str:
    """The grid of a worker who has just one: where somebody is who names no place."""
    grids = {code for code in actor.scopes(["grid_worker"]) if len(code) == 15}
    return grids.pop() if len(grids) == 1 else ""


def _seen(actor: Actor, matter_id: int) -> Matter:
    found = matters_visible_to(actor).filter(pk=matter_id).first()
    if found is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    return found


def _about(wish: Wish, body: Body) -> int:
    matter = wish.matter or body.number("matter")
    body.number("matter")
    if matter is None:
        raise InvalidInput("matter", _("Say which matter it is about."))
    return matter


def _step(wish: Wish) -> Done:
    body = wish.body
    matter, name, fields = _about(wish, body), body.text("step"), body.mapping("fields")
    body.finish()
    return _take(wish, matter, name, fields, wish.id)


def _take(wish: Wish, matter: int, name: str, fields: Mapping[str, Any], command_id: UUID) -> Done:
    """Take a step with the record's files; files the step has no place for become a note."""
    step = FLOW.step(name)
    takes = {*step.needs, *step.optional}
    before = fields.get("before") or []
    files = {
        "photos": [p for p in wish.files("photo") if p not in before],
        "voices": wish.files("voice"),
    }
    values = {k: v for k, v in fields.items() if k not in files}
    values |= {k: v for k, v in files.items() if v and k in takes}
    left = {k: v for k, v in files.items() if v and k not in takes}
    take_step(matter, name, wish.actor, values, command_id=command_id, **wish.times)
    if left:
        note = {"note": _("With: %(step)s") % {"step": step.label}, **left}
        take_step(
            matter, "remark", wish.actor, note, command_id=uuid5(command_id, "files"),
            **wish.times,
        )  # fmt: skip
    return Done(matter)


def _note(wish: Wish) -> Done:
    body = wish.body
    matter, note = _about(wish, body), body.text("note").strip()
    body.finish()
    photos, voices = wish.files("photo"), wish.files("voice")
    if not note and (photos or voices):
        note = _("Photo") if photos else _("Voice note")
    return _take(wish, matter, "remark", {"note": note}, wish.id)


def _talk(wish: Wish, again: UUID | None = None) -> Done:
    """The minutes of a mediation that its author leads, else a note on the dispute."""
    body, photos, command_id = wish.body, wish.files("photo"), again or wish.id
    matter = _about(wish, body)
    room, said, agreed = body.text("room"), body.text("said"), body.text("agreed")
    next_on = body.day("next_on")
    body.finish()
    kept = keep_minutes(
        matter, words_of_talk(said, agreed, next_on), wish.actor, room=room, photos=photos,
        command_id=command_id, made=wish.made, at=wish.at,
    )  # fmt: skip
    if not kept:
        note_mediation(
            matter, said=said, agreed=agreed, next_on=next_on, photos=photos, actor=wish.actor,
            command_id=command_id, **wish.times,
        )  # fmt: skip
    if voices := wish.files("voice"):
        if kept:
            raise InvalidInput("voice", _("Minutes are words: write down what was said."))
        take_step(
            matter, "remark", wish.actor, {"note": _("Voice note"), "voices": voices},
            command_id=uuid5(command_id, "files"), **wish.times,
        )  # fmt: skip
    return Done(matter, _("It stands in the minutes of the mediation.") if kept else "")


def _visit(wish: Wish) -> Done:
    body, subject = wish.body, wish.record.subject
    told: dict[str, Any] = {
        "need": subject.need or body.uuid("need"),
        "place": subject.place or body.uuid("place"),
        "matter": wish.matter or body.number("matter"),
        "result": body.text("result"), "next_on": body.day("next_on"), "met": body.text("met"),
    }  # fmt: skip
    if wish.record.kind == "inspection":
        told |= {
            "checklist": body.text("checklist"),
            "checklist_version": body.number("checklist_version"),
            "items": body.mapping("items"), "report_faults": body.names("report"),
        }  # fmt: skip
    for name, read in (("need", body.uuid), ("place", body.uuid), ("matter", body.number)):
        read(name)
    body.finish()
    position = wish.record.position
    visit = record_visit(
        visit_id=wish.id, kind=wish.record.kind, actor=wish.actor, photos=wish.files("photo"),
        voices=wish.files("voice"), position=position.model_dump() if position else None,
        **told, **wish.times,
    )  # fmt: skip
    return Done(visit.matter_id)


def _place(wish: Wish) -> Done:
    body = wish.body
    create, fields = body.mapping("create"), body.mapping("fields")
    place_id = wish.record.subject.place or body.uuid("place")
    body.uuid("place")
    body.finish()
    if place_id is None:
        raise InvalidInput("place", _("Say which place it is about."))
    if create:
        position = wish.record.position
        if position and "lon" not in create:
            create = {**create, "lon": position.lon, "lat": position.lat}
        if "lon" not in create and not create.get("area"):
            create = {**create, "area": _own_grid(wish.actor)}
        keep_place(
            place_id=place_id, fields=create, actor=wish.actor, command_id=wish.id, **wish.times
        )
        return Done()
    return mend(place_id, fields, wish, wish.id)


def mend(place_id: UUID, fields: Mapping[str, Any], wish: Wish, command_id: UUID) -> Done:
    """Mend fields of a place; those somebody else changed in between come back as conflicts."""
    if not fields or not all(isinstance(told, Mapping) for told in fields.values()):
        raise InvalidInput("fields", _("Give each field with what stood there and what is right."))
    if not Place.objects.filter(pk=place_id).exists():
        raise NotFound(_("There is no such place, or it is not yours to see."))
    mended = mend_place(place_id, fields, actor=wish.actor, command_id=command_id, **wish.times)
    return Done(conflicts=mended.conflicts)


def try_again(wish: Wish, command_id: UUID) -> Done:
    """Take a step again that met another status, as the author has chosen."""
    if wish.record.kind == "mediation":
        return _talk(wish, command_id)
    body = wish.body
    matter = _about(wish, body)
    if wish.record.kind == "note":
        return _take(wish, matter, "remark", {"note": body.text("note")}, command_id)
    return _take(wish, matter, body.text("step"), body.mapping("fields"), command_id)


COMMANDS: dict[str, Callable[[Wish], Done]] = {
    "report": _report,
    "step": _step,
    "note": _note,
    "mediation": _talk,
    "visit": _visit,
    "inspection": _visit,
    "place": _place,
}
# Kinds whose refusal by the present state is a conflict that its author decides.
DECIDABLE = frozenset({"step", "note", "mediation", "place"})
