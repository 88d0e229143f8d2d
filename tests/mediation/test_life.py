"""A mediation from its registration to its filing, and every turn it may take."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.actions import register, void_number
from maplebridge.mediation.models import Mediation, MediationEvent, Party
from maplebridge.mediation.papers import make_paper
from maplebridge.mediation.passing import committees_for, types_for
from maplebridge.mediation.queries.conflicts import to_decide
from maplebridge.mediation.queries.court import court_of
from maplebridge.mediation.queries.dossier import missing_papers
from maplebridge.mediation.queries.people import signers
from maplebridge.mediation.rules import (
    REFUSALS,
    TIERS,
    TYPES_2021,
    last_day_to_confirm,
    minor_needs,
)
from maplebridge.mediation.timeline import timeline
from maplebridge.mediation.working import place_of
from maplebridge.notify.models import Message
from maplebridge.org.models import Post, Unit
from maplebridge.org.queries import directory
from tests.mediation.conftest import BAI, DAY, HUANG, MONDAY
from tests.mediation.test_papers import words

TODAY = MONDAY.date()


def test_a_quarrel_becomes_an_agreement_that_is_kept(table):
    mediation = table.agreed()
    assert mediation.status == "agreed"
    assert mediation.number == "（2026）上村人调字第1号"
    assert table.fresh(mediation.matter).status == "handled"
    first, second = mediation.obligations.all()
    assert (first.amount + second.amount) == mediation.agreement.amount
    table.take(mediation, "perform", obligation=first.id, done_on=TODAY)
    with pytest.raises(Conflict):
        table.take(mediation, "complete")
    table.take(mediation, "perform", obligation=second.id, done_on=TODAY)
    table.take(mediation, "complete")
    table.take(mediation, "visit", visited_on=TODAY, performance="done", satisfied="yes")
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "file")
    assert refused.value.field == "note"  # no session, no identity paper seen
    table.take(mediation, "file", note="双方当场签字，未另作笔录。")
    done = table.again(mediation)
    assert (done.status, done.filed_at) == ("performed", MONDAY)
    with pytest.raises(Conflict):
        table.take(mediation, "file", note="x")
    assert list(verify_ledger()) == []


def test_every_step_is_tied_into_the_ledger(table):
    mediation = table.accepted()
    seals = [
        e.data["seal"] for e in mediation.matter.events.filter(step="mediate").order_by("version")
    ]
    assert seals == [bytes(e.digest).hex() for e in mediation.events.order_by("version")]


def test_a_letter_belongs_to_what_was_entrusted(table):
    mediation = table.register(source="applied", body="court", letter="诉前委派3号")
    assert (mediation.body, mediation.letter) == ("", "")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"source": "somehow"}, "source"),
        ({"applied_by": ""}, "applied_by"),
        ({"source": "entrusted", "body": "nobody", "letter": "1"}, "body"),
        ({"source": "entrusted", "body": "police", "letter": " "}, "letter"),
        ({"police_case": True}, "source"),
        ({"source": "entrusted", "body": "court", "letter": "1", "police_case": True}, "source"),
        ({"parties": []}, "parties"),
        ({"parties": [{**HUANG, "side": "left"}]}, "side"),
        ({"parties": [{**HUANG, "name": " "}]}, "name"),
        ({"committee": "nowhere"}, "committee"),
    ],
)
def test_registering_names_what_is_wrong(table, more, field):
    with pytest.raises(InvalidInput) as refused:
        table.register(**more)
    assert refused.value.field == field
    assert not Mediation.objects.exists()


def test_the_police_entrust_an_open_case_by_letter(table):
    mediation = table.register(
        source="entrusted", body="police", letter="龙公八委〔2026〕7号", police_case=True
    )
    table.take(mediation, "accept", type="PM06", mediators=["he"])
    party = table.parties(mediation)[0]
    table.take(mediation, "withdraw", party=party.id)
    with pytest.raises(Conflict):
        table.take(mediation, "file", note="x")  # the police hear of it first
    table.take(mediation, "report_back", sent_on=TODAY)
    table.take(mediation, "file", note="当事人撤回。")


def test_registering_twice_is_one_file(table):
    matter, mediation_id = table.quarrel(), uuid4()
    told = {"matter": matter.id, "committee": "mediation-1", "source": "initiative",
            "parties": [HUANG, BAI], "actor": table.actor("he"), "at": MONDAY}  # fmt: skip
    assert register(mediation_id=mediation_id, **told) == register(
        mediation_id=mediation_id, **told
    )
    assert Party.objects.count() == 2
    with pytest.raises(Conflict):
        register(mediation_id=uuid4(), **told)


def test_only_a_committee_registers(table):
    matter = table.quarrel()
    for who, refusal in (("li", NotAllowed), ("wang", NotFound)):
        with pytest.raises(refusal):
            table.register(who=who, matter=matter)


def test_a_party_that_clearly_refuses_ends_it(table):
    mediation = table.accepted()
    table.take(mediation, "inform", party=table.parties(mediation)[1].id, consents="no")
    ended = table.again(mediation)
    assert (ended.status, ended.refusal) == ("refused", "party_refuses")


def test_each_refusal_says_where_to_go(table):
    for code in REFUSALS:
        mediation = table.register(matter=table.quarrel())
        event = table.take(mediation, "refuse", refusal=code)
        assert event.data["instead"]


def test_one_side_is_no_dispute(table):
    mediation = table.register(parties=[HUANG])
    with pytest.raises(Conflict):
        table.take(mediation, "accept", type="PM02", mediators=["he"])
    table.take(mediation, "add_party", side="respondent", kind="natural", name="白四")
    table.take(mediation, "accept", type="PM02", mediators=["he"])


def test_whoever_has_left_the_committee_is_not_named(table):
    mediation = table.register()
    yesterday = timezone.localdate() - DAY
    Post.objects.filter(person=table.people.gao).update(valid_to=yesterday)
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "accept", type="PM02", mediators=["gao"])
    assert refused.value.field == "mediators"


def test_talks_wait_for_consent_and_guardians(table):
    mediation = table.accepted()
    applicant, respondent = table.parties(mediation)
    with pytest.raises(Conflict):
        table.take(mediation, "open")
    for party in (applicant, respondent):
        table.take(mediation, "inform", party=party.id, consents="yes")
    Party.objects.filter(pk=respondent.pk).update(minor=True)
    with pytest.raises(Conflict):
        table.take(mediation, "open")
    table.take(mediation, "add_party", side="respondent", kind="natural", name="白母",
               represents=respondent.id)  # fmt: skip
    table.take(mediation, "open")


def test_a_talk_to_which_one_side_came_is_no_joint_record(table):
    mediation = table.mediating()
    one, two = table.parties(mediation)
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "invite", starts_at=MONDAY - DAY, room="joint")
    assert refused.value.field == "starts_at"
    table.take(mediation, "invite", starts_at=MONDAY + DAY, room="joint", place="村委会")
    session, talk = mediation.sessions.get(), {"minutes": "私下愿意多赔", "present": [one.id]}
    for told, field in (
        ({}, "room"), ({"room": "joint"}, "present"), ({"session": session.id}, "present"),
        ({"room": "private", "party": two.id}, "present"),
        ({"room": "private", "party": one.id, "starts_at": MONDAY + DAY}, "starts_at"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            table.take(mediation, "hold", **talk, **told)
        assert refused.value.field == field
    table.take(mediation, "hold", session=session.id, room="private", party=one.id, **talk)
    session.refresh_from_db()
    assert (session.room, session.party, session.place) == ("private", one, "村委会")
    assert session.starts_at == MONDAY  # not when it was planned, but when it was
    assert "多赔" not in words(make_paper("minutes", table.again(mediation), table.actor("he")))


def test_a_proxy_brings_a_letter(table):
    mediation = table.accepted()
    applicant = table.parties(mediation)[0]
    told = {"side": "applicant", "kind": "natural", "name": "代某", "represents": applicant.id}
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "add_party", **told)
    assert refused.value.field == "authority"
    told |= {"authority": "授权书1"}
    for more, field in (({}, "power"), ({"power": "special", "minor": "yes"}, "minor")):
        with pytest.raises(InvalidInput) as refused:
            table.take(mediation, "add_party", **told, **more)
        assert refused.value.field == field
    table.take(mediation, "add_party", power="general", **told)
    one, two, proxy = table.parties(mediation)
    assert signers([one, two, proxy]) == [one, two]  # who may not concede does not sign
    table.take(mediation, "add_party", power="special", **told | {"name": "律师"})
    assert signers(table.parties(mediation)) == [two, table.parties(mediation)[3]]
    with pytest.raises(InvalidInput) as refused:  # 民事诉讼法 Art. 61
        table.take(mediation, "add_party", power="general", **told)
    assert refused.value.field == "represents"
    for party in (one, two):
        table.take(mediation, "inform", party=party.id, consents="yes")
    table.take(mediation, "open")
    table.take(mediation, "draft", facts="a", terms="b", manner="c")
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "approve", party=proxy.id, section="terms")
    assert refused.value.field == "party"
    said = words(make_paper("authority", table.again(mediation), table.actor("he")))
    assert "代某的委托权限：一般授权" in said
    assert "律师的委托权限：特别授权" in said


def test_an_objection_is_decided(table):
    mediation = table.accepted()
    party = table.parties(mediation)[0]
    with pytest.raises(InvalidInput):
        table.take(mediation, "object", party=party.id, mediator="gao", reason="亲戚")
    assert not to_decide(mediation)
    table.take(mediation, "object", party=party.id, mediator="he", reason="与对方是亲戚")
    assert to_decide(table.again(mediation))
    told = Message.objects.filter(kind="objection", number=mediation.matter.number)
    assert {m.person.username for m in told} == {"he", "gao"}
    colleague = table.actor("gao")  # reads the head alone, and decides
    assert place_of(colleague, mediation.matter.number).endswith("/steps/appoint")
    chosen = {"mediators": ["gao"], "reason": "回避", "chosen": "yes"}
    event = table.take(mediation, "appoint", **chosen)
    assert "由当事人选定" in [e["facts"] for e in timeline(table.again(mediation))]
    assert event.data["chosen"] is True
    assert not to_decide(table.again(mediation))
    with pytest.raises(NotFound):
        table.take(mediation, "remark", who="he", note="x")  # no longer his
    table.take(mediation, "remark", who="gao", note="已接手")


def test_a_change_of_the_draft_voids_approvals(table):
    mediation = table.drafted()
    parties = table.parties(mediation)
    for party in parties:
        for section in ("facts", "issues", "terms", "manner"):
            table.take(mediation, "approve", party=party.id, section=section)
    table.take(mediation, "draft", facts="围墙倒塌", terms="各自承担", manner="无")
    signatures = {str(p.id): "paper" for p in parties}
    with pytest.raises(Conflict):
        table.take(mediation, "sign", signed_on=TODAY, signatures=signatures)


def test_every_party_signs(table):
    mediation = table.drafted()
    parties = table.parties(mediation)
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "sign", signed_on=TODAY, signatures={str(parties[0].id): "paper"})
    assert refused.value.field == "signatures"


def test_an_oral_agreement_is_noted(table):
    mediation = table.mediating()
    owes = {"party": table.parties(mediation)[1].id, "text": "分期", "due_on": TODAY + DAY}
    for wrong in ({"signed_on": TODAY + DAY}, {"signed_on": TODAY.replace(year=2016)},
                  {"obligations": [owes | {"due_on": TODAY.replace(year=2206)}]}):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            table.take(mediation, "agree_orally", terms="当场道歉，握手言和", **wrong)
        assert refused.value.field in wrong
    owed = [owes | {"amount": "100.5"}, owes | {"amount": "200"}, owes]
    table.take(mediation, "draft", facts="围墙", terms="赔偿", manner="分期", obligations=owed)
    assert str(table.again(mediation).agreement.amount) == "300.50"  # counted where it is not told
    table.take(mediation, "agree_orally", terms="当场道歉，握手言和")
    done = table.again(mediation)
    assert (done.status, done.agreement.oral, done.agreement.signed_on) == ("agreed", True, TODAY)


def test_a_failed_mediation_is_mediated_again(table):
    mediation = table.mediating()
    table.take(mediation, "fail", reason="分歧过大")
    assert "agreement" not in [p.code for p in missing_papers(table.again(mediation))]
    again = table.register(matter=mediation.matter, previous=mediation.id)
    assert again.previous_id == mediation.id


def test_passing_up_takes_the_whole_file_and_comes_back(table):
    mediation = table.mediating()
    table.take(mediation, "pass_on", committee="mediation", reason="涉及两村")
    later = Mediation.objects.get(previous=mediation)
    assert (later.status, later.committee.short_name) == ("registered", "八都")
    assert [p.subject for p in table.parties(later)] == [
        p.subject for p in table.parties(mediation)
    ]
    table.take(later, "accept", who="tang", type="PM02", mediators=["tang"])
    table.take(later, "pass_on", who="tang", committee="mediation-1", reason="先由村里再谈")
    back = Mediation.objects.get(previous=later)
    assert back.committee.short_name == "上村"
    assert list(verify_ledger()) == []


def test_each_level_is_offered_where_it_is_in_charge(table):
    """The next level first; a committee there for other types, and other villages, are folded."""
    special = table.units.special.committee
    special.types = ["PM17"]
    special.save()
    mediation = table.accepted()
    groups = [(g.open, [code for code, _name in g.choices]) for g in committees_for(mediation)]
    assert groups == [(True, ["mediation"]), (False, ["special"]), (True, ["county"])]
    table.take(mediation, "pass_on", committee="special", reason="物业")
    later = Mediation.objects.get(previous=mediation)
    assert types_for(later) == [("PM17", TYPES_2021["PM17"])]
    with pytest.raises(InvalidInput) as refused:
        table.take(later, "accept", who="zhuan", type="PM02", mediators=["zhuan"])
    assert refused.value.field == "type"
    table.take(later, "pass_on", who="zhuan", committee="county", reason="不属于物业纠纷")
    above = Mediation.objects.get(previous=later)
    offered = committees_for(above)
    assert [code for g in offered if g.open for code, _name in g.choices] == [
        "special", "mediation", "mediation-1",
    ]  # fmt: skip
    table.take(above, "accept", who="xian", type="PM02", mediators=["xian"])
    assert table.fresh(mediation.matter).lead == table.units.county
    assert {t.kind for t in TIERS.values()} == set(Unit.MEDIATING)


def test_what_is_broken_and_then_performed(table):
    mediation = table.agreed()
    first, second = mediation.obligations.all()
    told = {"perform": {"obligation": first.id}, "visit": {"performance": "not", "satisfied": "no"}}
    for step, name in (("perform", "done_on"), ("visit", "visited_on")):
        for day in (TODAY + DAY, TODAY.replace(year=2016)):  # a slip of the pen
            with pytest.raises(InvalidInput) as refused:
                table.take(mediation, step, **told[step], **{name: day})
            assert refused.value.field == name
    table.take(mediation, "urge", obligation=first.id, note="电话催告")
    table.take(mediation, "break_off", obligation=first.id, next_step="court")
    for row in (first, second):
        table.take(mediation, "perform", obligation=row.id, done_on=TODAY)
    table.take(mediation, "complete")
    assert table.again(mediation).status == "performed"


def test_the_court_is_asked_in_time(table):
    mediation = table.agreed()
    last = last_day_to_confirm(TODAY, directory().calendar.is_working_day)
    for asked_on, at in (
        (last + DAY, MONDAY + 90 * DAY),
        (TODAY + DAY, MONDAY),
        (TODAY - DAY, MONDAY),
    ):
        with pytest.raises(InvalidInput) as refused:
            table.take(mediation, "ask_confirmation", at=at, asked_on=asked_on, court="龙泉法院")
        assert refused.value.field == "asked_on"
    assert "龙泉" not in words(make_paper("confirmation", mediation, table.actor("he")))
    assert court_of(mediation, TODAY).words == f"司法确认还剩 {(last - TODAY).days} 天"
    owed = mediation.obligations.first().id
    with pytest.raises(InvalidInput) as refused:
        table.take(mediation, "break_off", obligation=owed, next_step="enforce")
    assert refused.value.field == "next_step"
    late = MONDAY + (last - TODAY)
    table.take(mediation, "ask_confirmation", at=late, asked_on=last, court="龙泉市人民法院")
    assert court_of(table.again(mediation), TODAY).words == "已申请司法确认"
    for answered_on in (last - DAY, last + DAY):
        with pytest.raises(InvalidInput):
            table.take(mediation, "confirm", at=late, outcome="confirmed", answered_on=answered_on)
    table.take(mediation, "confirm", at=late, outcome="confirmed", answered_on=last)
    assert court_of(table.again(mediation), TODAY).words == "司法确认：予以确认"
    table.take(mediation, "break_off", obligation=owed, next_step="enforce")
    oral = table.mediating(matter=table.quarrel())
    table.take(oral, "agree_orally", terms="当场道歉")
    with pytest.raises(Conflict):
        table.take(oral, "ask_confirmation", asked_on=TODAY, court="龙泉市人民法院")
    assert court_of(table.again(oral), TODAY) is None


def test_thirty_days_over_holidays():
    rest = {date(2026, 10, d) for d in range(1, 9)}
    works = lambda day: day not in rest and day.weekday() < 5  # noqa: E731
    assert last_day_to_confirm(date(2026, 9, 1), works) == date(2026, 10, 9)
    assert last_day_to_confirm(date(2026, 9, 7), works) == date(2026, 10, 9)
    assert last_day_to_confirm(date(2026, 8, 3), works) == date(2026, 9, 2)


def test_an_identity_number_tells_sex_and_age(table):
    mediation = table.mediating()
    one, two = table.parties(mediation)
    table.take(mediation, "mend_party", party=one.id, id_number="11010519491231002X")
    table.take(mediation, "mend_party", party=two.id, id_number="110105201012310023", age="15")
    text = words(make_paper("application", table.again(mediation), table.actor("he")))
    assert "女" in text
    assert "76" in text  # born on the last day of 1949, on 23 November 2026
    assert table.parties(mediation)[1].needs_guardian


def test_who_needs_a_guardian():
    assert minor_needs(15, alone_since_16=False)
    assert minor_needs(17, alone_since_16=False)
    assert not minor_needs(17, alone_since_16=True)
    assert not minor_needs(18, alone_since_16=False)
    assert not minor_needs(None, alone_since_16=False)


def test_more_time_has_an_end(table):
    mediation = table.accepted()
    for until in (mediation.due_on, TODAY + timedelta(days=61)):
        with pytest.raises(InvalidInput):
            table.take(mediation, "extend", until=until, reason="双方同意")
    table.take(mediation, "extend", until=TODAY + timedelta(days=60), reason="双方同意")


def test_a_voided_number_stays_visible(table):
    mediation = table.accepted()
    void_number(mediation.id, "登记错误", actor=table.actor("he"), command_id=uuid4(), at=MONDAY)
    assert table.again(mediation).number == "（2026）上村人调字第1号"
    assert table.accepted(matter=table.quarrel()).serial == 2


def test_contents_are_for_the_assigned_alone(table):
    mediation = table.accepted()
    for who in ("gao", "li", "zhao", "lin", "wang", "tang"):
        with pytest.raises(NotFound):
            table.take(mediation, "remark", who=who, note="x")
    assert MediationEvent.objects.count() == 2
