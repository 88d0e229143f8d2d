"""Each paper read back from its .docx: every field where it belongs, and nothing that isn't its."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Pt

from maplebridge.kernel.errors import Conflict, NotAllowed, NotFound
from maplebridge.mediation.models import PaperTemplate
from maplebridge.mediation.papers import make_dossier, make_paper
from maplebridge.mediation.papers.drawing import draw
from maplebridge.mediation.papers.layouts import BLANK, LAYOUTS
from maplebridge.trust.models import AccessLog
from tests.mediation.conftest import MONDAY

TODAY = MONDAY.date()


def words(data):
    """Text of a .docx: paragraphs and table cells in their order of kind."""
    document = Document(BytesIO(data))
    lines = [p.text for p in document.paragraphs]
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*lines, *cells])


def cells(data, table=0):
    return [[c.text for c in row.cells] for row in Document(BytesIO(data)).tables[table].rows]


def make(table, mediation, code, who="he"):
    return make_paper(code, mediation, table.actor(who))


EXPECTED = {
    "cover": ["上村调委会", "邻里纠纷案", "（2026）上村人调字第1号", "何平", "2026年11月23日"],
    "application": ["人民调解申请书", "黄三", "13800000001", "畲族", "大雨致围墙倒塌。"],
    "rights": ["（2026）上村人调字第1号", "同意", "不收取任何费用", "黄三", "白四"],
    "identity": ["332502198401010011", "已核对原件"],
    "authority": ["黄三", "代某", "授权〔2026〕1号", "代某的委托权限：特别授权"],
    "inquiry": ["邻居甲", "墙是雨后倒的"],
    "evidence": ["倒塌围墙照片", "3", "黄三"],
    "minutes": ["双方到场核对事实。", "村委会", "叶老（乡贤）", "黄三、白四"],
    "agreement": ["大雨致围墙倒塌。", "谁来修。", "白四出资修复。", "一次付清。", "1,200.50",
                  "2026年12月1日", "本协议一式"],
    "proof": ["赔偿围墙款", "2026年11月23日"],
    "visit": ["和好如初。", "已履行", "满意"],
    "confirmation": ["龙泉市人民法院", "邻里纠纷", "2026年11月23日"],
    "statement": ["本卷文书齐全。"],
    "back": ["共"],
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(EXPECTED))
def test_each_field_stands_in_its_paper(table, whole, code):
    said = words(make(table, whole, code))
    for value in EXPECTED[code]:
        assert value in said, value
    assert "{{" not in said
    assert "{%" not in said
    assert "愿意多赔两百" not in said  # a private talk is in no paper


def test_a_drawing_that_is_not_in_the_vault_is_named_as_such(table, whole):
    """Drawn before the vault kept drawings: it was not erased, for the party is still there."""
    agreement = whole.agreement
    agreement.signatures[table.parties(whole)[1].id.hex] = "screen"
    agreement.save()
    rows = cells(make(table, table.again(whole), "agreement"), 2)
    assert rows[1:] == [
        ["白四", "（已在屏幕上签名，签名图样未存入本卷）"], ["代某（黄三的委托代理人）", ""],
    ]  # fmt: skip


def test_what_a_paper_does_not_print_is_not_even_opened(table, whole):
    for code in ("minutes", "visit", "proof", "rights", "evidence"):
        last = AccessLog.objects.order_by("-id").first()
        said = words(make(table, whole, code))
        for secret in ("332502198401010011", "畲族", "务农", "13800000001"):
            assert secret not in said
        read = AccessLog.objects.filter(id__gt=last.id if last else 0)
        assert set(read.values_list("field", flat=True)) == {"party.name"}
        assert all(LAYOUTS[code].name in entry.purpose for entry in read)
    assert "332502198401010011" not in words(make(table, whole, "agreement"))


def test_rows_follow_their_parties(table, whole):
    rows = cells(make(table, whole, "application"))
    assert rows[0][:3] == ["当事人", "姓名（名称）", "性别"]
    assert [row[1] for row in rows[1:]] == ["黄三", "白四", "代某"]
    assert rows[1][2:6] == ["男", "畲族", "42", "务农"]
    assert rows[3][2] == ""  # not asked: left for the pen


@pytest.mark.parametrize(
    "name", ["李四", "买买提·吐尔逊江·阿卜杜拉", "龙泉市竹垟畲族乡盖竹村股份经济合作社"[:15]]
)
def test_names_of_any_length(table, name):
    parties = [{"side": "applicant", "kind": "natural", "name": name},
               {"side": "respondent", "kind": "natural", "name": "<b>&白"}]  # fmt: skip
    mediation = table.accepted(parties=parties)
    said = words(make(table, mediation, "application"))
    assert name in said
    assert "<b>&白" in said  # marks of the file format are words here


def test_long_words_and_empty_fields(table):
    mediation = table.mediating()
    long = "双方陈述。" * 2000
    table.take(mediation, "hold", minutes=long, room="joint")
    table.take(mediation, "hold", minutes="　　第一段。\n  第二段。\n\n第三段。", room="joint")
    data = make(table, table.again(mediation), "minutes")
    said = words(data)
    assert long in said
    assert BLANK in said
    own = table.accepted(matter=table.quarrel(), source="initiative", applied_by="")
    sheet = cells(make(table, own, "application"))
    assert [row[1] for row in sheet[4:6]] == ["无", "无"]  # nobody entrusted it
    lines = Document(BytesIO(data)).paragraphs
    # Each record is a sheet of its own, and a result stands on the last alone.
    assert [p.paragraph_format.page_break_before for p in lines if p.text == "人民调解记录"] == [
        True, True,
    ]  # fmt: skip
    assert said.count("当事人（签名）：") == 2
    assert said.count("调解结果：") == 1
    # Each paragraph begins two characters in, none is empty, and the last holds on to the signing.
    told = [p for p in lines if p.text in {"第一段。", "第二段。", "第三段。"}]
    assert [p.paragraph_format.first_line_indent for p in told] == [Pt(28)] * 3
    signing = [p for p in lines if p.text.startswith("当事人（签名）")]
    before = [lines[[q._p for q in lines].index(p._p) - 1] for p in signing]
    assert all(p.paragraph_format.keep_with_next for p in before)


def test_registered_and_oral_have_forms_of_their_own(table):
    mediation = table.mediating(source="entrusted", body="court", letter="诉前委派3号")
    owes = {"party": table.parties(mediation)[1].id, "text": "送还梯子", "due_on": "2026-12-01"}
    table.take(mediation, "agree_orally", terms="当场道歉", obligations=[owes])
    mediation = table.again(mediation)
    said = words(make(table, mediation, "application"))
    assert "受理登记表" in said
    assert "诉前委派3号" in said
    said = words(make(table, mediation, "agreement"))
    assert "口头协议登记表" in said
    assert "当场道歉" in said
    assert "送还梯子" in said


def test_only_what_is_there_is_printed_and_only_for_its_mediator(table):
    mediation = table.accepted()
    for code in ("agreement", "visit", "nonsense"):
        with pytest.raises(NotFound):
            make(table, mediation, code)
    with pytest.raises(NotAllowed):
        make(table, mediation, "application", who="zhao")


def test_the_bound_dossier_has_every_paper_once_in_order(table, whole):
    document = Document(BytesIO(make_dossier(whole, table.actor("he"))))
    xml = document.element.xml
    order = ["application", "rights", "identity", "authority", "inquiry", "evidence", "minutes",
             "agreement", "proof", "visit", "confirmation", "statement", "back"]  # fmt: skip
    marks = [f'w:name="paper_{code}"' for code in order]
    assert [xml.count(mark) for mark in marks] == [1] * len(order)
    assert sorted(marks, key=xml.index) == marks
    index = [[c.text for c in row.cells] for row in document.tables[1].rows]
    assert [row[1] for row in index[1:]] == [LAYOUTS[code].name for code in order]
    assert all(f"PAGEREF paper_{code} " in xml for code in order)


def test_a_county_puts_its_own_layout_in_place(table, whole):
    own = Document()
    own.add_paragraph("本县格式 {{ number }} {{ committee }}")
    out = BytesIO()
    own.save(out)
    row = {"layout": "visit", "person": table.people.zhao, "at": MONDAY}
    PaperTemplate.objects.create(file=out.getvalue(), valid_from=date(2026, 1, 1), **row)
    assert words(make(table, whole, "visit")) == "本县格式 （2026）上村人调字第1号 上村调委会"
    PaperTemplate.objects.create(file=b"", valid_from=date(2026, 2, 1), **row)
    assert "回访记录" in words(make(table, whole, "visit"))
    broken = Document()
    broken.add_paragraph("{{ number ")
    out = BytesIO()
    broken.save(out)
    PaperTemplate.objects.create(file=out.getvalue(), valid_from=date(2026, 3, 1), **row)
    with pytest.raises(Conflict):
        make(table, whole, "visit")


def test_every_layout_is_drawn_and_names_known_fields_only(table, whole):
    for code, layout in LAYOUTS.items():
        assert Document(BytesIO(draw(layout))), code
