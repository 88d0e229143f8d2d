"""The device board in words: what each phone last told, who is needed, what came back.

It says whether a phone is silent, so that somebody calls its worker; never where a worker is, how
long he was online, or how much he recorded. The order is by need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maplebridge.fieldwork.forms import FORMS
from maplebridge.kernel.errors import InvalidInput
from maplebridge.matters.flow import FIELDS
from maplebridge.org.rules import Actor
from maplebridge.sync.models import Submission
from maplebridge.sync.queries.board import BoardRow, board, files_missing, to_decide
from maplebridge.sync.queries.opening import record_of
from maplebridge.sync.rules import ROOM_KINDS
from maplebridge.ui.forms import Form

__all__ = ["ROOM_KINDS", "SetAsideForm", "board_context", "record_context", "returned_context"]

MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000
MINUTE_MS = 60_000
SHOWN_DRIFT_MS = 2 * MINUTE_MS  # less is no news
# What somebody has to do about it, the gravest first: name, tone, and the sentence.
ADVICE: dict[str, tuple[str, Callable[[BoardRow], str]]] = {
    "unsent": ("bad", lambda row: ngettext(
        "%(n)d record waits on the phone: ask for “Send now” where there is signal. If that fails, "
        "save it there as a file and bring it here.",
        "%(n)d records wait on the phone: ask for “Send now” where there is signal. If that fails, "
        "save them there as a file and bring it here.", row.unsent) % {"n": row.unsent}),
    "silent": ("warn", lambda row: ngettext(
        "Silent for %(n)d day: call. Without signal, what is recorded lies safely on the phone.",
        "Silent for %(n)d days: call. Without signal, what is recorded lies safely on the phone.",
        row.silent_days) % {"n": row.silent_days}),
    "never": ("warn", lambda _row: _(
        "Set up, and not heard of since: ask whether it is used, else take it out of use.")),
    "space": ("warn", lambda row: _(
        "Only %(n)d MB free: delete films and pictures there. Text is kept all the same.")
        % {"n": (row.free_bytes or 0) // MEGABYTE}),
    "clock": ("info", lambda _row: _(
        "Its clock is wrong: let the phone set it by itself. "
        "Records are dated by our clock anyway.")),
    "persistence": ("info", lambda _row: _(
        "Its browser may clear what waits: put the page on the home screen, "
        "never clear browser data.")),
}  # fmt: skip
_LABELS = {q.name: q.label for form in FORMS for q in form.questions}


class SetAsideForm(Form):
    """Why a record is closed without effect; its author reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The author reads it. The record stays as it was sent."),
    )  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A phone as the board shows it; `advice` are (tone, sentence)."""

    row: BoardRow
    advice: list[tuple[str, str]]
    free: str
    clock: str


def board_context(actor: Actor, now: datetime) -> dict[str, Any]:
    """Phones that need somebody, the gravest first; then the others, the longest silent first.
    What is good to know alone ("info") calls nobody."""
    rows = board(actor, now)
    grave = list(ADVICE)
    needing = [row for row in rows if any(ADVICE[name][0] != "info" for name in row.advice)]
    needing.sort(key=lambda row: min(grave.index(name) for name in row.advice))
    return {
        "tabs": _tabs(actor, "board"),
        "needing": [_shown(row) for row in needing],
        "others": [_shown(row) for row in rows if row not in needing],
    }


def _tabs(actor: Actor, active: str) -> list[dict[str, Any]]:
    tabs = [
        {"name": "board", "label": _("Phones")},
        {"name": "returned", "label": _("Returned records"), "count": to_decide(actor).count()},
        {"name": "files", "label": _("Photos missing"), "count": files_missing(actor).count()},
    ]
    return [
        tab | {"url": reverse(f"field:{tab['name']}"), "active": tab["name"] == active}
        for tab in tabs
    ]


def _shown(row: BoardRow) -> Shown:
    drift = row.device.drift_ms or 0
    return Shown(
        row=row,
        advice=[(tone, says(row)) for name, (tone, says) in ADVICE.items() if name in row.advice],
        free=_space(row.free_bytes),
        clock=_drift(drift) if abs(drift) >= SHOWN_DRIFT_MS else _("right"),
    )


def _space(free: int | None) -> str:
    if free is None:
        return ""
    if free < GIGABYTE:
        return _("%(n)d MB free") % {"n": free // MEGABYTE}
    return _("%(n)d GB free") % {"n": free // GIGABYTE}


def _drift(drift_ms: int) -> str:
    minutes = round(abs(drift_ms) / MINUTE_MS)
    if drift_ms > 0:
        return ngettext("%(n)d minute behind", "%(n)d minutes behind", minutes) % {"n": minutes}
    return ngettext("%(n)d minute ahead", "%(n)d minutes ahead", minutes) % {"n": minutes}


def returned_context(actor: Actor) -> dict[str, Any]:
    """Records that did not simply go in, the oldest first."""
    return {"tabs": _tabs(actor, "returned"), "records": list(to_decide(actor)[:200])}


def files_context(actor: Actor) -> dict[str, Any]:
    """Records whose text is here while a photo or voice note is not."""
    return {"tabs": _tabs(actor, "files"), "records": list(files_missing(actor)[:200])}


def record_context(submission: Submission, form: SetAsideForm) -> dict[str, Any]:
    """One returned record with its words, as far as they can be read, and what can be done."""
    return {"record": submission, "form": form, "facts": _words(submission)}


def _words(submission: Submission) -> list[tuple[str, str]]:
    try:
        record = record_of(submission)
    except InvalidInput as error:
        return [(_("Words"), error.message)]
    body = record.body
    values = {**body, **(body.get("fields") or {}), **(body.get("create") or {})}
    pairs = [(_label(name), _value(value)) for name, value in values.items()]
    if record.files:
        pairs.append((_("Photos and voice notes"), str(len(record.files))))
    return [(label, text) for label, text in pairs if text]


def _label(name: str) -> str:
    field = FIELDS.get(name)
    return str(_LABELS.get(name) or (field.label if field else name))


def _value(value: Any) -> str:
    """What a person typed or chose; a mended field as "before → after", ids and lists left out."""
    if isinstance(value, dict) and value.keys() == {"base", "mine"}:
        return f"{_value(value['base']) or '—'} → {_value(value['mine']) or '—'}"
    return str(value) if isinstance(value, (str, int, float)) and value != "" else ""
