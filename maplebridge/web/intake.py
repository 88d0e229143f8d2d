"""What a counter or a telephone desk takes down for somebody, or a grid worker notes himself."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.matters.actions import follow, report
from maplebridge.matters.flow import URGENCIES
from maplebridge.matters.models import Report
from maplebridge.matters.queries import Likeness, likely_duplicates, matters_visible_to, reporter_of
from maplebridge.org.queries import directory
from maplebridge.ui.doors import StaffRequest, for_posts
from maplebridge.ui.forms import Form, Select
from maplebridge.web.forms import area_choices, category_choices

CHANNELS = [
    (Report.Channel.COUNTER, _("At the counter")),
    (Report.Channel.PHONE, _("By telephone")),
    (Report.Channel.FIELD, _("On my round")),
]
POSTS = ("dispatcher", "grid_worker")


class IntakeForm(Form):
    """A report in the words of the person who tells it."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How it came in"), choices=CHANNELS, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What happened"), widget=forms.Textarea(attrs={"rows": 5, "data-focus": ""})
    )
    category = forms.ChoiceField(label=_("Category"), required=False, widget=Select)
    area = forms.ChoiceField(label=_("Village"), required=False, widget=Select)
    address = forms.CharField(
        label=_("Place in words"), max_length=200, required=False,
        help_text=_("For example: 50 m below the bridge, left side."),
    )  # fmt: skip
    lon = forms.FloatField(widget=forms.HiddenInput, required=False)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False,
        help_text=_("Only if the person wants to be called. Encrypted; every reading is logged."),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Danger at this moment?"), required=False, widget=Select,
        help_text=_(
            "It rings at once for whoever is on duty. "
            "Tell the person to call 110, 119 or 120 first."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"command_id": uuid4(), "channel": "phone"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        choose = [("", _("Not sure"))]
        self.fields["category"].choices = [*choose, *category_choices()]  # type: ignore[attr-defined]
        self.fields["urgency"].choices = [("", _("No")), *URGENCIES]  # type: ignore[attr-defined]
        self.fields["area"].choices = [*choose, *area_choices()]  # type: ignore[attr-defined]

    @property
    def point(self) -> dict[str, float | None]:
        """The point set so far, for the map."""
        said = getattr(self, "cleaned_data", {})
        return {"lon": said.get("lon"), "lat": said.get("lat")}


@require_http_methods(["GET", "POST"])
@for_posts(*POSTS)
def intake(request: StaffRequest) -> HttpResponse:
    """Take a report down; likely duplicates are offered before it opens another matter."""
    own = "field" if not request.actor.holds("dispatcher") else "phone"
    form = IntakeForm(request.POST or None, initial={"channel": own})
    likely: list[Likeness] = []
    if request.method == "POST":
        form.take_photos(request, request.actor)
    if form.is_valid():
        likely = [] if {"sure", "join"} & request.POST.keys() else _likely(request, form)
        made = None if likely else _taken_down(request, form)
        if made:
            return redirect("web:taken_down", made.code)
    status = 422 if form.errors else 200
    return render(request, "web/intake.html", {"form": form, "likely": likely}, status=status)


def _likely(request: StaffRequest, form: IntakeForm) -> list[Likeness]:
    said, chosen = form.cleaned_data, directory().category(form.cleaned_data["category"])
    found = likely_duplicates(
        text=said["text"], lon=said["lon"], lat=said["lat"], at=timezone.now(),
        category_id=chosen.id if chosen else None,
    )  # fmt: skip
    visible = set(
        matters_visible_to(request.actor)
        .filter(pk__in=[f.matter.pk for f in found])
        .values_list("pk", flat=True)
    )
    return [f for f in found if f.matter.pk in visible and f.matter.is_open]


def _taken_down(request: StaffRequest, form: IntakeForm) -> Report | None:
    """The report, opened or joined to the matter that was picked; None when it was refused."""
    said = form.cleaned_data
    told: dict[str, Any] = {
        "text": said["text"],
        "actor": request.actor,
        "channel": said["channel"],
        "command_id": said["command_id"],
        "contact": {"name": said["name"], "phone": said["phone"]},
        "photos": form.photos_in(),
    }
    place = {k: said[k] for k in ("category", "area", "address", "lon", "lat", "urgency")}
    try:
        if joined := request.POST.get("join"):
            return follow(_joinable(request, joined), **told)
        return report(**told, **place)
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return None


def _joinable(request: StaffRequest, number: str) -> int:
    found = matters_visible_to(request.actor).filter(number=number).first()
    if found is None:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    return found.pk


@require_GET
@for_posts(*POSTS)
def taken_down(request: StaffRequest, code: str) -> HttpResponse:
    """The query code to read out, write down or print for the person."""
    found = reporter_of(code)
    if found is None or found[0].taken_by_id != request.actor.person_id:
        raise NotFound(_("There is no such report of yours."))
    made = found[0]
    track = request.build_absolute_uri(reverse("public:track", args=[made.code]))
    seen = matters_visible_to(request.actor).filter(pk=made.matter_id).exists()
    return render(
        request, "web/taken_down.html", {"report": made, "track_url": track, "seen": seen}
    )
