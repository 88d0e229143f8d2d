"""Pages on which committees are kept: skills, committees, layouts of papers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from maplebridge.mediation import committees, layouts_page, pages
from maplebridge.mediation.actions import found_committees
from maplebridge.ui.doors import StaffRequest, for_posts

MEDIATES = ("handler",)
KEEPS = ("administrator", "supervisor")


@require_GET
@for_posts(*MEDIATES)
def skills(request: StaffRequest) -> HttpResponse:
    """Who mediates in one's committees, and what each knows."""
    return render(request, "mediation/skills.html", committees.skills_page(request.actor))


@require_http_methods(["GET", "POST"])
@for_posts(*MEDIATES)
def tell_skills(request: StaffRequest, post_id: int) -> HttpResponse:
    """Skills and languages of one mediator."""
    post = committees.post_of_colleague(request.actor, post_id)
    form = committees.SkillsForm(post, request.POST or None)
    if committees.skills_told(request, post, form):
        messages.success(request, _("Kept. Proposals of mediators go by it from now on."))
        return redirect("mediation:skills")
    context = {"form": form, "post": post}
    return render(
        request, "mediation/tell_skills.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@for_posts(*KEEPS)
def committee_list(request: StaffRequest) -> HttpResponse:
    """Every committee; sent, it enters units that mediate and are none yet."""
    if request.method == "POST":
        messages.success(request, _("New committees: %(n)s.") % {"n": found_committees()})
        return redirect("mediation:committees")
    return render(request, "mediation/committees.html", committees.committees_page(request.actor))


@require_http_methods(["GET", "POST"])
@for_posts(*KEEPS)
def committee(request: StaffRequest, code: str) -> HttpResponse:
    """Host, short name, days and types of one committee; its level is the kind of its unit."""
    row = committees.committee_named(code)
    form = committees.CommitteeForm(row, request.POST or None)
    if committees.committee_mended(request, row, form):
        messages.success(request, _("Kept."))
        return redirect("mediation:committees")
    context = {"form": form, "committee": row}
    return render(request, "mediation/committee.html", context, status=422 if form.errors else 200)


@require_GET
@for_posts(*KEEPS)
def layouts(request: StaffRequest) -> HttpResponse:
    """The papers and which layout of each holds."""
    return render(request, "mediation/layouts.html", layouts_page.layouts_page())


@require_http_methods(["GET", "POST"])
@for_posts(*KEEPS)
def layout(request: StaffRequest, code: str) -> HttpResponse:
    """One paper's layout: editions, fields, and putting a new one in place."""
    chosen = layouts_page.layout_named(code)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = layouts_page.LayoutForm(*sent)
    if layouts_page.layout_put(request, chosen, form):
        messages.success(request, _("Kept. Papers made from that day on follow it."))
        return redirect("mediation:layout", code)
    context = layouts_page.layout_page(chosen, form)
    return render(request, "mediation/layout.html", context, status=422 if form.errors else 200)


@require_GET
@for_posts(*KEEPS)
def layout_file(_request: StaffRequest, code: str, edition: int) -> HttpResponse:
    """A layout as .docx to edit: an edition, or ours under 0."""
    chosen = layouts_page.layout_named(code)
    return pages.download(layouts_page.layout_file(chosen, edition), f"{chosen.name}模板")
