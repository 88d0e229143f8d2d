"""What rows and changes say to a reader: labels from the models, codes as names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models as db
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maplebridge.org.lists import LISTS, KeptList, plain
from maplebridge.org.models import Change, Duty, Person, Post
from maplebridge.org.queries import directory, planned_changes
from maplebridge.setup.fields import LIMITS
from maplebridge.ui.templatetags.ui import limit_words

DASH = "—"
OF_A_CATEGORY = {"category", "duty", "limits"}  # lists whose titles name a category


class Names:
    """Names of people and posts that plain values mention, read at once."""

    def __init__(self, values: Iterable[tuple[KeptList, Mapping[str, Any]]]) -> None:
        wanted: dict[str, set[Any]] = {"Person": set(), "Post": set()}
        for kept, row in values:
            for name, value in row.items():
                model = _related(kept, name)
                if model in wanted and value is not None:
                    wanted[model].add(value)
        people = Person.objects.filter(username__in=wanted["Person"]) if wanted["Person"] else ()
        posts = (
            Post.objects.filter(pk__in=wanted["Post"]).select_related("person")
            if wanted["Post"]
            else ()
        )
        self._people = {p.username: f"{p.name} ({p.username})" for p in people}
        self._posts = {p.pk: f"{p.title} {p.person.name}" for p in posts}

    def of(self, model: str, key: Any) -> str:
        """The name of a row of another list; its code when it is not there any more."""
        town = directory()
        match model:
            case "Person":
                return self._people.get(key, str(key))
            case "Post":
                return self._posts.get(key, str(key))
            case "Category":
                category = town.category(key)
                return f"{key} {category.label}" if category else str(key)
            case "Area":
                return town.area_names(key) or str(key)
            case "Unit":
                return next((u.name for u in town.units.values() if u.code == key), str(key))
        return str(key)


def label_of(kept: KeptList, name: str) -> str:
    """A field's label, with a capital where the script has one."""
    said = str(kept.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return said[:1].upper() + said[1:]


def _related(kept: KeptList, name: str) -> str:
    field = _field(kept, name)
    return field.related_model.__name__ if field is not None and field.is_relation else ""


def _field(kept: KeptList, name: str) -> Any:
    return kept.model._meta.get_field(name) if name in kept.fields else None


def say(kept: KeptList, name: str, value: Any, names: Names) -> str:
    """One plain value in words; a dash for what is not set."""
    field = _field(kept, name)
    if value is True or value is False:
        return _yes_or_no(value)
    if value is None or value in ("", []):
        return _("Everywhere") if name == "area_code" else DASH
    if isinstance(value, list):
        model = _related(kept, name)
        return "、".join(names.of(model, one) if model else str(one) for one in value)
    if field is None:
        return str(value)
    if field.is_relation:
        return names.of(_related(kept, name), value)
    return _say_plain(field, name, value)


def _yes_or_no(value: bool) -> str:
    return pgettext("cell", "Yes") if value else pgettext("cell", "No")


def _say_plain(field: Any, name: str, value: Any) -> str:
    town = directory()
    if name == "area_code":
        return town.area_names(value) or str(value)
    if name in LIMITS:
        return str(limit_words(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, db.DateTimeField):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if isinstance(field, db.DateField):
        return _("from the beginning") if value == "2000-01-01" else str(date.fromisoformat(value))
    return str(value)


def facts_of(kept: KeptList, row: Model) -> list[tuple[str, str]]:
    """(label, words) of every field of a row; a category's limits go by days, so not here."""
    values = plain(kept, row)
    names = Names([(kept, values)])
    hidden = LIMITS if kept.name == "category" else ()
    facts = {n: say(kept, n, v, names) for n, v in values.items() if n not in hidden}
    if isinstance(row, Duty):
        own = directory().limits(row.category, max(timezone.localdate(), row.valid_from))
        for name in LIMITS:
            if facts.get(name) == DASH:
                said = {"limit": limit_words(getattr(own, name))}
                facts[name] = _("%(limit)s, as for the category") % said
    return [(label_of(kept, n), words) for n, words in facts.items()]


def state_of(row: Any, today: date) -> str:
    """Where a row with days stands: "planned", "now", "ended"; "" for a row without."""
    first = getattr(row, "from_day", None) or getattr(row, "valid_from", None)
    last = getattr(row, "to_day", None) or getattr(row, "valid_to", None)
    if first is None:
        return ""
    return "planned" if first > today else "ended" if last and last < today else "now"


@dataclass(frozen=True)
class Difference:
    """One field of a change, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A change as the history shows it."""

    change: Change
    title: str
    list_label: str
    differences: list[Difference]
    gone: bool
    overdue: bool  # planned for a day that has come, yet not carried out


def told(changes: Iterable[Change]) -> list[Told]:
    """Changes in words; three queries however many there are."""
    changes = list(changes)
    pairs = [(LISTS[c.list_name], c) for c in changes if c.list_name in LISTS]
    planned = [c.pk for c in changes if c.act == Change.Act.PLANNED]
    late = set(overdue().filter(pk__in=planned).values_list("pk", flat=True)) if planned else set()
    names = Names((kept, values) for kept, c in pairs for values in (c.before, c.after))
    return [
        Told(
            c, _title(c), str(kept.label), _differences(kept, c, names),
            c.act == Change.Act.REMOVED, c.pk in late,
        )
        for kept, c in pairs
    ]  # fmt: skip


def overdue() -> QuerySet[Change]:
    """Planned changes whose day is over and which did not fit when they were to take hold."""
    return planned_changes().filter(day__lt=timezone.localdate())


def _title(change: Change) -> str:
    """The title of the row at that time, its category named in the reader's language."""
    if change.list_name not in OF_A_CATEGORY:
        return change.title
    names = {n: c.label for c in directory().categories.values() for n in (c.name, c.name_en)}
    said = max((n for n in names if n in change.title), key=len, default="")
    return change.title.replace(said, names[said], 1) if said else change.title


def _differences(kept: KeptList, change: Change, names: Names) -> list[Difference]:
    fields = [n for n in kept.fields if n in change.before or n in change.after]
    found = [
        Difference(
            label_of(kept, n),
            say(kept, n, change.before.get(n), names) if n in change.before else "",
            say(kept, n, change.after.get(n), names) if n in change.after else "",
        )
        for n in fields
    ]
    # Of a new row what is not set says nothing.
    whole = not change.before or not change.after
    return [d for d in found if not whole or (d.after or d.before) not in {DASH, _yes_or_no(False)}]
