"""From what a form or a phone sent to checked values, by the kind of each field."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.flow import Step
from maplebridge.kernel.text import clean_text
from maplebridge.matters.actions.cleaning import clean_photos
from maplebridge.mediation.fields import FIELDS
from maplebridge.mediation.models import Committee, Mediation, Obligation, Party, Session
from maplebridge.mediation.queries.people import languages_offered, mediating_posts
from maplebridge.mediation.rules import TYPE_LISTS, language_code
from maplebridge.mediation.signatures import read_drawn
from maplebridge.org.models import Person

MOST_OBLIGATIONS = 60
MOST_YUAN = Decimal("9999999999.99")


def clean_fields(mediation: Mediation, step: Step, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of a step's fields; unknown names are refused, blanks left out.

    Parties, sessions and obligations come as ids and go out as rows of this mediation; committees
    by unit code, mediators by username. InvalidInput names the first wrong field.
    """
    asked = (*step.needs, *step.optional)
    for name in raw:
        if name not in asked:
            raise InvalidInput(name, _("This step has no such field."))
    values = {
        name: _clean(mediation, name, raw[name])
        for name in asked
        if raw.get(name) not in (None, "", [], {})
    }
    for name in step.needs:
        if values.get(name) in (None, "", [], {}):
            raise InvalidInput(name, _("%(field)s is needed.") % {"field": FIELDS[name].label})
    return values


def _clean(mediation: Mediation, name: str, value: Any) -> Any:
    field = FIELDS[name]
    if field.kind in {"text", "line"}:
        return clean_text(str(value), field=name, limit=field.limit)
    if field.kind == "choice":
        if str(value) not in dict(field.choices):
            raise InvalidInput(name, _("Choose one of the given answers."))
        return str(value)
    return _READERS[field.kind](mediation, name, value)


def _date(_mediation: Mediation, name: str, value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidInput(name, _("Write the date as 2026-01-31.")) from error


def _moment(_mediation: Mediation, name: str, value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidInput(name, _("Write date and time as 2026-01-31 14:30.")) from error
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _money(_mediation: Mediation, name: str, value: Any) -> Decimal:
    try:
        amount = Decimal(str(value).replace(",", "")).quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError) as error:
        raise InvalidInput(name, _("This is no amount of money.")) from error
    if not (amount.is_finite() and 0 <= amount <= MOST_YUAN):
        raise InvalidInput(name, _("This is no amount of money."))
    return amount


def _number(_mediation: Mediation, name: str, value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError as error:
        raise InvalidInput(name, _("This is not a number.")) from error
    if not 0 < number < 1000:
        raise InvalidInput(name, _("This value is not allowed here."))
    return number


def _type(mediation: Mediation, name: str, value: Any) -> str:
    if str(value) not in TYPE_LISTS[mediation.type_list]:
        raise InvalidInput(name, _("Choose one of the given answers."))
    return str(value)


def _language(_mediation: Mediation, name: str, value: Any) -> str:
    code = language_code(str(value))
    if code not in dict(languages_offered()):
        raise InvalidInput(name, _("Choose one of the given answers."))
    return code


def _uuid(name: str, value: Any) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError as error:
        raise InvalidInput(name, _("This is not a UUID.")) from error


def _row(model: Any, refusal: Any) -> Callable[[Mediation, str, Any], Any]:
    def read(mediation: Mediation, name: str, value: Any) -> Any:
        pk = value.pk if isinstance(value, model) else _uuid(name, value)
        row = model.objects.filter(pk=pk, mediation=mediation).first()
        if row is None:
            raise InvalidInput(name, str(refusal()))
        return row

    return read


_party = _row(Party, lambda: _("There is no such party here."))


def _parties(mediation: Mediation, name: str, value: Any) -> list[Party]:
    if not isinstance(value, (list, tuple)):
        raise InvalidInput(name, _("Give a list of parties."))
    rows = {party.id: party for party in (_party(mediation, name, v) for v in value)}
    return list(rows.values())


def _mediator(mediation: Mediation, name: str, value: Any) -> Person:
    """One of the file's own mediators, also one who holds no post any more."""
    username = value.username if isinstance(value, Person) else str(value)
    person = mediation.mediators.filter(username=username).first()
    if person is None:
        raise InvalidInput(name, _("This person is not a mediator of this file."))
    return person


def _mediators(mediation: Mediation, name: str, value: Any) -> list[Person]:
    """People who hold a post of the committee's unit today."""
    if not isinstance(value, (list, tuple)):
        raise InvalidInput(name, _("Give a list of mediators."))
    wanted = {v.username if isinstance(v, Person) else str(v) for v in value}
    posts = mediating_posts([mediation.committee.unit_id], timezone.localdate())
    people = {post.person.username: post.person for post in posts}
    if not wanted <= people.keys():
        raise InvalidInput(name, _("This person does not mediate in this committee."))
    return [people[username] for username in sorted(wanted)]


def _committee(mediation: Mediation, name: str, value: Any) -> Committee:
    code = value.unit.code if isinstance(value, Committee) else str(value)
    found = Committee.objects.filter(unit__code=code).select_related("unit").first()
    if found is None or found.pk == mediation.committee_id:
        raise InvalidInput(name, _("Choose another committee."))
    return found


def _obligations(mediation: Mediation, name: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_OBLIGATIONS:
        raise InvalidInput(name, _("Give a list of obligations."))
    rows = []
    for told in value:
        if not isinstance(told, Mapping) or told.keys() - {"party", "text", "amount", "due_on"}:
            raise InvalidInput(name, _("Say who owes what by when."))
        text = clean_text(str(told.get("text") or ""), field=name, limit=500)
        if not text or not told.get("due_on") or not told.get("party"):
            raise InvalidInput(name, _("Say who owes what by when."))
        amount = told.get("amount")
        rows.append({
            "party": _party(mediation, name, told["party"]), "text": text,
            "amount": None if amount in (None, "") else _money(mediation, name, amount),
            "due_on": _date(mediation, name, told["due_on"]),
        })  # fmt: skip
    return rows


def _signature(_mediation: Mediation, name: str, value: Any) -> str:
    """That the printed sheet was signed."""
    if value != "paper":
        raise InvalidInput(name, _("Choose one of the given answers."))
    return "paper"


def _signatures(mediation: Mediation, name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise InvalidInput(name, _("Say how each party signed."))
    return {
        _party(mediation, name, party).id.hex: how if how == "paper" else read_drawn(name, how)
        for party, how in value.items()
    }


def _photos(_mediation: Mediation, name: str, value: Any) -> list[str]:
    return clean_photos(name, value)


_READERS: dict[str, Callable[[Mediation, str, Any], Any]] = {
    "date": _date,
    "moment": _moment,
    "money": _money,
    "number": _number,
    "type": _type,
    "language": _language,
    "party": _party,
    "parties": _parties,
    "session": _row(Session, lambda: _("There is no such session here.")),
    "obligation": _row(Obligation, lambda: _("There is no such obligation here.")),
    "mediator": _mediator,
    "mediators": _mediators,
    "committee": _committee,
    "obligations": _obligations,
    "signature": _signature,
    "signatures": _signatures,
    "photos": _photos,
}
