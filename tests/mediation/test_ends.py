"""Ends and laws: refusals with where to go instead, the way back to whoever entrusted, who acts for
whom, recusal, passing up and back, mediating again, and what a failed mediation tells."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.mediation.actions import void_number
from maplebridge.mediation.models import Mediation, Party
from maplebridge.mediation.papers import make_dossier, make_paper
from maplebridge.mediation.queries.visible import mediation_seen
from maplebridge.mediation.rules import INSTEAD, REFUSALS
from maplebridge.mediation.timeline import timeline
from maplebridge.notify.models import Message
from maplebridge.org.models import Absence, Person, Post
from tests.mediation.conftest import BAI, HUANG, MONDAY

TODAY = MONDAY.date()
ENTRUSTED = {"source": "entrusted", "body": "police", "letter": "龙公八委〔2026〕7号"}


def words(data):
    document = Document(BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def told(mediation):
    return " ".join(f"{e['note']} {e['facts']}" for e in timeline(mediation))


def test_each_refusal_of_article_17_says_where_to_go_instead(table):
    assert INSTEAD.keys() == REFUSALS.keys()
    with translation.override("zh-hans"):
        for code, place in INSTEAD.items():
            mediation = table.register(matter=table.quarrel())
            table.take(mediation, "refuse", refusal=code)
            assert str(place) in told(mediation)
            table.take(mediation, "file", note="不予受理。")  # its registration is a dossier too
            with pytest.raises(Conflict):
                table.take(mediation, "accept", type="PM02", mediators=["he"])
        own = table.register(matter=table.quarrel())
        table.take(own, "refuse", refusal="reserved", instead="龙泉市自然资源局")
        assert "龙泉市自然资源局" in told(own)


def test_a_clear_no_ends_it_wherever_it_stands(table):
    for mediation in (table.accepted(), table.mediating(matter=table.quarrel())):
        table.take(mediation, "inform", party=table.parties(mediation)[1].id, consents="no")
        ended = table.again(mediation)
        assert (ended.status, ended.refusal, ended.ended_at) == ("refused", "party_refuses", MONDAY)


@pytest.mark.parametrize("end", ["agreed", "failed", "refused", "withdrawn"])
def test_the_result_goes_back_with_its_letter(table, sign_in, end):
    officer = table.people.jing = Person.objects.create(username="jing", name="警民")
    post = Post.objects.create(
        person=officer, kind="handler", title="民警", unit=table.units.police
    )
    Absence.objects.create(post=post, stand_in=table.people.gao, from_day=TODAY, to_day=TODAY)
    if end == "agreed":
        mediation = table.agreed(**ENTRUSTED)
        for row in mediation.obligations.all():
            table.take(mediation, "perform", obligation=row.id, done_on=TODAY)
        table.take(mediation, "complete")
    elif end == "refused":
        mediation = table.register(**ENTRUSTED)
        table.take(mediation, "refuse", refusal="no_party")
    else:
        mediation = table.mediating(**ENTRUSTED)
        party = table.parties(mediation)[0].id
        name, fields = {"failed": ("fail", {"reason": "x"}),
                        "withdrawn": ("withdraw", {"party": party})}[end]  # fmt: skip
        table.take(mediation, name, **fields)
    with pytest.raises(Conflict):
        table.take(mediation, "file", note="x")
    event = table.take(mediation, "report_back", sent_on=TODAY, note="已调解终结")
    assert (event.data["body"], event.data["letter"]) == ("police", ENTRUSTED["letter"])
    reply = words(make_paper("reply", table.again(mediation), table.actor("he")))
    results = {"agreed": "达成调解协议并已履行", "refused": "未予调解：无法找到对方当事人"}
    for said in (ENTRUSTED["letter"], "派出所：", results.get(end, "")):
        assert said in reply
    assert ("请贵单位依法处理" in reply) is (end != "agreed")  # all was performed
    station = Message.objects.filter(kind="entrusted_back", number=mediation.matter.number)
    assert {m.person.username for m in station} == {"jing", "gao"}  # who stands in as well
    page = sign_in("jing").get(reverse("mediation:of_matter", args=[mediation.matter.number]))
    page = sign_in("jing").get(page.url).content.decode()
    for said, there in ((ENTRUSTED["letter"], True), ("2026-11-23 已反馈", True), ("黄三", False)):
        assert (said in page) is there
    assert (
        ENTRUSTED["letter"] not in sign_in("he").get("/desk/mediations/entrusted").content.decode()
    )
    table.take(mediation, "file", note="x")
    assert ENTRUSTED["letter"] in words(make_paper("application", table.again(mediation),
                                                   table.actor("he")))  # fmt: skip


def test_the_next_committee_reports_back_what_was_entrusted_to_the_first(table):
    mediation = table.mediating(**ENTRUSTED)
    table.take(mediation, "pass_on", committee="mediation", reason="涉及两村")
    table.take(mediation, "file", note="已移交")
    later = Mediation.objects.get(previous=mediation)
    assert (later.source, later.body, later.letter) == (
        "entrusted", "police", ENTRUSTED["letter"],
    )  # fmt: skip
    table.take(later, "accept", who="tang", type="PM02", mediators=["tang"])
    table.take(later, "withdraw", who="tang", party=table.parties(later)[0].id)
    table.take(later, "report_back", who="tang", sent_on=TODAY)


def test_the_whole_file_goes_up_and_comes_back(table):
    first = table.mediating()
    table.take(first, "add_party", side="applicant", kind="natural", name="代某", power="special",
               represents=table.parties(first)[0].id, authority="授权〔2026〕1号")  # fmt: skip
    table.take(first, "hold", minutes="村里谈过的内容", room="joint")
    with pytest.raises(NotFound):
        mediation_seen(table.actor("tang"), first.id)
    table.take(first, "pass_on", committee="mediation", reason="涉及两村")
    second = Mediation.objects.get(previous=first)
    assert [(p.side, p.subject, p.consents, p.power) for p in table.parties(second)] == [
        (p.side, p.subject, p.consents, p.power) for p in table.parties(first)
    ]
    assert mediation_seen(table.actor("tang"), first.id) == first  # all of it is there to read
    table.take(second, "accept", who="tang", type="PM02", mediators=["tang"])
    table.take(second, "pass_on", who="tang", committee="mediation-1", reason="请村里再谈")
    third = Mediation.objects.get(previous=second)
    table.take(third, "accept", type="PM02", mediators=["gao"])
    assert (third.committee.short_name, table.again(third).serial) == ("上村", 2)
    for before in (first, second):
        assert mediation_seen(table.actor("gao"), before.id) == before
    for who in ("li", "zhao", "lin", "wang"):
        with pytest.raises(NotFound):
            mediation_seen(table.actor(who), first.id)
    with pytest.raises(NotFound):  # to read is not to act
        table.take(first, "remark", who="gao", note="x")


def test_mediating_again_is_linked_and_read_in_the_same_committee_alone(table):
    before = table.mediating()
    table.take(before, "fail", reason="分歧过大")
    again = table.register(matter=before.matter, previous=before.id)
    table.take(again, "accept", type="PM02", mediators=["gao"])
    assert mediation_seen(table.actor("gao"), before.id).later.get() == again
    other = table.quarrel()
    with pytest.raises(InvalidInput) as refused:
        table.register(matter=other, previous=before.id)
    assert refused.value.field == "previous"


def test_however_it_ends_without_an_agreement_the_other_ways_are_told_and_printed(table):
    """Without a joint talk too, and before there is a number; what was said apart is in none."""
    for how in ("fail", "withdraw", "no", "refuse"):
        mediation = (table.register if how == "refuse" else table.mediating)(matter=table.quarrel())
        party = table.parties(mediation)[0].id
        if how != "refuse":
            table.take(mediation, "hold", minutes="愿意多赔两百", room="private", party=party)
        name, fields = {
            "fail": ("fail", {"reason": "乙方私下不愿多赔"}), "withdraw": ("withdraw", {"party": party}),
            "no": ("inform", {"party": party, "consents": "no"}),
            "refuse": ("refuse", {"refusal": "reserved", "instead": "市自然资源局"}),
        }[how]  # fmt: skip
        table.take(mediation, name, **fields)
        mediation = table.again(mediation)
        assert how == "refuse" or "司法" in told(mediation) or "法院" in told(mediation)
        printed = [words(make_paper("notice", mediation, table.actor("he")))]
        if mediation.number:
            printed.append(words(make_dossier(mediation, table.actor("he"))))
        for said in printed:
            for way in ("仲裁", "行政", "司法", "黄三、白四"):
                assert way in said, how
            assert "多赔" not in said
        assert ("不予受理告知书" if how == "refuse" else "终止调解告知书") in printed[0]
        assert ("市自然资源局" in printed[0]) == (how == "refuse")
    agreed = table.agreed(matter=table.quarrel())
    with pytest.raises(NotFound):
        make_paper("notice", agreed, table.actor("he"))


def test_a_party_may_stop_at_any_time(table):
    for mediation in (table.register(matter=table.quarrel()), table.accepted(matter=table.quarrel()),
                      table.drafted(matter=table.quarrel())):  # fmt: skip
        table.take(mediation, "withdraw", party=table.parties(mediation)[1].id, reason="改去法院")
        ended = table.again(mediation)
        assert (ended.status, ended.ended_at) == ("withdrawn", MONDAY)


def test_somebody_under_age_never_acts_alone(table):
    mediation = table.register(parties=[HUANG, {**BAI, "minor": "yes"}])
    table.take(mediation, "accept", type="PM02", mediators=["he"])
    minor = table.parties(mediation)[1]
    assert minor.minor
    for party in table.parties(mediation):
        table.take(mediation, "inform", party=party.id, consents="yes")
    with pytest.raises(Conflict):
        table.take(mediation, "open")
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "add_party", side="applicant", kind="natural", name="黄父",
                   represents=minor.id)  # fmt: skip
    assert refused.value.field == "represents"  # nobody stands for the other side
    table.take(mediation, "add_party", side="respondent", kind="natural", name="白母",
               represents=minor.id)  # fmt: skip
    table.take(mediation, "open")
    table.take(mediation, "draft", facts="a", terms="b", manner="c")
    one, guardian = table.parties(mediation)[0], table.parties(mediation)[2]
    for party in (one, guardian):
        for section in ("facts", "terms", "manner"):
            table.take(mediation, "approve", party=party.id, section=section)
    with pytest.raises(InvalidInput):  # the child's own hand is no signature
        table.take(mediation, "sign", signed_on=TODAY,
                   signatures={str(one.id): "paper", str(minor.id): "paper"})  # fmt: skip
    table.take(mediation, "sign", signed_on=TODAY,
               signatures={str(one.id): "paper", str(guardian.id): "paper"})  # fmt: skip
    said = words(make_paper("application", table.again(mediation), table.actor("he")))
    assert "被申请人的法定代理人 白母" in said.replace("\t", " ").replace("\n", " ")
    with pytest.raises(NotFound):  # a guardian acts by law, without a letter
        make_paper("authority", table.again(mediation), table.actor("he"))


def test_an_age_that_comes_to_light_late_is_heeded(table):
    mediation = table.drafted()
    late = table.parties(mediation)[1]
    table.take(mediation, "mend_party", party=late.id, age="15")
    assert Party.objects.get(pk=late.pk).minor
    for name, fields in (("agree_orally", {"terms": "道歉"}),):
        with pytest.raises(Conflict):
            table.take(mediation, name, **fields)
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "mend_party", party=late.id, age="15", alone_since_16="yes")
    assert refused.value.field == "alone_since_16"
    table.take(mediation, "mend_party", party=late.id, age="17", alone_since_16="yes")
    table.take(mediation, "agree_orally", terms="道歉")


def test_a_colleague_names_another_mediator_without_reading(table):
    mediation = table.mediating()
    party = table.parties(mediation)[0]
    table.take(mediation, "object", party=party.id, mediator="he", reason="与对方是亲戚")
    for who in ("tang", "li", "zhao"):
        with pytest.raises(NotFound):
            table.take(mediation, "appoint", who=who, mediators=["gao"], reason="回避")
    with pytest.raises(NotFound):
        mediation_seen(table.actor("gao"), mediation.id)
    table.take(mediation, "appoint", who="gao", mediators=["gao"], reason="回避")
    assert mediation_seen(table.actor("gao"), mediation.id)
    with pytest.raises(NotFound):
        mediation_seen(table.actor("he"), mediation.id)


def test_a_void_number_frees_the_dispute(table):
    mediation = table.accepted()
    void_number(mediation.id, "重复登记", actor=table.actor("gao"), command_id=uuid4(), at=MONDAY)
    ended = table.again(mediation)
    assert (ended.status, ended.serial, ended.void_reason) == ("withdrawn", 1, "重复登记")
    again = table.register(matter=mediation.matter, previous=mediation.id)
    table.take(again, "accept", type="PM02", mediators=["he"])
    assert table.again(again).serial == 2
    agreed = table.agreed(matter=table.quarrel())
    void_number(agreed.id, "误登", actor=table.actor("he"), command_id=uuid4(), at=MONDAY)
    assert table.again(agreed).status == "agreed"  # what was agreed stays agreed
