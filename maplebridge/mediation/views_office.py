"""Pages of the committees' office work: subsidies, reviews, the register of numbers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maplebridge.mediation import claims, numbers, pages, reviews, slips
from maplebridge.mediation.queries.entrusted import entrusted_by
from maplebridge.mediation.queries.numbers import voidable
from maplebridge.mediation.queries.reviews import review_by
from maplebridge.mediation.queries.visible import mediation_led, mediation_seen
from maplebridge.ui.doors import StaffRequest, for_posts

MEDIATES = ("handler",)
LEADS = ("supervisor",)


@require_GET
@for_posts("handler")
def entrusted(request: StaffRequest) -> HttpResponse:
    """What one's police station entrusted, each with its result."""
    today = timezone.localdate()
    rows = [pages.head(m, request.actor, today) for m in entrusted_by(request.actor)]
    return render(request, "mediation/entrusted.html", {"rows": rows})


@require_GET
@for_posts(*MEDIATES)
def own_claims(request: StaffRequest) -> HttpResponse:
    """A mediator's own claims, and dossiers he may claim for."""
    return render(request, "mediation/claims.html", claims.own_page(request.actor))


@require_POST
@for_posts(*MEDIATES)
def claim(request: StaffRequest, mediation_id: UUID) -> HttpResponse:
    """Claim for one dossier."""
    if refused := claims.claimed(request, mediation_seen(request.actor, mediation_id)):
        messages.error(request, refused)
    else:
        messages.success(request, _("Claimed. The state of payment stands in this list."))
    return redirect("mediation:claims")


@require_GET
@for_posts(*LEADS)
def sheet(request: StaffRequest) -> HttpResponse:
    """The subsidy sheet of an area and a period."""
    return render(request, "mediation/sheet.html", claims.sheet_page(request.actor, request.GET))


@require_GET
@for_posts(*LEADS)
def sheet_book(request: StaffRequest) -> HttpResponse:
    """The sheet as a workbook."""
    return claims.sheet_book(request)


@require_http_methods(["GET", "POST"])
@for_posts(*LEADS)
def decide(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """One claim: its completeness, and the decision."""
    made, form, done = claims.decided(request, claim_id)
    if done:
        messages.success(request, _("Decided. The mediator sees it in his list."))
        return redirect("mediation:sheet")
    context = claims.claim_page(request.actor, made, form)
    return render(request, "mediation/claim.html", context, status=422 if form.errors else 200)


@require_GET
@for_posts(*MEDIATES, *LEADS)
def review_list(request: StaffRequest) -> HttpResponse:
    """Dossiers drawn for oneself, and the results for whoever leads."""
    return render(request, "mediation/reviews.html", reviews.reviews_page(request.actor))


@require_http_methods(["GET", "POST"])
@for_posts(*LEADS)
def draw(request: StaffRequest) -> HttpResponse:
    """Draw dossiers by lot."""
    form = reviews.DrawForm(request.actor, request.POST or None)
    if (n := reviews.drawn(request, form)) is not None:
        messages.success(request, _("Drawn: %(n)s dossiers, two reviewers each.") % {"n": n})
        return redirect("mediation:reviews")
    status = 422 if form.errors else 200
    return render(request, "mediation/draw.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@for_posts(*MEDIATES)
def review(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Answer the questions about a dossier drawn for oneself."""
    row = review_by(request.actor, review_id)
    form = reviews.ReviewForm(request.POST or None)
    if reviews.reviewed(request, row, form):
        messages.success(request, _("Handed in. The dossier is closed to you again."))
        return redirect("mediation:reviews")
    context = {"form": form, "row": row}
    return render(request, "mediation/review.html", context, status=422 if form.errors else 200)


@require_GET
@for_posts(*MEDIATES, *LEADS)
def number_list(request: StaffRequest) -> HttpResponse:
    """Every number of a committee and year."""
    context = numbers.numbers_page(request.actor, request.GET)
    return render(request, "mediation/numbers.html", context)


@require_http_methods(["GET", "POST"])
@for_posts(*MEDIATES)
def void(request: StaffRequest, mediation_id: UUID) -> HttpResponse:
    """Declare a number void."""
    mediation = voidable(request.actor, mediation_id)
    form = numbers.VoidForm(request.POST or None)
    if numbers.voided(request, mediation, form):
        messages.success(request, _("The number is void; it stays in the register."))
        return redirect("mediation:numbers")
    context = {"form": form, "mediation": mediation}
    return render(request, "mediation/void.html", context, status=422 if form.errors else 200)


@require_GET
@for_posts(*MEDIATES)
def slip(request: StaffRequest, mediation_id: UUID, party_id: UUID) -> HttpResponse:
    """The slip with a party's code, to print and hand over; the reading of its name is logged."""
    mediation = mediation_led(request.actor, mediation_id)
    context = slips.slip_page(request, request.actor, mediation, party_id)
    return render(request, "mediation/slips.html", context)


@require_GET
@for_posts(*MEDIATES)
def invitations(request: StaffRequest, mediation_id: UUID, session_id: UUID) -> HttpResponse:
    """Invitations to a planned session, a sheet for each party."""
    mediation = mediation_led(request.actor, mediation_id)
    context = slips.invitations_page(request, request.actor, mediation, session_id)
    return render(request, "mediation/slips.html", context)
