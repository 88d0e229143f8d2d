"""The default layouts of the papers as tables of blocks, in the ministry's words.

Source: 司法部《人民调解文书格式》 (司发通〔2010〕239号) as counties print it. A county takes a
layout out as .docx, edits it in Word or WPS, and puts it back; `{{ … }}` and `{% … %}` are filled
when a paper is made (docxtpl). Words in the layouts are Chinese by law and are not translated.
"""

from maplebridge.mediation.papers.blocks import (
    BLANK,
    Block,
    Layout,
    close,
    facts,
    line,
    only_if,
    signs,
    text,
    title,
)

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
_DAY = "____年____月____日"  # by hand
_NUMBER = line("编号：{{ number }}")
_SEAL = "{{ committee }}（印章）"
_OWED = only_if("obligations", Block(
    "rows", each="o in obligations", widths=(3.4, 5.6, 2.7, 4.1),
    rows=(("履行人", "履行内容", "金额（元）", "期限"),
          ("{{ o.who }}", "{{ o.words }}", "{{ o.amount }}", "{{ o.due }}"))),
    text("{%p for s in sums %}"),
    text("{{ s.who }}共付人民币{{ s.capitals }}（{{ s.amount }}元）。"),
    text("{%p endfor %}"))  # fmt: skip

LAYOUTS = {
    layout.code: layout
    for layout in (
        Layout("cover", "封面", (
            Block("name", "{{ committee }}"),
            title("人民调解卷宗"),
            Block("cover", widths=(3.8, 12.0), rows=(
                ("卷名", "{{ case }}"), ("卷号", "{{ number }}"),
                ("人民调解员", "{{ mediators }}"),
                ("调解日期", "{{ begun }} 至 {{ ended }}"), ("立卷人", "{{ filer }}"),
                ("立卷日期", "{{ filed }}"), ("保管期限", "{{ keep }}"), ("备注", "{{ remark }}"),
            )),
        )),
        Layout("application", "人民调解申请书", (
            title("人民调解申请书"),
            _PARTIES,
            line("纠纷简要情况："),
            text("{{ brief }}"),
            line("当事人申请事项："),
            text("{{ requests }}"),
            text("人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解委员会进行调解。"),
            signs(("申请人（签名、盖章或者按指印）：",)),
            close("{{ applied_on }}"),
        )),
        Layout("registration", "人民调解受理登记表", (
            title("人民调解受理登记表"),
            _NUMBER,
            facts(
                ("受理日期", "{{ accepted }}"), ("人民调解委员会", "{{ committee }}"),
                ("纠纷类型", "{{ type }}"), ("案件来源", "{{ source }}"),
                ("委托（移送）机关", "{{ body }}"), ("函号", "{{ letter }}"),
            ),
            _PARTIES,
            line("纠纷简要情况："),
            text("{{ brief }}"),
            signs(("当事人（签名）：",), ("登记人（签名）：",)),
            close(_SEAL, "{{ entered }}"),
            line("备注：此表由人民调解委员会填写。"),
        )),
        Layout("rights", "当事人权利义务告知书", (
            title("人民调解当事人权利义务告知书"),
            _NUMBER,
            text("人民调解委员会调解民间纠纷，遵循当事人自愿、平等的原则，不违背法律、法规和国家政策，"
                  "尊重当事人的权利，不因调解而阻止当事人依法通过仲裁、行政、司法等途径维护自己的权利。"
                  "调解不收取任何费用。"),
            text("一、当事人在调解活动中享有下列权利："),
            text("（一）选择或者接受人民调解员；（二）接受调解、拒绝调解或者要求终止调解；"
                  "（三）要求调解公开进行或者不公开进行；（四）自主表达意愿、自愿达成调解协议。"),
            text("二、当事人在调解活动中履行下列义务："),
            text("（一）如实陈述纠纷事实；（二）遵守调解现场秩序，尊重人民调解员；"
                  "（三）尊重对方当事人行使权利。"),
            text("三、调解协议具有法律约束力，当事人应当按照约定履行。自调解协议生效之日起三十日内，"
                  "双方可以共同向人民法院申请司法确认。"),
            Block("signed", each="p in parties", widths=(2.6, 3.2, 2.4, 4.1, 3.5),
                  rows=(("当事人", "姓名（名称）", "是否同意调解", "告知日期", "签名"),
                        ("{{ p.side }}", "{{ p.name }}", "{{ p.consents }}", "{{ p.informed }}",
                         ""))),
        )),
        Layout("identity", "当事人身份证明", (
            title("当事人身份证明"),
            Block("rows", each="p in parties", widths=(2.2, 4.0, 6.2, 3.4),
                  rows=(("当事人", "姓名（名称）", "身份证号（统一社会信用代码）", "核对情况"),
                        ("{{ p.side }}", "{{ p.name }}", "{{ p.id_number }}", "{{ p.checked }}"))),
            signs(("核对人（签名）：",)),
            close(_DAY),
        )),
        Layout("authority", "授权委托书", (
            title("授权委托书"),
            text("委托人因{{ type }}，现委托下列人员作为代理人，"
                 "参加{{ committee }}主持的人民调解。"),
            Block("rows", each="p in proxies", widths=(4.2, 2.8, 4.6, 4.2),
                  rows=(("委托人（被代理人）", "代理人", "单位或住址", "授权文书号"),
                        ("{{ p.stands_for }}", "{{ p.name }}", "{{ p.address }}",
                         "{{ p.authority }}"))),
            text("{%p for p in proxies %}"),
            text("{{ p.name }}的委托权限：{{ p.power }}。"),
            text("{%p endfor %}"),
            signs(("委托人（签名）：", "受托人（签名）：")),
            close(_DAY),
        )),
        Layout("inquiry", "调查记录", (
            text("{%p for q in inquiries %}"),
            Block("page", "人民调解调查记录"),
            line("时间：{{ q.at }}　　地点：{{ q.place }}"),
            line(f"参加人：{BLANK}"),
            line(f"被调查人：{{{{ q.name }}}}　性别：____　年龄：____　职业：{BLANK}"),
            line(f"联系方式：{BLANK}　　单位或住址：{BLANK}"),
            text("{{ q.words }}"),
            signs(("被调查人（签名）：",), ("调查人（签名）：", "记录人（签名）：")),
            text("{%p endfor %}"),
        )),
        Layout("evidence", "证据材料", (
            title("证据材料清单"),
            Block("rows", each="e in evidence", widths=(1.2, 3.6, 1.8, 2.4, 4.1, 1.1, 1.6),
                  rows=(("序号", "名称", "种类", "提供人", "提供日期", "页数", "原件或复印件"),
                        ("{{ e.n }}", "{{ e.title }}", "{{ e.kind }}", "{{ e.by }}", "{{ e.on }}",
                         "{{ e.pages }}", "{{ e.original }}"))),
            signs(("提供人（签名）：", "收件人（签名）：")),
        )),
        Layout("minutes", "调解记录", (
            text("{%p for s in sessions %}"),
            Block("page", "人民调解记录"),
            _NUMBER,
            line("时间：{{ s.at }}　　地点：{{ s.place }}"),
            line("事由：{{ type }}"),
            line("当事人：{{ s.present }}"),
            line("参加人：{{ companions }}"),
            *only_if("loop.first", *only_if("rights_told", text("{{ rights_told }}"))),
            text("{{ s.words }}"),
            *only_if("loop.last", line("调解结果：{{ settled }}")),
            signs(("当事人（签名）：",), ("",)),
            *only_if("companions != '无'", signs(("参加人（签名）：",))),
            signs(("人民调解员（签名）：", "记录人（签名）：")),
            close(_SEAL, "{{ s.on }}"),
            text("{%p endfor %}"),
        )),
        Layout("agreement", "人民调解协议书", (
            title("人民调解协议书"),
            _NUMBER,
            _PARTIES,
            line("纠纷主要事实、争议事项："),
            text("{{ facts }}"),
            *only_if("issues", text("{{ issues }}")),
            line("经调解，自愿达成如下协议："),
            text("{{ terms }}"),
            line("履行方式、时限："),
            text("{{ manner }}"),
            *_OWED,
            line("本协议一式{{ copies }}份，当事人、人民调解委员会各持一份。"),
            Block("signed", each="p in signers", widths=(4.8, 11.0),
                  rows=(("当事人", "签名、盖章或者按指印"), ("{{ p.name }}", "{{ p.signature }}"))),
            signs(("人民调解员（签名）：", "记录人（签名）：")),
            close(_SEAL, "{{ signed }}"),
        )),
        Layout("oral", "人民调解口头协议登记表", (
            title("人民调解口头协议登记表"),
            _NUMBER,
            _PARTIES,
            line("纠纷主要事实、争议事项："),
            text("{{ facts }}"),
            line("协议内容："),
            text("{{ terms }}"),
            line("履行方式、时限："),
            text("{{ manner }}"),
            *_OWED,
            signs(("人民调解员（签名）：",)),
            close(_SEAL, "{{ signed }}"),
        )),
        Layout("notice", "终止调解（不予受理）告知书", (
            title("{{ ending }}告知书"),
            _NUMBER,
            line("当事人：{{ names }}"),
            line("事由：{{ type }}"),
            text("上述纠纷于{{ applied_on }}在{{ committee }}登记。因{{ ended_why }}，"
                  "于{{ ended }}{{ ending }}。"),
            text("依照《中华人民共和国人民调解法》第三条、第二十六条，现告知：{{ elsewhere }}"),
            text("人民调解不影响当事人依法行使上述权利；双方愿意再次调解的，可以重新申请，调解不收取任何费用。"),
            signs(("当事人（签名）：",), ("",), ("人民调解员（签名）：",)),
            close(_SEAL, "{{ ended }}"),
        )),
        Layout("proof", "履行凭证", (
            title("调解协议履行凭证"),
            _NUMBER,
            Block("rows", each="o in done", widths=(2.5, 2.8, 2.3, 4.1, 4.1),
                  rows=(("履行人", "履行内容", "金额（元）", "期限", "履行日期"),
                        ("{{ o.who }}", "{{ o.words }}", "{{ o.amount }}", "{{ o.due }}",
                         "{{ o.done }}"))),
            signs(("收款人（签名）：",)),
        )),
        Layout("visit", "回访记录", (
            title("人民调解回访记录"),
            line("调解协议编号：{{ number }}"),
            line("当事人：{{ names }}"),
            line("回访事由：{{ type }}"),
            text("{%p for v in visits %}"),
            line("回访时间：{{ v.on }}"),
            line("履行情况：{{ v.performance }}　　满意情况：{{ v.satisfied }}"),
            *only_if("v.words", text("{{ v.words }}")),
            text("{%p endfor %}"),
            signs(("回访人（签名）：",)),
        )),
        Layout("confirmation", "司法确认申请书", (
            title("司法确认申请书"),
            _PARTIES,
            line("申请事项："),
            text("请求依法确认申请人于{{ signed }}达成的人民调解协议（编号为{{ number }}）有效。"),
            line("事实和理由："),
            text("申请人因{{ type }}，经{{ committee }}主持调解，自愿达成上述调解协议，"
                  "现共同申请司法确认。申请人没有恶意串通、规避法律的行为；如果因为该协议内容给他人造成损害，"
                  "愿意承担相应的民事责任和其他法律责任。"),
            line("　　此致"),
            line("{{ court }}"),
            line("附：人民调解协议书；调解组织证明；与协议有关的财产权利证明（有的）；"
                  "当事人资格证明、身份证明。"),
            Block("signed", each="p in signers", widths=(6.0, 9.8),
                  rows=(("申请人", "签名、盖章或者按指印"), ("{{ p.name }}", ""))),
            close("{{ asked }}"),
        )),
        Layout("reply", "委托（移送）调解结果反馈函", (
            title("委托（移送）调解结果反馈函"),
            line("{{ addressee }}："),
            text("贵单位来函（{{ letter }}）委托（移送）的{{ title }}，当事人{{ names }}，"
                  "由{{ committee }}登记调解，编号{{ number }}。现将结果反馈如下："),
            line("调解结果：{{ result }}"),
            line("办结日期：{{ ended }}"),
            line("履行情况：{{ performance }}"),
            *only_if("onward", text("{{ onward }}")),
            close(_SEAL, "{{ replied }}"),
        )),
        Layout("statement", "卷宗情况说明", (
            title("卷宗情况说明"),
            text("{{ lacking }}"),
            *only_if("outcome", text("司法确认：{{ court }}{{ outcome }}。{{ court_number }}")),
            *only_if("filing_note", text("{{ filing_note }}")),
            signs(("立卷人（签名）：", "检查人（签名）：")),
            close("{{ filed }}"),
        )),
        Layout("back", "封底", (
            title("封　底"),
            Block("count", "本卷连封面、封底共 # 页。"),
            signs(("装订人（签名）：", "检查人（签名）：")),
            close("{{ bound }}"),
        )),
    )
}  # fmt: skip
