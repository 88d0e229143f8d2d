"""The form with which a dispute comes to a committee."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.mediation.fields import FIELDS
from maplebridge.mediation.form_fields import Choices
from maplebridge.mediation.queries.people import languages_offered
from maplebridge.mediation.rules import APPLIED_BY, BODIES, PARTY_KINDS, SIDES, SOURCES
from maplebridge.ui.forms import ActForm, Select

PERSONAL = ("name", "phone", "address")


class RegisterForm(ActForm):
    """A dispute comes to a committee: how, from whom, and between whom."""

    source = forms.ChoiceField(
        label=gettext_lazy("How it comes"), choices=list(SOURCES.items()), widget=forms.RadioSelect
    )
    applied_by = forms.ChoiceField(
        label=gettext_lazy("Applied"), choices=[("", "—"), *APPLIED_BY.items()], required=False,
        widget=Select,
    )  # fmt: skip
    body = forms.ChoiceField(
        label=gettext_lazy("Entrusted by"), choices=[("", "—"), *BODIES.items()], required=False,
        widget=Select,
    )  # fmt: skip
    letter = forms.CharField(label=gettext_lazy("Letter number"), max_length=60, required=False)
    police_case = forms.BooleanField(
        label=gettext_lazy("A police or criminal case is open"), required=False
    )

    def __init__(self, committees: Choices, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"source": "applied", "applied_by": "paper"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["committee"] = forms.ChoiceField(
            label=_("Committee"), choices=committees, widget=Select
        )
        languages = languages_offered()
        for side in ("applicant", "respondent"):
            kind = forms.ChoiceField(
                label=_("Kind"), choices=list(PARTY_KINDS.items()), widget=Select, initial="natural"
            )
            self.fields[f"{side}_kind"] = kind
            for name in PERSONAL:
                label = str(FIELDS[name].label)
                self.fields[f"{side}_{name}"] = forms.CharField(
                    label=label, max_length=200 if name == "address" else 60, required=False
                )
            self.fields[f"{side}_language"] = forms.ChoiceField(
                label=str(FIELDS["language"].label), required=False, widget=Select,
                choices=[("", "—"), *languages], help_text=str(FIELDS["language"].help),
            )  # fmt: skip
            self.fields[f"{side}_minor"] = forms.BooleanField(
                label=_("Under age: a guardian is entered in the file"), required=False
            )

    @property
    def sides(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Each side with its fields."""
        return [
            (SIDES[side], [self[f"{side}_{n}"] for n in ("kind", *PERSONAL, "minor", "language")])
            for side in ("applicant", "respondent")
        ]

    @property
    def before(self) -> list[forms.BoundField]:
        """The fields above the sides."""
        return [
            self[n] for n in ("committee", "source", "applied_by", "body", "letter", "police_case")
        ]

    def values(self) -> dict[str, Any]:
        """What `register` takes, but for the matter and the actor."""
        said = self.cleaned_data
        told = {n: said[n] for n in ("committee", "source", "applied_by", "body", "letter")}
        parties = [
            {
                "side": side,
                "kind": said[f"{side}_kind"],
                **{n: said[f"{side}_{n}"] for n in (*PERSONAL, "language")},
                "minor": "yes" if said[f"{side}_minor"] else "",
            }
            for side in ("applicant", "respondent")
            if said[f"{side}_name"].strip()
        ]
        return told | {"police_case": said["police_case"], "parties": parties}
