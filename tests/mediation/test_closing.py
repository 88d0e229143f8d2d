"""Reminders once each; one payment for one dossier; reviews drawn by a published lot."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.mediation import actions
from maplebridge.mediation.models import Party, Review
from maplebridge.mediation.queries import mediation_seen
from maplebridge.mediation.queries.claims import claims_made_by, claims_of
from maplebridge.mediation.rules import REVIEW_ITEMS
from maplebridge.notify.models import Message
from tests.mediation.conftest import MONDAY, TOWN

TODAY = MONDAY.date()


def at(days):
    return MONDAY + timedelta(days=days)


def told(table):
    return sorted(Message.objects.filter(person=table.people.he).values_list("kind", flat=True))


def filed(table, *, settled=True, **more):
    """A dossier with every paper, performed or failed."""
    mediation = table.mediating(**more)
    Party.objects.filter(mediation=mediation).update(id_checked=True)
    table.take(mediation, "hold", minutes="双方到场，核对事实。", room="joint")
    if settled:
        table.take(mediation, "agree_orally", terms="当场道歉")
        table.take(mediation, "complete")
    else:
        table.take(mediation, "fail", reason="分歧过大")
    table.take(mediation, "file")
    return table.again(mediation)


def test_each_reminder_is_told_once(table):
    Message.objects.all().delete()
    mediation = table.agreed()
    Message.objects.all().delete()
    assert actions.tick(at(1))["obligations_due"] == 0
    actions.tick(at(6))  # 1 December falls due in two days
    actions.tick(at(6))
    assert told(table) == ["obligation_soon"]
    actions.tick(at(9))
    assert told(table) == ["obligation_late", "obligation_soon"]
    actions.tick(at(11))  # nineteen days left of thirty
    assert "confirmation" in told(table)
    table.take(mediation, "ask_confirmation", asked_on=TODAY, court="龙泉市人民法院")
    actions.tick(at(25))
    assert told(table).count("confirmation") == 1
    actions.tick(at(31))
    assert "return_visit" in told(table)


def test_a_limit_that_comes_near_is_told(table):
    table.accepted()
    Message.objects.all().delete()
    actions.tick(at(4))
    assert told(table) == []
    actions.tick(at(5))
    assert told(table) == ["mediation_limit"]


def test_one_dossier_is_paid_once(table):
    mediation = filed(table)
    he, zhao = table.actor("he"), table.actor("zhao")
    claim_id = uuid4()
    made = actions.claim(mediation.id, claim_id=claim_id, actor=he, at=MONDAY)
    assert actions.claim(mediation.id, claim_id=claim_id, actor=he, at=MONDAY) == made
    with pytest.raises(Conflict):
        actions.claim(mediation.id, claim_id=uuid4(), actor=he)
    with pytest.raises(NotAllowed):
        actions.decide(made.id, "approved", actor=he)
    with pytest.raises(Conflict):
        actions.decide(made.id, "paid", actor=zhao, paid_on=TODAY)
    actions.decide(made.id, "approved", actor=zhao)
    with pytest.raises(InvalidInput):
        actions.decide(made.id, "paid", actor=zhao)
    actions.decide(made.id, "paid", actor=zhao, paid_on=TODAY)
    assert claims_made_by(table.people.he.id).get().state == "paid"
    decided = Message.objects.filter(kind="claim_decided", person=table.people.he)
    assert decided.count() == 2  # approved, paid
    assert claims_of(TOWN, TODAY, TODAY).count() == 1


def test_what_a_filed_dossier_lacks_is_put_right(table):
    mediation = table.mediating()
    table.take(mediation, "hold", minutes="双方到场，核对事实。", room="joint")
    table.take(mediation, "agree_orally", terms="当场道歉")
    table.take(mediation, "complete")
    table.take(mediation, "file", note="证件待补")
    he = table.actor("he")
    with pytest.raises(Conflict, match="当事人身份证明"):
        actions.claim(mediation.id, claim_id=uuid4(), actor=he)
    for party in table.parties(mediation):
        table.take(mediation, "mend_party", party=party.id, id_checked="yes")
    assert actions.claim(mediation.id, claim_id=uuid4(), actor=he)


def test_what_a_claim_lacks_is_said(table):
    mediation = table.agreed()
    with pytest.raises(Conflict) as refused:
        actions.claim(mediation.id, claim_id=uuid4(), actor=table.actor("he"))
    assert "缺少必备文书：当事人身份证明、调解记录。" in refused.value.message
    with pytest.raises(NotFound):
        actions.claim(mediation.id, claim_id=uuid4(), actor=table.actor("tang"))


def test_work_on_a_hard_file_that_failed_is_paid(table):
    easy = filed(table, settled=False)
    with pytest.raises(Conflict):
        actions.claim(easy.id, claim_id=uuid4(), actor=table.actor("he"))
    hard = filed(table, settled=False, matter=table.quarrel())
    hard.difficulty = "major"
    hard.save(update_fields=["difficulty"])
    assert actions.claim(hard.id, claim_id=uuid4(), actor=table.actor("he")).amount == 100


def draw(table, seed="2026-11-24 深证成指 13021", **more):
    told = {"begin": TODAY, "end": TODAY, "share": 1.0, "actor": table.actor("zhao"),
            "reviewers": [table.people.gao, table.people.tang, table.people.he]}  # fmt: skip
    return actions.draw_reviews(seed=seed, at=MONDAY, **told | more)


def test_two_reviewers_who_did_not_mediate(table, client):
    mediation = filed(table)
    with pytest.raises(NotAllowed):
        draw(table, actor=table.actor("he"))
    command = uuid4()
    drawn = draw(table, command_id=command)
    assert {*draw(table, command_id=command)} == {*drawn}  # pressed twice
    assert {r.reviewer.username for r in drawn} == {"gao", "tang"}
    assert draw(table) == []  # nothing is drawn twice
    mine = Review.objects.get(reviewer=table.people.tang)
    client.force_login(table.people.tang)
    message = Message.objects.get(kind="review_drawn", person=table.people.tang)
    place = client.get(reverse("mediation:of_matter", args=[message.number])).headers["Location"]
    assert place == reverse("mediation:review", args=[mine.id])
    assert mediation_seen(table.actor("tang"), mediation.id)  # while the review is open
    items = dict.fromkeys(REVIEW_ITEMS, "ok")
    with pytest.raises(InvalidInput):
        actions.review(mine.id, items | {"terms": "fault"}, actor=table.actor("tang"))
    with pytest.raises(NotFound):
        actions.review(mine.id, items, actor=table.actor("gao"))
    actions.review(mine.id, items, actor=table.actor("tang"), at=MONDAY)
    with pytest.raises(NotFound):
        mediation_seen(table.actor("tang"), mediation.id)


def test_the_same_seed_draws_the_same(table):
    for _ in range(4):
        filed(table, matter=table.quarrel())
    first = [(r.mediation_id, r.reviewer_id) for r in draw(table, share=0.5)]
    Review.objects.all().delete()
    assert [(r.mediation_id, r.reviewer_id) for r in draw(table, share=0.5)] == first
    assert len(first) == 4
