"""The form every room starts from: renders itself with our field and error summary."""

from django import forms
from django.forms.renderers import DjangoTemplates


class UiRenderer(DjangoTemplates):
    """Render forms with ui/parts instead of Django's own markup."""

    form_template_name = "ui/parts/form.html"
    field_template_name = "ui/parts/field.html"


class Form(forms.Form):
    """A form of ours: `{{ form }}` is the error summary and all fields; no colon after labels."""

    default_renderer = UiRenderer

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
