"""The page of a party of a mediation: by its code and the telephone it left, its own parts only.

No account and no cookie: the telephone is proved once, then a signed token travels in the forms
and ends after half an hour.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.ids import normalise_query_code, uuid7
from maplebridge.mediation.actions import party_acts, party_approves
from maplebridge.mediation.actions.parties import party_actor
from maplebridge.mediation.models import Party
from maplebridge.mediation.queries.party import (
    PartySees,
    has_phone,
    party_with_code,
    seen_by_party,
)
from maplebridge.public.forms import PhoneForm
from maplebridge.trust.actions import confirms
from maplebridge.trust.throttle import throttle
from maplebridge.ui.forms import Form, Photos, Select, Text

OPEN_SECONDS = 1800
_tokens = signing.TimestampSigner(salt="maplebridge.public.party")


class PartyForm(Form):
    """An act of a party: its id, so that pressing twice acts once, and the proof of the phone."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, max_length=200)


class ApproveForm(PartyForm):
    """Sections of the edition that was read."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    section = forms.MultipleChoiceField(
        label=gettext_lazy("I approve"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def offer(self, seen: PartySees) -> None:
        """The sections not approved yet."""
        self.fields["section"].choices = [(p.name, p.label) for p in seen.parts if not p.approved]  # type: ignore[attr-defined]

    def fields_told(self) -> dict[str, Any]:
        """Nothing: approving has an act of its own."""
        return {}


class AnswerForm(PartyForm):
    """Whether one comes to a session."""

    session = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[("comes", ""), ("cannot", "")])

    def offer(self, _seen: PartySees) -> None:
        """The buttons are drawn by the page."""

    def fields_told(self) -> dict[str, Any]:
        """As the step takes it."""
        return {"session": self.cleaned_data["session"], "answer": self.cleaned_data["answer"]}


class ObjectForm(PartyForm):
    """An objection to a mediator."""

    mediator = forms.ChoiceField(label=gettext_lazy("Mediator"), widget=Select)
    reason = Text(
        label=gettext_lazy("Why should somebody else mediate?"), limit=2000,
        help_text=gettext_lazy("For example: related to the other side, or concerned himself."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def offer(self, seen: PartySees) -> None:
        """The mediators of the file."""
        self.fields["mediator"].choices = [(p.username, p.name) for p in seen.mediators]  # type: ignore[attr-defined]

    def fields_told(self) -> dict[str, Any]:
        """As the step takes it."""
        return {"mediator": self.cleaned_data["mediator"], "reason": self.cleaned_data["reason"]}


class ProofForm(PartyForm):
    """Proof that one's own obligation was performed."""

    obligation = forms.ChoiceField(label=gettext_lazy("What was done?"), widget=Select)
    note = Text(
        label=gettext_lazy("How and when"), limit=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    photos = Photos(label=gettext_lazy("Photo of the receipt or transfer"))

    def offer(self, seen: PartySees) -> None:
        """One's own obligations that are open."""
        self.fields["obligation"].choices = [  # type: ignore[attr-defined]
            (str(o.row.id), f"{o.row.due_on} {o.text[:60]}")
            for o in seen.owed
            if o.own and o.row.done_on is None
        ]

    def fields_told(self) -> dict[str, Any]:
        """As the step takes it."""
        said = self.cleaned_data
        told = {"obligation": said["obligation"], "note": said["note"]}
        return told | {"photos": self.photos_in()}


ACTS: dict[str, tuple[type[PartyForm], Any]] = {
    "approve": (ApproveForm, gettext_lazy("Your approval was recorded.")),
    "answer": (AnswerForm, gettext_lazy("Your answer was recorded; the mediator was told.")),
    "object": (
        ObjectForm,
        gettext_lazy("Your objection was recorded. The committee names somebody else or says why."),
    ),
    "send_proof": (ProofForm, gettext_lazy("Sent. The mediator looks at it and notes it.")),
}


@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, code: str) -> HttpResponse:
    """The door of a party's page; opened by the telephone, or by the token of an open page."""
    throttle(request, "code")
    found = party_with_code(normalise_query_code(code) or "")
    if found is None:
        raise NotFound(_("There is no mediation with this code. A code has eight characters."))
    opened, form = _opened(request, found)
    if not opened:
        answer = _door(request, found, form)
    else:
        answer = _page(request, found, *_acted(request, found))
    answer["Cache-Control"] = "no-store"
    return answer


def _opened(request: HttpRequest, found: Party) -> tuple[bool, PhoneForm]:
    token = request.POST.get("token", "")
    try:
        if token and _tokens.unsign(token, max_age=OPEN_SECONDS) == found.id.hex:
            return True, PhoneForm()
    except signing.BadSignature:
        form = PhoneForm()
        messages.warning(request, _("This page was open for long. Please enter it once more."))
        return False, form
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return False, form
    throttle(request, "own data")
    if confirms(found.subject, "party.phone", form.cleaned_data["phone"]):
        return True, form
    form.refuse(InvalidInput("phone", _("This is not the number your mediator has noted.")))
    return False, form


def _door(request: HttpRequest, found: Party, form: PhoneForm) -> HttpResponse:
    context = {"party": found, "form": form, "by_phone": has_phone(found)}
    status = 422 if form.errors else 200
    return render(request, "public/party_door.html", context, status=status)


def _acted(request: HttpRequest, found: Party) -> tuple[str, PartyForm | None]:
    """Take the act that was sent; its name and form when it was refused."""
    name = request.POST.get("act", "")
    if name not in ACTS:
        return "", None
    kind, thanks = ACTS[name]
    form: Any = kind(request.POST)
    form.offer(seen_by_party(found, timezone.now()))
    if name == "send_proof":
        form.take_photos(request, party_actor(found))
    if form.is_valid() and _taken(found, name, form):
        messages.success(request, str(thanks))
        return "", None
    return name, form


def _taken(found: Party, name: str, form: Any) -> bool:
    said = form.cleaned_data
    command: UUID = said["command_id"]
    try:
        if name == "approve":
            party_approves(found, said["section"], said["edition"], command_id=command)
        else:
            party_acts(found, name, form.fields_told(), command_id=command)
    except (InvalidInput, Conflict, NotAllowed, NotFound) as error:
        form.refuse(error)
        return False
    return True


def _page(
    request: HttpRequest, found: Party, refused: str, bound: PartyForm | None
) -> HttpResponse:
    found = party_with_code(found.code) or found  # as it stands after the act
    seen = seen_by_party(found, timezone.now())
    token = _tokens.sign(found.id.hex)
    made: dict[str, PartyForm] = {}
    for name, (kind, _thanks) in ACTS.items():
        if name == refused and bound is not None:
            made[name] = bound
            continue
        form: Any = kind(
            auto_id=f"{name}_%s",
            initial={"token": token, "command_id": uuid7(), "edition": seen.edition},
        )
        form.offer(seen)
        made[name] = form
    proof_due = any(o.own and o.row.done_on is None for o in seen.owed)
    context = {"seen": seen, "forms": made, "token": token, "refused": refused,
               "may_prove": proof_due and "send_proof" in seen.allowed,
               "may_object": "object" in seen.allowed and bool(seen.mediators)}  # fmt: skip
    return render(request, "public/party.html", context, status=422 if refused else 200)
