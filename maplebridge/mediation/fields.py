"""What the steps of a mediation ask for, by the kind of each field.

Kinds: text, line, choice, type, date, moment, money, number, party, parties, session, mediator,
mediators, committee, language, obligation, obligations, signature, signatures, photos.
`obligations` is a list of {"party", "text", "amount", "due_on"}; `signatures` maps a party's id to
what it drew, a PNG as a data address, or to "paper".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maplebridge.mediation.models.agreement import SECTIONS
from maplebridge.mediation.rules import (
    ANSWERS,
    COMPANIONS,
    DIFFICULTY,
    EVIDENCE,
    INSTEAD,
    ORIGINALS,
    OUTCOMES,
    PARTY_FIELDS,
    PARTY_KINDS,
    POWERS,
    REFUSALS,
    REFUSED_BROKEN,
    ROOMS,
    SIDES,
)

YES_NO = {"yes": pgettext_lazy("it is so", "Yes"), "no": pgettext_lazy("it is so", "No")}
CONSENTS = {"yes": _("Consents"), "no": _("Refuses")}
PERFORMANCE = {
    "done": _("Performed"),
    "partly": _("Performed in part"),
    "not": _("Not performed"),
    "none": _("Nothing to perform"),
}
SATISFIED = {"yes": _("Satisfied"), "partly": _("Fairly satisfied"), "no": _("Not satisfied")}


# Fields of a step in the order in which they are told, where it is another than the table's.
ORDER: dict[str, tuple[str, ...]] = {
    "hold": ("session", "room", "party", "present", "starts_at", "place", "minutes"),
    "inquire": ("asked", "starts_at", "place", "minutes"),
    "draft": tuple(SECTIONS),
    "agree_orally": tuple(SECTIONS),
}


@dataclass(frozen=True)
class Field:
    """How a field is asked; `limit` is the most characters of a text or line."""

    label: object
    kind: str
    choices: tuple[tuple[str, object], ...] = ()
    help: object = ""
    limit: int = 200


def _choice(label: object, table: Mapping[str, object], help_text: object = "") -> Field:
    return Field(label, "choice", tuple(table.items()), help_text)


def _text(label: object, help_text: object = "", limit: int = 10_000) -> Field:
    return Field(label, "text", help=help_text, limit=limit)


FIELDS = {
    "side": _choice(_("Side"), SIDES),
    "kind": _choice(_("Kind"), PARTY_KINDS),
    **{
        code.removeprefix("party."): Field(label, "line", limit=200)
        for code, label in PARTY_FIELDS.items()
    },
    "language": Field(
        _("Language"),
        "language",
        help=_("If it needs another than the usual one: for proposing a mediator and inviting."),
    ),
    "represents": Field(_("Stands for"), "party"),
    "authority": Field(_("Letter of authority"), "line", limit=60),
    "power": _choice(
        _("Extent of authority"),
        POWERS,
        _("Of a proxy; a guardian of somebody under age has none."),
    ),
    "chosen": _choice(_("Chosen by the parties"), YES_NO),
    "minor": _choice(_("Under age"), YES_NO),
    "alone_since_16": _choice(_("16 or older and lives by own work"), YES_NO),
    "id_checked": _choice(_("The original identity paper was seen"), YES_NO),
    "refusal": _choice(_("Why"), REFUSALS),
    "instead": Field(_("Where to go instead"), "line"),
    "reason": _text(_("Reason"), limit=2000),
    "type": Field(_("Type of dispute"), "type"),
    "mediators": Field(_("Mediators"), "mediators"),
    "mediator": Field(_("Mediator"), "mediator"),
    "difficulty": _choice(_("Difficulty"), DIFFICULTY),
    "party": Field(_("Party"), "party"),
    "consents": _choice(_("Consents to mediation"), CONSENTS),
    "signature": Field(_("Signature"), "signature"),
    "starts_at": Field(_("When"), "moment"),
    "place": Field(_("Where"), "line", limit=100),
    "parties": Field(_("Who is invited"), "parties"),
    "present": Field(_("Who was there"), "parties"),
    "room": _choice(_("Together or apart"), ROOMS),
    "session": Field(_("Session"), "session"),
    "answer": _choice(_("Answer"), ANSWERS),
    "companion": _choice(_("Who"), COMPANIONS),
    "minutes": _text(_("Minutes"), limit=20_000),
    "photos": Field(_("Photos"), "photos"),
    "asked": Field(_("Who was asked"), "line", limit=60),
    "evidence": _choice(_("Kind"), EVIDENCE),
    "title": Field(_("What it is"), "line", limit=100),
    "original": _choice(_("Original or copy"), ORIGINALS),
    "pages": Field(_("Number of pages"), "number"),
    "copies": Field(_("Copies"), "number"),
    "until": Field(_("Until"), "date"),
    **{name: _text(label, limit=10_000) for name, label in SECTIONS.items()},
    "amount": Field(_("Amount in yuan"), "money"),
    "obligations": Field(_("Who owes what by when"), "obligations"),
    "section": _choice(_("Section"), SECTIONS),
    "signed_on": Field(_("Date of agreement"), "date"),
    "signatures": Field(_("Signatures"), "signatures"),
    "committee": Field(_("To which committee"), "committee"),
    "obligation": Field(_("Obligation"), "obligation"),
    "done_on": Field(_("Performed on"), "date"),
    "next_step": _choice(_("What next"), REFUSED_BROKEN),
    "note": _text(_("Note"), limit=5000),
    "asked_on": Field(_("Asked on"), "date"),
    "court": Field(_("Court"), "line", limit=60),
    "outcome": _choice(_("Outcome"), OUTCOMES),
    "answered_on": Field(_("Answered on"), "date"),
    "court_number": Field(_("Number of the court's paper"), "line", limit=60),
    "visited_on": Field(_("Visited on"), "date"),
    "performance": _choice(_("Performance"), PERFORMANCE),
    "satisfied": _choice(_("Are they satisfied?"), SATISFIED),
    "sent_on": Field(_("Sent on"), "date"),
}
# The same field under another question.
ASKED_OTHERWISE = {
    ("bring", "consents"): _choice(
        _("Do the parties agree that this person takes part?"),
        {"yes": _("They agree"), "no": _("They do not agree")},
    ),
    ("sign", "copies"): Field(
        _("Copies"),
        "number",
        help=_("Left open: one for each who signs, and one for the committee."),
    ),
    ("mend_party", "party"): Field(
        _("Party"), "party", help=_("Fill in only what is to be put right or added.")
    ),
    ("mend_party", "id_number"): Field(
        _("Identity card number"),
        "line",
        help=_("Sex and age are read from it where they are left open."),
    ),
    ("hold", "session"): Field(
        _("Session"), "session", help=_("Leave it open for a talk that came about by itself.")
    ),
    ("hold", "party"): Field(_("Party"), "party", help=_("Of a private talk: with whom it was.")),
    ("refuse", "refusal"): _choice(
        _("Why, and where to go instead"),
        {code: format_lazy("{} → {}", why, INSTEAD[code]) for code, why in REFUSALS.items()},
    ),
    ("refuse", "instead"): Field(
        _("Where to go instead"), "line", help=_("Only if it is elsewhere than stands above.")
    ),
}
