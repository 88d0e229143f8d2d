"""How a status and a clock light look: an icon and a tone. The words stand beside them always."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tone:
    """A tone is a CSS class (`tone-<name>`); the icon is a symbol of icons.svg."""

    name: str
    icon: str


CALM = Tone("calm", "circle")
STATUS = {
    "reported": Tone("info", "inbox"),
    "dispatched": Tone("info", "send"),
    "returned": Tone("warn", "return"),
    "accepted": Tone("info", "signed"),
    "in_progress": Tone("busy", "progress"),
    "handled": Tone("busy", "file-check"),
    "closed": Tone("good", "check-circle"),
    "archived": Tone("calm", "archive"),
    "declined": Tone("calm", "x-circle"),
    "merged": Tone("calm", "merge"),
    "referred": Tone("calm", "external"),
    "withdrawn": Tone("calm", "x-circle"),
}

# Lights of a clock: state -> (tone, word). Each has a shape of its own, so colour is never alone.
LIGHTS: dict[str, tuple[Tone, str | Promise]] = {
    "green": (Tone("green", "light-green"), _("In time")),
    "soon": (Tone("soon", "light-soon"), _("Due soon")),
    "yellow": (Tone("yellow", "light-yellow"), _("Overdue, yellow")),
    "orange": (Tone("orange", "light-orange"), _("Overdue, orange")),
    "red": (Tone("red", "light-red"), _("Overdue, red")),
    "paused": (Tone("paused", "light-paused"), _("Clock paused")),
    "stopped": (Tone("calm", "light-stopped"), _("Clock stopped")),
}
