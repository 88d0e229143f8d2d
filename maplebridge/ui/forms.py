"""The form every room starts from: renders itself with our field and error summary."""

import re
from datetime import date
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from maplebridge.files.uploads import PhotoRefused, hash_name, sent_photos
from maplebridge.kernel.errors import InvalidInput, MaplebridgeError
from maplebridge.kernel.ids import uuid7
from maplebridge.kernel.text import clean_text, day_of
from maplebridge.org.rules import Actor

# Nobody types these: they come along with what was pasted, and no database keeps them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class UiRenderer(DjangoTemplates):
    """Render forms with ui/parts instead of Django's own markup."""

    form_template_name = "ui/parts/form.html"
    field_template_name = "ui/parts/field.html"


# One for all: a renderer of its own would parse the field templates anew for every form.
RENDERER = UiRenderer()


class Select(forms.Select):
    """A choice from a list, written at once: Django draws each option from a template of its own,
    which for a hundred units costs more than the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The select element; choices and groups are escaped."""
        chosen = {str(v) for v in (value if isinstance(value, (list, tuple)) else [value])}
        facts = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        options = "".join(_option(k, v, chosen) for k, v in self.choices)
        return mark_safe(f"<select{flatatt(facts)}>{options}</select>")  # noqa: S308  escaped


class Checkboxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, written at once for the same reason; choices have no groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """One labelled box for each choice; choices are escaped."""
        widget = self.get_context(name, value, attrs)["widget"]
        boxes = format_html_join(
            "",
            '<div><label for="{}"><input type="checkbox" name="{}" value="{}"{}> {}</label></div>',
            (
                (
                    box["attrs"].get("id", ""),
                    name,
                    box["value"],
                    flatatt(box["attrs"]),
                    box["label"],
                )
                for _group, inside, _index in widget["optgroups"]
                for box in inside
            ),
        )
        return format_html('<div id="{}">{}</div>', widget["attrs"].get("id", ""), boxes)


def _option(key: Any, label: Any, chosen: set[str]) -> str:
    """Escaped by hand: a list has hundreds, and `format_html` costs five times as much."""
    if isinstance(label, (list, tuple)):
        inside = "".join(_option(k, v, chosen) for k, v in label)
        return f'<optgroup label="{escape(str(key))}">{inside}</optgroup>'
    key = "" if key is None else str(key)
    picked = " selected" if key in chosen else ""
    return f'<option value="{escape(key)}"{picked}>{escape(str(label))}</option>'


class Day(forms.DateField):
    """A day, as browsers read and send it; a year no limit of ours can reach is refused."""

    def __init__(self, **kwargs: Any) -> None:
        browsers_read = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": browsers_read} | kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day; ValidationError for none and for one of other times."""
        day = super().to_python(value)
        if day is not None and day_of(day.isoformat()) is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class Text(forms.CharField):
    """Text of at most `limit` characters. What is too long is kept and the refusal says by how
    much: an attribute `maxlength` would cut what somebody pastes without a word."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def clean(self, value: Any) -> str:
        """The text as the acts keep it; ValidationError when too long."""
        try:
            return clean_text(super().clean(value) or "", field="", limit=self.limit)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error


class _Hashes(forms.Widget):
    """The hashes of photos that were sent before; drawn by the field's own template."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Every hash the form carried."""
        return data.getlist(hash_name(name)) if isinstance(data, QueryDict) else []


class Photos(forms.Field):
    """Photos of a form; `Form.take_photos` stores what came, before the form is asked if it is
    valid."""

    widget = _Hashes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "template_name": "ui/parts/photo_field.html"} | kwargs
        )


class Form(forms.Form):
    """A form of ours: `{{ form }}` is the error summary and all fields; no colon after labels.
    Control characters are left out of whatever was sent."""

    default_renderer = RENDERER

    def __init__(self, data: Any = None, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(_without_controls(data), *args, **kwargs)  # type: ignore[arg-type]

    def refuse(self, error: MaplebridgeError) -> None:
        """Show why an act refused: at the field it names, else above the form."""
        refuse(self, error)

    def put_back(self, name: str, value: str) -> None:
        """Show `value` in a field instead of what was sent."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value

    def take_photos(self, request: HttpRequest, actor: Actor, name: str = "photos") -> list[str]:
        """Store the photos that came under a name and let them stay in the form; their hashes.

        A file that was refused is named at the field, or above the form where it has none.
        """
        refused = None
        try:
            hashes = sent_photos(request, actor, name)
        except PhotoRefused as error:
            hashes, refused = error.kept, error
        self.data = self.data.copy()
        self.data.setlist(hash_name(name), hashes)
        if refused:
            self.add_error(name if name in self.fields else None, refused.message)
        return hashes

    def photos_in(self, name: str = "photos") -> list[str]:
        """The hashes of the photos that the form holds under a name."""
        return self.data.getlist(hash_name(name)) if isinstance(self.data, QueryDict) else []


class ActForm(Form):
    """A form whose act has an id, so that pressing twice acts once."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"command_id": uuid7()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


def refuse(form: forms.BaseForm, error: MaplebridgeError) -> None:
    """The same for a form of another kind."""
    field = getattr(error, "field", "").removeprefix("contact.")
    form.add_error(field if field in form.fields else None, error.message)


def _without_controls(data: Any) -> Any:
    if not isinstance(data, QueryDict):
        return data
    spoilt = {n: v for n, v in data.lists() if any(_CONTROLS.search(text) for text in v)}
    if spoilt:
        data = data.copy()
        for name, values in spoilt.items():
            data.setlist(name, [_CONTROLS.sub("", text) for text in values])
    return data
