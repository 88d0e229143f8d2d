"""The digest's pages."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from maplebridge.insight import digest_page
from maplebridge.insight.actions import subscribe
from maplebridge.insight.digest_asked import asked, needed
from maplebridge.insight.queries import parts_of
from maplebridge.matters.queries.visible import AREA_KINDS
from maplebridge.notify.actions import read_about
from maplebridge.ui.doors import StaffRequest, for_posts


@require_GET
@for_posts(*AREA_KINDS)
def digest(request: StaffRequest) -> HttpResponse:
    """Today so far or a kept day, of a scope that the reader's areas cover."""
    wanted = asked(request.actor, request.GET, timezone.now())
    return render(request, "insight/digest.html", digest_page.page(wanted))


@require_GET
@for_posts(*AREA_KINDS)
def digest_of(request: StaffRequest, number: str) -> HttpResponse:
    """The digest a message speaks of; looking at it is reading the message."""
    key, day = parts_of(number)
    wanted = asked(request.actor, {"scope": key, "day": f"{day}"}, timezone.now())
    read_about(request.actor.person_id or 0, number)
    return render(request, "insight/digest.html", digest_page.page(wanted))


@require_POST
@for_posts(*AREA_KINDS)
def digest_sent(request: StaffRequest) -> HttpResponse:
    """Begin or end having a digest sent every morning."""
    wanted = asked(request.actor, request.POST, timezone.now())
    subscribe(request.actor, needed(wanted), wanted=request.POST.get("send") == "yes")
    return redirect(f"{reverse('insight:digest')}?{wanted.query}")
