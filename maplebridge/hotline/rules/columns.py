"""From the names of a workbook's columns to the fields of a report."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput

# Names in the order of preference; the first field that claims a column keeps it. `sender` is the
# code under which a hotline knows its caller: it tells rows apart and is not kept as contact.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("工单编号", "工单号", "留言编号", "来电编号", "诉求编号", "受理编号", "事项编号",
           "案件编号", "流水号", "编号", "单号"),
    "title": ("主题", "标题", "题目"),
    "text": ("诉求内容", "来电内容", "反映内容", "问题描述", "内容描述", "详情", "内容", "描述"),
    "time": ("来电时间", "留言时间", "诉求时间", "受理时间", "登记时间", "反映时间", "来信时间",
             "创建时间", "提交时间", "日期", "时间"),
    "phone": ("联系电话", "来电号码", "电话号码", "手机号码", "联系方式", "手机号", "电话", "手机"),
    "name": ("诉求人姓名", "来电人姓名", "联系人", "诉求人", "来电人", "反映人", "姓名"),
    "sender": ("用户编号", "用户", "账号", "帐号", "昵称"),
    "address": ("事发地址", "事发地点", "诉求地址", "发生地点", "地址", "地点", "位置"),
    "category": ("诉求类别", "问题类别", "类别", "类型", "分类", "标签"),
}  # fmt: skip
# Columns about the office's own work, which look like a field and are none.
_OFFICE = re.compile(
    "答复|回复|办结|办理|截止|限时|派单|承办|处理|回访|反馈|满意|编辑|更新|区划|坐席"
)


def plain(name: str) -> str:
    """A column's name without width, case, spaces, marks and what stands in brackets."""
    bare = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"[\s*:：]+", "", bare).lower()


def find_columns(names: Sequence[str]) -> dict[str, str]:
    """Fields guessed from column names: {field: column name as it stands}.

    A whole synonym wins over one inside a longer name; each column serves one field.
    """
    found: dict[str, str] = {}
    open_names = [n for n in dict.fromkeys(names) if n.strip() and not _OFFICE.search(plain(n))]
    for whole in (True, False):
        for field, synonyms in FIELDS.items():
            words = (field, *synonyms)
            for word in words if field not in found else ():
                name = next((n for n in open_names if _is(plain(n), word, whole)), None)
                if name is not None:
                    found[field] = name
                    open_names.remove(name)
                    break
    return found


def _is(name: str, word: str, whole: bool) -> bool:
    return name == word if whole else len(word) > 1 and not word.isascii() and name.endswith(word)


def parse_mapping(text: str) -> dict[str, str]:
    """Read "text=内容,time=来电时间"; an empty column ("phone=") leaves the field out.

    Raises InvalidInput("mapping") for an unknown field or a part without "=".
    """
    columns: dict[str, str] = {}
    for part in re.split(r"[,，]", text):
        field, sign, column = (p.strip() for p in part.partition("="))
        if not sign or field not in FIELDS:
            raise InvalidInput(
                "mapping",
                _("%(part)s: write field=column; the fields are %(fields)s.")
                % {"part": part.strip() or "?", "fields": ", ".join(FIELDS)},
            )
        columns[field] = column
    return columns


def resolve_columns(names: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The columns to read: what was chosen, and guesses for the fields nobody spoke of.

    Raises InvalidInput("mapping") for a column that is not there, or when neither text nor title
    has one; the message lists the columns there are.
    """
    here = {plain(n): n for n in reversed(names) if n.strip()}
    columns: dict[str, str] = {}
    for field, wanted in chosen.items():
        if wanted and plain(wanted) not in here:
            raise InvalidInput(
                "mapping",
                _("There is no column %(wanted)s. The columns are: %(names)s.")
                % {"wanted": wanted, "names": _listed(names)},
            )
        if wanted:
            columns[field] = here[plain(wanted)]
    left = [n for n in names if n not in columns.values()]
    columns |= {f: n for f, n in find_columns(left).items() if f not in chosen}
    if not columns.keys() & {"text", "title"}:
        raise InvalidInput(
            "mapping",
            _(
                "No column holds the text. The columns are: %(names)s. "
                "Say which one it is: --mapping text=COLUMN"
            )
            % {"names": _listed(names)},
        )
    return columns


def _listed(names: Sequence[str]) -> str:
    return "、".join(n for n in names if n.strip()) or "–"
