"""All matters through one filter, and the filters a unit keeps."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maplebridge.kernel.errors import InvalidInput, NotAllowed, NotFound
from maplebridge.matters.actions.filters import MOST, drop_filter, save_filter
from maplebridge.matters.models import SavedFilter
from maplebridge.matters.queries import saved_filters

STRANGE = "<b hx-get='/x'>粗</b>"


def page(client: Client, **given):
    answer = client.get(reverse("web:matters"), given)
    return answer, answer.content.decode()


def now_report(world, **more):
    return world.report(at=timezone.now(), **more).matter


def test_the_filter_narrows_says_what_is_set_and_takes_it_off(world, desk):
    rubbish = now_report(world, category="E02")
    lamp = now_report(world, text="路灯不亮", lat=27.965)
    li = desk.open_for("li")
    _answer, everything = page(li)
    assert rubbish.number in everything
    assert lamp.number in everything
    assert "2 matters" in everything
    _answer, one = page(li, q="垃圾", category="E", state="open", area="331181101201")
    assert rubbish.number in one
    assert lamp.number not in one
    assert "1 matter<" in one
    assert "?q=%E5%9E%83%E5%9C%BE&amp;state=open&amp;category=E" in one  # the cross of the area
    _answer, none = page(li, q="垃圾", status="closed")
    assert "Nothing fits all of this" in none
    _answer, short = page(li, q="垃")
    assert "One character is too little" in short


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": "gone"}, "Choose one of the given answers"),
        ({"state": "x' OR 1=1"}, "Choose one of the given answers"),
        ({"category": "ZZ9"}, "Choose one of the given answers"),
        ({"area": "999999"}, "Choose one of the given answers"),
        ({"area": "331181101,') & '"}, "Choose one of the given answers"),
        ({"unit": "nobody"}, "Choose one of the given answers"),
        ({"channel": "pigeon"}, "Choose one of the given answers"),
        ({"since": "yesterday"}, "Write the date as"),
        ({"until": "9999-12-31"}, "Write the date as"),
        ({"closed_since": "0001-01-01"}, "Write the date as"),
        ({"cell": "²"}, "not a number"),
        ({"cell": "9" * 30}, "not a number"),
        ({"q": "长" * 101}, "too long"),
    ],
)
def test_a_wrong_part_is_named_at_its_field(world, desk, given, words):
    answer, text = page(desk.open_for("li"), **given)
    assert answer.status_code == 422
    assert words in text


@pytest.mark.parametrize("after", ["x", "-1", "²", "9" * 40])
def test_a_wrong_cursor_is_refused(world, desk, after):
    assert page(desk.open_for("li"), after=after)[0].status_code == 400


def test_pages_follow_the_newest_first(world, desk):
    made = [now_report(world, text=f"垃圾第{n}处") for n in range(53)]
    li = desk.open_for("li")
    for given in ({}, {"q": "垃圾"}):
        _answer, first = page(li, **given)
        assert made[-1].number in first
        assert made[2].number not in first
        _answer, rest = page(li, **given, after=made[3].id)
        assert [m.number in rest for m in made[:4]] == [True, True, True, False]


def test_typing_swaps_only_what_was_found(world, desk):
    matter = now_report(world)
    asked = {"headers": {"hx-request": "true"}}
    part = desk.open_for("li").get(reverse("web:matters"), {"q": "垃圾", "status": ""}, **asked)
    assert matter.number in part.content.decode()
    assert "<html" not in part.content.decode()
    assert part.headers["HX-Replace-Url"] == reverse("web:matters") + "?q=%E5%9E%83%E5%9C%BE"


@pytest.mark.parametrize(("who", "seen"), [("li", 1), ("lin", 1), ("wang", 0), ("chen", 1)])
def test_nobody_finds_what_is_not_his(world, desk, who, seen):
    matter = now_report(world)
    for given in ({}, {"q": "垃圾"}, {"q": matter.number}):
        shown = reverse("web:matter", args=[matter.number]) in page(desk.open_for(who), **given)[1]
        assert shown is bool(seen), given


def test_text_people_typed_stays_text(world, desk):
    now_report(world, text=f"{STRANGE}路灯")
    li = desk.open_for("li")
    save_filter(world.actor("li"), world.units.command.id, STRANGE, "q=路灯")
    for given in ({"q": f"路灯 {STRANGE}"}, {}):
        text = page(li, **given)[1]
        assert "<b hx-get" not in text


def test_a_unit_shares_its_filters_and_others_do_not(world, desk):
    li, chen, wang = (world.actor(n) for n in ("li", "chen", "wang"))  # li and chen share a unit
    command = world.units.command.id
    kept = desk.open_for("li").post(
        reverse("web:keep_filter"),
        {"name": " 上村  垃圾 ", "unit": command, "query": "area=331181101201&q=垃圾&after=7&x=1"},
    )
    assert kept.status_code == 302
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query) == (
        "上村 垃圾",
        "q=%E5%9E%83%E5%9C%BE&area=331181101201",
    )
    assert "上村 垃圾" in page(desk.open_for("chen"))[1]
    assert "上村 垃圾" not in page(desk.open_for("wang"))[1]
    again = save_filter(chen, command, "上村 垃圾", "status=closed")
    assert (again.id, SavedFilter.objects.get().query) == (saved.id, "status=closed")
    with pytest.raises(NotAllowed):
        save_filter(wang, command, "x", "status=closed")
    with pytest.raises(NotFound):
        drop_filter(wang, saved.id)
    drop_filter(chen, saved.id)
    drop_filter(chen, saved.id)
    assert saved_filters(li) == []


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", "status=closed", "Give the filter a name"),
        ("长" * 41, "status=closed", "40"),
        ("好", "", "Set something"),
        ("好", "status=gone", "Choose one"),
        ("好", "q=" + "长" * 90, "too long to keep"),
    ],
)
def test_what_cannot_be_kept_is_said(world, desk, name, query, words):
    sent = {"name": name, "unit": world.units.command.id, "query": query}
    answer = desk.open_for("li").post(reverse("web:keep_filter"), sent, follow=True)
    assert words in answer.content.decode()
    assert SavedFilter.objects.count() == 0


def test_a_unit_keeps_at_most_fifty(world):
    li, command = world.actor("li"), world.units.command.id
    for n in range(MOST):
        save_filter(li, command, f"第{n}", "status=closed")
    save_filter(li, command, "第7", "status=returned")
    with pytest.raises(InvalidInput):
        save_filter(li, command, "又一个", "status=closed")
