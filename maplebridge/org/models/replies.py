"""Answers that an office gives often."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.org.models.duties import Category
from maplebridge.org.models.people import Unit
from maplebridge.org.models.validity import Dated

# The fields a text may hold in braces, and what stands there once it is used.
FIELDS = {
    "number": _("number of the matter"),
    "title": _("what it is about"),
    "unit": _("the lead unit"),
    "until": _("when it is due"),
    "today": _("today's date"),
}
_FIELD = re.compile(r"\{(.*?)\}")


class ReplyTemplate(Dated):
    """A text with fields in braces such as {number}, {unit}, {until}, for one kind of answer."""

    class Use(models.TextChoices):
        PUBLIC_ANSWER = "public_answer", _("Answer to the reporter")
        RESULT = "result", _("What was done")
        REASON = "reason", _("Reason")
        NOTE = "note", _("Note")

    name = models.CharField(_("name"), max_length=60)
    use = models.CharField(_("used for"), max_length=16, choices=Use.choices)
    text = models.TextField(_("text"), max_length=2000)
    unit = models.ForeignKey(
        Unit, verbose_name=_("only for unit"), null=True, blank=True, on_delete=models.PROTECT
    )
    category = models.ForeignKey(
        Category, verbose_name=_("only for category"), null=True, blank=True,
        on_delete=models.PROTECT,
    )  # fmt: skip

    class Meta(Dated.Meta):
        ordering = ["name", "id"]
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Braces hold known fields only."""
        unknown = [name for name in _FIELD.findall(self.text) if name not in FIELDS]
        if unknown:
            said = {"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in FIELDS)}
            raise ValidationError(
                {"text": _("{%(name)s} is no field. There are: %(known)s.") % said}
            )

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with the fields replaced; what is not given stays in its braces."""
        return _FIELD.sub(lambda found: values.get(found[1], found[0]), self.text)
