"""The pages of subsidies, reviews and numbers: from the click to the ledger, each for its post."""

import re
import zipfile
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.models import Claim, Review
from maplebridge.mediation.rules import REVIEW_ITEMS
from maplebridge.trust.models import Export
from tests.mediation.test_closing import filed

SECRETS = ("黄三", "白四", "13800000001", "当场道歉", "双方到场")


def claimed(table, client):
    mediation = filed(table)
    page = client.get(reverse("mediation:claims")).content.decode()
    assert reverse("mediation:claim", args=[mediation.id]) in page
    client.post(reverse("mediation:claim", args=[mediation.id]), {"command_id": uuid4()})
    return mediation, Claim.objects.get(mediation=mediation)


def decide(client, claim, state, **more):
    url = reverse("mediation:decide", args=[claim.id])
    return client.post(url, {"command_id": uuid4(), "state": state, **more})


def test_from_the_claim_to_the_payment_the_mediator_sees_it(table, sign_in):
    mediation, claim = claimed(table, sign_in("he"))
    leader = sign_in("zhao")
    assert decide(leader, claim, "paid", paid_on="2026-11-24").status_code == 422
    assert decide(leader, claim, "returned").status_code == 422  # without a reason
    assert decide(leader, claim, "approved").status_code == 302
    assert decide(leader, claim, "paid", paid_on="2026-11-24").status_code == 302
    shown = sign_in("he").get(reverse("mediation:claims")).content.decode()
    assert "2026-11-24" in shown
    steps = list(mediation.events.order_by("version").values_list("step", flat=True))
    assert steps[-3:] == ["claim", "decide", "decide"]
    assert list(verify_ledger()) == []
    assert sign_in("he").get(reverse("mediation:file", args=[mediation.id])).status_code == 200


def test_a_returned_claim_says_why_and_may_come_again(table, sign_in):
    mediation, claim = claimed(table, sign_in("he"))
    decide(sign_in("zhao"), claim, "returned", reason="金额按一般案件核定")
    page = sign_in("he").get(reverse("mediation:claims")).content.decode()
    assert "金额按一般案件核定" in page
    url = reverse("mediation:claim", args=[mediation.id])
    sign_in("he").post(url, {"command_id": uuid4()})
    assert Claim.objects.get(mediation=mediation).state == "claimed"


def test_the_sheet_and_its_workbook_name_no_party(table, sign_in):
    mediation, claim = claimed(table, sign_in("he"))
    day = timezone.localdate(claim.claimed_at)
    query = f"?begin={day}&end={day}"
    client = sign_in("zhao")
    page = client.get(reverse("mediation:sheet") + query).content.decode()
    one = client.get(reverse("mediation:decide", args=[claim.id])).content.decode()
    assert mediation.number in page
    answer = client.get(reverse("mediation:sheet_book") + query)
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        book = "".join(package.read(n).decode() for n in package.namelist() if "xml" in n)
    assert mediation.number in book
    assert "何平" in book
    assert "合计" in book  # the sum stands below
    for secret in SECRETS:
        assert secret not in page + one + book
    assert Export.objects.get().source == "mediation:claims"


LEADS = ("sheet", "sheet_book", "draw")
MEDIATES = ("claims", "skills")


@pytest.mark.parametrize("name", [*LEADS, *MEDIATES])
def test_each_page_is_for_its_posts(table, sign_in, name):
    for who, kinds in (("he", MEDIATES), ("zhao", LEADS), ("lin", ()), ("chen", ())):
        status = sign_in(who).get(reverse(f"mediation:{name}")).status_code
        assert status == (200 if name in kinds else 403), who


def test_drawn_read_by_two_and_the_results_seen(table, sign_in):
    mediation = filed(table)
    client = sign_in("zhao")
    told = {"command_id": uuid4(), "begin": "2026-11-01", "end": "2026-11-30", "percent": "100",
            "seed": "福彩 2026135", "reviewers": ["he", "gao", "tang"]}  # fmt: skip
    url = reverse("mediation:draw")
    assert client.get(url).status_code == 200
    assert client.post(url, told | {"reviewers": ["gao"]}).status_code == 422
    assert client.post(url, told).status_code == 302
    assert client.post(url, told | {"command_id": uuid4()}).status_code == 422  # none is left
    for who, answer in (("gao", "ok"), ("tang", "fault")):
        row = Review.objects.get(reviewer__username=who)
        client = sign_in(who)
        page = reverse("mediation:review", args=[row.id])
        assert client.get(page).status_code == 200
        assert client.get(reverse("mediation:dossier", args=[mediation.id])).status_code == 200
        answers = dict.fromkeys(REVIEW_ITEMS, "ok") | {"signed": answer}
        if answer == "fault":
            assert client.post(page, {"command_id": uuid4(), **answers}).status_code == 422
        answers |= {"command_id": uuid4(), "note": "第二页缺日期" if answer == "fault" else ""}
        assert client.post(page, answers).status_code == 302
        assert client.get(reverse("mediation:file", args=[mediation.id])).status_code == 404
        assert sign_in("he").get(page).status_code == 404
    results = sign_in("zhao").get(reverse("mediation:reviews")).content.decode()
    assert mediation.number in results
    assert "第二页缺日期" in results
    for secret in SECRETS:
        assert secret not in results
    own = sign_in("he").get(reverse("mediation:file", args=[mediation.id])).content.decode()
    assert "第二页缺日期" in own
    assert list(verify_ledger()) == []


def test_a_void_number_stays_in_the_register_with_its_reason(table, sign_in):
    one, two = table.accepted(), table.accepted(matter=table.quarrel())
    client = sign_in("gao")  # of the committee, not of the file
    url = reverse("mediation:void", args=[one.id])
    assert client.post(url, {"command_id": uuid4(), "reason": " "}).status_code == 422
    assert client.post(url, {"command_id": uuid4(), "reason": "重复登记"}).status_code == 302
    assert client.get(url).status_code == 404  # void already
    for who in ("gao", "he", "zhao"):
        page = sign_in(who).get(reverse("mediation:numbers")).content.decode()
        if who == "zhao":
            query = f"?committee={one.committee.unit.code}&year=2026"
            page = client.get(reverse("mediation:numbers") + query).content.decode()
        assert "重复登记" in page
        assert re.search(rf"{one.number}.*{two.number}", page, re.DOTALL)
        for secret in SECRETS:
            assert secret not in page
    assert sign_in("tang").get(reverse("mediation:void", args=[two.id])).status_code == 404
    assert list(verify_ledger()) == []
