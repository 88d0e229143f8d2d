"""The desk's pages of mediations, over Django's own client."""

import re
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries.visible import kinds_for
from maplebridge.mediation.timeline import timeline
from maplebridge.trust.models import AccessLog
from tests.files.pictures import encoded, picture


def registered_by_form(table, client):
    matter = table.quarrel()
    url = f"{reverse('mediation:new')}?matter={matter.number}"
    sent = {
        "command_id": uuid4(), "committee": "mediation-1", "source": "applied",
        "applied_by": "door", "applicant_kind": "natural", "applicant_name": "黄三",
        "respondent_kind": "natural", "respondent_name": "白四",
    }  # fmt: skip
    answer = client.post(url, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    return Mediation.objects.get()


def post(client, mediation, step, **fields):
    mediation.refresh_from_db()
    url = reverse("mediation:step", args=[mediation.id, step])
    assert client.get(url).status_code == 200, step
    return client.post(url, {"command_id": uuid4(), "version": mediation.version, **fields})


def test_from_the_door_to_a_kept_agreement_by_forms(table, sign_in):
    client = sign_in("he")
    mediation = registered_by_form(table, client)
    (one, two), today = table.parties(mediation), timezone.localdate()
    begun = client.get(reverse("mediation:step", args=[mediation.id, "accept"])).context["form"]
    assert begun["type"].value() == "PM02"  # the matter's category says it already
    steps = [
        ("accept", {"type": "PM02", "mediators": ["he"], "difficulty": "ordinary"}),
        ("inform", {"party": one.id, "consents": "yes", "signature": "on"}),
        ("inform", {"party": two.id, "consents": "yes", "signature": "on"}),
        ("open", {}),
        ("invite", {"starts_at": f"{today}T23:59", "room": "joint", "place": "村委会",
                    "parties": [one.id, two.id]}),
        ("bring", {"companion": "elder", "name": "叶老", "consents": "yes"}),
        ("hold", {"minutes": "双方各述其词。", "room": "private", "party": one.id}),
        ("add_evidence", {"evidence": "photo", "title": "围墙照片", "party": one.id, "pages": 2}),
        ("draft", {"facts": "围墙倒塌", "terms": "白四赔偿", "manner": "转账", "amount": "500",
                   "owes_1": two.id, "what_1": "赔偿款", "yuan_1": "500", "by_1": today}),
    ]  # fmt: skip
    steps += [
        ("approve", {"party": party.id, "section": ["facts", "terms", "manner"]})
        for party in (one, two)
    ]
    for step, fields in steps:
        answer = post(client, mediation, step, **fields)
        assert answer.status_code == 302, (step, answer.context["form"].errors)
    with translation.override("zh-hans"):  # one press, one line, with its sections by name
        lines = timeline(mediation, {one.subject: "黄三", two.subject: "白四"})
    assert [n["facts"] for n in lines if n["title"] == FLOW.step("approve").label] == [
        f"{who}：纠纷主要事实、协议内容、履行方式、时限" for who in ("申请人 黄三", "被申请人 白四")
    ]  # fmt: skip
    assert [n["facts"] for n in lines if n["title"] == FLOW.step("hold").label] == [
        "与一方单独谈话",
    ]  # fmt: skip
    draft = client.get(reverse("mediation:step", args=[mediation.id, "draft"])).context["form"]
    assert [f.name for f in draft.plain] == ["facts", "issues", "terms", "manner", "amount"]
    assert (len(draft.rows), draft["what_1"].value() != "") == (12, True)
    year = {f"{name}_{n}": told for n in range(1, 15) for name, told in (
        ("owes", two.id), ("what", f"第{n}期"), ("by", today + timedelta(days=30 * n)))}  # fmt: skip
    words = {"facts": "围墙倒塌", "terms": "白四赔偿", "manner": "分期"}
    point = transaction.savepoint()
    assert post(client, mediation, "draft", **words, **year).status_code == 302
    again = client.get(reverse("mediation:step", args=[mediation.id, "draft"])).context["form"]
    assert (len(again.rows), again["what_14"].value()) == (24, "第14期")  # none is lost
    transaction.savepoint_rollback(point)
    mediation.refresh_from_db()
    together = post(client, mediation, "hold", minutes="双方到场", room="joint")
    assert "present" in together.context["form"].errors  # its record names who signs it
    held = client.get(reverse("mediation:step", args=[mediation.id, "hold"])).context["form"]
    assert [f.name for f in held.plain][:3] == ["session", "room", "party"]
    assert [f.name for f in held.plain][-1] == "minutes"
    assert held["session"].help_text == "没有事先安排的，不用选。"
    assert draft["terms"].value() == "白四赔偿"  # drafted again, it begins with what is there
    signed = {f"signed_{p.id.hex}": "on" for p in (one, two)}
    assert post(client, mediation, "sign", signed_on=today, **signed).status_code == 302
    row = mediation.obligations.get()
    assert post(client, mediation, "perform", obligation=row.id, done_on=today).status_code == 302
    assert post(client, mediation, "complete").status_code == 302
    page = client.get(reverse("mediation:file", args=[mediation.id])).content.decode()
    for said in ("黄三", "白四", "围墙倒塌", "双方各述其词", "叶老", "（2026）上村人调字第1号"):
        assert said in page


def test_every_form_of_the_table_is_drawn(table, sign_in):
    client = sign_in("he")
    mediations = [table.register(), table.accepted(matter=table.quarrel()),
                  table.mediating(matter=table.quarrel()), table.agreed(matter=table.quarrel())]  # fmt: skip
    for mediation in mediations:
        kinds = kinds_for(table.actor("he"), mediation)
        for step in FLOW.available(mediation.status, kinds):
            url = reverse("mediation:step", args=[mediation.id, step.name])
            assert client.get(url).status_code == 200, step.name


def test_a_refusal_stands_at_its_field_and_keeps_words_and_photos(table, sign_in):
    client = sign_in("he")
    mediation = table.mediating()
    answer = post(client, mediation, "draft", facts="围墙", terms="赔", manner="转",
                  what_1="赔偿", by_1=timezone.localdate())  # fmt: skip
    assert answer.status_code == 422
    assert "围墙" in answer.content.decode()
    told = {"minutes": "各述其词。", "room": "private"}  # with whom is not said
    sent = [
        SimpleUploadedFile("wall.jpg", encoded(picture()), "image/jpeg"),
        SimpleUploadedFile("letter.pdf", b"%PDF-1.7", "application/pdf"),
    ]
    answer = post(client, mediation, "hold", photos=sent, **told)
    assert answer.status_code == 422
    assert "letter.pdf" in answer.content.decode()
    (kept,) = answer.context["form"].photo_inputs[0]["hashes"]
    assert f'value="{kept}" checked' in answer.content.decode()
    party = table.parties(mediation)[0].id
    assert post(client, mediation, "hold", photo=kept, party=party, **told).status_code == 302
    assert mediation.sessions.get().photos == [kept]


def test_names_are_read_by_their_mediator_alone_and_logged(table, sign_in):
    mediation = table.accepted()
    before = AccessLog.objects.count()
    url = reverse("mediation:file", args=[mediation.id])
    page = sign_in("he").get(url).content.decode()
    assert "黄三" in page
    assert "13800000001" not in page
    assert AccessLog.objects.count() == before + 2
    assert "13800000001" in sign_in("he").post(url).content.decode()
    for who in ("gao", "tang", "wang"):
        client = sign_in(who)
        assert client.get(url).status_code == 404, who
        assert (
            client.get(reverse("mediation:step", args=[mediation.id, "remark"])).status_code == 404
        )
        listed = client.get(reverse("mediation:list")).content.decode()
        assert "黄三" not in listed
    for who in ("li", "zhao", "lin"):
        assert sign_in(who).get(url).status_code == 403


def test_a_leader_sees_counts_and_heads_without_names(table, sign_in):
    table.agreed()
    client = sign_in("zhao")
    query = "begin=2026-11-01&end=2026-11-30"
    page = client.get(f"{reverse('mediation:figures')}?{query}").content.decode()
    links = re.findall(r'href="(/desk/mediations/figures/[^"]+)"', page)
    assert links
    for link in links:
        shown = client.get(link.replace("&amp;", "&")).content.decode()
        for secret in ("黄三", "白四", "围墙", "13800000001"):
            assert secret not in shown


def test_lists_ask_the_same_however_long_they_are(table, sign_in):
    client = sign_in("he")
    counts = []
    for more in (1, 6):
        for _ in range(more):
            table.accepted(matter=table.quarrel())
        client.get(reverse("mediation:list"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("mediation:list"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_no_contents_in_the_matter(table, sign_in):
    mediation = table.agreed()
    page = sign_in("li").get(reverse("web:matter", args=[mediation.matter.number])).content.decode()
    for secret in ("黄三", "白四", "白四赔偿", "1000.50"):
        assert secret not in page


def test_papers_are_taken_out_by_their_mediator_alone(table, sign_in):
    mediation = table.agreed()
    paper = reverse("mediation:paper", args=[mediation.id, "agreement"])
    dossier = reverse("mediation:dossier", args=[mediation.id])
    client = sign_in("he")
    for url in (paper, dossier):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"
    assert client.get(reverse("mediation:paper", args=[mediation.id, "visit"])).status_code == 404
    for who, status in (("gao", 404), ("tang", 404), ("zhao", 403)):
        for url in (paper, dossier):
            assert sign_in(who).get(url).status_code == status


def test_the_matter_leads_its_committee_to_the_file(table, sign_in):
    mediation = table.register()
    url = reverse("web:matter", args=[mediation.matter.number])
    file_url = reverse("mediation:file", args=[mediation.id])
    assert file_url in sign_in("he").get(url).content.decode()
    assert file_url not in sign_in("li").get(url).content.decode()
    table.take(mediation, "refuse", refusal="no_party")
    again = f"{reverse('mediation:new')}?matter={mediation.matter.number}"
    assert again in sign_in("he").get(url).content.decode()
