"""What an administrator of the Badu scenario has kept: roster, absences, reply templates."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from maplebridge.org.models import Absence, Category, Post, ReplyTemplate, Shift, Unit

AROUND = 14  # days of roster before and after the last day of the story
DAY = timedelta(days=1)
# Unit, kind of post, when a shift begins, how many hours it lasts.
WATCHES = (
    ("command", "dispatcher", time(8), 12),
    ("police", "handler", time(8, 30), 24),
    ("emergency", "grid_worker", time(9), 24),
)
REPLIES = (
    (
        "已清理现场",
        "public_answer",
        "您反映的“{title}”，{unit}已派人清理并复查。谢谢您告诉我们。",
        "E01",
    ),
    (
        "正在办理",
        "public_answer",
        "您反映的事项（编号 {number}）由{unit}办理，预计 {until} 前答复您。",
        "",
    ),
    (
        "已告知办理途径",
        "public_answer",
        "您咨询的事项请带身份证到便民服务中心窗口办理，工作日 8:30–17:30。",
        "I01",
    ),
    ("路灯已修复", "result", "{today} 现场更换灯头，线路检查正常，已试亮。", "D03"),
    ("调解成功", "result", "双方到场，经调解达成一致，当场履行。{today}", "A02"),
    ("等待材料", "reason", "需等上级主管部门批复，材料已于 {today} 报出。", ""),
)


def keep(last_day: date) -> None:
    """Fill the roster around the story's last day, two absences, six templates.

    One fire watch is left open on purpose, so that a gap can be seen.
    """
    for unit, kind, begins, hours in WATCHES:
        _watch(unit, kind, begins, hours, last_day)
    _away("command", "dispatcher", "verifier", last_day - DAY, last_day + 5 * DAY)
    _away("sanitation", "handler", "handler", last_day, last_day + 3 * DAY)
    categories = {c.code: c for c in Category.objects.all()}
    ReplyTemplate.objects.bulk_create(
        ReplyTemplate(name=name, use=use, text=text, category=categories.get(code))
        for name, use, text, code in REPLIES
    )


def _watch(code: str, kind: str, begins: time, hours: int, last_day: date) -> None:
    posts = list(Post.objects.filter(unit__code=code, kind=kind).order_by("id"))
    start = timezone.make_aware(datetime.combine(last_day - AROUND * DAY, begins))
    length = timedelta(hours=hours)
    shifts = [
        Shift(
            post=posts[n % len(posts)],
            starts_at=start + n * length,
            ends_at=start + (n + 1) * length,
        )
        for n in range(2 * AROUND * 24 // hours)
    ]
    if code == "emergency":
        del shifts[AROUND + 2]
    Shift.objects.bulk_create(shifts)


def _away(code: str, kind: str, stand_in_kind: str, first: date, last: date) -> None:
    """The last holder of a kind of post in a unit is away; another one stands in."""
    unit = Unit.objects.get(code=code)
    post = Post.objects.filter(unit=unit, kind=kind).order_by("-id")[0]
    others = Post.objects.filter(unit=unit, kind=stand_in_kind).exclude(person=post.person)
    stand_in = others.order_by("-id")[0].person
    Absence.objects.create(post=post, stand_in=stand_in, from_day=first, to_day=last)
