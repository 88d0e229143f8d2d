"""The default layouts of the papers as tables of blocks, in the ministry's words.

Source: 司法部《人民调解文书格式》 (司发通〔2010〕239号) as counties print it. A county takes a
layout out as .docx, edits it in Word or WPS, and puts it back; `{{ … }}` and `{% … %}` are filled
when a paper is made (docxtpl). Words in the layouts are Chinese by law and are not translated.
"""

from dataclasses import dataclass, field

BLANK = "________"


@dataclass(frozen=True)
class Block:
    """One piece of a paper: `kind` is title, page (a title on a new page), name (the committee's on
    a cover), line, text, close (seal and date), facts (label and value in a table), cover (facts on
    a cover), rows (a table filled once for each item of a list), signed (such a table kept on one
    sheet with what follows), signs (rows of one or two to sign), or count (# stands for the number
    of pages)."""

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
    return Block("facts", rows=rows, widths=(3.8, 12.0))


def _signs(*rows: tuple[str, ...]) -> Block:
    return Block("signs", rows=rows)


def _close(text: str) -> Block:
    return Block("close", text)


def _if(condition: str, *blocks: Block) -> tuple[Block, ...]:
    """Blocks that stand in a paper only where there is something to print."""
    return (_text("{%p if " + condition + " %}"), *blocks, _text("{%p endif %}"))


_WHO = (
    "{{ p.side }}", "{{ p.name }}", "{{ p.sex }}", "{{ p.ethnicity }}", "{{ p.age }}",
    "{{ p.occupation }}", "{{ p.phone }}", "{{ p.address }}",
)  # fmt: skip
_PARTIES = Block(
    "rows", each="p in parties", widths=(1.9, 2.4, 1.1, 1.1, 1.1, 1.9, 3.2, 3.1),
    rows=(
        ("当事人", "姓名（名称）", "性别", "民族", "年龄", "职业或职务", "联系方式", "单位或住址"),
        _WHO,
    ),
)  # fmt: skip
_NUMBER = _line("编号：{{ number }}")
_SEAL = "{{ committee }}（印章）　　"
_OWED = _if("obligations", Block(
    "rows", each="o in obligations", widths=(3.4, 5.6, 2.7, 4.1),
    rows=(("履行人", "履行内容", "金额（元）", "期限"),
          ("{{ o.who }}", "{{ o.words }}", "{{ o.amount }}", "{{ o.due }}"))))  # fmt: skip

LAYOUTS = {
    layout.code: layout
    for layout in (
        Layout("cover", "封面", (
            Block("name", "{{ committee }}"),
            _title("人民调解卷宗"),
            Block("cover", widths=(3.8, 12.0), rows=(
                ("卷名", "{{ title }}"), ("卷号", "{{ number }}"),
                ("人民调解员", "{{ mediators }}"),
                ("调解日期", "{{ begun }} 至 {{ ended }}"), ("立卷人", "{{ filer }}"),
                ("立卷日期", "{{ filed }}"), ("保管期限", "{{ keep }}"), ("备注", "{{ remark }}"),
            )),
        )),
        Layout("application", "人民调解申请书", (
            _title("人民调解申请书"),
            _PARTIES,
            _line("纠纷简要情况："),
            _text("{{ brief }}"),
            _line("当事人申请事项："),
            _text("{{ requests }}"),
            _text("人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解委员会进行调解。"),
            _signs(("申请人（签名、盖章或者按指印）：",)),
            _close("{{ applied_on }}"),
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
            _signs(("当事人（签名）：", "登记人（签名）：")),
            _close(_SEAL + "{{ applied_on }}"),
            _line("备注：此表由人民调解委员会填写。"),
        )),
        Layout("rights", "当事人权利义务告知书", (
            _title("人民调解当事人权利义务告知书"),
            _NUMBER,
            _text("人民调解委员会调解民间纠纷，遵循当事人自愿、平等的原则，不违背法律、法规和国家政策，"
                  "尊重当事人的权利，不因调解而阻止当事人依法通过仲裁、行政、司法等途径维护自己的权利。"
                  "调解不收取任何费用。"),
            _text("一、当事人在调解活动中享有下列权利："),
            _text("（一）选择或者接受人民调解员；（二）接受调解、拒绝调解或者要求终止调解；"
                  "（三）要求调解公开进行或者不公开进行；（四）自主表达意愿、自愿达成调解协议。"),
            _text("二、当事人在调解活动中履行下列义务："),
            _text("（一）如实陈述纠纷事实；（二）遵守调解现场秩序，尊重人民调解员；"
                  "（三）尊重对方当事人行使权利。"),
            _text("三、调解协议具有法律约束力，当事人应当按照约定履行。自调解协议生效之日起三十日内，"
                  "双方可以共同向人民法院申请司法确认。"),
            Block("rows", each="p in parties", widths=(3.0, 4.0, 4.5, 4.3),
                  rows=(("当事人", "姓名（名称）", "是否同意调解", "告知日期"),
                        ("{{ p.side }}", "{{ p.name }}", "{{ p.consents }}", "{{ p.informed }}"))),
            _signs(("当事人（签名）：",)),
        )),
        Layout("identity", "当事人身份证明", (
            _title("当事人身份证明"),
            Block("rows", each="p in parties", widths=(2.2, 4.0, 6.2, 3.4),
                  rows=(("当事人", "姓名（名称）", "身份证号（统一社会信用代码）", "核对情况"),
                        ("{{ p.side }}", "{{ p.name }}", "{{ p.id_number }}", "{{ p.checked }}"))),
            _signs(("核对人（签名）：",)),
        )),
        Layout("authority", "授权委托书", (
            _title("授权委托书"),
            Block("rows", each="p in proxies", widths=(4.2, 2.8, 4.6, 4.2),
                  rows=(("委托人（被代理人）", "代理人", "单位或住址", "授权文书号"),
                        ("{{ p.stands_for }}", "{{ p.name }}", "{{ p.address }}",
                         "{{ p.authority }}"))),
            _text("{%p for p in proxies %}"),
            _text("{{ p.name }}的委托权限：{{ p.power }}。"),
            _text("{%p endfor %}"),
            _signs(("委托人（签名）：", "受托人（签名）：")),
        )),
        Layout("inquiry", "调查记录", (
            _text("{%p for q in inquiries %}"),
            Block("page", "人民调解调查记录"),
            _line("时间：{{ q.at }}　　地点：{{ q.place }}"),
            _line(f"参加人：{BLANK}"),
            _line(f"被调查人：{{{{ q.name }}}}　性别：____　年龄：____　职业：{BLANK}"),
            _line(f"联系方式：{BLANK}　　单位或住址：{BLANK}"),
            _text("{{ q.words }}"),
            _signs(("被调查人（签名）：",), ("调查人（签名）：", "记录人（签名）：")),
            _text("{%p endfor %}"),
        )),
        Layout("evidence", "证据材料", (
            _title("证据材料清单"),
            Block("rows", each="e in evidence", widths=(1.2, 3.6, 1.8, 2.4, 4.1, 1.1, 1.6),
                  rows=(("序号", "名称", "种类", "提供人", "提供日期", "页数", "原件或复印件"),
                        ("{{ e.n }}", "{{ e.title }}", "{{ e.kind }}", "{{ e.by }}", "{{ e.on }}",
                         "{{ e.pages }}", "{{ e.original }}"))),
            _signs(("提供人（签名）：", "收件人（签名）：")),
        )),
        Layout("minutes", "调解记录", (
            _text("{%p for s in sessions %}"),
            Block("page", "人民调解记录"),
            _NUMBER,
            _line("时间：{{ s.at }}　　地点：{{ s.place }}"),
            _line("事由：{{ type }}"),
            _line("当事人：{{ s.present }}"),
            _line("参加人：{{ companions }}"),
            _text("{{ s.words }}"),
            *_if("loop.last", _line("调解结果：{{ result }}")),
            _signs(("当事人（签名）：",), ("人民调解员（签名）：", "记录人（签名）：")),
            _close(_SEAL + "{{ s.on }}"),
            _text("{%p endfor %}"),
        )),
        Layout("agreement", "人民调解协议书", (
            _title("人民调解协议书"),
            _NUMBER,
            _PARTIES,
            _line("纠纷主要事实、争议事项："),
            _text("{{ facts }}"),
            *_if("issues", _text("{{ issues }}")),
            _line("经调解，自愿达成如下协议："),
            _text("{{ terms }}"),
            _line("履行方式、时限："),
            _text("{{ manner }}"),
            *_OWED,
            _line("本协议一式{{ copies }}份，当事人、人民调解委员会各持一份。"),
            Block("signed", each="p in signers", widths=(4.8, 11.0),
                  rows=(("当事人", "签名、盖章或者按指印"), ("{{ p.name }}", "{{ p.signature }}"))),
            _signs(("人民调解员（签名）：", "记录人（签名）：")),
            _close(_SEAL + "{{ signed }}"),
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
            *_OWED,
            _signs(("人民调解员（签名）：",)),
            _close(_SEAL + "{{ signed }}"),
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
            _signs(("当事人（签名）：", "人民调解员（签名）：")),
            _close(_SEAL + "{{ ended }}"),
        )),
        Layout("proof", "履行凭证", (
            _title("调解协议履行凭证"),
            _NUMBER,
            Block("rows", each="o in done", widths=(2.5, 2.8, 2.3, 4.1, 4.1),
                  rows=(("履行人", "履行内容", "金额（元）", "期限", "履行日期"),
                        ("{{ o.who }}", "{{ o.words }}", "{{ o.amount }}", "{{ o.due }}",
                         "{{ o.done }}"))),
            _signs(("收款人（签名）：",)),
        )),
        Layout("visit", "回访记录", (
            _title("人民调解回访记录"),
            _line("调解协议编号：{{ number }}"),
            _line("当事人：{{ names }}"),
            _line("回访事由：{{ type }}"),
            _text("{%p for v in visits %}"),
            _line("回访时间：{{ v.on }}"),
            _line("履行情况：{{ v.performance }}　　满意情况：{{ v.satisfied }}"),
            *_if("v.words", _text("{{ v.words }}")),
            _text("{%p endfor %}"),
            _signs(("回访人（签名）：",)),
        )),
        Layout("confirmation", "司法确认申请书", (
            _title("司法确认申请书"),
            _PARTIES,
            _line("申请事项："),
            _text("请求依法确认申请人于{{ signed }}达成的人民调解协议（编号为{{ number }}）有效。"),
            _line("事实和理由："),
            _text("申请人因{{ type }}，经{{ committee }}主持调解，自愿达成上述调解协议，"
                  "现共同申请司法确认。申请人没有恶意串通、规避法律的行为；如果因为该协议内容给他人造成损害，"
                  "愿意承担相应的民事责任和其他法律责任。"),
            _line("　　此致"),
            _line("{{ court }}"),
            _line("附：人民调解协议书、调解组织证明、身份证明。"),
            Block("signed", each="p in signers", widths=(6.0, 9.8),
                  rows=(("申请人", "签名、盖章或者按指印"), ("{{ p.name }}", ""))),
            _close("{{ asked }}"),
        )),
        Layout("reply", "委托（移送）调解结果反馈函", (
            _title("委托（移送）调解结果反馈函"),
            _line("{{ body }}："),
            _text("贵单位来函（{{ letter }}）委托（移送）的{{ title }}，当事人{{ names }}，"
                  "由{{ committee }}登记调解，编号{{ number }}。现将结果反馈如下："),
            _line("调解结果：{{ result }}"),
            _line("办结日期：{{ ended }}"),
            _line("履行情况：{{ performance }}"),
            *_if("onward", _text("{{ onward }}")),
            _close(_SEAL + "{{ today }}"),
        )),
        Layout("statement", "卷宗情况说明", (
            _title("卷宗情况说明"),
            _text("{{ lacking }}"),
            *_if("outcome", _text("司法确认：{{ court }}{{ outcome }}。{{ court_number }}")),
            *_if("filing_note", _text("{{ filing_note }}")),
            _signs(("立卷人（签名）：", "检查人（签名）：")),
            _close("{{ filed }}"),
        )),
        Layout("back", "封底", (
            _title("封　底"),
            Block("count", "本卷连封面、封底共 # 页。"),
            _signs(("装订人（签名）：", "检查人（签名）：")),
            _close("{{ today }}"),
        )),
    )
}  # fmt: skip
