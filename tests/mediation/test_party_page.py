"""A party opens its own parts by its code and telephone, does its own steps, and nothing else."""

from uuid import uuid4

import pytest
from django.urls import reverse

from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.actions import party_acts
from maplebridge.mediation.actions.parties import party_actor
from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.queries.visible import mediations_read_by
from maplebridge.trust.models import AccessLog
from tests.mediation.acts import values_of
from tests.mediation.conftest import BAI, HUANG, MONDAY

PHONE, OTHER = "13800000001", "13900000002"
BOTH = (HUANG, BAI | {"phone": OTHER})


def opened(client, party, phone=PHONE):
    """The page's address, its words and the token of its forms."""
    url = reverse("public:party", args=[party.code])
    answer = client.post(url, {"phone": phone})
    assert answer.status_code == 200, answer.content.decode()
    return url, answer.content.decode(), answer.context["token"]


def act(client, url, token, name, **fields):
    return client.post(url, {"act": name, "token": token, "command_id": uuid4(), **fields})


def test_the_door_opens_to_code_and_telephone_together(table, client):
    one, two = table.parties(table.mediating(parties=BOTH))
    before = AccessLog.objects.count()
    url = reverse("public:party", args=[one.code])
    shut = client.get(url)
    assert shut.status_code == 200
    assert "黄三" not in shut.content.decode()
    for wrong in ("", "13800000009", OTHER):
        assert client.post(url, {"phone": wrong}).status_code == 422
    for token in ("x", f"{one.id.hex}:x:y"):
        assert "token" not in (client.post(url, {"token": token}).context or {})
    _url, _page, token = opened(client, one, "+86 138-0000-0001")
    assert AccessLog.objects.count() == before  # nothing was shown, so nothing was read
    other = reverse("public:party", args=[two.code])
    assert "token" not in client.post(other, {"token": token}).context  # one's own alone
    assert client.get(reverse("public:find"), {"code": one.code})["Location"] == url
    for unknown in ("ABCDEFGH", "zzz"):
        assert client.get(reverse("public:party", args=[unknown])).status_code == 404


def test_without_a_telephone_it_stays_shut_and_says_so(table, client):
    _one, two = table.parties(table.mediating())
    url = reverse("public:party", args=[two.code])
    assert "phone" not in client.get(url).content.decode().split("<main")[1].split("</main")[0]
    assert client.post(url, {"phone": PHONE}).status_code == 422


def test_nothing_of_the_other_side_s_talks_is_there(table, client):
    mediation = table.drafted(parties=BOTH)
    one, two = table.parties(mediation)
    table.take(mediation, "hold", minutes="对方私下愿意多赔两百", room="private", party=two.id)
    table.take(mediation, "hold", minutes="联席记录原文", room="joint")
    table.take(mediation, "invite", starts_at="2030-01-01T09:00", room="private", place="密谈室",
               parties=[two.id])  # fmt: skip
    table.take(mediation, "invite", starts_at="2030-01-02T09:00", room="joint", place="村委会")
    table.take(mediation, "remark", note="调解员自己的备注")
    _url, page, _token = opened(client, one)
    for secret in ("对方私下", "联席记录原文", "密谈室", "调解员自己的备注", OTHER, two.code):
        assert secret not in page
    for own in ("白四赔偿", "村委会", "第一期"):
        assert own in page
    table.take(mediation, "fail", reason="分歧过大")
    assert "村委会" not in opened(client, one)[1]  # nobody is asked to come any more
    client.force_login(table.people.he)
    file = client.get(reverse("mediation:file", args=[mediation.id])).content.decode()
    assert ("曾安排，未举行。" in file, "invitations" in file) == (True, False)
    assert not mediations_read_by(party_actor(one)).exists()


def test_a_party_approves_answers_objects_and_shows_proof(table, client):
    mediation = table.drafted(parties=BOTH)
    one, two = table.parties(mediation)
    url, _page, token = opened(client, two, OTHER)
    agreement = mediation.agreement
    stale = act(client, url, token, "approve", edition=agreement.edition + 1, section=["facts"])
    assert stale.status_code == 422
    told = {"edition": agreement.edition, "section": ["facts", "terms"]}
    assert act(client, url, token, "approve", **told).status_code == 200
    assert set(agreement.approvals.values_list("party", "section")) == {
        (two.id, "facts"), (two.id, "terms")
    }  # fmt: skip
    table.take(table.again(mediation), "invite", starts_at="2030-01-02T09:00", room="joint")
    session = mediation.sessions.get()
    assert act(client, url, token, "answer", session=session.id, answer="cannot").status_code == 200
    assert session.invitations.get(party=two).answer == "cannot"
    assert session.invitations.get(party=one).answer == "unknown"
    told = {"mediator": "he", "reason": "是对方的表哥"}
    assert act(client, url, token, "object", **told).status_code == 200
    event = mediation.events.filter(step="object").get()
    assert event.data["by"] == "party"
    assert event.person is None
    client.force_login(table.people.he)
    file = client.get(reverse("mediation:file", args=[mediation.id])).content.decode()
    assert "是对方的表哥" in file
    assert list(verify_ledger()) == []


def test_proof_is_for_one_s_own_obligations_and_waits_for_the_mediator(table, client):
    mediation = table.agreed(parties=BOTH)
    one, two = table.parties(mediation)
    row = mediation.obligations.first()
    url, _page, token = opened(client, two, OTHER)
    assert act(client, url, token, "send_proof", obligation=row.id).status_code == 422
    told = {"obligation": row.id, "note": "已转账"}
    assert act(client, url, token, "send_proof", **told).status_code == 200
    row.refresh_from_db()
    assert row.done_on is None
    url, page, token = opened(client, one)
    assert "司法确认申请截止" in page
    table.take(mediation, "ask_confirmation", asked_on=MONDAY.date(), court="龙泉市人民法院")
    assert "等待法院答复" in opened(client, one)[1]
    table.take(mediation, "confirm", outcome="refused", answered_on=MONDAY.date())
    assert "不予确认" in opened(client, one)[1]
    assert act(client, url, token, "send_proof", **told).status_code == 422
    assert mediation.events.filter(step="send_proof").count() == 1


def test_a_party_takes_its_own_steps_alone(table):
    mediation = table.drafted(parties=BOTH)
    one, two = table.parties(mediation)
    values = values_of(mediation)
    for step in FLOW.steps:
        if "party" in step.who:
            continue
        told = {n: values[n] for n in step.needs if n != "party"}
        with pytest.raises(MaplebridgeError):
            party_acts(one, step.name, told, command_id=uuid4())
    for own in ("party", "obligation"):
        assert own in FLOW.step("send_proof").needs
    stranger = table.drafted(matter=table.quarrel())
    session = values_of(stranger)["session"]
    with pytest.raises(MaplebridgeError):
        party_acts(two, "answer", {"session": session, "answer": "comes"}, command_id=uuid4())


def test_look_ups_are_slowed_down(table, client, monkeypatch):
    monkeypatch.setenv("MAPLEBRIDGE_THROTTLE", "3")
    one, _two = table.parties(table.accepted(parties=BOTH))
    url = reverse("public:party", args=[one.code])
    answers = [client.post(url, {"phone": f"1380000{n:04}"}).status_code for n in range(6)]
    assert answers[-1] == 429
