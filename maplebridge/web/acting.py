"""Which steps a member of staff may take on a matter, as buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from maplebridge.kernel.flow import Step
from maplebridge.matters.flow import ENDINGS, FLOW
from maplebridge.matters.models import Assignment, Matter
from maplebridge.matters.queries import idle_steps, kinds_for
from maplebridge.org.models import Post
from maplebridge.org.rules import Actor

# Steps that only the system takes have no button.
SILENT = frozenset({"timer", "anyone"})


@dataclass(frozen=True)
class Action:
    """A button: an open step, or one that is shut with the reason."""

    step: Step
    url: str
    why_not: str = ""


def actions_for(
    actor: Actor, matter: Matter, parts: Sequence[Assignment]
) -> tuple[list[Action], list[Action]]:
    """(main, more): the steps of this status; a main step that is shut says whose it is."""
    kinds = kinds_for(actor, matter)
    main, more = [], []
    idle = idle_steps(matter) | {"acknowledge"}  # an alarm is answered where it is shown
    for step in FLOW.steps:
        if matter.status not in step.sources or step.who <= SILENT or step.who == {"reporter"}:
            continue
        if step.name in idle:
            continue
        mine = not step.who.isdisjoint(kinds)
        url = reverse("web:step", args=[matter.number, step.name])
        if mine:
            (main if step.primary else more).append(Action(step, url))
        elif step.primary and matter.status not in ENDINGS:
            main.append(Action(step, url, _whose(step, actor, matter)))
    if "helper" in kinds:
        own, more = _own_part(actor, more, parts)
        main = [*main, *own] if "handler" in kinds else [*own, *main]
    return main, more


def _own_part(
    actor: Actor, more: list[Action], parts: Sequence[Assignment]
) -> tuple[list[Action], list[Action]]:
    """(own, rest): a helping unit's own next step is a main one: accept its part, then end it."""
    mine = [p for p in parts if p.role == "helper" and p.unit_id in actor.unit_ids]
    accepted = all(p.accepted_at for p in mine if p.state == "active")
    wanted = "helper_done" if accepted else "helper_accept"
    own = [a for a in more if a.step.name == wanted]
    return own, [a for a in more if not a.step.name.startswith("helper_")]


def _whose(step: Step, actor: Actor, matter: Matter) -> str:
    if "verifier" in step.who and actor.holds("verifier"):
        return _("Nobody verifies his own work: another verifier does this.")
    if "handler" in step.who and matter.lead:
        return _("%(unit)s does this.") % {"unit": matter.lead.name}
    names = dict(Post.Kind.choices)
    who = "、".join(str(names[kind]) for kind in sorted(step.who) if kind in names)
    return _("For: %(posts)s.") % {"posts": who}
