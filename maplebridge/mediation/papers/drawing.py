"""Layouts drawn as .docx files that Word, WPS and LibreOffice open and a county can edit."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from maplebridge.mediation.papers.blocks import Block, Layout

# The sizes of official papers (GB/T 9704): body 仿宋 16 pt, headings 宋体 22 pt; tables smaller.
BODY, HEAD, TABLE = ("仿宋", 14), ("宋体", 22), ("仿宋", 11)
ROW_CM, SIGN_ROW_CM, COVER_ROW_CM = 0.9, 1.2, 1.2  # for a pen; a finger's print; a cover
CELL_CM = (0.1, 0.15)  # free above and below the words of a cell, and beside them
GAP_PT = 6  # free below a table
COVER_PT = 110  # free above the name on a cover
# Where lines to sign on end and the second of a row begins, of a text width of 15.8 cm.
WIDE_CM, HALF_CM, SECOND_CM = 15.8, 7.6, 8.2


def draw(layout: Layout) -> bytes:
    """The layout as the bytes of a .docx with its fields still open."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.2)
    normal = document.styles["Normal"]
    _font(normal, *BODY)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(4), 1.15
    for block in layout.blocks:
        _DRAWERS[block.kind](document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = name, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def write(paragraph: Any, text: str, name: str, size: float, *, bold: bool = False) -> None:
    """Words in a paragraph, in a font that holds for Chinese too; size in points."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = name, Pt(size), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _title(document: Any, block: Block) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(14)
    write(paragraph, block.text, *HEAD, bold=True)


def _page(document: Any, block: Block) -> None:
    """A title on a new page: each record of several is a sheet of its own."""
    _title(document, block)
    document.paragraphs[-1].paragraph_format.page_break_before = True


def _name(document: Any, block: Block) -> None:
    """The committee's name as it stands on a cover."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(COVER_PT)
    paragraph.paragraph_format.space_after = Pt(28)
    write(paragraph, block.text, *HEAD)


def _line(document: Any, block: Block) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(4)
    paragraph.paragraph_format.keep_with_next = True  # no label alone at the foot of a page
    write(paragraph, block.text, *BODY)


def _close(document: Any, block: Block) -> None:
    """Seal and date at the right, each on its line, as official papers end."""
    lines = block.text.split("\n")
    for text in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_before = Pt(12 if text is lines[0] else 0)
        paragraph.paragraph_format.keep_with_next = text is not lines[-1]
        write(paragraph, text, *BODY)


def _text(document: Any, block: Block) -> None:
    """A paragraph with its first line two characters in; a text of several is as many of them."""
    paragraph = document.add_paragraph()
    if not block.text.startswith("{%p"):  # a loop's own paragraph goes away
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Pt(2 * BODY[1])
    write(paragraph, block.text, *BODY)


def _facts(document: Any, block: Block) -> None:
    table = ruled_table(document, len(block.rows), block.widths)
    for row, (label, value) in zip(table.rows, block.rows, strict=True):
        _cell(row.cells[0], label, bold=True)
        _cell(row.cells[1], value)
    _gap(document)


def _cover(document: Any, block: Block) -> None:
    """Facts in the size of a cover."""
    table = ruled_table(document, len(block.rows), block.widths, COVER_ROW_CM)
    for row, (label, value) in zip(table.rows, block.rows, strict=True):
        write(row.cells[0].paragraphs[0], label, *BODY, bold=True)
        write(row.cells[1].paragraphs[0], value, *BODY)


def _rows(document: Any, block: Block) -> None:
    """A head row, and one row repeated for each item: docxtpl's {%tr … %} rows stand around it."""
    table = ruled_table(document, 4, block.widths)
    head, values = block.rows
    for cell, label in zip(table.rows[0].cells, head, strict=True):
        _cell(cell, label, bold=True)
    _cell(table.rows[1].cells[0], "{%tr for " + block.each + " %}")
    for cell, value in zip(table.rows[2].cells, values, strict=True):
        _cell(cell, value)
    _cell(table.rows[3].cells[0], "{%tr endfor %}")
    _repeat_head(table.rows[0])
    _gap(document)


def _signed(document: Any, block: Block) -> None:
    """Rows to sign in: they stay on one sheet with each other and with the lines below them."""
    _rows(document, block)
    for row in document.tables[-1].rows[1:]:
        row.height = Cm(SIGN_ROW_CM)
    for row in document.tables[-1].rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _gap(document: Any) -> None:
    """A narrow space below a table, so that an agreement of two sides stays on one sheet."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(GAP_PT)
    write(paragraph, " ", BODY[0], GAP_PT - 1)


def _signs(document: Any, block: Block) -> None:
    """Rows of one or two lines to sign on: a label, and a rule as far as there is room."""
    for labels in block.rows:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(12)
        paragraph.paragraph_format.keep_with_next = True  # no date or seal alone on a page
        stops = paragraph.paragraph_format.tab_stops
        ends = (HALF_CM, WIDE_CM) if len(labels) > 1 else (WIDE_CM,)
        for end in ends:
            stops.add_tab_stop(Cm(end), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
        if len(labels) > 1:
            stops.add_tab_stop(Cm(SECOND_CM))
        write(paragraph, "\t\t".join(labels) + "\t", *BODY)


def _count(document: Any, block: Block) -> None:
    """A line with the number of pages of the whole document, counted when it is opened."""
    paragraph = document.add_paragraph()
    before, after = block.text.split("#")
    write(paragraph, before, *BODY)
    add_field(paragraph, "NUMPAGES")
    write(paragraph, after, *BODY)


def add_field(paragraph: Any, instruction: str) -> None:
    """A field with a first value, counted anew when the file is opened."""
    parts = (("begin", ""), ("", instruction), ("separate", ""), ("value", "1"), ("end", ""))
    for kind, text in parts:
        run = paragraph.add_run()
        if kind == "value":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            words = OxmlElement("w:instrText")
            words.set(qn("xml:space"), "preserve")
            words.text = text
            run._r.append(words)


def ruled_table(document: Any, rows: int, widths: tuple[float, ...], height: float = ROW_CM) -> Any:
    """A table with lines; its columns and the least height of its rows in centimetres."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row.height, row.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            lines = cell.paragraphs[0].paragraph_format
            lines.space_after, lines.line_spacing = Pt(0), 1
    return table


def _margins(table: Any) -> None:
    """Words keep away from the rules."""
    margins = OxmlElement("w:tblCellMar")
    for side, free in zip(("top", "left", "bottom", "right"), CELL_CM * 2, strict=True):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(Cm(free).twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def _cell(cell: Any, text: str, *, bold: bool = False) -> None:
    write(cell.paragraphs[0], text, *TABLE, bold=bold)


def _repeat_head(row: Any) -> None:
    """The head stands again on the next page when a table breaks."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


_DRAWERS = {
    "title": _title, "page": _page, "name": _name, "line": _line, "text": _text, "close": _close,
    "facts": _facts, "cover": _cover, "rows": _rows, "signs": _signs, "signed": _signed,
    "count": _count,
}  # fmt: skip
