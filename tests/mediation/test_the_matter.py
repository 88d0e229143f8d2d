"""The matter moves with its mediation: on to the next committee, back to the dispatcher, or to its
result with where to go instead."""

from maplebridge.mediation.models import Mediation
from maplebridge.mediation.rules import INSTEAD

# (how it ends, where it stood) → where the matter stands then, and who leads it.
MATTERS = {
    ("refuse in_court", "registered"): ("handled", "mediation-1"),
    ("refuse party_refuses", "registered"): ("handled", "mediation-1"),
    ("refuse no_party", "registered"): ("handled", "mediation-1"),
    ("refuse police_case", "registered"): ("returned", None),
    ("refuse reserved", "registered"): ("returned", None),
    ("refuse no_dispute", "registered"): ("returned", None),
    ("no", "accepted"): ("handled", "mediation-1"),
    ("no", "mediating"): ("handled", "mediation-1"),
    ("withdraw", "registered"): ("handled", "mediation-1"),
    ("withdraw", "accepted"): ("handled", "mediation-1"),
    ("withdraw", "mediating"): ("handled", "mediation-1"),
    ("fail", "mediating"): ("handled", "mediation-1"),
    ("pass_on", "registered"): ("dispatched", "mediation"),
    ("pass_on", "accepted"): ("dispatched", "mediation"),
    ("pass_on", "mediating"): ("dispatched", "mediation"),
}


def test_the_matter_goes_where_its_mediation_goes(table):
    for (how, stood), (status, lead) in MATTERS.items():
        mediation = {"registered": table.register, "accepted": table.accepted,
                     "mediating": table.mediating}[stood](matter=table.quarrel())  # fmt: skip
        limit = mediation.matter.clocks.get(kind="handle").due_at
        end(table, mediation, how)
        matter = table.fresh(mediation.matter)
        there = (matter.status, matter.lead.code if matter.lead else None)
        assert there == (status, lead), (how, stood)
        said = table.last_text(matter, "handle" if status == "handled" else "hand_back")
        if status == "returned":
            assert str(INSTEAD[how.split()[1]]) in said
            table.step(matter, "dispatch", "li", category="A02", lead="mediation")
        elif status == "handled":
            assert "法院" in said or "司法" in said, (how, said)  # where to go instead
        else:
            assert matter.clocks.get(kind="handle").due_at == limit  # it runs on
            assert matter.clocks.filter(kind="sign", stopped_at=None).count() == 1


def end(table, mediation, how):
    party = table.parties(mediation)[0].id
    name, _space, code = how.partition(" ")
    acts = {
        "refuse": ("refuse", {"refusal": code}), "fail": ("fail", {"reason": "x"}),
        "no": ("inform", {"party": party, "consents": "no"}), "withdraw": ("withdraw", {"party": party}),
        "pass_on": ("pass_on", {"committee": "mediation", "reason": "x"}),
    }  # fmt: skip
    step, fields = acts[name]
    table.take(mediation, step, **fields)


def test_up_to_the_county_and_back_the_matter_is_always_where_it_is_mediated(table):
    """Village, town, specialised, county, and down again: each accepts, leads and hands on."""
    mediation, who = table.mediating(), "he"
    for there, next_ in (("mediation", "tang"), ("special", "zhuan"), ("county", "xian"),
                         ("mediation", "tang")):  # fmt: skip
        table.take(mediation, "pass_on", who=who, committee=there, reason="移交")
        mediation, who = Mediation.objects.get(previous=mediation), next_
        table.take(mediation, "accept", who=who, type="PM02", mediators=[who])
        matter = table.fresh(mediation.matter)
        assert (matter.status, matter.lead.code) == ("accepted", there)
        table.take(mediation, "open", who=who)
        assert table.fresh(matter).status == "in_progress"
    table.take(mediation, "agree_orally", who=who, terms="和好")
    assert table.fresh(mediation.matter).status == "handled"


def test_where_a_committee_only_helps_its_part_goes_on(table):
    matter = table.report(text="两家争吵", category="A02").matter
    table.step(matter, "dispatch", "li", category="A02", lead="sanitation", helpers=["mediation-1"])
    mediation = table.accepted(matter=table.fresh(matter))
    table.take(mediation, "pass_on", committee="mediation", reason="x")
    parts = {(a.unit.code, a.role, a.state) for a in matter.assignments.all()}
    assert parts == {("sanitation", "lead", "active"), ("mediation-1", "helper", "replaced"),
                     ("mediation", "helper", "active")}  # fmt: skip
    assert table.fresh(matter).status == "dispatched"
