"""register: how a dispute comes to a committee; carry_on: how it comes to the next one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.matters.queries import matters_visible_to
from maplebridge.mediation.actions.persons import keep_person
from maplebridge.mediation.actions.taking import append
from maplebridge.mediation.flow import BEFORE, OPEN
from maplebridge.mediation.models import Committee, Mediation, Party
from maplebridge.mediation.queries.people import languages_offered
from maplebridge.mediation.queries.visible import kinds_for
from maplebridge.mediation.rules import APPLIED_BY, BODIES, PARTY_KINDS, SIDES, SOURCES
from maplebridge.org.rules import Actor

PERSONAL = ("name", "phone", "address", "language")


@transaction.atomic
def register(
    *,
    mediation_id: UUID,
    matter: int,
    committee: str,
    source: str,
    actor: Actor,
    parties: Sequence[Mapping[str, str]],
    applied_by: str = "",
    body: str = "",
    letter: str = "",
    police_case: bool = False,
    previous: UUID | None = None,
    at: datetime | None = None,
) -> Mediation:
    """Enter a dispute at a committee (a unit's code): on application, by its own initiative, or
    entrusted with a letter number. Idempotent by `mediation_id`.

    `parties`: at least one {"side", "kind", "name", "phone"?, "address"?, "language"?, "minor"?}.
    A dispute with an open police or criminal case comes by the police's letter alone (Art. 17, 18,
    25). Raises InvalidInput naming the field, NotFound, NotAllowed, Conflict when one is open.
    """
    moment = at or timezone.now()
    about = matters_visible_to(actor).select_for_update(of=("self",)).filter(pk=matter).first()
    if about is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    earlier = Mediation.objects.filter(pk=mediation_id).first()
    if earlier is not None and earlier.matter_id == about.id:
        return earlier
    if earlier is not None:
        raise Conflict(_("This id was used for something else."))
    there = Committee.objects.filter(unit__code=committee).select_related("unit").first()
    if there is None:
        raise InvalidInput("committee", _("There is no such committee."))
    _check_source(source, applied_by, body, letter, police_case)
    if Mediation.objects.filter(matter=about, status__in=OPEN).exists():
        raise Conflict(_("This dispute is in mediation already."))
    if not parties:
        raise InvalidInput("parties", _("Enter at least one party."))
    if source != "entrusted":
        body = letter = ""
    mediation = Mediation(
        id=mediation_id, matter=about, committee=there, area_code=about.area_code,
        status="registered", source=source, applied_by=applied_by if source == "applied" else "",
        body=body, letter=letter, registered_at=moment, previous=_before(previous, about.id),
    )  # fmt: skip
    if "committee" not in kinds_for_unsaved(actor, there):
        raise NotAllowed(_("You do not mediate in this committee."))
    mediation.save(force_insert=True)
    for order, told in enumerate(parties, 1):
        _enter(mediation, told, order, moment)
    post = kinds_for_unsaved(actor, there)["committee"]
    data = {"source": source, "body": body, "letter": letter, "committee": there.unit.code}
    append(mediation, "register", "", "registered", actor, post, data, "", mediation_id, moment)
    mediation.save()
    return mediation


def kinds_for_unsaved(actor: Actor, committee: Committee) -> dict[str, Any]:
    """The actor's power in a committee before there is a file."""
    posts = [p for p in actor.posts if p.kind == "handler" and p.unit_id == committee.unit_id]
    return {"committee": posts[0]} if posts else {}


def carry_on(
    before: Mediation, there: Committee, actor: Actor, command_id: UUID, at: datetime
) -> Mediation:
    """The next file of a dispute that was passed on: the same parties, a way back to all before."""
    later = Mediation(
        matter=before.matter, committee=there, area_code=before.area_code, status="registered",
        source=before.source, applied_by=before.applied_by, body=before.body, letter=before.letter,
        type=before.type, difficulty=before.difficulty, registered_at=at, previous=before,
    )  # fmt: skip
    later.save(force_insert=True)
    twins: dict[UUID, Party] = {}
    for party in before.parties.order_by("order"):
        twins[party.id] = Party.objects.create(
            mediation=later, side=party.side, kind=party.kind, subject=party.subject,
            represents=twins.get(party.represents_id) if party.represents_id else None,
            authority=party.authority, power=party.power, minor=party.minor,
            alone_since_16=party.alone_since_16,
            id_checked=party.id_checked, consents=party.consents, informed_at=party.informed_at,
            order=party.order,
        )  # fmt: skip
    data = {"before": before.id.hex, "committee": there.unit.code}
    post = kinds_for(actor, before).get("committee")
    append(later, "register", "", "registered", actor, post, data, "", uuid5(command_id, "on"), at)
    later.save()
    return later


@transaction.atomic
def void_number(
    mediation_id: UUID, reason: str, *, actor: Actor, command_id: UUID, at: datetime | None = None
) -> Mediation:
    """Declare a number void: it stays visible with its reason and is never given again.

    Talks under a void number end, so that the dispute can be registered anew.
    """
    mediation = Mediation.objects.select_for_update(of=("self",)).filter(pk=mediation_id).first()
    if mediation is None or "committee" not in kinds_for(actor, mediation):
        raise NotFound(_("There is no such mediation, or it is not yours to see."))
    if mediation.serial is None:
        raise Conflict(_("This file has no number yet."))
    if not reason.strip():
        raise InvalidInput("reason", _("This is needed."))
    if mediation.voided_at is not None:
        return mediation
    moment, status = at or timezone.now(), mediation.status
    mediation.voided_at, mediation.void_reason = moment, reason.strip()[:200]
    post = kinds_for(actor, mediation)["committee"]
    data = {"number": mediation.number}
    target = status
    if status in BEFORE.split():
        target, mediation.ended_at = "withdrawn", moment
    append(mediation, "void", status, target, actor, post, data, reason, command_id, moment)
    mediation.save()
    return mediation


def _check_source(source: str, applied_by: str, body: str, letter: str, police_case: bool) -> None:
    if source not in SOURCES:
        raise InvalidInput("source", _("Choose one of the given answers."))
    if source == "applied" and applied_by not in APPLIED_BY:
        raise InvalidInput("applied_by", _("Choose one of the given answers."))
    if source == "entrusted" and body not in BODIES:
        raise InvalidInput("body", _("Choose one of the given answers."))
    if source == "entrusted" and not letter.strip():
        raise InvalidInput("letter", _("Enter the number of the letter."))
    if police_case and not (source == "entrusted" and body == "police"):
        raise InvalidInput(
            "source",
            _(
                "A police or criminal case is open: only the police may entrust it in writing. With"
                " their letter choose “Entrusted”, the police and its number; without it return the"
                " matter to the dispatcher."
            ),
        )


def _enter(mediation: Mediation, told: Mapping[str, str], order: int, at: datetime) -> Party:
    if told.get("side") not in SIDES:
        raise InvalidInput("side", _("Choose one of the given answers."))
    if told.get("kind", "natural") not in PARTY_KINDS:
        raise InvalidInput("kind", _("Choose one of the given answers."))
    if not (told.get("name") or "").strip():
        raise InvalidInput("name", _("This is needed."))
    if told.get("language") and told["language"] not in dict(languages_offered()):
        raise InvalidInput("language", _("Choose one of the given answers."))
    personal = {f"party.{n}": told[n].strip() for n in PERSONAL if told.get(n)}
    return Party.objects.create(
        mediation=mediation, side=told["side"], kind=told.get("kind", "natural"),
        subject=keep_person(personal, at), order=order, minor=told.get("minor") == "yes",
    )  # fmt: skip


def _before(previous: UUID | None, matter: int) -> Mediation | None:
    if previous is None:
        return None
    found = Mediation.objects.filter(pk=previous, matter=matter).first()
    if found is None:
        raise InvalidInput("previous", _("There is no such mediation, or it is not yours to see."))
    return found
