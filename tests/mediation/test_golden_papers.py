"""Every field of every paper at its place: under its label in a table, after its label on a line."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from docx.text.paragraph import Paragraph

from maplebridge.mediation.models import Mediation
from maplebridge.mediation.papers import make_dossier, make_paper
from maplebridge.mediation.papers.layouts import BLANK, LAYOUTS
from maplebridge.mediation.papers.words import capitals
from maplebridge.mediation.queries.dossier import PAPERS, missing_papers
from tests.mediation.conftest import MONDAY

TODAY, DAY = MONDAY.date(), "2026年11月23日"
NUMBER = "（2026）上村人调字第1号"
# Names of 2 to 15 characters, as people and organisations have them; what XML would trip over.
NAMES = ("李四", "欧阳修", "司马相如", "买买提·吐尔逊江·阿卜杜", "龙泉市竹垟畲族乡盖竹村经济合作社")
HOSTILE = "<w:t>&amp; ]]> \"甲\" '乙' {{ number }} {% endfor %} \\u0000"
# paper → labels on lines → what follows them
LINES = {
    "rights": {"编号：": NUMBER},
    "inquiry": {"时间：": DAY, "被调查人：": "邻居甲"},
    "minutes": {"编号：": NUMBER, "时间：": DAY, "地点：": "村委会", "事由：": "邻里纠纷",
                "当事人：": "黄三、白四", "参加人：": "叶老（乡贤）", "权利和义务告知各方当事人。": "双方到场核对事实。",
                "调解结果：": "达成调解协议\n"},
    "agreement": {"编号：": NUMBER, "纠纷主要事实、争议事项：": "大雨致围墙倒塌。",
                  "经调解，自愿达成如下协议：": "白四出资修复。", "履行方式、时限：": "一次付清。",
                  "（印章）": f"\n{DAY}", "本协议一式": "3份"},
    "application": {"纠纷简要情况：": "大雨致围墙倒塌。", "当事人申请事项：": BLANK},
    "proof": {"编号：": NUMBER},
    "visit": {"调解协议编号：": NUMBER, "当事人：": "黄三、白四", "回访事由：": "邻里纠纷",
              "回访时间：": DAY, "履行情况：": "已履行", "满意情况：": "满意"},
    "confirmation": {"申请事项：": NUMBER, "经": "上村调委会", "此致": "龙泉市人民法院",
                     "身份证明。": "黄三"},
    "authority": {"委托人因": "邻里纠纷", "受托人（签名）：": "____年____月____日"},
    "statement": {"卷宗情况说明": "本卷文书齐全。"},
    "back": {"本卷连封面、封底共": "页"},
}  # fmt: skip
# paper → heads of its first table → the first row below them
TABLES = {
    "application": ("当事人 姓名（名称） 性别 民族 年龄 职业或职务 联系方式 单位或住址",
                    "申请人 黄三 男 畲族 42 务农 13800000001 -"),
    "rights": ("当事人 姓名（名称） 是否同意调解 告知日期 签名", f"申请人 黄三 同意 {DAY} -"),
    "identity": ("当事人 姓名（名称） 身份证号（统一社会信用代码） 核对情况",
                 "申请人 黄三 332502198401010011 已核对原件"),
    "authority": ("委托人（被代理人） 代理人 单位或住址 授权文书号", "黄三 代某 - 授权〔2026〕1号"),
    "evidence": ("序号 名称 种类 提供人 提供日期 页数 原件或复印件",
                 f"1 倒塌围墙照片 图片或录音 黄三 {DAY} 3 原件"),
    "agreement": ("当事人 姓名（名称） 性别 民族 年龄 职业或职务 联系方式 单位或住址",
                  "申请人 黄三 男 畲族 42 务农 13800000001 -"),
    "proof": ("履行人 履行内容 金额（元） 期限 履行日期",
              f"白四 赔偿围墙款 1,200.50 2026年12月1日 {DAY}"),
    "confirmation": ("当事人 姓名（名称） 性别 民族 年龄 职业或职务 联系方式 单位或住址",
                     "申请人 黄三 男 畲族 42 务农 13800000001 -"),
}  # fmt: skip


def read(data):
    """(the text with its line breaks, the tables as rows of cells) of a .docx."""
    document = Document(BytesIO(data))
    lines = [Paragraph(p, document).text for p in document.element.body.iter(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")]  # fmt: skip
    return "\n".join(lines), [[[c.text for c in r.cells] for r in t.rows] for t in document.tables]


def test_each_field_of_each_paper_is_at_its_place(table, whole):
    he = table.actor("he")
    papers = [p for p in PAPERS if p.code not in {"notice", "reply"}]  # of files of other kinds
    assert LINES.keys() | TABLES.keys() == {p.code for p in papers}
    for paper in papers:
        text, tables = read(make_paper(paper.code, whole, he))
        assert "{{" not in text
        assert "{%" not in text
        for label, value in LINES.get(paper.code, {}).items():
            at = text.index(label) + len(label)
            assert value in text[at : at + 60], (paper.code, label, text)
        if paper.code in TABLES:
            heads, first = (line.split(" ") for line in TABLES[paper.code])
            assert tables[0][0] == heads, paper.code
            assert tables[0][1] == ["" if v == "-" else v for v in first], paper.code
    table.take(whole, "confirm", outcome="confirmed", answered_on=TODAY, court_number="民特9号")
    text, _tables = read(make_paper("agreement", whole, he))
    assert "白四共付人民币壹仟贰佰元伍角整（1,200.50元）。" in text
    _text, tables = read(make_paper("confirmation", whole, he))
    assert [row[0] for row in tables[0][1:]] == ["申请人", "申请人", "申请人的委托代理人"]
    text, _tables = read(make_paper("statement", table.again(whole), he))
    assert "司法确认：龙泉市人民法院予以确认。民特9号" in text
    _text, tables = read(make_paper("cover", whole, he))
    assert {row[0]: row[1] for row in tables[0]} == {
        "卷名": "黄三与白四邻里纠纷案", "卷号": NUMBER, "人民调解员": "何平", "调解日期": f"{DAY} 至 {DAY}",
        "立卷人": "何平", "立卷日期": DAY, "保管期限": BLANK, "备注": "",
    }  # fmt: skip


@pytest.mark.parametrize(("yuan", "said"), [
    ("0", "零元整"), ("0.05", "伍分"), ("1200.05", "壹仟贰佰元零伍分"), ("1005", "壹仟零伍元整"),
    ("10500.50", "壹万零伍佰元伍角整"), ("100000", "壹拾万元整"), ("100010000", "壹亿零壹万元整"),
    ("12340050", "壹仟贰佰叁拾肆万零伍拾元整"), ("9000000000.99", "玖拾亿元玖角玖分"),
])  # fmt: skip
def test_sums_in_the_figures_that_cannot_be_altered(yuan, said):
    assert capitals(Decimal(yuan)) == said


def test_names_hostile_words_and_blanks_go_through_every_paper(table):
    """Thousands of characters, marks of XML and of the layouts' own, and nothing where nothing is."""
    long = HOSTILE + "争执。" * 1000
    for name in NAMES:
        mediation = Mediation.objects.first() or table.accepted(parties=[
            {"side": "applicant", "kind": "natural", "name": name},
            {"side": "respondent", "kind": "legal", "name": NAMES[-1], "address": HOSTILE},
        ])  # fmt: skip
        one = table.parties(mediation)[0]
        table.take(mediation, "mend_party", party=one.id, name=name)
        text, tables = read(make_paper("application", table.again(mediation), table.actor("he")))
        assert [row[1] for row in tables[0][1:]] == [name, NAMES[-1]]
        assert HOSTILE in tables[0][2][7]
    for party in table.parties(mediation):
        table.take(mediation, "inform", party=party.id, consents="yes")
    table.take(mediation, "open")
    table.take(mediation, "inquire", asked=HOSTILE[:50], minutes=long)
    table.take(mediation, "hold", minutes=long, room="joint")
    table.take(mediation, "add_evidence", evidence="other", title=HOSTILE)
    table.take(mediation, "agree_orally", terms=long)
    table.take(mediation, "visit", visited_on=TODAY, performance="none", satisfied="partly")
    mediation = table.again(mediation)
    for code in ("application", "rights", "inquiry", "evidence", "minutes",
                 "agreement", "visit", "back"):  # fmt: skip
        text, tables = read(make_paper(code, mediation, table.actor("he")))
        assert "None" not in text, code
        if code in {"inquiry", "minutes", "agreement"}:
            assert long in text, code
    whole_text, _tables = read(make_dossier(mediation, table.actor("he")))
    assert whole_text.count(long) == 3


def test_the_bound_dossier_points_to_each_paper_by_page(table, whole):
    document = Document(BytesIO(make_dossier(whole, table.actor("he"))))
    xml = document.element.xml
    marks = re.findall(r'bookmarkStart[^>]*w:name="(paper_\w+)"', xml)
    pages = re.findall(r"PAGEREF (paper_\w+) ", xml)
    assert pages == marks  # in the order in which they are bound
    assert len(set(re.findall(r'bookmarkStart w:id="(\d+)"', xml))) == len(marks)
    assert "updateFields" in document.settings.element.xml
    names = [row.cells[1].text for row in document.tables[1].rows][1:]
    assert names == [LAYOUTS[m.removeprefix("paper_")].name for m in marks]


def test_missing_required_papers_are_named(table, whole):
    assert missing_papers(whole) == []
    bare = table.agreed(matter=table.quarrel())
    assert [p.code for p in missing_papers(bare)] == ["identity", "minutes"]
    for row in bare.obligations.all():
        table.take(bare, "perform", obligation=row.id, done_on=TODAY)
    table.take(bare, "complete")
    with pytest.raises(Exception, match="身份") as refused:
        table.take(bare, "file")
    assert "调解记录" in str(refused.value)
    table.take(bare, "file", note="当场即时调解，未另作笔录。")
    text, _tables = read(make_paper("statement", table.again(bare), table.actor("he")))
    assert "缺少：当事人身份证明、调解记录。" in text
    assert "当场即时调解，未另作笔录。" in text
