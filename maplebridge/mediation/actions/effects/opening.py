"""Taking a dispute up: parties, mediators, rights, the number."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.kernel.masks import is_id_number
from maplebridge.kernel.text import whole_number
from maplebridge.mediation.actions.beside import refuse_matter, tell_matter
from maplebridge.mediation.actions.numbering import next_serial
from maplebridge.mediation.actions.persons import keep_person, mend_person
from maplebridge.mediation.actions.taking import Taking
from maplebridge.mediation.actions.telling import tell_committee
from maplebridge.mediation.models import Party
from maplebridge.mediation.rules import (
    INSTEAD,
    LATE_FIELDS,
    LIMIT_DAYS,
    MOST_PROXIES,
    PARTY_FIELDS,
    TYPES_2021,
    minor_needs,
    read_id_number,
)

ASKED_FIRST = ("name", "phone", "address", "language")
IN_VAULT = [code.removeprefix("party.") for code in PARTY_FIELDS]


def add_party(taking: Taking) -> None:
    """Another side, a proxy with its letter, or a guardian; who it is goes into the vault."""
    values = taking.values
    represents: Party | None = values.get("represents")
    if represents is not None:
        _check_representative(values, represents)
    party = new_party(
        taking, values["side"], values["kind"],
        {name: values[name] for name in ASKED_FIRST if values.get(name)},
    )  # fmt: skip
    party.represents, party.authority = represents, values.get("authority", "")
    party.power = values.get("power", "") if represents and not represents.needs_guardian else ""
    party.minor = values.get("minor") == "yes"
    party.save()
    taking.data["party"] = party.id.hex


def _check_representative(values: dict[str, Any], represents: Party) -> None:
    """A guardian of somebody under age, or a proxy with a letter that says how far it goes."""
    if represents.side != values["side"]:
        raise InvalidInput("represents", _("Nobody stands for the other side."))
    if represents.represents_id is not None:
        raise InvalidInput("represents", _("Choose the party itself."))
    if values.get("minor") == "yes":
        raise InvalidInput("minor", _("Who stands for another is of age (Civil Code 18)."))
    if represents.needs_guardian:
        return
    if not values.get("authority"):
        raise InvalidInput("authority", _("A proxy brings a letter of authority."))
    if not values.get("power"):
        raise InvalidInput("power", _("Say how far the letter of authority goes."))
    if represents.represented_by.count() >= MOST_PROXIES:
        raise InvalidInput("represents", _("A party has two proxies at most."))


def new_party(taking: Taking, side: str, kind: str, personal: dict[str, str]) -> Party:
    """A party at the end of the list, saved."""
    subject = keep_person({f"party.{k}": v for k, v in personal.items()}, taking.at)
    last = taking.mediation.parties.aggregate(last=Max("order"))["last"] or 0
    return Party.objects.create(
        mediation=taking.mediation, side=side, kind=kind, subject=subject, order=last + 1
    )


def mend_party(taking: Taking) -> None:
    """Put details right or add what a paper prints; only a written paper asks the late fields."""
    values = taking.values
    party: Party = values["party"]
    personal = {f"party.{n}": values[n] for n in IN_VAULT if values.get(n)}
    if LATE_FIELDS & personal.keys() and taking.mediation.status == "registered":
        raise Conflict(_("Ethnicity, age and the like are asked only when a paper prints them."))
    age = whole_number(values.get("age"))
    number = values.get("id_number", "")
    if party.kind == "natural" and is_id_number(number):
        sex, years = read_id_number(number, timezone.localdate(taking.at))
        age = years if age is None else age
        personal = {"party.sex": sex, "party.age": str(years)} | personal
    mend_person(party.subject, personal, taking.at)
    for name in ("id_checked", "minor", "alone_since_16"):
        if values.get(name):
            setattr(party, name, values[name] == "yes")
    if age is not None:
        party.minor = minor_needs(age, alone_since_16=False)
        if party.alone_since_16 and minor_needs(age, alone_since_16=True):
            raise InvalidInput("alone_since_16", _("Only from 16 on (Civil Code 18)."))
    party.save(update_fields=["id_checked", "minor", "alone_since_16"])
    taking.data |= {"party": party.id.hex, "fields": sorted(personal)}


def refuse(taking: Taking) -> None:
    """Not taken up, with where to go instead."""
    code = taking.values["refusal"]
    taking.mediation.refusal = code
    instead = taking.values.get("instead") or str(INSTEAD[code])
    taking.data |= {"refusal": code, "instead": instead}
    refuse_matter(taking, code, instead)


def accept(taking: Taking) -> None:
    """Taken up: two sides are there, nobody refused, the number is given, the month begins."""
    mediation, values = taking.mediation, taking.values
    sides = set(mediation.parties.filter(represents__isnull=True).values_list("side", flat=True))
    if not {"applicant", "respondent"} <= sides:
        raise Conflict(_("A dispute has two sides: enter the other party first."))
    if mediation.parties.filter(consents=False).exists():
        raise Conflict(_("A party clearly refuses; it cannot be taken up (Art. 17)."))
    there_for = mediation.committee.types
    if there_for and values["type"] not in there_for:
        raise InvalidInput(
            "type",
            _("This committee is there for %(types)s. Pass on what is something else.")
            % {"types": "、".join(str(TYPES_2021[one]) for one in there_for)},
        )
    mediation.type = values["type"]
    mediation.difficulty = values.get("difficulty", "simple")
    day = timezone.localdate(taking.at)
    mediation.year, mediation.serial = day.year, next_serial(mediation.committee, day.year)
    mediation.accepted_at = taking.at
    mediation.due_on = day + timedelta(days=min(mediation.committee.stays, LIMIT_DAYS))
    _name(taking)
    taking.data |= {"type": mediation.type, "number": mediation.number}
    tell_matter(taking, "accept", {})


def appoint(taking: Taking) -> None:
    """Other mediators, chosen by the parties or after a recusal."""
    _name(taking)


def _name(taking: Taking) -> None:
    people = taking.values["mediators"]
    taking.mediation.mediators.set(people)
    taking.data["mediators"] = [person.id for person in people]
    if taking.values.get("chosen") == "yes":
        taking.data["chosen"] = True


def object_to(taking: Taking) -> None:
    """A party objects to a mediator; the committee names another or keeps him with a reason."""
    party, mediator = taking.values["party"], taking.values["mediator"]
    taking.data |= {"party": party.id.hex, "mediator": mediator.id}
    tell_committee(taking.mediation, "objection", taking.command_id.hex, taking.at)


def recuse(taking: Taking) -> None:
    """A mediator stands aside because he is related to a party or concerned himself."""
    taking.data["mediator"] = taking.values["mediator"].id
    tell_committee(taking.mediation, "objection", taking.command_id.hex, taking.at)


def inform(taking: Taking) -> None:
    """Rights and duties were told; a party that says no ends the mediation (Art. 17, 23)."""
    party: Party = taking.values["party"]
    consents = taking.values["consents"] == "yes"
    party.informed_at, party.consents = taking.at, consents
    party.save(update_fields=["informed_at", "consents"])
    taking.data |= {"party": party.id.hex, "consents": consents}
    if taking.values.get("signature"):
        taking.data["signature"] = taking.values["signature"]
    if not consents:
        taking.target, taking.mediation.refusal = "refused", "party_refuses"
        taking.data["instead"] = str(INSTEAD["party_refuses"])
        refuse_matter(taking, "party_refuses", "")


def open_talks(taking: Taking) -> None:
    """The talks begin when every side was informed and consents; a minor has a guardian there."""
    parties = list(taking.mediation.parties.all())
    if any(p.represents_id is None and not p.consents for p in parties):
        raise Conflict(_("Tell every party its rights first, and ask whether it consents."))
    check_guardians(parties)
    tell_matter(taking, "start", {"contact_result": "reached"})


def check_guardians(parties: Sequence[Party]) -> None:
    """Conflict while somebody under age has nobody to act for him (Civil Code 18 to 20)."""
    guarded = {p.represents_id for p in parties if p.represents_id}
    if any(p.needs_guardian and p.id not in guarded for p in parties):
        raise Conflict(_("A party under age needs a guardian (Civil Code 19, 20)."))
