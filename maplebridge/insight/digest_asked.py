"""Which digest an address asks for, and the form that asks for another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.insight import words
from maplebridge.insight.queries import Scope, scopes_for
from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.kernel.text import day_of
from maplebridge.org.rules import Actor
from maplebridge.ui.forms import Day, Form, Select


@dataclass(frozen=True)
class Asked:
    """Whose digest of which day is asked for, among those the reader may see."""

    actor: Actor
    scopes: list[Scope]
    scope: Scope | None
    day: date
    now: datetime

    @property
    def today(self) -> bool:
        """True when the day is not over yet."""
        return self.day == words.local_day()

    @property
    def query(self) -> str:
        """As the address has it."""
        key = self.scope.key if self.scope else ""
        return urlencode({"scope": key, "day": self.day.isoformat()})


def asked(actor: Actor, given: Mapping[str, Any], now: datetime) -> Asked:
    """From an address; without a scope the widest of the reader's, without a day today."""
    day = _day(str(given.get("day") or ""))
    scopes = scopes_for(actor, words.local_day())
    key = str(given.get("scope") or "")
    scope = next((s for s in scopes if s.key == key or not key), None)
    if key and scope is None:
        raise NotFound(_("There is no digest of this area, or it is not for your post."))
    return Asked(actor, scopes, scope, day, now)


def needed(wanted: Asked) -> Scope:
    """The scope asked for; NotFound when the reader's posts hold none."""
    if wanted.scope is None:
        raise NotFound(_("There is no digest of this area, or it is not for your post."))
    return wanted.scope


def _day(raw: str) -> date:
    if not raw:
        return words.local_day()
    if (day := day_of(raw)) is None:
        raise InvalidInput("day", _("Write the date as 2026-01-31."))
    if day > words.local_day():
        raise InvalidInput("day", _("This day has not come yet."))
    return day


class ChooseForm(Form):
    """Another area, another day; it only writes an address."""

    scope = forms.ChoiceField(label=gettext_lazy("Area"), widget=Select)
    day = Day(label=gettext_lazy("Day"))

    def __init__(self, wanted: Asked) -> None:
        """With the scopes of the reader, stations first."""
        super().__init__(
            initial={"scope": wanted.scope.key if wanted.scope else "", "day": wanted.day},
            auto_id="digest-%s",
        )
        self.fields["scope"].choices = [(s.key, s.name) for s in wanted.scopes]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.required = False
