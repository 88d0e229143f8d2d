"""The set words of the papers, and how days, sums and texts are written in them. Chinese by law."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from maplebridge.mediation.models import Mediation, Party
from maplebridge.mediation.papers.blocks import BLANK
from maplebridge.org.queries import directory

WHY = {"failed": "双方未能达成调解协议", "withdrawn": "当事人要求终止调解"}
WAYS = "当事人可以依法通过仲裁、行政、司法等途径维护自己的权利。"
ERASED = "（屏幕签名已依法删除）"
# Signed on the screen, but the drawing is not in the vault: it came from elsewhere, or before.
NOT_KEPT = "（已在屏幕上签名，签名图样未存入本卷）"
# Room to write by hand what a section says, and what the applicant asks for.
ROOM = BLANK * 6
REQUESTS = "\a".join(f"{n}．{ROOM}" for n in (1, 2, 3))
BODIES_CN = {
    "court": "人民法院", "procuratorate": "人民检察院", "police": "公安机关",
    "petition": "信访部门", "other": "有关单位",
}  # fmt: skip
POWERS_CN = {
    "general": "一般授权：代为参加调解，陈述事实，提出意见；承认、变更、放弃请求"
    "和签署协议由本人决定",
    "special": "特别授权：代为参加调解，陈述事实，承认、变更、放弃请求，进行和解，签署调解协议",
}
KEPT = {"performed": "已全部履行", "agreed": "正在按约定履行", "broken": "未按约定履行"}
# What whoever entrusted it is asked to see to.
NOT_AGREED = "未达成调解协议，请贵单位依法处理。"
ONWARD = {
    "performed": "", "agreed": "协议正在履行；当事人不履行的，请贵单位依法处理。",
    "broken": "协议未按约定履行，请贵单位依法处理。",
}  # fmt: skip
RESULTS = {
    "agreed": "达成调解协议", "performed": "达成调解协议并已履行", "broken": "达成调解协议",
    "withdrawn": "当事人终止调解", "refused": "一方当事人拒绝调解",
}  # fmt: skip
RIGHTS_TOLD = "人民调解委员会已将人民调解的性质、原则、效力以及当事人的权利和义务告知各方当事人。"
SETTLED = "达成调解协议"
DIGITS, PLACES, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿")


def standing(party: Party, *, joint: bool = False) -> str:
    """A side, or by what right somebody stands for it; all are applicants of a joint one."""
    side = "申请人" if joint else str(party.get_side_display())
    if party.represents is None:
        return side
    return f"{side}的{'法定代理人' if party.represents.needs_guardian else '委托代理人'}"


def paragraphs(text: str) -> str:
    """Each line of a text as a paragraph of its own (docxtpl's mark is the bell), without the
    spaces by which people indent: the layout indents."""
    return "\a".join(line for row in text.splitlines() if (line := row.strip()))


def day_said(value: date | datetime | None) -> str:
    """As papers write a day; a blank for none."""
    if value is None:
        return BLANK
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


def moment_said(value: datetime) -> str:
    """Day and time of day."""
    local = timezone.localtime(value)
    return f"{day_said(value)}{local:%H:%M}"


def addressee(mediation: Mediation) -> str:
    """To whom a result goes back: the police station of the place, else to be filled in."""
    if mediation.body != "police":
        return f"{BLANK}（{BODIES_CN.get(mediation.body, BLANK)}）"
    station = directory().unit_near("police", mediation.area_code, timezone.localdate())
    return station.name if station else BODIES_CN["police"]


def case_name(parties: Sequence[Party], name: Callable[[UUID], str], kind: str) -> str:
    """卷名: the first of each side, with a word for the others of it, and the type of dispute."""
    named = []
    for side in ("applicant", "respondent"):
        found = [p for p in parties if p.side == side and not p.represents_id]
        if found:
            named.append(name(found[0].subject) + ("等" if len(found) > 1 else ""))
    return f"{'与'.join(named)}{kind}案"


def sums(mediation: Mediation, name: Callable[[UUID], str]) -> list[dict[str, str]]:
    """What each side pays in all, as a number and in the figures that cannot be altered."""
    told: dict[UUID, Decimal] = {}
    for row in mediation.obligations.select_related("party"):
        if row.amount:
            told[row.party.subject] = told.get(row.party.subject, Decimal(0)) + row.amount
    return [
        {"who": name(subject), "amount": f"{yuan:,.2f}", "capitals": capitals(yuan)}
        for subject, yuan in told.items()
    ]


def capitals(yuan: Decimal) -> str:
    """A sum below 10¹² yuan in the figures that cannot be altered (人民币大写)."""
    whole, fen = divmod(int(yuan * 100), 100)
    said = f"{_figures(whole)}元" if whole or not fen else ""
    if not fen:
        return f"{said}整"
    jiao, left = divmod(fen, 10)
    said += f"{DIGITS[jiao]}角" if jiao else "零" if whole else ""
    return said + (f"{DIGITS[left]}分" if left else "整")


def _figures(number: int) -> str:
    """A whole number below 10¹² in capital figures."""
    said, gap, digits = "", False, str(number)
    for at, digit in enumerate(digits):
        group, place = divmod(len(digits) - at - 1, 4)
        if digit != "0":
            said += f"{'零' if gap else ''}{DIGITS[int(digit)]}{PLACES[place]}"
        gap = digit == "0"
        if place == 0 and int(digits[max(0, at - 3) : at + 1]):
            said, gap = said + GROUPS[group], gap and group == 0
    return said or DIGITS[0]
