"""How each kind of a mediation's fields is asked for in a form."""

from typing import Any

from django import forms

from maplebridge.mediation.fields import FIELDS
from maplebridge.ui.forms import Day, Select

FEW_CHOICES = 5
Choices = list[tuple[str, Any]]


def choice(choices: Any) -> forms.Field:
    """One of few as buttons, one of many as a list."""
    few = len(choices) <= FEW_CHOICES
    return forms.ChoiceField(
        choices=list(choices) if few else [("", "—"), *choices],
        widget=forms.RadioSelect if few else Select,
    )


def moment() -> forms.DateTimeField:
    """A day and time, in the way browsers read it."""
    browsers_read = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(widget=browsers_read)


def money(**more: Any) -> forms.DecimalField:
    """Yuan and fen, not below zero."""
    return forms.DecimalField(min_value=0, max_digits=12, decimal_places=2, **more)


PLAIN: dict[str, Any] = {
    "text": lambda: forms.CharField(widget=forms.Textarea(attrs={"rows": 5})),
    "line": lambda: forms.CharField(max_length=200),
    "date": Day,
    "moment": moment,
    "money": money,
    "number": lambda: forms.IntegerField(min_value=1, max_value=999),
}


def kind_of(name: str) -> str:
    """Of which kind a field of this name is."""
    return FIELDS[name].kind


def select(choices: Any, label: str = "") -> forms.ChoiceField:
    """One of a list, or none."""
    return forms.ChoiceField(
        label=label, choices=[("", "—"), *choices], widget=Select, required=False
    )
