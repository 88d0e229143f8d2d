"""The work lists: their words, their queries, and the posts they are for."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maplebridge.matters import queries
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import units
from maplebridge.matters.queries.verifying import sampled
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import ANY_POST


@dataclass(frozen=True)
class WorkList:
    """One list of the desk; `empty` says why nothing is there."""

    name: str
    label: str | Promise
    icon: str
    kinds: tuple[str, ...]
    read: Callable[[Actor], QuerySet[Matter]]
    lead: str | Promise
    empty: str | Promise
    key: str
    screen: str = ""  # the name of a page of its own that shows it, instead of the plain list
    in_menu: bool = True  # else a page of another list shows it as its second tab

    @property
    def url(self) -> str:
        """Where the menu leads."""
        return reverse(self.screen) if self.screen else reverse("web:list", args=[self.name])


LISTS = {
    made.name: made
    for made in (
        WorkList(
            "inbox",
            _("Inbox"),
            "inbox",
            ("dispatcher",),
            queries.inbox,
            _("New and returned matters that wait for a dispatcher, the most urgent first."),
            _("Everything has been dispatched. New reports appear here by themselves."),
            "1",
            "web:dispatch",
        ),
        WorkList(
            "unit",
            _("My unit"),
            "users",
            ("handler",),
            queries.unit_list,
            _("What your unit leads and has not handed in yet, by due time."),
            _("Your unit has nothing to do at the moment."),
            "2",
            "web:unit",
        ),
        WorkList(
            "help",
            _("Where we help"),
            "users",
            ("handler",),
            units.to_help,
            _("Matters in which a part of your unit is still open."),
            _("There is nothing to help with."),
            "",
            "web:unit",
            in_menu=False,
        ),
        WorkList(
            "handed_in",
            _("Handed in"),
            "file-check",
            ("handler",),
            units.handed_in,
            _("Handed in by your unit, waiting for a verifier."),
            _("Nothing waits for a check."),
            "",
            "web:unit",
            in_menu=False,
        ),
        WorkList(
            "verify",
            _("To verify"),
            "file-check",
            ("verifier",),
            queries.to_verify,
            _("Handled matters that wait for a second pair of eyes."),
            _("Nothing waits for verification."),
            "3",
            "web:verify",
        ),
        WorkList(
            "sampled",
            _("Settled on the spot"),
            "file-check",
            ("verifier",),
            sampled,
            _("One in ten of the matters that grid workers settle on the spot comes here."),
            _("One in ten of the matters that grid workers settle on the spot comes here."),
            "",
            "web:verify_sampled",
            in_menu=False,
        ),
        WorkList(
            "supervise",
            _("To decide"),
            "scale",
            ("supervisor",),
            queries.to_supervise,
            _("Requests for more time or reopening, second returns, and what is long overdue."),
            _("Nothing waits for your decision."),
            "4",
            "web:supervise",
        ),
        WorkList(
            "open",
            _("Everything open"),
            "list",
            ANY_POST,
            queries.open_matters,
            _("All open matters you may see."),
            _("There is no open matter in your area."),
            "5",
        ),
    )
}


def lists_for(actor: Actor) -> list[WorkList]:
    """The lists of the actor's posts, in the order of the menu."""
    return [made for made in LISTS.values() if made.in_menu and actor.holds(*made.kinds)]
