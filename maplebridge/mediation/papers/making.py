"""Making papers: one, or the bound dossier with cover, index with page numbers, and back."""

from collections.abc import Iterable
from copy import deepcopy
from io import BytesIO
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxcompose.composer import Composer
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from maplebridge.kernel.errors import Conflict, NotFound
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.papers.drawing import (
    BODY,
    HEAD,
    add_field,
    draw,
    ruled_table,
    write,
)
from maplebridge.mediation.papers.facts import facts_for
from maplebridge.mediation.papers.layouts import LAYOUTS
from maplebridge.mediation.queries.dossier import papers_of
from maplebridge.mediation.queries.templates import county_template
from maplebridge.mediation.signatures import picture
from maplebridge.org.rules import Actor

SIGNATURE_MM = 11
INDEX_CM = (1.6, 8.4, 2.2, 3.6)


def layout_of(code: str, mediation: Mediation) -> str:
    """The layout a paper of the dossier is printed with: two of them have two forms."""
    if code == "application":
        return "application" if mediation.source == "applied" else "registration"
    if code == "agreement":
        return "oral" if mediation.agreement.oral else "agreement"
    return code


def make_paper(code: str, mediation: Mediation, actor: Actor) -> bytes:
    """One paper as .docx. NotFound for an unknown code, Conflict when there is nothing to print
    or a county's layout is broken."""
    there = {p.code for p in papers_of(mediation)} | {"cover", "back"}
    if _written(mediation):  # the joint application is printed before the court is asked
        there.add("confirmation")
    if code not in there:
        raise NotFound(_("This paper is not there yet."))
    return _fill(layout_of(code, mediation), mediation, actor)


def _written(mediation: Mediation) -> bool:
    agreement = getattr(mediation, "agreement", None)
    return agreement is not None and agreement.signed_on is not None and not agreement.oral


def make_dossier(mediation: Mediation, actor: Actor) -> bytes:
    """The whole dossier in the order of the law: cover, index, the papers there are, back.

    Page numbers of the index are fields: Word, WPS and LibreOffice count them when they open it.
    """
    codes = [layout_of(p.code, mediation) for p in papers_of(mediation)]
    whole = Document(BytesIO(_fill("cover", mediation, actor)))
    _index(whole, codes)
    composer = Composer(whole)
    for code in codes:
        part = Document(BytesIO(_fill(code, mediation, actor)))
        _begin_page(part, code)
        composer.append(part)
    _number_pages(composer.doc)
    _count_on_opening(composer.doc)
    out = BytesIO()
    composer.doc.save(out)
    return out.getvalue()


def _fill(layout: str, mediation: Mediation, actor: Actor) -> bytes:
    own = county_template(layout)
    template = DocxTemplate(BytesIO(own or draw(LAYOUTS[layout])))
    facts = facts_for(layout, mediation, actor)
    for party in (*facts["parties"], *facts["signers"]):
        party["signature"] = _drawn(template, party["signature"])
    try:
        template.render(facts, SandboxedEnvironment(), autoescape=True)
    except TemplateError as error:
        raise Conflict(
            _("The layout “%(paper)s” cannot be filled: %(why)s")
            % {"paper": LAYOUTS[layout].name, "why": error}
        ) from error
    _keep_signing_with_words(template.docx)
    out = BytesIO()
    template.save(out)
    return out.getvalue()


def _keep_signing_with_words(document: Any) -> None:
    """No page holds lines to sign on alone: the words above them come along."""
    for above, line in pairwise(document.paragraphs):
        if line.text.endswith("\t") and above._p.getnext() is line._p:
            above.paragraph_format.keep_with_next = True


def _drawn(template: DocxTemplate, signature: str) -> Any:
    """A signature drawn on the screen as a picture; "" where a pen signs, or words."""
    if not signature or signature.startswith("（"):
        return signature
    return InlineImage(template, picture(signature), height=Mm(SIGNATURE_MM))


def _index(document: Any, codes: Iterable[str]) -> None:
    """卷内目录 on a page of its own: number, paper, page, remark."""
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(head, "卷内目录", *HEAD, bold=True)
    head.paragraph_format.space_after = Pt(14)
    named = list(codes)
    table = ruled_table(document, len(named) + 1, INDEX_CM)
    for cell, label in zip(table.rows[0].cells, ("序号", "文书名称", "页号", "备注"), strict=True):
        write(cell.paragraphs[0], label, *BODY, bold=True)
    for number, code in enumerate(named, 1):
        cells = table.rows[number].cells
        write(cells[0].paragraphs[0], str(number), *BODY)
        write(cells[1].paragraphs[0], LAYOUTS[code].name, *BODY)
        add_field(cells[2].paragraphs[0], f"PAGEREF paper_{code} \\h")


def _begin_page(document: Any, code: str) -> None:
    """The paper begins on a new page, under a name the index points to."""
    first = document.paragraphs[0]
    first.paragraph_format.page_break_before = True
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(1000 + list(LAYOUTS).index(code)))
    start.set(qn("w:name"), f"paper_{code}")
    first._p.insert(0, start)
    first._p.append(end)


def _number_pages(document: Any) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_field(footer, "PAGE")


def _count_on_opening(document: Any) -> None:
    settings = document.settings.element
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    settings.append(deepcopy(update))
