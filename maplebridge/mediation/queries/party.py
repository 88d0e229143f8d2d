"""What a party sees of its mediation by its code: its own parts, nothing of the other side's."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maplebridge.mediation.flow import FLOW, STATUSES
from maplebridge.mediation.models import Agreement, Mediation, Obligation, Party, Session
from maplebridge.mediation.models.agreement import SECTIONS
from maplebridge.mediation.queries.court import Court, court_of
from maplebridge.mediation.rules import REMEDIES
from maplebridge.org.models import Person
from maplebridge.trust.queries import held_fields, passages

PLAIN = {
    "registered": _("The committee has your dispute and looks whether it can take it up."),
    "accepted": _("It was taken up. The mediator tells both sides their rights, then talks begin."),
    "mediating": _("The talks are going on. Nobody has to agree; you may stop at any time."),
    "agreed": _("You have agreed. What each side owes, and by when, stands below."),
    "performed": _("Everything agreed was done."),
    "broken": _("Something agreed was not done in time. Your mediator is on it."),
    "failed": REMEDIES,
    "refused": _("It was not taken up. You may go to the court or the authority in charge."),
    "withdrawn": _("It was stopped. You may go to the court or the authority in charge."),
    "passed_on": _("It goes on with another committee, which gives you a code of its own."),
}


@dataclass(frozen=True)
class Part:
    """A section of the agreement in its present edition."""

    name: str
    label: object
    text: str
    approved: bool


@dataclass(frozen=True)
class Owed:
    """What somebody owes by when; `own` is the party's own."""

    row: Obligation
    text: str
    own: bool
    late: bool


@dataclass(frozen=True)
class PartySees:
    """All a party's page shows."""

    party: Party
    mediation: Mediation
    status: object
    plain: object
    mediators: list[Person]
    sessions: list[tuple[Session, str]]
    parts: list[Part]
    edition: int
    signed_on: date | None
    owed: list[Owed]
    court: Court | None
    allowed: frozenset[str]

    @property
    def to_approve(self) -> bool:
        """True while a draft waits for this party's approval."""
        return "approve" in self.allowed and any(not part.approved for part in self.parts)


def party_with_code(code: str) -> Party | None:
    """The party of a code; None for an unknown one and for a file whose number is void."""
    found = Party.objects.select_related("mediation__committee__unit", "mediation__matter")
    return found.filter(code=code, mediation__voided_at__isnull=True).first() if code else None


def has_phone(party: Party) -> bool:
    """True when the party left a telephone, without which its page stays shut."""
    return "party.phone" in held_fields([party.subject]).get(party.subject, [])


def seen_by_party(party: Party, now: datetime) -> PartySees:
    """State, next session, agreement, obligations. A talk with the other side alone is not there,
    and of no talk is there a word of the minutes."""
    mediation = party.mediation
    agreement: Agreement | None = getattr(mediation, "agreement", None)
    signed = agreement.signed_on if agreement else None
    steps = FLOW.available(mediation.status, {"party"}) if mediation.filed_at is None else []
    return PartySees(
        party=party, mediation=mediation, status=STATUSES[mediation.status],
        plain=PLAIN[mediation.status], mediators=list(mediation.mediators.all()),
        sessions=_sessions(party, now), parts=_parts(party),
        edition=agreement.edition if agreement else 0, signed_on=signed,
        owed=_owed(party, timezone.localdate(now)),
        court=court_of(mediation, timezone.localdate(now)),
        allowed=frozenset(step.name for step in steps),
    )  # fmt: skip


def _sessions(party: Party, now: datetime) -> list[tuple[Session, str]]:
    """Talks to come to which this party was invited, and what it answered; none once it is over."""
    if party.mediation.ended_at is not None:
        return []
    asked = party.invitations.select_related("session").filter(
        session__held_at__isnull=True, session__mediation=party.mediation_id,
        session__starts_at__date__gte=timezone.localdate(now),
    )  # fmt: skip
    return [(one.session, one.answer) for one in asked.order_by("session__starts_at")]


def _parts(party: Party) -> list[Part]:
    agreement = getattr(party.mediation, "agreement", None)
    if agreement is None:
        return []
    words = passages(list(agreement.sections.values()))
    approved = agreement.approvals.filter(edition=agreement.edition, party=party)
    done = set(approved.values_list("section", flat=True))
    return [
        Part(name, label, words.get(UUID(agreement.sections[name]), ""), name in done)
        for name, label in SECTIONS.items()
        if name in agreement.sections
    ]


def _owed(party: Party, today: date) -> list[Owed]:
    rows = list(party.mediation.obligations.all())
    words = passages([row.passage_id for row in rows])
    return [
        Owed(
            row, words.get(row.passage_id, ""), row.party_id == party.id,
            row.done_on is None and row.due_on < today,
        )
        for row in rows
    ]  # fmt: skip
