"""Granting or refusing a petition with one form on its row."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.matters.flow import FLOW
from maplebridge.matters.queries.supervising import Asked
from maplebridge.web.forms import StepForm

# Petition to the steps that grant and refuse it.
DECISIONS = {
    "extension": ("extend", "refuse_extension"),
    "suspension": ("suspend", "refuse_suspension"),
    "reopening": ("reopen", "refuse_reopening"),
}
DATES = ("until", "review_on")
HELP = {
    "extension": gettext_lazy("Needed to refuse; the unit reads it."),
    "suspension": gettext_lazy(
        "Needed to refuse. Left empty, the unit's reason stands; the reporter reads it."
    ),
    "reopening": gettext_lazy("Needed to refuse; the reporter reads it."),
}


class Decision(StepForm):
    """The granting step's fields; refusing needs the reason, granting takes over the asker's."""

    use_required_attribute = False

    def __init__(self, asked: Asked, data: Any = None) -> None:
        petition, (grant, _refuse) = asked.petition, DECISIONS[asked.petition.kind]
        super().__init__(
            FLOW.step(grant),
            asked.matter,
            data,
            initial=dict.fromkeys(DATES, petition.until),
            auto_id=f"{petition.kind}-{asked.matter.id}-%s",
        )
        self.asked = asked
        self.fields["reason"].required = False
        self.fields["reason"].widget.attrs["rows"] = 2
        self.fields["reason"].help_text = str(HELP[petition.kind])

    @property
    def date(self) -> Any:
        """The date that is decided with it, if there is one."""
        name = next((n for n in DATES if n in self.fields), None)
        return self[name] if name else None

    def clean(self) -> dict[str, Any]:
        """Choose the step by the button pressed."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.data.get("decision") == "grant":
            if not said.get("reason") and "reason" in self.step.needs:
                said["reason"] = self.asked.text or _("As was asked.")
            return said
        self.step = FLOW.step(DECISIONS[self.asked.petition.kind][1])
        for name in DATES:
            said.pop(name, None)
            self.errors.pop(name, None)
        if not said.get("reason"):
            self.add_error("reason", _("Say why it is refused."))
        return said
