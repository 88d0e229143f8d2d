"""The file as its mediator works with it: what it shows, and which steps are open."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.matters.queries.visible import sees
from maplebridge.mediation.flow import AFTER_FILING, FLOW
from maplebridge.mediation.models import Agreement, Mediation
from maplebridge.mediation.models.agreement import SECTIONS
from maplebridge.mediation.pages import CONTACTS, NAMES, head, names_of
from maplebridge.mediation.queries.claims import lacking
from maplebridge.mediation.queries.court import court_of
from maplebridge.mediation.queries.dossier import PAPERS, is_needed, owes_reply, told_to_go
from maplebridge.mediation.queries.people import named, signers
from maplebridge.mediation.queries.reviews import reviews_in
from maplebridge.mediation.queries.visible import kinds_for
from maplebridge.mediation.rules import POWERS, language_name
from maplebridge.mediation.standing import waits
from maplebridge.mediation.timeline import timeline
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages

# The groups in which the other steps stand behind one button, in the order of the work.
PHASES = (
    (
        gettext_lazy("People"),
        ("add_party", "mend_party", "inform", "bring", "object", "recuse", "keep", "appoint"),
    ),
    (
        gettext_lazy("Talks"),
        ("invite", "answer", "hold", "inquire", "add_evidence", "remark", "extend"),
    ),
    (gettext_lazy("Agreement"), ("draft", "approve", "sign", "agree_orally")),
    (
        gettext_lazy("Keeping it"),
        (
            "perform",
            "urge",
            "complete",
            "break_off",
            "visit",
            "ask_confirmation",
            "confirm",
            "report_back",
        ),
    ),
    (gettext_lazy("Other ends"), ("refuse", "withdraw", "fail", "pass_on")),
)


def file_page(
    actor: Actor, mediation: Mediation, today: date, *, contacts: bool = False
) -> dict[str, Any]:
    """The file as its mediator works with it."""
    opened = names_of(mediation, actor, CONTACTS if contacts else NAMES)
    names = {subject: facts.get("party.name", "") for subject, facts in opened.items()}
    agreement: Agreement | None = getattr(mediation, "agreement", None)
    return {
        "mediation": mediation,
        "head": head(mediation, actor, today),
        "names": names,
        "parties": [
            _party(p, names, opened) for p in mediation.parties.select_related("represents")
        ],
        "companions": _(", ").join(
            f"{c.get_role_display()} {names.get(c.subject, '')}" for c in mediation.companions.all()
        ),
        "sessions": _sessions(mediation, names),
        "inquiries": _inquiries(mediation, names),
        "evidence": [
            (e, named(e.party, names) if e.party else "", photos_of(mediation, e.photos))
            for e in mediation.evidence.select_related("party")
        ],
        "agreement": agreement,
        "sections": _sections(mediation, agreement, names),
        "obligations": _obligations(mediation, names, today),
        "court": court_of(mediation, today),
        "owed_back": owes_reply(mediation) and mediation.reported_back_on is None,
        "papers": [(p, p.there(mediation), is_needed(p, mediation)) for p in PAPERS],
        "told_to_go": told_to_go(mediation) and mediation.filed_at is None,
        "timeline": timeline(mediation, names),
        "lacking": lacking(mediation) if mediation.filed_at else [],
        "claim": getattr(mediation, "claim", None),
        "reviews": reviews_in(mediation),
        "sees_matter": sees(actor, mediation.matter),
        "leads": bool(kinds_for(actor, mediation)),
        "contacts": contacts,
        **_steps(actor, mediation),
    }


def _party(
    party: Any, names: dict[UUID, str], opened: dict[UUID, dict[str, str]]
) -> dict[str, Any]:
    facts = opened.get(party.subject, {})
    return {
        "party": party,
        "name": names.get(party.subject, ""),
        "side": party.get_side_display(),
        "language": language_name(facts.get("party.language", "")),
        "phone": facts.get("party.phone", ""),
        "address": facts.get("party.address", ""),
        "stands_for": named(party.represents, names) if party.represents else "",
        "power": _power(party),
    }


def _power(party: Any) -> str:
    """By what right somebody stands for a party."""
    if party.represents is None:
        return ""
    if party.represents.needs_guardian:
        return _("guardian")
    letter = _("letter of authority %(letter)s") % {"letter": party.authority}
    return f"{letter} · {POWERS[party.power]}" if party.power else letter


def _sessions(mediation: Mediation, names: dict[UUID, str]) -> list[dict[str, Any]]:
    found = mediation.sessions.select_related("party").prefetch_related(
        "present", "invitations__party"
    )
    shown = list(found)
    words = passages([s.passage_id for s in shown if s.passage_id])
    return [
        {
            "session": s,
            "with": named(s.party, names) if s.party else "",
            "photos": photos_of(mediation, s.photos),
            "minutes": words.get(s.passage_id, "") if s.passage_id else "",
            "present": _(", ").join(named(p, names) for p in s.present.all()),
            "invited": [
                (named(i.party, names), i.get_answer_display()) for i in s.invitations.all()
            ],
        }
        for s in shown
    ]


def _inquiries(mediation: Mediation, names: dict[UUID, str]) -> list[dict[str, Any]]:
    """Who was asked, when and where, by whom, with question and answer."""
    shown = list(mediation.inquiries.all())
    words = passages([row.passage_id for row in shown])
    asked_by = {
        event.data["inquiry"]: event.person.name if event.person else ""
        for event in mediation.events.filter(step="inquire").select_related("person")
    }
    return [
        {
            "row": row,
            "who": names.get(row.subject, ""),
            "by": asked_by.get(row.id.hex, ""),
            "words": words.get(row.passage_id, ""),
        }
        for row in shown
    ]


def _sections(
    mediation: Mediation, agreement: Agreement | None, names: dict[UUID, str]
) -> list[dict[str, Any]]:
    if agreement is None:
        return []
    words = passages(list(agreement.sections.values()))
    approved = set(
        agreement.approvals.filter(edition=agreement.edition).values_list("party_id", "section")
    )
    parties = signers(list(mediation.parties.all()))
    return [
        {
            "label": label,
            "text": words.get(UUID(agreement.sections[name]), ""),
            "approvals": [(named(p, names), (p.id, name) in approved) for p in parties],
        }
        for name, label in SECTIONS.items()
        if name in agreement.sections
    ]


def _obligations(mediation: Mediation, names: dict[UUID, str], today: date) -> list[dict[str, Any]]:
    rows = list(mediation.obligations.select_related("party"))
    words = passages([row.passage_id for row in rows])
    return [
        {
            "row": row,
            "who": named(row.party, names),
            "text": words.get(row.passage_id, ""),
            "late": row.done_on is None and row.due_on < today,
            "photos": photos_of(mediation, row.photos),
        }
        for row in rows
    ]


def photos_of(mediation: Mediation, hashes: list[str]) -> list[dict[str, str]]:
    """Pictures of the file as the photo part draws them."""
    made = []
    for n, sha256 in enumerate(hashes, 1):
        url = reverse("mediation:photo", args=[mediation.id, sha256])
        alt = _("Photo %(n)s") % {"n": n}
        made.append({"url": url, "thumb": f"{url}?side=320", "alt": alt})
    return made


def _steps(actor: Actor, mediation: Mediation) -> dict[str, Any]:
    """The primary step, and the others by phase; a filed dossier keeps few."""
    open_steps = FLOW.available(mediation.status, kinds_for(actor, mediation))
    if mediation.filed_at is not None:
        open_steps = [s for s in open_steps if s.name in AFTER_FILING]
    by_name = {
        s.name: (s, reverse("mediation:step", args=[mediation.id, s.name])) for s in open_steps
    }
    main, first = [], []
    for step in (s for s in open_steps if s.primary):
        why, before = waits(mediation, step.name)
        main.append((*by_name[step.name], why))
        if why and before in by_name and not by_name[before][0].primary:
            first.append((*by_name[before], ""))
    main = sorted([*first, *main], key=lambda entry: bool(entry[2]))
    shown = {entry[0].name for entry in main}
    phases = [
        (label, [by_name[n] for n in names if n in by_name and n not in shown])
        for label, names in PHASES
    ]
    return {"main": main, "phases": [(label, steps) for label, steps in phases if steps]}
