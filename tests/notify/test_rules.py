"""When a message may go: arithmetic only."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from maplebridge.matters.flow import FLOW
from maplebridge.matters.flow.groups import GROUP_OF
from maplebridge.notify import rules
from maplebridge.notify.rules import Kind, Wish, may_go_at


def at(text: str) -> datetime:
    """ "23 09:00" is that local time on 23 November 2026."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return timezone.make_aware(datetime(2026, 11, int(day), int(hour), int(minute)))


NIGHT = Wish()
LATE_RISER = Wish(time(20), time(9))
NOON = Wish(time(12), time(13, 30))
NEVER_QUIET = Wish(time(8), time(8))


@pytest.mark.parametrize(
    ("wish", "group", "urgent", "told", "now", "last", "goes"),
    [
        # at once, in and around the quiet hours
        (NIGHT, "assigned", False, "23 09:00", "23 09:00", None, "23 09:00"),
        (NIGHT, "assigned", False, "23 20:59", "23 20:59", None, "23 20:59"),
        (NIGHT, "assigned", False, "23 21:00", "23 21:00", None, "24 07:30"),
        (NIGHT, "assigned", False, "24 03:00", "24 03:00", None, "24 07:30"),
        (NIGHT, "assigned", False, "24 07:30", "24 07:30", None, "24 07:30"),
        (NOON, "assigned", False, "23 12:10", "23 12:10", None, "23 13:30"),
        (NEVER_QUIET, "assigned", False, "23 23:00", "23 23:00", None, "23 23:00"),
        # a worker that comes late meets the hours as they are then
        (NIGHT, "assigned", False, "23 20:00", "23 23:00", None, "24 07:30"),
        # floods: five minutes between two sendings
        (NIGHT, "assigned", False, "23 09:00", "23 09:00", "23 08:58", "23 09:03"),
        (NIGHT, "assigned", False, "23 20:59", "23 20:59", "23 20:58", "24 07:30"),
        # gathered
        (NIGHT, "late", False, "23 09:00", "23 09:00", None, "23 14:00"),
        (NIGHT, "late", False, "23 15:00", "23 15:00", None, "24 08:30"),
        (LATE_RISER, "late", False, "23 15:00", "23 15:00", None, "24 09:00"),
        (NIGHT, "late", False, "23 09:00", "23 14:30", None, "23 14:30"),
        (Wish(late="off"), "late", False, "23 09:00", "23 09:00", None, "23 14:00"),
        # an urgent matter is not gathered, yet lets people sleep; an alarm does not
        (NIGHT, "late", True, "23 09:00", "23 09:00", None, "23 09:00"),
        (NIGHT, "late", True, "23 22:00", "23 22:00", None, "24 07:30"),
        (NIGHT, "urgent", True, "23 22:00", "23 22:00", "23 21:59", "23 22:00"),
    ],
)
def test_when_it_may_go(wish, group, urgent, told, now, last, goes):
    when = may_go_at(
        wish, group, urgent=urgent, told_at=at(told), now=at(now),
        last_sent_at=at(last) if last else None,
    )  # fmt: skip
    assert when == at(goes)


clocks = st.times(timezones=st.none()).map(lambda t: t.replace(microsecond=0))
choices = st.sampled_from([rules.AT_ONCE, rules.GATHERED, rules.OFF])
wishes = st.builds(Wish, clocks, clocks, choices, choices, choices)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(timezone.make_aware)


@given(wishes, st.sampled_from(["urgent", *rules.GROUPS]), st.booleans(), moments, moments, moments)
def test_never_early_never_in_quiet_hours_always_within_two_days(
    wish, group, urgent, told, now, last
):
    facts = {"urgent": urgent, "told_at": told, "last_sent_at": min(last, now)}
    when = may_go_at(wish, group, now=now, **facts)
    assert when >= now
    if group == "urgent":
        assert when == now
        return
    assert not rules.is_quiet(wish, when)
    assert when - max(now, told) <= timedelta(days=2)
    assert when >= min(last, now) + rules.GAP
    # asked again at that moment it goes: nothing is put off for ever
    assert may_go_at(wish, group, now=when, **facts) == when


@given(wishes, moments)
def test_the_end_of_quiet_is_the_first_moment_that_is_not(wish, moment):
    end = rules.after_quiet(wish, moment)
    assert end >= moment
    assert not rules.is_quiet(wish, end)
    if end > moment:
        assert rules.is_quiet(wish, end - timedelta(seconds=1))


@given(st.integers(1, 500), st.floats(0, 1, exclude_max=True))
def test_waits_grow_to_a_limit_and_are_spread(failures, spread):
    wait = rules.wait_after(failures, spread)
    assert rules.wait_after(failures, 0) <= wait < rules.LONGEST_WAIT * 1.2 + timedelta(seconds=1)
    assert rules.wait_after(failures + 1, spread) >= wait
    assert wait >= rules.FIRST_WAIT * 0.8


def test_a_night_without_a_line_gives_nothing_up():
    waits = [rules.wait_after(n, 0) for n in range(1, rules.MAX_TRIES)]
    assert sum(waits, timedelta()) > timedelta(hours=12)


@pytest.mark.parametrize(
    ("channel", "typed", "key"),
    [
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abcDEF123456", "abcDEF123456"),
        ("dingtalk", " abcDEF123456 ", "abcDEF123456"),
        ("dingtalk", "https://evil.example/?x=1", None),
        ("dingtalk", "abc/../def123456", None),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4", "693a91f6-7xxx-4bc4"),
        ("wecom", "{key}12345678", None),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/0123-abcd-ef", "0123-abcd-ef"),
        ("feishu", "https://open.feishu.cn/hook/", None),
        ("mail", " li@example.cn ", "li@example.cn"),
    ],
)  # fmt: skip
def test_the_key_of_an_address(channel, typed, key):
    assert rules.key_of(channel, typed) == key


@given(st.lists(st.text("字ab", min_size=1), min_size=2, max_size=40))
def test_a_gathered_text_is_short_and_counts_all(lines):
    subject, body = rules.text_of(lines, "https://maple.example/desk/messages")
    assert str(len(lines)) in subject
    assert len(body.splitlines()) <= rules.LINES + 3
    if len(lines) > rules.LINES:
        assert str(len(lines) - rules.LINES) in body


def test_every_step_that_tells_has_a_group_of_its_own_or_is_assigned():
    assert GROUP_OF.keys() <= {step.name for step in FLOW.steps if step.tells}
    for step in FLOW.steps:
        assert rules.kind_of(step.name).label == step.label
    assert rules.urgent_kinds() == ["alert"]
    assert rules.kind_of("gone").group == "assigned"
    with pytest.raises(ValueError, match="no group"):
        rules.register([Kind("x", "X", "sometimes", "")])
