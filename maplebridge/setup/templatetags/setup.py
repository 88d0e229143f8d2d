"""The menu of setup and small words of its pages."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()
PAGES = [
    ("overview", _("Overview"), "home"),
    ("duties", _("Duty list"), "scale"),
    ("categories", _("Categories and limits"), "tag"),
    ("calendar", _("Work calendar"), "calendar"),
    ("replies", _("Reply templates"), "message"),
    ("posts", _("Units and posts"), "building"),
    ("absences", _("Absences"), "users"),
    ("roster", _("Roster"), "clock"),
    ("accounts", _("Accounts"), "user"),
    ("who_gets", _("Who would get this?"), "question"),
    ("history", _("Changes"), "archive"),
]
# Pages of other rooms on which a piece of the organisation is kept.
ELSEWHERE = [
    ("mediation:committees", _("Mediation committees"), "handshake"),
    ("mediation:layouts", _("Layouts of papers"), "file"),
    ("web:message_deliveries", _("Channels that fail"), "bell"),
]
# Which page a row of a list belongs to.
PAGE_OF = {
    "duty": "duties", "category": "categories", "limits": "categories", "unit": "posts",
    "post": "posts", "absence": "absences", "shift": "roster", "day": "calendar",
    "season": "calendar", "year": "calendar", "reply": "replies", "person": "accounts",
}  # fmt: skip


@register.inclusion_tag("setup/parts/menu.html", takes_context=True)
def setup_menu(context: template.Context) -> dict[str, Any]:
    """The pages of setup, the present one marked."""
    request = context["request"]
    match = request.resolver_match
    kept = getattr(context.get("kept"), "name", "")
    here = PAGE_OF.get(match.kwargs.get("name", kept), match.url_name)
    here = {"account": "accounts", "new_account": "accounts", "notice": "calendar"}.get(here, here)
    pages = [
        {"label": label, "url": reverse(f"setup:{name}"), "icon": icon, "active": name == here}
        for name, label, icon in PAGES
    ]
    pages += [
        {"label": label, "url": reverse(name), "icon": icon, "active": False}
        for name, label, icon in ELSEWHERE
    ]
    return {"pages": pages}
