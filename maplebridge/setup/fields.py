"""Form fields for what a list holds: limits, words, rows of other lists in groups."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.db import models as db
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from maplebridge.org import models
from maplebridge.org.queries import directory
from maplebridge.ui.forms import Day, Select

UNITS_OF_TIME = [
    ("wd", gettext_lazy("working days")),
    ("wh", pgettext_lazy("unit of a limit", "working hours")),
    ("d", gettext_lazy("calendar days")),
    ("h", gettext_lazy("hours by the clock")),
    ("m", gettext_lazy("minutes")),
]
_LIMIT = re.compile(r"(\d+)([a-z]+)")
LIMITS = ("respond", "sign", "handle")


class LimitInput(forms.Widget):
    """A number and what it counts, sent as one value such as "3wd"; empty: none of its own."""

    use_fieldset = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Two fields side by side, each with a name for who can't see them."""
        found = _LIMIT.fullmatch(str(value or ""))
        amount, unit = found.groups() if found else (str(value or ""), "wd")
        ident = (attrs or {}).get("id", f"id_{name}")
        number = forms.TextInput(attrs={"inputmode": "numeric", "aria-label": _("How many")})
        choice = Select(attrs={"aria-label": _("counted in")}, choices=UNITS_OF_TIME)
        first = number.render(f"{name}_0", amount, {"id": f"{ident}_0"})
        second = choice.render(f"{name}_1", unit, {"id": f"{ident}_1"})
        return mark_safe(f'<div class="limit-input">{first}{second}</div>')  # noqa: S308 — ours

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """ "3wd" from the two fields; a plain value under the name itself is taken as it is."""
        if name in data:
            return data.get(name)
        amount = data.get(f"{name}_0", "").strip()
        return f"{amount}{data.get(f'{name}_1', '')}" if amount else ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_0" not in data


class WordsField(forms.CharField):
    """Words parted by spaces or commas, kept as a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The words without repeats, in their order."""
        return (
            list(dict.fromkeys(re.split(r"[\s,，、;；]+", (value or "").strip()))) if value else []
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class _Grouped(ModelChoiceIterator):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        field: Any = self.field
        if getattr(field, "empty_label", None) is not None:
            yield ("", field.empty_label)
        groups: dict[str, list[Any]] = {}
        for row in self.queryset:
            groups.setdefault(field.group_of(row), []).append((str(row.pk), field.words_of(row)))
        yield from groups.items()


def _row_field(many: bool, group_of: Callable[[Any], str], words_of: Callable[[Any], str]) -> Any:
    base = forms.ModelMultipleChoiceField if many else forms.ModelChoiceField

    class Field(base):  # type: ignore[misc, valid-type]
        iterator = _Grouped

    Field.group_of = staticmethod(group_of)
    Field.words_of = staticmethod(words_of)
    return Field


def _one_group(_row: Any) -> str:
    return ""


def _town_of(area: models.Area) -> str:
    above = directory().area(area.code[:9])
    return above.name if above else ""


def _area_words(area: models.Area) -> str:
    village = directory().area(area.code[:12]) if area.level == "grid" else None
    return f"{village.name} · {area.name}" if village else area.name


# For each model a field may refer to: group, words, and the rows to choose from today.
_ROWS: dict[str, tuple[Callable[[Any], str], Callable[[Any], str], Callable[[], Any]]] = {
    "Unit": (
        lambda unit: str(unit.get_kind_display()),
        str,
        lambda: _today(models.Unit).order_by("kind", "code"),
    ),
    "Category": (
        lambda category: category.group_label,
        lambda category: f"{category.code} {category}",
        lambda: _today(models.Category),
    ),
    "Area": (_town_of, _area_words, lambda: _today(models.Area)),
    "Person": (
        lambda _p: str(_("People with an account")),
        lambda p: f"{p.name} · {p.username}",
        lambda: models.Person.objects.filter(is_active=True),
    ),
    "Post": (
        lambda post: post.unit.name,
        lambda post: f"{post.person.name} · {post.title}",
        lambda: _today(models.Post)
        .select_related("unit", "person")
        .order_by("unit__kind", "unit__code", "id"),
    ),
}  # fmt: skip


def _today(model: Any) -> Any:
    """Rows that hold today or will."""
    return model.objects.exclude(valid_to__lt=timezone.localdate())


def area_code_choices() -> list[tuple[str, Any]]:
    """Every present area by town, "" for everywhere."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in directory().areas.values():
        if area.valid_to is None:
            groups.setdefault(_town_of(area), []).append((area.code, _area_words(area)))
    return [("", str(_("Everywhere"))), *groups.items()]


def all_areas() -> list[tuple[str, Any]]:
    """The same for a filter, where nothing chosen is everything."""
    return [("", str(_("All"))), *area_code_choices()[1:]]


def category_code_choices() -> list[tuple[str, Any]]:
    """Present categories by group; "" for all."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in directory().categories.values():
        if category.valid_to is None:
            words = f"{category.code} {category.label}"
            groups.setdefault(category.group_label, []).append((category.code, words))
    return [("", str(_("All"))), *groups.items()]


def unit_code_choices() -> list[tuple[str, Any]]:
    """Present units by kind; "" for all."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in sorted(directory().units.values(), key=lambda u: u.code):
        if unit.valid_to is None:
            groups.setdefault(unit.get_kind_display(), []).append((unit.code, unit.name))
    return [("", str(_("All"))), *groups.items()]


def field_for(column: Any, **kwargs: Any) -> forms.Field | None:
    """The form field for a model field, as `formfield_callback` of a model form."""
    if column.many_to_many or column.many_to_one:
        group_of, words_of, rows = _ROWS[column.related_model.__name__]
        many = column.many_to_many
        if many and column.related_model is models.Unit:  # a heading for each would be most of it
            group_of = _one_group
        made: forms.Field = _row_field(many, group_of, words_of)(
            queryset=rows(),
            required=not column.blank,
            widget=forms.CheckboxSelectMultiple if many else Select,
        )
        if not many:
            made.empty_label = "—"  # type: ignore[attr-defined]
    elif column.name == "area_code":
        made = forms.ChoiceField(choices=area_code_choices, required=False, widget=Select)
    elif column.name in LIMITS:
        made = forms.CharField(
            required=not column.blank, widget=LimitInput, validators=column.validators
        )
    elif column.name == "keywords":
        made = WordsField(required=False)
        made.help_text = _(
            "What people call it, with spaces between: proposals rest on these words."
        )
    else:
        made = _plain_field(column, **kwargs)
    made.label = _capital(column.verbose_name)
    made.help_text = column.help_text or made.help_text
    return made


def _plain_field(column: Any, **kwargs: Any) -> forms.Field:
    if isinstance(column, db.DateField):
        return Day(required=not column.blank)
    if column.choices:
        kwargs["widget"] = Select
        kwargs.setdefault("choices_form_class", None)
    made: forms.Field = column.formfield(**{k: v for k, v in kwargs.items() if v is not None})
    if column.choices:
        made.choices = [(key, label if key else "—") for key, label in made.choices]  # type: ignore[attr-defined]
    if isinstance(column, db.TextField):
        made.widget.attrs["rows"] = 5
    return made


def _capital(label: Any) -> str:
    said = str(label)
    return said[:1].upper() + said[1:]
