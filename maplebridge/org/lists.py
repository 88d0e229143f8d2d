"""The lists an administrator keeps, as a table: `actions.change`, forms and history are read
from it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import models as db
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maplebridge.org import models

# What a row is called in the plain values of a change.
KEYS = {"Unit": "code", "Category": "code", "Area": "code", "Person": "username", "Post": "id"}


@dataclass(frozen=True)
class KeptList:
    """One list: its fields, which of them never change, and how a change takes hold.

    With `by_day` a change from a day on ends the present row the day before and opens a new one;
    only the fields of `at_once` are changed in the row itself, and of a `correctable` list, to
    whose rows nothing refers, a row that began today. With `planned` everything refers to the one
    row, so a change for a later day is kept beside it and written into it on that day by the
    ticker. Otherwise every change is in the row, and the history says what it was.
    """

    name: str
    model: type[db.Model]
    label: str | Promise
    one: str | Promise
    fields: tuple[str, ...]
    fixed: tuple[str, ...] = ()
    by_day: bool = False
    at_once: tuple[str, ...] = ()
    correctable: bool = False
    planned: bool = False
    removable: bool = False


_DATES = ("valid_from", "valid_to")
LISTS = {
    kept.name: kept
    for kept in (
        KeptList(
            "duty", models.Duty, _("Duty list"), _("Duty"),
            ("category", "area_code", "lead", "lead_kind", "helpers", "respond", "handle",
             "by_itself", "legal_basis", "approved_by", "temporary", "note", *_DATES),
            fixed=("category",), by_day=True, at_once=("note", "valid_to"), removable=True,
        ),
        KeptList(
            "category", models.Category, _("Categories"), _("Category"),
            ("code", "name", "name_en", "group", "group_en", "grade", "respond", "sign", "handle",
             "on_spot", "public", "safety", "confidential", "hand_over", "keywords", "closing",
             *_DATES),
            fixed=("code", "respond", "sign", "handle"), planned=True,
        ),
        KeptList(
            "limits", models.CategoryLimits, _("Limits of categories"), _("Limits of a category"),
            ("category", "respond", "sign", "handle", *_DATES),
            fixed=("category", "respond", "sign", "handle"),
            by_day=True, at_once=("valid_to",), removable=True,
        ),
        KeptList(
            "unit", models.Unit, _("Units"), _("Unit"),
            ("code", "name", "kind", "area", "parent", "phone", *_DATES), fixed=("code",),
            planned=True,
        ),
        KeptList(
            "post", models.Post, _("Posts"), _("Post"),
            ("person", "kind", "title", "unit", "areas", "told_from", *_DATES),
            fixed=("person",), by_day=True, at_once=("valid_to",), removable=True,
        ),
        KeptList(
            "absence", models.Absence, _("Absences"), _("Absence"),
            ("post", "stand_in", "from_day", "to_day"), fixed=("post",), removable=True,
        ),
        KeptList(
            "shift", models.Shift, _("Roster"), _("Shift"),
            ("post", "starts_at", "ends_at"), removable=True,
        ),
        KeptList(
            "day", models.CalendarDay, _("Special days"), _("Special day"),
            ("day", "working", "spans", "note"), fixed=("day",), removable=True,
        ),
        KeptList(
            "season", models.WorkSeason, _("Working hours"), _("Working hours"),
            ("from_month_day", "spans", *_DATES),
            by_day=True, at_once=("valid_to",), correctable=True, removable=True,
        ),
        KeptList(
            "year", models.CalendarYear, _("Years with holidays"), _("Year with holidays"),
            ("year", "source"), fixed=("year",),
        ),
        KeptList(
            "reply", models.ReplyTemplate, _("Reply templates"), _("Reply template"),
            ("name", "use", "text", "unit", "category", *_DATES),
            by_day=True, at_once=("valid_to",), correctable=True, removable=True,
        ),
        KeptList(
            "person", models.Person, _("Accounts"), _("Account"),
            ("username", "name", "is_active"), fixed=("username",),
        ),
    )
}  # fmt: skip


def plain(kept: KeptList, row: db.Model) -> dict[str, Any]:
    """The row's fields as JSON holds them: codes for rows of other lists, ISO dates and times."""
    return {name: _plain(row, row._meta.get_field(name)) for name in kept.fields}


def _plain(row: db.Model, field: Any) -> Any:
    if field.many_to_many:
        related = getattr(row, field.name).all() if row.pk else ()
        return sorted(_key(one) for one in related)
    value = getattr(row, field.name)
    if isinstance(value, db.Model):
        return _key(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _key(row: db.Model) -> Any:
    return getattr(row, KEYS[type(row).__name__])


def plain_value(value: Any) -> Any:
    """One value given to a change, as `plain` writes what a row holds."""
    if isinstance(value, db.Model):
        return _key(value)
    if isinstance(value, (list, tuple, db.QuerySet)):
        found = [plain_value(one) for one in value]
        return sorted(found) if value and isinstance(next(iter(value)), db.Model) else found
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def revived(kept: KeptList, values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values, as a change holds them, as model values again; not of many-to-many fields."""
    return {name: _revived(kept.model._meta.get_field(name), v) for name, v in values.items()}


def _revived(field: Any, value: Any) -> Any:
    if field.is_relation:
        model = field.related_model
        key = {KEYS[model.__name__]: value}
        return None if value is None else model._default_manager.filter(**key).first()
    return field.to_python(value)


def fingerprint(kept: KeptList, row: db.Model) -> str:
    """16 hex digits that differ when anything in the row does: what an editor has seen."""
    text = json.dumps(plain(kept, row), sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:16]
