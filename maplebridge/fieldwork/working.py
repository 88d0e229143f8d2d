"""What the desk's forms of this room do when they are sent."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from maplebridge.fieldwork import actions
from maplebridge.fieldwork.desk_forms import AskForm, PlaceForm, VisitForm
from maplebridge.fieldwork.models import Need, Place
from maplebridge.fieldwork.queries import need_seen, place_seen
from maplebridge.fieldwork.rules import KINDS
from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import visible_matter
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest


@dataclass
class Sent:
    """A form page: drawn with `context`, or `done` and led on."""

    context: dict[str, Any] = field(default_factory=dict)
    done: bool = False
    next_url: str = ""

    @property
    def status(self) -> int:
        """422 while something must be mended."""
        return 422 if self.context["form"].errors else 200


def kind_of(code: str) -> str:
    """The kind of place in the address; NotFound for another word."""
    if code not in KINDS:
        raise NotFound(_("There is no such kind of place."))
    return code


def label_of(code: str) -> object:
    """The kind of place in words."""
    return KINDS[kind_of(code)].label


def keep(actor: Actor, form: PlaceForm) -> Place | None:
    """The place that was entered; None while the form is open or was refused."""
    if not (form.is_bound and form.is_valid()):
        return None
    command = form.cleaned_data["command_id"]
    try:
        return actions.keep_place(
            place_id=command, fields=form.values(), actor=actor, command_id=command
        )
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return None


def mend(actor: Actor, form: PlaceForm) -> bool:
    """True when everything that was mended stands there now."""
    if not (form.is_bound and form.is_valid() and form.place):
        return False
    command = form.cleaned_data["command_id"]
    try:
        done = actions.mend_place(form.place.id, form.changes(), actor=actor, command_id=command)
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return False
    for name, conflict in done.conflicts.items():
        said = _("%(who)s wrote “%(theirs)s” in the meantime.")
        form.add_error(
            name if name in form.fields else None,
            said % {"who": conflict["by"] or "—", "theirs": conflict["theirs"]},
        )
    return not done.conflicts


def asking(request: StaffRequest) -> Sent:
    """The form with which somebody is asked to go; the act when it was sent."""
    place, matter = _place(request), _matter(request)
    if place is None and matter is None:
        raise NotFound(_("Say where somebody should go."))
    form = AskForm(place, request.POST or None)
    back = _back(matter)
    sent = Sent({"form": form, "place": place, "matter": matter, "back": back})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        told = {name: said[name] for name in ("kind", "reason", "due_on", "note")}
        try:
            actions.ask_visit(
                need_id=said["command_id"], actor=request.actor,
                place=place.id if place else None, matter=matter.id if matter else None, **told,
            )  # fmt: skip
            sent.done = True
            sent.next_url = back
        except (InvalidInput, Conflict) as error:
            form.refuse(error)
    return sent


def going(request: StaffRequest) -> Sent:
    """The form of a visit; the act when it was sent."""
    need = _need(request)
    place = _place(request) or (need.place if need else None)
    matter = _matter(request) or (need.matter if need else None)
    if place is None and matter is None:
        raise NotFound(_("Say where you were."))
    form = VisitForm(_kind(request, need, place), place, request.POST or None)
    sent = Sent({"form": form, "place": place, "matter": matter, "need": need})
    if form.is_bound and form.is_valid():
        try:
            actions.record_visit(
                actor=request.actor, need=need.id if need else None,
                place=place.id if place else None, matter=matter.id if matter else None,
                **form.values(request, request.actor),
            )  # fmt: skip
            sent.done = True
            sent.next_url = reverse("fieldwork:place", args=[place.id]) if place else _list()
        except (InvalidInput, Conflict) as error:
            form.refuse(error)
    return sent


def _kind(request: StaffRequest, need: Need | None, place: Place | None) -> str:
    if need is not None:
        return need.kind
    wanted = request.GET.get("kind") == "inspection"
    has_sheet = place is not None and bool(KINDS[place.kind].checklist)
    return "inspection" if wanted and has_sheet else "visit"


def _list() -> str:
    return reverse("fieldwork:needs")


def _place(request: StaffRequest) -> Place | None:
    asked = request.GET.get("place", "")
    return place_seen(request.actor, _uuid(asked)) if asked else None


def _need(request: StaffRequest) -> Need | None:
    asked = request.GET.get("need", "")
    return need_seen(request.actor, _uuid(asked)) if asked else None


def _back(matter: Matter | None) -> str:
    """Where whoever asked came from."""
    return reverse("web:matter", args=[matter.number]) if matter else _list()


def _matter(request: StaffRequest) -> Matter | None:
    number = request.GET.get("matter", "")
    return visible_matter(request.actor, number) if number else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(_("There is nothing here.")) from error
