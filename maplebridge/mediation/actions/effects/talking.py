"""Sessions, companions, inquiries, evidence, and more time."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.mediation.actions.persons import keep_person
from maplebridge.mediation.actions.taking import Taking
from maplebridge.mediation.models import (
    Companion,
    Evidence,
    Inquiry,
    Invitation,
    Party,
    Session,
)
from maplebridge.mediation.rules import LIMIT_DAYS


def invite(taking: Taking) -> None:
    """A session is planned; who is not named is invited as well, to a private talk only one."""
    values = taking.values
    if timezone.localdate(values["starts_at"]) < timezone.localdate(taking.at):
        raise InvalidInput(
            "starts_at", _("This day is over. Of a talk that was held enter the minutes.")
        )
    parties = values.get("parties") or list(taking.mediation.parties.all())
    if values["room"] == "private" and len(parties) != 1:
        raise InvalidInput("parties", _("A private talk has one side."))
    session = Session.objects.create(
        mediation=taking.mediation, room=values["room"], starts_at=values["starts_at"],
        place=values.get("place", ""), party=parties[0] if values["room"] == "private" else None,
    )  # fmt: skip
    Invitation.objects.bulk_create(Invitation(session=session, party=party) for party in parties)
    taking.data["session"] = session.id.hex


def answer(taking: Taking) -> None:
    """An invited party said whether it comes."""
    session, party = taking.values["session"], taking.values["party"]
    said = taking.values["answer"]
    if not session.invitations.filter(party=party).update(answer=said):
        raise InvalidInput("party", _("This party was not invited to this session."))
    taking.data |= {"session": session.id.hex, "party": party.id.hex, "answer": said}


def bring(taking: Taking) -> None:
    """Somebody takes part with the parties' consent (Art. 20)."""
    values = taking.values
    if values.get("consents") == "no":
        raise InvalidInput("consents", _("Nobody takes part without the parties' consent."))
    subject = keep_person(
        {"party.name": values["name"], "party.phone": values.get("phone", "")}, taking.at
    )
    companion = Companion.objects.create(
        mediation=taking.mediation, role=values["companion"], subject=subject,
        consents=values.get("consents") == "yes",
    )  # fmt: skip
    taking.data["companion"] = companion.id.hex


def hold(taking: Taking) -> None:
    """The minutes of a session that was planned, or of a talk that came about by itself. What is
    told goes before what was planned: a talk to which one side came alone is a private one."""
    values = taking.values
    session: Session = values.get("session") or Session(mediation=taking.mediation, room="")
    if session.held_at is not None:
        raise Conflict(_("This session has its minutes already; hold another one."))
    session.room = values.get("room") or session.room
    session.place = values.get("place") or session.place
    session.starts_at = _begun(taking, session.starts_at)
    if not session.room:
        raise InvalidInput("room", _("Say whether all were together, or one side alone."))
    session.party = values.get("party") or session.party if session.room == "private" else None
    if session.room == "private" and session.party is None:
        raise InvalidInput("party", _("Say with whom the private talk was."))
    session.held_at = taking.at
    session.passage_id = taking.keep(values["minutes"])
    session.photos = values.get("photos", [])
    session.save()
    session.present.set(_present(values, session))
    taking.data |= {"session": session.id.hex, "room": session.room}


def _begun(taking: Taking, planned: datetime | None) -> datetime:
    """When a talk was: as told or planned, and never later than its minutes."""
    told: datetime | None = taking.values.get("starts_at")
    if told and told > taking.at:
        raise InvalidInput("starts_at", _("This day has not come yet."))
    return told or min(planned or taking.at, taking.at)


def _present(values: dict[str, Any], session: Session) -> list[Party]:
    """Who was there: of a private talk one side, of a joint one more than one."""
    told: list[Party] = values.get("present") or ([session.party] if session.party else [])
    sides = {party.side for party in told}
    if session.party and sides != {session.party.side}:
        raise InvalidInput("present", _("A private talk has one side."))
    if session.room == "joint" and len(sides) == 1:
        raise InvalidInput(
            "present",
            _("Only one side was there: choose “private talk”, so that its words stay with you."),
        )
    return told


def inquire(taking: Taking) -> None:
    """Somebody was asked; question and answer are kept."""
    values = taking.values
    begun = _begun(taking, None)
    inquiry = Inquiry.objects.create(
        mediation=taking.mediation, subject=keep_person({"party.name": values["asked"]}, taking.at),
        starts_at=begun, place=values.get("place", ""),
        passage_id=taking.keep(values["minutes"]),
    )  # fmt: skip
    taking.data["inquiry"] = inquiry.id.hex


def add_evidence(taking: Taking) -> None:
    """A line of the evidence list."""
    values = taking.values
    line = Evidence.objects.create(
        mediation=taking.mediation, kind=values["evidence"], title=values["title"],
        party=values.get("party"), pages=values.get("pages", 1), photos=values.get("photos", []),
        copy=values.get("original") != "original", given_on=timezone.localdate(taking.at),
    )  # fmt: skip
    taking.data["evidence"] = line.id.hex


def extend(taking: Taking) -> None:
    """More time by the parties' consent; twice the month is the end (司法部令第75号 Art. 33)."""
    mediation, until = taking.mediation, taking.values["until"]
    assert mediation.accepted_at is not None
    assert mediation.due_on is not None
    most = timezone.localdate(mediation.accepted_at) + timedelta(days=2 * LIMIT_DAYS)
    if not mediation.due_on < until <= most:
        raise InvalidInput(
            "until",
            _("Choose a day after %(due)s, at the latest %(most)s.")
            % {"due": mediation.due_on, "most": most},
        )
    taking.data |= {"before": mediation.due_on.isoformat(), "until": until.isoformat()}
    mediation.due_on = until
