"""The form every room starts from: renders itself with our field and error summary."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


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
        options = format_html_join("", "{}", ((_option(k, v, chosen),) for k, v in self.choices))
        return format_html("<select{}>{}</select>", flatatt(facts), options)


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


def _option(key: Any, label: Any, chosen: set[str]) -> SafeString:
    if isinstance(label, (list, tuple)):
        inside = format_html_join("", "{}", ((_option(k, v, chosen),) for k, v in label))
        return format_html('<optgroup label="{}">{}</optgroup>', key, inside)
    key = "" if key is None else str(key)
    picked = " selected" if key in chosen else ""
    return format_html('<option value="{}"{}>{}</option>', key, picked, label)


class Form(forms.Form):
    """A form of ours: `{{ form }}` is the error summary and all fields; no colon after labels."""

    default_renderer = RENDERER

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
