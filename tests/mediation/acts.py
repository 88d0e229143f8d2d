"""Fitting values for the fields of any step, for tests that try them all."""

from tests.mediation.conftest import MONDAY

TODAY = MONDAY.date()


def first(mediation):
    row = mediation.obligations.filter(done_on=None).first()
    return row.id if row else None


def values_of(mediation):
    """A fitting value for each field that a step may ask of this file."""
    party = mediation.parties.order_by("order").first()
    session = mediation.sessions.first()
    return {
        "side": "third", "kind": "natural", "name": "第三人", "party": party.id,
        "refusal": "in_court", "type": "PM02", "mediators": ["gao"], "mediator": "he",
        "reason": "理由", "consents": "yes", "starts_at": "2026-11-24T09:00", "room": "joint",
        "session": session.id if session else None, "answer": "comes", "companion": "elder",
        "minutes": "记录", "asked": "邻居", "evidence": "photo", "title": "照片",
        "until": "2026-12-20", "facts": "事实", "terms": "协议", "manner": "方式",
        "section": "facts", "signed_on": TODAY, "committee": "mediation",
        "signatures": {str(p.id): "paper" for p in mediation.parties.all()},
        "obligation": first(mediation), "done_on": TODAY, "note": "说明", "next_step": "urge",
        "asked_on": TODAY, "court": "法院", "outcome": "confirmed", "answered_on": TODAY,
        "visited_on": TODAY, "performance": "done", "satisfied": "yes", "sent_on": TODAY,
    }  # fmt: skip


def fields(values, step):
    """What the step needs, and of what it may have only what a rule asks for here."""
    wanted = step.needs + {"file": ("note",), "hold": ("room",)}.get(step.name, ())
    return {name: values[name] for name in wanted}
