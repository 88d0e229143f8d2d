"""The digest's page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maplebridge.insight import digest_page
from maplebridge.matters.queries.visible import AREA_KINDS
from maplebridge.ui.doors import StaffRequest, for_posts


@require_GET
@for_posts(*AREA_KINDS)
def digest(request: StaffRequest) -> HttpResponse:
    """Today so far or a kept day, of a scope that the reader's areas cover."""
    wanted = digest_page.asked(request.actor, request.GET, timezone.now())
    return render(request, "insight/digest.html", digest_page.page(wanted))
