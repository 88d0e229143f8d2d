"""Whether a file is a layout that can be filled: a .docx without macros that names known fields."""

import re
import zipfile
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError, nodes
from jinja2.sandbox import SandboxedEnvironment

from maplebridge.kernel.errors import InvalidInput

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
DOCX_TYPE = b"wordprocessingml.document.main+xml"
# Parts that run, or that fetch something from elsewhere when the paper is opened.
FORBIDDEN = re.compile(
    r"vbaProject|vbaData|activeX|embeddings/|\.bin$|attachedToolbars", re.IGNORECASE
)
FETCHED = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument|image)\"")
RELATION = re.compile(rb"<Relationship [^>]*>")

_PERSON = {
    "name": "姓名（名称）", "phone": "联系方式", "address": "单位或住址", "sex": "性别",
    "ethnicity": "民族", "age": "年龄", "occupation": "职业或职务", "id_number": "身份证号",
    "representative": "法定代表人", "side": "当事人地位", "stands_for": "代理何人",
    "authority": "授权委托书号", "consents": "是否同意调解", "informed": "告知日期",
    "power": "授权范围", "checked": "证件核对情况", "signature": "屏幕签名",
}  # fmt: skip
_OWED = {"who": "履行人", "words": "履行内容", "amount": "金额", "due": "期限", "done": "履行日期"}
# Every field a layout may name, with what it is (a test holds it against the facts).
SAMPLE: dict[str, Any] = {
    "committee": "调委会名称", "number": "卷号", "title": "案由", "case": "卷名",
    "type": "纠纷类型",
    "mediators": "调解员", "source": "案件来源", "body": "委托（移送）机关", "letter": "函号",
    "applied_on": "申请日期", "accepted": "受理日期", "begun": "调解开始日期",
    "ended": "调解结束日期", "filed": "立卷日期", "filer": "立卷人", "keep": "保管期限",
    "entered": "受理（登记）日期", "bound": "装订日期", "replied": "反馈日期",
    "addressee": "反馈对象", "rights_told": "已告知权利义务", "settled": "调解当时的结果",
    "remark": "备注", "today": "今天日期", "brief": "纠纷简要情况", "requests": "申请事项",
    "result": "调解结果", "performance": "履行情况", "onward": "后续处理", "lacking": "缺少的文书",
    "filing_note": "立卷说明", "copies": "协议份数",
    "signed": "协议日期", "facts": "主要事实", "issues": "争议事项", "terms": "协议内容",
    "manner": "履行方式和时限", "court": "人民法院", "asked": "申请司法确认日期",
    "outcome": "司法确认结果", "court_number": "法院文书号", "names": "当事人姓名",
    "companions": "参加人", "ending": "终止调解或不予受理", "ended_why": "终止原因",
    "elsewhere": "其他救济途径",
    "parties": [_PERSON], "proxies": [_PERSON], "signers": [_PERSON],
    "obligations": [_OWED], "done": [_OWED],
    "sums": [{"who": "履行人", "amount": "合计金额", "capitals": "合计金额大写"}],
    "inquiries": [{"at": "时间", "place": "地点", "name": "被调查人", "words": "调查内容"}],
    "evidence": [{"n": "序号", "title": "证据名称", "kind": "种类", "on": "日期", "by": "提供人",
                  "pages": "页数", "original": "原件或复印件"}],
    "sessions": [{"at": "时间", "on": "日期", "place": "地点", "present": "到场当事人",
                  "words": "调解记录"}],
    "visits": [{"on": "日期", "performance": "履行情况", "satisfied": "是否满意",
                "words": "回访情况"}],
}  # fmt: skip
# A layout is filled, not computed: fields, loops over lists, and "if" are all it may hold.
COMPUTES = (nodes.Call, nodes.BinExpr, nodes.Macro, nodes.Include, nodes.Import, nodes.FromImport,
            nodes.Extends, nodes.CallBlock, nodes.Getitem)  # fmt: skip


def check_layout(data: bytes) -> None:
    """InvalidInput("file") with one sentence that says what is wrong; unknown fields by name."""
    _check_package(data)
    try:
        Document(BytesIO(data))
        template = DocxTemplate(BytesIO(data))
        _check_words(template)
        template.render(SAMPLE, SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    except InvalidInput:
        raise
    except UndefinedError as error:
        name = re.search(r"'([^']+)'$", str(error)) or re.search(r"'([^']+)'", str(error))
        raise _unknown([name[1] if name else str(error)]) from error
    except TemplateError as error:
        said = _("A field is not closed or not written right: %(why)s") % {"why": error}
        raise InvalidInput("file", said) from error
    except Exception as error:  # whatever a broken package makes its readers raise
        raise InvalidInput("file", _("This file cannot be opened as a .docx.")) from error


def _check_package(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise InvalidInput("file", _("This file is too large: at most 2 MB."))
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise InvalidInput("file", _("This file is too large: at most 2 MB."))
            names = [part.filename for part in parts]
            types = package.read("[Content_Types].xml")
            links = [package.read(name) for name in names if name.endswith(".rels")]
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError) as error:
        said = _("This is no .docx. Save it in Word or WPS as “.docx”, not “.doc” or “.wps”.")
        raise InvalidInput("file", said) from error
    if b"macroEnabled" in types or any(FORBIDDEN.search(name) for name in names):
        raise InvalidInput(
            "file", _("This file holds macros or embedded programs; save it without them.")
        )
    if any(_fetches(link) for link in links):
        raise InvalidInput(
            "file", _("This file fetches something from outside; put it into the file itself.")
        )
    if DOCX_TYPE not in types:
        said = _("This is no .docx. Save it in Word or WPS as “.docx”, not “.doc” or “.wps”.")
        raise InvalidInput("file", said)


def _fetches(links: bytes) -> bool:
    """True when a part is fetched from elsewhere as it opens; links to click may stay."""
    return any(
        b'"External"' in relation and FETCHED.search(relation)
        for relation in RELATION.findall(links)
    )


def _check_words(template: DocxTemplate) -> None:
    template.init_docx()
    parts = [template.patch_xml(template.get_xml())]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        parts += [
            template.patch_xml(template.get_part_xml(part))
            for _key, part in template.get_headers_footers(uri)
        ]
    env = SandboxedEnvironment()
    for part in parts:
        if next(env.parse(part).find_all(COMPUTES), None) is not None:
            raise InvalidInput(
                "file",
                _("Only fields, loops and conditions may stand in braces, no calculations."),
            )
    unknown = template.get_undeclared_template_variables(env) - SAMPLE.keys()
    if unknown:
        raise _unknown(sorted(unknown))


def _unknown(names: list[str]) -> InvalidInput:
    said = _("These fields are not known: %(names)s.") % {"names": "、".join(names)}
    return InvalidInput("file", said)
