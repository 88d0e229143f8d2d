"""The forms of the phone, with their versions. A draft goes on with the version it was begun with,
so a field's name keeps its meaning for ever; what changes the questions counts the version up.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from maplebridge.fieldwork.checklists import CHECKLISTS
from maplebridge.fieldwork.rules import ANSWERS, FACTS, KINDS, MET, TALKED
from maplebridge.matters.flow import FIELDS

Choices = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Question:
    """One field: text, line, choice, category, area, date, yesno, count, checklist, photos, voice,
    place or matter. `more` questions are asked only when the person opens them."""

    name: str
    label: object
    kind: str
    required: bool = False
    choices: Choices = ()
    help: object = ""
    more: bool = False


@dataclass(frozen=True)
class PhoneForm:
    """A form by its key, which is the kind of record it makes (docs/sync.md)."""

    key: str
    version: int
    label: object
    icon: str
    questions: tuple[Question, ...] = field(default=())


_PHOTOS = Question("photos", _("Photos"), "photos", help=_("No faces, no number plates."))
_VOICE = Question("voice", _("Voice note"), "voice", help=_("Instead of writing, or beside it."))
_NEXT = Question("next_on", _("Go again on"), "date", more=True)

FORMS = (
    PhoneForm("report", 1, _("Report something"), "report", (
        Question("text", _("What is the matter?"), "text", required=True),
        Question("category", _("Category"), "category"),
        _PHOTOS,
        _VOICE,
        Question("address", _("Where exactly?"), "line", more=True),
        Question("urgency", FIELDS["urgency"].label, "choice", choices=FIELDS["urgency"].choices,
                 more=True),
        Question("settled", _("I settled it on the spot: what was done"), "text", more=True),
    )),
    PhoneForm("visit", 1, _("Visit"), "visit", (
        Question("place", _("Place"), "place", required=True),
        Question("met", _("Did you meet somebody?"), "choice", required=True,
                 choices=tuple(MET.items())),
        Question("result", _("What did you find, what do they need?"), "text"),
        _PHOTOS,
        _VOICE,
        _NEXT,
    )),
    PhoneForm("inspection", 1, _("Inspection"), "inspection", (
        Question("place", _("Place"), "place", required=True),
        Question("items", _("What you looked at"), "checklist", required=True,
                 choices=tuple(ANSWERS.items())),
        Question("result", _("Note"), "text"),
        _PHOTOS,
        _VOICE,
        Question("next_on", _("Look again on"), "date", more=True),
    )),
    PhoneForm("note", 1, _("Note or photo on a matter"), "note", (
        Question("matter", _("Matter"), "matter", required=True),
        Question("note", _("Note"), "text"),
        _PHOTOS,
        _VOICE,
    )),
    PhoneForm("mediation", 3, _("Mediation talk"), "handshake", (
        Question("matter", _("Dispute"), "matter", required=True),
        Question("room", _("Who was there?"), "choice", required=True,
                 choices=tuple(TALKED.items()),
                 help=_("What one side says alone is kept from the other.")),
        Question("said", _("How did the talk go?"), "text", required=True),
        Question("agreed", _("What was agreed?"), "text"),
        _PHOTOS,
        Question("next_on", _("Next talk"), "date", more=True),
    )),
    PhoneForm("place", 1, _("Place"), "places", (
        Question("kind", _("Kind"), "choice", required=True,
                 choices=tuple((code, kind.label) for code, kind in KINDS.items())),
        Question("name", _("Name of the place"), "line", required=True,
                 help=_("Of the place, as people call it; not of a person.")),
        Question("address", _("Address"), "line"),
    )),
)  # fmt: skip


def forms() -> list[dict[str, Any]]:
    """Every form as the phone reads it, in the reader's language."""
    return [
        {
            "key": form.key, "version": form.version, "label": str(form.label), "icon": form.icon,
            "fields": [_told(question) for question in form.questions],
        }
        for form in FORMS
    ]  # fmt: skip


def checklists() -> list[dict[str, Any]]:
    """Every checklist with its items and the kinds of place it is for, in the reader's language."""
    return [
        {
            "code": sheet.code, "version": sheet.version, "label": str(sheet.label),
            "place_kinds": [k for k, kind in KINDS.items() if kind.checklist == sheet.code],
            "items": [
                {"code": item.code, "label": str(item.label), "category": item.category}
                for item in sheet.items
            ],
        }
        for sheet in CHECKLISTS.values()
    ]  # fmt: skip


def place_kinds() -> list[dict[str, Any]]:
    """Every kind of place with the facts that are asked of it, in the reader's language."""
    return [
        {
            "code": code, "label": str(kind.label), "checklist": kind.checklist,
            "facts": [
                {"name": name, "label": str(FACTS[name].label), "kind": FACTS[name].kind}
                for name in kind.facts
            ],
        }
        for code, kind in KINDS.items()
    ]  # fmt: skip


def _told(question: Question) -> dict[str, Any]:
    return {
        "name": question.name, "label": str(question.label), "kind": question.kind,
        "required": question.required, "help": str(question.help), "more": question.more,
        "choices": [[value, str(label)] for value, label in question.choices],
    }  # fmt: skip
