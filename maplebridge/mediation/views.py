"""The desk's pages of mediations."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from maplebridge.files.uploads import photo_response
from maplebridge.kernel.errors import NotFound
from maplebridge.mediation import figures as figure_pages
from maplebridge.mediation import pages, working
from maplebridge.mediation.file_page import file_page
from maplebridge.mediation.papers import make_dossier, make_paper
from maplebridge.mediation.papers.layouts import LAYOUTS
from maplebridge.mediation.papers.making import layout_of
from maplebridge.mediation.queries.dossier import hashes_in
from maplebridge.mediation.queries.visible import mediation_acted_on, mediation_seen
from maplebridge.mediation.register_form import RegisterForm
from maplebridge.ui.doors import StaffRequest, for_posts

MEDIATES = ("handler",)
COUNTS = ("supervisor", "verifier", "dispatcher", "handler")


@require_GET
@for_posts(*MEDIATES)
def mediations(request: StaffRequest) -> HttpResponse:
    """One's own and one's committee's mediations, heads only."""
    context = pages.list_page(request.actor, request.GET, timezone.localdate())
    return render(request, "mediation/list.html", context)


@require_GET
@for_posts(*MEDIATES)
def mediations_book(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook."""
    return pages.list_book(request)


@require_http_methods(["GET", "POST"])
@for_posts(*MEDIATES)
def new(request: StaffRequest) -> HttpResponse:
    """Register a dispute."""
    matter = working.matter_asked(request)
    form = RegisterForm(working.committees_of(request.actor), request.POST or None)
    made = working.registered(request, form, matter)
    if made:
        return redirect("mediation:file", made.id)
    context = {"form": form, "matter": matter}
    return render(request, "mediation/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_posts(*MEDIATES)
def file(request: StaffRequest, mediation_id: UUID) -> HttpResponse:
    """The file; sent back with `contacts`, it shows them too, and the reading is logged."""
    mediation = mediation_seen(request.actor, mediation_id)
    context = file_page(
        request.actor, mediation, timezone.localdate(), contacts=request.method == "POST"
    )
    return render(request, "mediation/file.html", context)


@require_GET
@for_posts(*MEDIATES)
def of_matter(request: StaffRequest, number: str) -> HttpResponse:
    """Where a message leads: to the review that waits, to the file of a matter, or to the list."""
    return redirect(working.place_of(request.actor, number))


@require_http_methods(["GET", "POST"])
@for_posts(*MEDIATES)
def step(request: StaffRequest, mediation_id: UUID, name: str) -> HttpResponse:
    """One step of the flow."""
    mediation = mediation_acted_on(request.actor, mediation_id, name)
    form = working.step_form(request, mediation, name)
    if working.taken(request, form):
        return redirect(working.after(request.actor, mediation))
    head = pages.head(mediation, request.actor, timezone.localdate())
    context = {"form": form, "mediation": mediation, "head": head, "clashes": form.clashes}
    return render(request, "mediation/step.html", context, status=422 if form.errors else 200)


@require_GET
@for_posts(*MEDIATES)
def paper(request: StaffRequest, mediation_id: UUID, code: str) -> HttpResponse:
    """One paper of the dossier as .docx; the reading of what it prints is logged."""
    mediation = mediation_seen(request.actor, mediation_id)
    data = make_paper(code, mediation, request.actor)
    return pages.download(data, f"{mediation.number}{LAYOUTS[layout_of(code, mediation)].name}")


@require_GET
@for_posts(*MEDIATES)
def photo(request: StaffRequest, mediation_id: UUID, sha256: str) -> HttpResponse:
    """A picture of the file: of a talk, of evidence, of a performance."""
    if sha256 not in hashes_in(mediation_seen(request.actor, mediation_id)):
        raise NotFound(_("There is no such photo."))
    return photo_response(sha256, request.GET.get("side", ""))  # type: ignore[return-value]


@require_GET
@for_posts(*MEDIATES)
def dossier(request: StaffRequest, mediation_id: UUID) -> HttpResponse:
    """The bound dossier as .docx."""
    mediation = mediation_seen(request.actor, mediation_id)
    return pages.download(make_dossier(mediation, request.actor), f"{mediation.number}卷宗")


@require_GET
@for_posts(*COUNTS)
def figures(request: StaffRequest) -> HttpResponse:
    """The ministry's table of a period and an area."""
    return render(
        request, "mediation/figures.html", figure_pages.figures_page(request.actor, request.GET)
    )


@require_GET
@for_posts(*COUNTS)
def figure_files(request: StaffRequest, code: str) -> HttpResponse:
    """The heads behind a figure."""
    context = figure_pages.files_page(request.actor, code, request.GET)
    return render(request, "mediation/files.html", context)


@require_GET
@for_posts(*COUNTS)
def figures_book(request: StaffRequest) -> HttpResponse:
    """The table as a workbook."""
    return figure_pages.figures_book(request)


@require_GET
@for_posts(*COUNTS)
def records_book(request: StaffRequest) -> HttpResponse:
    """One row for each dispute counted, without parties, as a workbook."""
    return figure_pages.records_book(request)
