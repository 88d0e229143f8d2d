"""The default layouts of the papers as tables of blocks, in the ministry's words.

Source: 司法部《人民调解文书格式》 (司发通〔2010〕239号) as counties print it. A county takes a
layout out as .docx, edits it in Word or WPS, and puts it back; `{{ … }}` and `{% … %}` are filled
when a paper is made (docxtpl). Words in the layouts are Chinese by law and are not translated.
"""

from dataclasses import dataclass, field

BLANK = "________"


@dataclass(frozen=True)
class Block:
    """One piece of a paper: `kind` is title, name (the committee's on a cover), line, text, facts
    (label and value in a table), rows (a table filled once for each item of a list), signed (such
    a table kept on one sheet with what follows), signs, count (# stands for the number of pages),
    or break (a new page)."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    each: str = ""
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A paper's layout: the code of its template file, its name on the index, its blocks."""

    code: str
    name: str
    blocks: tuple[Block, ...] = field(default=())


def _title(text: str) -> Block:
    return Block("title", text)


def _line(text: str) -> Block:
    return Block("line", text)


def _text(text: str) -> Block:
    return Block("text", text)


def _facts(*rows: tuple[str, str]) -> Block:
    return Block("facts", rows=rows, widths=(3.6, 12.0))


def _signs(*labels: str) -> Block:
    return Block("signs", rows=tuple((label,) for label in labels))


_WHO = (
    "{{ p.side }}", "{{ p.name }}", "{{ p.sex }}", "{{ p.ethnicity }}", "{{ p.age }}",
    "{{ p.occupation }}", "{{ p.phone }}", "{{ p.address }}",
)  # fmt: skip
_PARTIES = Block(
    "rows", each="p in parties", widths=(2.1, 2.2, 1.1, 1.3, 1.1, 2.0, 3.3, 2.7),
    rows=(
        ("当事人", "姓名（名称）", "性别", "民族", "年龄", "职业或职务", "联系方式", "单位或住址"),
        _WHO,
    ),
)  # fmt: skip
_NUMBER = _line("编号：{{ number }}")

LAYOUTS = {
    layout.code: layout
    for layout in (
        Layout("cover", "封面", (
            Block("name", "{{ committee }}"),
            _title("人民调解卷宗"),
            _facts(
                ("卷名", "{{ title }}"), ("卷号", "{{ number }}"),
                ("人民调解员", "{{ mediators }}"),
                ("调解日期", "{{ begun }} 至 {{ ended }}"), ("立卷人", "{{ filer }}"),
                ("立卷日期", "{{ filed }}"), ("保管期限", "{{ keep }}"), ("备注", "{{ remark }}"),
            ),
        )),
        Layout("application", "人民调解申请书", (
            _title("人民调解申请书"),
            _PARTIES,
            _line("纠纷简要情况："),
            _text("{{ brief }}"),
            _line("当事人申请事项："),
            _text("{{ requests }}"),
            _text("人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解委员会进行调解。"),
            _signs("申请人（签名盖章或按指印）：", "{{ applied_on }}"),
        )),
        Layout("registration", "人民调解受理登记表", (
            _title("人民调解受理登记表"),
            _NUMBER,
            _facts(
                ("受理日期", "{{ accepted }}"), ("人民调解委员会", "{{ committee }}"),
                ("纠纷类型", "{{ type }}"), ("案件来源", "{{ source }}"),
                ("委托（移送）机关", "{{ body }}"), ("函号", "{{ letter }}"),
            ),
            _PARTIES,
            _line("纠纷简要情况："),
            _text("{{ brief }}"),
            _signs("当事人（签名）：", "登记人（签名）："),
            _line("{{ committee }}（印章）　　{{ applied_on }}"),
            _line("备注：此表由人民调解委员会填写。"),
        )),
        Layout("rights", "当事人权利义务告知书", (
            _title("人民调解当事人权利义务告知书"),
            _NUMBER,
            _text("人民调解委员会调解民间纠纷，遵循当事人自愿、平等的原则，不违背法律、法规和国家政策，"
                  "尊重当事人的权利，不因调解而阻止当事人依法通过仲裁、行政、司法等途径维护自己的权利。"
                  "调解不收取任何费用。"),
            _line("一、当事人在调解活动中享有下列权利："),
            _text("（一）选择或者接受人民调解员；（二）接受调解、拒绝调解或者要求终止调解；"
                  "（三）要求调解公开进行或者不公开进行；（四）自主表达意愿、自愿达成调解协议。"),
            _line("二、当事人在调解活动中履行下列义务："),
            _text("（一）如实陈述纠纷事实；（二）遵守调解现场秩序，尊重人民调解员；"
                  "（三）尊重对方当事人行使权利。"),
            _line("三、调解协议具有法律约束力，当事人应当按照约定履行。自调解协议生效之日起三十日内，"
                  "双方可以共同向人民法院申请司法确认。"),
            Block("rows", each="p in parties", widths=(3.0, 4.0, 4.5, 4.3),
                  rows=(("当事人", "姓名（名称）", "是否同意调解", "告知日期"),
                        ("{{ p.side }}", "{{ p.name }}", "{{ p.consents }}", "{{ p.informed }}"))),
            _signs("当事人（签名）："),
        )),
        Layout("identity", "当事人身份证明", (
            _title("当事人身份证明"),
            Block("rows", each="p in parties", widths=(2.4, 3.0, 5.6, 4.8),
                  rows=(("当事人", "姓名（名称）", "身份证号（统一社会信用代码）", "核对情况"),
                        ("{{ p.side }}", "{{ p.name }}", "{{ p.id_number }}", "{{ p.checked }}"))),
            _signs("核对人（签名）："),
        )),
        Layout("authority", "授权委托书", (
            _title("授权委托书"),
            Block("rows", each="p in proxies", widths=(3.0, 2.8, 5.6, 4.4),
                  rows=(("委托人（被代理人）", "代理人", "单位或住址", "授权文书号"),
                        ("{{ p.stands_for }}", "{{ p.name }}", "{{ p.address }}",
                         "{{ p.authority }}"))),
            _text("委托权限：代为参加调解，陈述事实，承认、变更、放弃请求，进行和解，签署调解协议。"),
            _signs("委托人（签名）：", "受托人（签名）："),
        )),
        Layout("inquiry", "调查记录", (
            _title("人民调解调查记录"),
            _text("{%p for q in inquiries %}"),
            _line("时间：{{ q.at }}　　地点：{{ q.place }}"),
            _line("被调查人：{{ q.name }}"),
            _text("{{ q.words }}"),
            _signs("被调查人（签名）：", "调查人（签名）：", "记录人（签名）："),
            _text("{%p endfor %}"),
        )),
        Layout("evidence", "证据材料", (
            _title("证据材料清单"),
            Block("rows", each="e in evidence", widths=(1.3, 2.8, 2.2, 2.0, 4.2, 1.3, 2.0),
                  rows=(("序号", "名称", "种类", "提供人", "提供日期", "页数", "原件或复印件"),
                        ("{{ e.n }}", "{{ e.title }}", "{{ e.kind }}", "{{ e.by }}", "{{ e.on }}",
                         "{{ e.pages }}", "{{ e.original }}"))),
            _signs("提供人（签名）：", "收件人（签名）："),
        )),
        Layout("minutes", "调解记录", (
            _title("人民调解记录"),
            _NUMBER,
            _text("{%p for s in sessions %}"),
            _line("时间：{{ s.at }}　　地点：{{ s.place }}"),
            _line("事由：{{ type }}"),
            _line("当事人：{{ s.present }}"),
            _line("参加人：{{ companions }}"),
            _text("{{ s.words }}"),
            _text("{%p endfor %}"),
            _line("调解结果：{{ result }}"),
            _signs("当事人（签名）：", "人民调解员（签名）：", "记录人（签名）："),
            _line("{{ committee }}（印章）　　{{ ended }}"),
        )),
        Layout("agreement", "人民调解协议书", (
            _title("人民调解协议书"),
            _NUMBER,
            _PARTIES,
            _line("纠纷主要事实、争议事项："),
            _text("{{ facts }}"),
            _text("{{ issues }}"),
            _line("经调解，自愿达成如下协议："),
            _text("{{ terms }}"),
            _line("履行方式、时限："),
            _text("{{ manner }}"),
            Block("rows", each="o in obligations", widths=(2.6, 6.2, 2.8, 4.2),
                  rows=(("履行人", "履行内容", "金额（元）", "期限"),
                        ("{{ o.who }}", "{{ o.words }}", "{{ o.amount }}", "{{ o.due }}"))),
            _line("本协议一式{{ copies }}份，当事人、人民调解委员会各持一份。"),
            Block("signed", each="p in parties", widths=(4.8, 11.0),
                  rows=(("当事人", "签名、盖章或者按指印"), ("{{ p.name }}", "{{ p.signature }}"))),
            _signs("人民调解员（签名）：", "记录人（签名）："),
            _line("{{ committee }}（印章）　　{{ signed }}"),
        )),
        Layout("oral", "人民调解口头协议登记表", (
            _title("人民调解口头协议登记表"),
            _NUMBER,
            _PARTIES,
            _line("纠纷主要事实、争议事项："),
            _text("{{ facts }}"),
            _line("协议内容："),
            _text("{{ terms }}"),
            _line("履行方式、时限："),
            _text("{{ manner }}"),
            _signs("人民调解员（签名）："),
            _line("{{ committee }}（印章）　　{{ signed }}"),
        )),
        Layout("notice", "终止调解（不予受理）告知书", (
            _title("{{ ending }}告知书"),
            _NUMBER,
            _line("当事人：{{ names }}"),
            _line("事由：{{ type }}"),
            _text("上述纠纷于{{ applied_on }}在{{ committee }}登记。因{{ ended_why }}，"
                  "于{{ ended }}{{ ending }}。"),
            _text("依照《中华人民共和国人民调解法》第三条、第二十六条，现告知：{{ elsewhere }}"),
            _text("人民调解不影响当事人依法行使上述权利；双方愿意再次调解的，可以重新申请，调解不收取任何费用。"),
            _signs("当事人（签名）：", "人民调解员（签名）："),
            _line("{{ committee }}（印章）　　{{ ended }}"),
        )),
        Layout("proof", "履行凭证", (
            _title("调解协议履行凭证"),
            _NUMBER,
            Block("rows", each="o in done", widths=(2.0, 3.0, 2.4, 4.2, 4.2),
                  rows=(("履行人", "履行内容", "金额（元）", "期限", "履行日期"),
                        ("{{ o.who }}", "{{ o.words }}", "{{ o.amount }}", "{{ o.due }}",
                         "{{ o.done }}"))),
            _signs("收款人（签名）："),
        )),
        Layout("visit", "回访记录", (
            _title("人民调解回访记录"),
            _line("调解协议编号：{{ number }}"),
            _line("当事人：{{ names }}"),
            _line("回访事由：{{ type }}"),
            _text("{%p for v in visits %}"),
            _line("回访时间：{{ v.on }}"),
            _line("履行情况：{{ v.performance }}　　满意情况：{{ v.satisfied }}"),
            _text("{{ v.words }}"),
            _text("{%p endfor %}"),
            _signs("回访人（签名）："),
        )),
        Layout("confirmation", "司法确认申请书", (
            _title("司法确认申请书"),
            _PARTIES,
            _line("主持调解的人民调解委员会：{{ committee }}"),
            _text("申请人因{{ type }}，于{{ signed }}经{{ committee }}主持调解，达成了调解协议"
                  "（{{ number }}）。现共同请求{{ court }}依法予以确认。"),
            _text("申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议"
                  "内容给他人造成损害，愿意承担相应的民事责任和其他法律责任。"),
            _line("附：人民调解协议书、调解组织证明、身份证明。"),
            _signs("申请人（签名）：", "申请人（签名）："),
            _line("{{ asked }}　　法院答复：{{ outcome }}　{{ court_number }}"),
        )),
        Layout("statement", "卷宗情况说明", (
            _title("卷宗情况说明"),
            _text("{{ lacking }}"),
            _text("{{ filing_note }}"),
            _signs("立卷人（签名）：", "检查人（签名）："),
            _line("{{ filed }}"),
        )),
        Layout("back", "封底", (
            _title("封　底"),
            Block("count", "本卷连封面、封底共 # 页。"),
            _signs("装订人（签名）：", "检查人（签名）："),
            _line("{{ today }}"),
        )),
    )
}  # fmt: skip
