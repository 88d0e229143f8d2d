"""The page: who sees it, what its links lead to, and how it stands on paper."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from maplebridge.insight.actions import make_digest
from maplebridge.insight.queries import scopes_on
from maplebridge.notify.models import Message

TOWN = "331181101"


@pytest.fixture
def open_for(world):
    def client(name):
        made = Client(headers={"accept-language": "en"})
        made.force_login(
            getattr(world.people, name), backend="django.contrib.auth.backends.ModelBackend"
        )
        return made

    return client


def test_today_so_far_of_the_widest_area(world, open_for):
    world.report(at=timezone.now())
    page = open_for("zhao").get("/desk/digest")
    assert page.status_code == 200
    text = page.content.decode()
    assert "派出所辖区" in text
    assert "So far today" in text
    came_in = re.search(r'href="(/desk/matters\?[^"]+)"><b>(\d+)</b><span>Came in', text)
    assert came_in[2] == "1"


@pytest.mark.parametrize(("who", "status"), [("zhao", 200), ("li", 200), ("chen", 200),
                                              ("wang", 403), ("lin", 200)])  # fmt: skip
def test_who_may_open_it(world, open_for, who, status):
    assert open_for(who).get("/desk/digest").status_code == status


def test_a_grid_worker_reads_why_there_is_none(world, open_for):
    assert (
        "There is no digest for your post" in open_for("lin").get("/desk/digest").content.decode()
    )


@pytest.mark.parametrize(("query", "status"), [
    ("scope=331181101201", 200), ("scope=999", 404), ("scope=331181", 404), ("day=x", 400),
    ("day=2999-01-01", 400), ("day=2020-01-01", 200), ("scope=%00&day=", 400),
])  # fmt: skip
def test_addresses(world, open_for, query, status):
    assert open_for("zhao").get(f"/desk/digest?{query}").status_code == status


def test_a_day_without_a_digest_says_so(world, open_for):
    text = open_for("zhao").get("/desk/digest?day=2020-01-01").content.decode()
    assert "No digest was kept of this day" in text


def test_every_number_is_the_total_of_the_list_it_leads_to(world, open_for):
    world.report(at=timezone.now())
    late = world.report("路灯不亮", at=timezone.now() - timedelta(days=20)).matter
    zhao = open_for("zhao")
    text = zhao.get(f"/desk/digest?scope={TOWN}").content.decode()
    assert "because 1 new matter is late" in text
    links = dict(re.findall(r'href="(/desk/matters\?[^"]+)"[^>]*>\D*?(\d+)', text))
    assert len(links) > 15
    for link, n in links.items():
        page = zhao.get(link.replace("&amp;", "&")).content.decode()
        assert re.search(r'role="status"><b>(\d+) matter', page)[1] == n, link
    assert late.number in text
    book = zhao.get(f"/desk/digest.xlsx?scope={TOWN}").getvalue()
    rows = list(load_workbook(BytesIO(book)).active.values)[2:]
    assert ("In short", "Late", 1, None) in [(*row[:3], row[3] or None) for row in rows]
    assert any("because 1 new matter is late" in row[1] for row in rows)
    assert zhao.get(f"/desk/digest.xlsx?scope={TOWN}&day=2020-01-01").status_code == 404
    assert open_for("wang").get("/desk/digest.xlsx").status_code == 403


def test_sent_every_morning_and_read_by_looking(world, open_for):
    zhao, yesterday = open_for("zhao"), timezone.localdate() - timedelta(days=1)
    answer = zhao.post("/desk/digest/sent", {"scope": TOWN, "send": "yes"})
    assert answer.status_code == 302
    assert "Stop sending" in zhao.get(answer["Location"]).content.decode()
    scope = next(s for s in scopes_on(yesterday) if s.key == TOWN)
    make_digest(scope, yesterday, timezone.now())
    told = zhao.get("/desk/messages").content.decode()
    assert f'<span class="num">{scope.name} · ' in told
    number = Message.objects.get(read=False).number
    assert "As it stood on" in zhao.get(f"/desk/digest/{number}").content.decode()
    assert Message.objects.get().read
    assert open_for("zhao").get("/desk/digest/nonsense").status_code == 404
    assert open_for("zhao").post("/desk/digest/sent", {"scope": "999"}).status_code == 404
