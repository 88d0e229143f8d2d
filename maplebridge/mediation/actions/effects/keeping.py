"""Performance, the court's confirmation, return visits, the way back, and filing."""

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.mediation.actions.effects.days import past_day
from maplebridge.mediation.actions.taking import Taking
from maplebridge.mediation.actions.telling import tell_station
from maplebridge.mediation.models import Confirmation, ReturnVisit
from maplebridge.mediation.queries.dossier import missing_papers, owes_reply
from maplebridge.mediation.rules import last_day_to_confirm
from maplebridge.org.queries import directory

MOST_PROOFS = 18


def perform_obligation(taking: Taking) -> None:
    """An instalment was paid, a duty done; the proof is kept."""
    row = taking.values["obligation"]
    if row.done_on is not None:
        raise Conflict(_("This obligation was performed already."))
    day = past_day(taking, "done_on")
    row.done_on = day
    row.photos = list(dict.fromkeys([*row.photos, *taking.values.get("photos", [])]))
    row.save(update_fields=["done_on", "photos"])
    taking.data |= {"obligation": row.id.hex, "done_on": day.isoformat()}


def send_proof(taking: Taking) -> None:
    """A party shows that it has performed; whether it is enough the mediator says by `perform`."""
    values, row = taking.values, taking.values["obligation"]
    if row.party_id != values["party"].id:
        raise InvalidInput("obligation", _("There is no such obligation here."))
    if row.done_on is not None:
        raise Conflict(_("This obligation was performed already."))
    photos = values.get("photos", [])
    if not photos and not values.get("note"):
        raise InvalidInput("photos", _("Add a photo, or say in words how it was performed."))
    row.photos = list(dict.fromkeys([*row.photos, *photos]))[:MOST_PROOFS]
    row.save(update_fields=["photos"])
    taking.data["obligation"] = row.id.hex


def complete(taking: Taking) -> None:
    """Everything is performed."""
    if taking.mediation.obligations.filter(done_on__isnull=True).exists():
        raise Conflict(_("An obligation is still open."))


def urge(taking: Taking) -> None:
    """The committee urges performance (Art. 31)."""
    taking.data["obligation"] = taking.values["obligation"].id.hex


def break_off(taking: Taking) -> None:
    """Not performed, and what is done about it (Art. 32)."""
    row = taking.values["obligation"]
    if row.done_on is not None:
        raise Conflict(_("This obligation was performed already."))
    court = getattr(taking.mediation, "confirmation", None)
    if taking.values["next_step"] == "enforce" and (court is None or not court.holds):
        raise InvalidInput(
            "next_step", _("Only what a court has confirmed can be enforced (Art. 33).")
        )
    taking.data |= {"obligation": row.id.hex, "next_step": taking.values["next_step"]}


def ask_confirmation(taking: Taking) -> None:
    """The parties ask the court together, within 30 days of effect (Art. 33)."""
    agreement = taking.mediation.agreement
    assert agreement.signed_on is not None
    if agreement.oral:
        raise Conflict(_("A court confirms a written agreement: this one is oral."))
    day = past_day(taking, "asked_on", agreement.signed_on)
    last = last_day_to_confirm(agreement.signed_on, directory().calendar.is_working_day)
    if day > last:
        raise InvalidInput("asked_on", _("The last day was %(day)s (Art. 33).") % {"day": last})
    if Confirmation.objects.filter(mediation=taking.mediation).exists():
        raise Conflict(_("The court was asked already."))
    Confirmation.objects.create(
        mediation=taking.mediation, asked_on=day, court=taking.values["court"]
    )
    taking.data |= {"asked_on": day.isoformat(), "last_day": last.isoformat()}


def confirm(taking: Taking) -> None:
    """What the court answered."""
    row = Confirmation.objects.filter(mediation=taking.mediation).first()
    if row is None:
        raise Conflict(_("The court was not asked yet."))
    row.answered_on = past_day(taking, "answered_on", row.asked_on)
    row.outcome = taking.values["outcome"]
    row.court_number = taking.values.get("court_number", "")
    row.save()
    taking.data["outcome"] = row.outcome


def visit(taking: Taking) -> None:
    """A return visit: how it is kept, whether they are content."""
    values = taking.values
    agreement = getattr(taking.mediation, "agreement", None)
    day = past_day(taking, "visited_on", agreement.signed_on if agreement else None)
    note = values.get("note", "")
    row = ReturnVisit.objects.create(
        mediation=taking.mediation, visited_on=day,
        performance=values["performance"], satisfied=values["satisfied"],
        passage_id=taking.keep(note) if note else None,
    )  # fmt: skip
    taking.data |= {"visit": row.id.hex, "performance": row.performance}


def report_back(taking: Taking) -> None:
    """The result goes back to whoever entrusted the dispute."""
    if taking.mediation.source != "entrusted":
        raise Conflict(_("Nobody entrusted this dispute."))
    taking.mediation.reported_back_on = past_day(taking, "sent_on")
    taking.data |= {"body": taking.mediation.body, "letter": taking.mediation.letter}
    if taking.mediation.body == "police":
        tell_station(taking.mediation, taking.at)


def file_dossier(taking: Taking) -> None:
    """The dossier is whole, or what it lacks is explained in it (卷宗情况说明)."""
    missing = missing_papers(taking.mediation)
    if missing and not taking.values.get("note"):
        raise InvalidInput(
            "note",
            _("Explain what is missing: %(papers)s.")
            % {"papers": _(", ").join(str(paper.label) for paper in missing)},
        )
    if owes_reply(taking.mediation) and not taking.mediation.reported_back_on:
        raise Conflict(_("Report the result to whoever entrusted it first."))
    taking.mediation.filed_at = taking.at
    taking.data["missing"] = [paper.code for paper in missing]
