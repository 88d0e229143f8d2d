"""The way from any page of mediations to the others one's post opens."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()
# Name of the page, its label, its icon, and whose it is.
DOORS = (
    ("list", _("Mediations"), "handshake", {"handler"}),
    ("numbers", _("Register of numbers"), "list", {"handler", "supervisor"}),
    ("claims", _("Subsidy"), "file-check", {"handler"}),
    ("sheet", _("Subsidy sheet"), "file-check", {"supervisor"}),
    ("reviews", _("Dossier reviews"), "eye", {"handler", "supervisor"}),
    ("skills", _("Skills and languages"), "users", {"handler"}),
    ("figures", _("Figures"), "chart", {"handler", "supervisor", "verifier", "dispatcher"}),
    ("committees", _("Committees"), "building", {"administrator", "supervisor"}),
    ("layouts", _("Layouts of papers"), "file", {"administrator", "supervisor"}),
)


@register.inclusion_tag("mediation/parts/doors.html", takes_context=True)
def mediation_doors(context: template.Context) -> dict[str, Any]:
    """The menu of the other pages, without the one that is open."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    doors = [
        {"url": reverse(f"mediation:{name}"), "label": label, "icon": icon}
        for name, label, icon, kinds in DOORS
        if request.actor.holds(*kinds) and here != f"mediation:{name}"
    ]
    return {"doors": doors}
