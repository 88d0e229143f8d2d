"""What the forms of mediations do when they are sent."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.kernel.flow import Step
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import visible_matter
from maplebridge.mediation.actions import note_approvals, register, take
from maplebridge.mediation.fields import FIELDS
from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.form_fields import Choices
from maplebridge.mediation.forms import StepForm
from maplebridge.mediation.models import Committee, Mediation
from maplebridge.mediation.pages import names_of
from maplebridge.mediation.queries.conflicts import to_decide
from maplebridge.mediation.queries.entrusted import stations_of
from maplebridge.mediation.queries.reviews import reviews_of
from maplebridge.mediation.queries.visible import heads_visible_to, kinds_for, mediations_read_by
from maplebridge.mediation.register_form import RegisterForm
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest

# Kinds of fields whose form shows the parties by name.
PEOPLE = frozenset({"party", "parties", "obligation", "obligations", "signatures"})


def committees_of(actor: Actor) -> Choices:
    """Committees in which the actor mediates."""
    found = Committee.objects.filter(unit_id__in=actor.unit_ids).select_related("unit")
    return [(c.unit.code, c.unit.name) for c in found]


def matter_asked(request: StaffRequest) -> Matter:
    """The dispute named in the address; NotFound when there is none or it is not one's to see."""
    return visible_matter(request.actor, request.GET.get("matter", "").replace("\x00", ""))


def registered(request: StaffRequest, form: RegisterForm, matter: Matter) -> Mediation | None:
    """The mediation that was registered; None while the form is open or was refused."""
    if not (form.is_bound and form.is_valid()):
        return None
    before = Mediation.objects.filter(matter=matter).order_by("-registered_at").first()
    try:
        return register(
            mediation_id=form.cleaned_data["command_id"], matter=matter.id, actor=request.actor,
            previous=before.id if before else None, **form.values(),
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return None


def step_form(request: StaffRequest, mediation: Mediation, name: str) -> StepForm:
    """The form of a step; NotFound for a step the table has not, or not for this post."""
    step = FLOW.step(name)
    if step.who.isdisjoint(kinds_for(request.actor, mediation)):
        raise NotFound(_("This step is not for your post here."))
    opened = names_of(mediation, request.actor) if _names_people(step) else {}
    names: dict[UUID, str] = {s: facts.get("party.name", "") for s, facts in opened.items()}
    chosen: dict[str, Any] = {
        k: v for k, v in request.GET.items() if k in (*step.needs, *step.optional)
    }
    return StepForm(step, mediation, names, request.POST or None, initial=chosen)


def _names_people(step: Step) -> bool:
    return any(FIELDS[n].kind in PEOPLE for n in (*step.needs, *step.optional))


def after(actor: Actor, mediation: Mediation) -> str:
    """Where one stands after a step: at the file, or at the list where it is not one's to read."""
    if mediations_read_by(actor).filter(pk=mediation.pk).exists():
        return reverse("mediation:file", args=[mediation.pk])
    return reverse("mediation:list")


def place_of(actor: Actor, number: str) -> str:
    """The actor's open review of a matter's dossier, else the latest file he reads, else an
    objection his committee decides, else the list."""
    waiting = reviews_of(actor.person_id or 0).filter(
        done_at__isnull=True, mediation__matter__number=number
    )
    if review := waiting.first():
        return reverse("mediation:review", args=[review.pk])
    read = mediations_read_by(actor).filter(matter__number=number).order_by("-registered_at")
    if mediation := read.first():
        return reverse("mediation:file", args=[mediation.pk])
    own = heads_visible_to(actor).filter(matter__number=number).order_by("-registered_at").first()
    if own is not None and to_decide(own):
        return reverse("mediation:step", args=[own.pk, "appoint"])
    return reverse("mediation:entrusted" if stations_of(actor) else "mediation:list")


def taken(request: StaffRequest, form: StepForm) -> bool:
    """True when the step was taken; a refusal is shown by the form, which keeps the photos."""
    if form.is_bound:
        for name in form.photo_fields:
            form.take_photos(request, request.actor, name)
    if not (form.is_bound and form.is_valid()):
        return False
    if form.clashes and "anyway" not in request.POST:
        return False
    told = form.values()
    once = {n: form.cleaned_data[n] for n in ("command_id", "version")}
    try:
        if form.step.name == "approve":  # several sections with one press
            note_approvals(form.mediation.id, request.actor, told["party"], told["section"], **once)
        else:
            take(form.mediation.id, form.step.name, request.actor, told, **once)
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return False
    return True
