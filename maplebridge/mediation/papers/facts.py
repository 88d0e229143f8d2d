"""What the papers say, read from the file: nothing is typed twice.

Personal fields are opened from the vault for one paper and logged with its name as the purpose;
what the vault has not is a blank to be filled by hand.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from maplebridge.mediation.fields import PERFORMANCE, SATISFIED
from maplebridge.mediation.models import Mediation, Party
from maplebridge.mediation.papers.blocks import BLANK
from maplebridge.mediation.papers.layouts import LAYOUTS
from maplebridge.mediation.papers.words import (
    BODIES_CN,
    ERASED,
    KEPT,
    NOT_AGREED,
    NOT_KEPT,
    ONWARD,
    POWERS_CN,
    REQUESTS,
    RESULTS,
    RIGHTS_TOLD,
    ROOM,
    SETTLED,
    WAYS,
    WHY,
    addressee,
    case_name,
    day_said,
    moment_said,
    paragraphs,
    standing,
    sums,
)
from maplebridge.mediation.queries.dossier import missing_papers
from maplebridge.mediation.queries.people import signers
from maplebridge.mediation.rules import PARTY_FIELDS, REFUSALS, REMEDIES, TYPE_LISTS
from maplebridge.org.rules import Actor
from maplebridge.trust.actions import open_subjects
from maplebridge.trust.queries import passages

# Fields each paper prints; a paper that is not here prints names alone.
PRINTED = [code for code in PARTY_FIELDS if code != "party.language"]
WHOLE = frozenset(PRINTED) - {"party.id_number"}
PRINTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("application", "registration", "oral", "confirmation"), WHOLE),
    "agreement": WHOLE | {"party.signature"},
    "identity": frozenset({"party.name", "party.id_number"}),
    "authority": frozenset({"party.name", "party.address"}),
}
NAMES = frozenset({"party.name"})


def facts_for(code: str, mediation: Mediation, actor: Actor) -> dict[str, Any]:
    """Every value the layout `code` may name, as text in Chinese; blanks for what is not known.

    Raises NotAllowed when the actor may not read the parties' fields.
    """
    with translation.override("zh-hans"):
        return _Facts(code, mediation, actor).all()


class _Facts:
    def __init__(self, code: str, mediation: Mediation, actor: Actor) -> None:
        self.code, self.mediation = code, mediation
        self.parties = list(mediation.parties.select_related("represents").order_by("order"))
        self.inquiries = list(mediation.inquiries.all())
        self.companions = list(mediation.companions.all())
        people: list[Any] = [*self.parties, *self.inquiries, *self.companions]
        subjects = {row.subject for row in people}
        purpose = _("Paper “%(paper)s” of mediation %(number)s") % {
            "paper": LAYOUTS[code].name, "number": mediation.number or mediation.id,
        }  # fmt: skip
        wanted = PRINTS.get(code, NAMES)
        self.opened: Mapping[UUID, Mapping[str, str]] = open_subjects(
            subjects, wanted, actor, purpose, at=timezone.now()
        )
        self.words = passages(self._passages())

    def all(self) -> dict[str, Any]:
        return {
            **self._head(), **self._agreement(), **self._confirmation(),
            "parties": [self._party(p) for p in self.parties],
            "proxies": [
                self._party(p) for p in self.parties
                if p.represents and not p.represents.needs_guardian
            ],
            "signers": [self._signer(p) for p in signers(self.parties)],
            "names": "、".join(self._name(p.subject) for p in self.parties if not p.represents_id),
            "inquiries": [
                {"at": moment_said(q.starts_at), "place": q.place or BLANK,
                 "name": self._name(q.subject), "words": self._said(q.passage_id)}
                for q in self.inquiries
            ],
            "evidence": self._evidence(), "sessions": self._sessions(),
            "companions": self._companions(), "visits": self._visits(),
        }  # fmt: skip

    def _head(self) -> dict[str, str]:
        m = self.mediation
        mediators = "、".join(p.name for p in m.mediators.all())
        category = m.matter.category  # says the type before it is taken up
        code = m.type or (category.mediation_type if category else "")
        kind = str(TYPE_LISTS[m.type_list].get(code, ""))
        blank = BLANK if m.source == "entrusted" else "无"  # nobody entrusted: nothing to fill in
        return {
            "committee": m.committee.unit.name, "number": m.number or BLANK,
            "type": kind or BLANK, "title": f"{kind or '民间纠纷'}案",
            "case": case_name(self.parties, self._name, kind or "民间纠纷"),
            "mediators": mediators or BLANK,
            "source": m.get_source_display(), "body": BODIES_CN.get(m.body, blank),
            "letter": m.letter or blank, "applied_on": day_said(m.registered_at),
            "accepted": day_said(m.accepted_at), "begun": day_said(m.registered_at),
            "ended": day_said(m.ended_at), "filed": day_said(m.filed_at),
            "filer": self._filer() or mediators or BLANK,
            "entered": day_said(m.accepted_at or m.registered_at),
            "bound": day_said(m.filed_at or timezone.now()),
            "replied": day_said(m.reported_back_on or timezone.now()),
            "addressee": addressee(m), "rights_told": self._rights_told(),
            "keep": BLANK, "remark": "编号作废" if m.voided_at else "",
            "today": day_said(timezone.now()), "brief": self._brief(), "requests": REQUESTS,
            "result": self._result(), "settled": self._settled(),
            "performance": KEPT.get(m.status, "无"),
            "onward": ONWARD.get(m.status, NOT_AGREED),
            "lacking": self._lacking(), "filing_note": self._note("file"),
            **self._ending(),
        }  # fmt: skip

    def _ending(self) -> dict[str, str]:
        """Why it ended without an agreement and where to go: the table's words alone, for what the
        mediator wrote may come from a private talk."""
        m = self.mediation
        told = m.events.filter(to_status="refused", data__has_key="instead").last()
        why = REFUSALS.get(m.refusal) or WHY.get(m.status, BLANK)
        elsewhere = f"可以去{told.data['instead']}。" if told else ""
        return {
            "ending": "不予受理" if m.refusal and m.accepted_at is None else "终止调解",
            "ended_why": str(why), "elsewhere": f"{elsewhere}{WAYS}",
        }  # fmt: skip

    def _agreement(self) -> dict[str, Any]:
        agreement = getattr(self.mediation, "agreement", None)
        rows = [
            {"who": self._name(o.party.subject), "words": self._said(o.passage_id),
             "amount": f"{o.amount:,.2f}" if o.amount is not None else "—",
             "due": day_said(o.due_on),
             "done": day_said(o.done_on)}
            for o in self.mediation.obligations.select_related("party")
        ]  # fmt: skip
        told: dict[str, Any] = {
            "obligations": rows, "sums": sums(self.mediation, self._name),
            "done": [row for row in rows if row["done"] != BLANK],
            "copies": str(agreement.copies) if agreement else BLANK,
            "signed": day_said(agreement.signed_on) if agreement else BLANK,
        }  # fmt: skip
        for name in ("facts", "issues", "terms", "manner"):
            passage = agreement.sections.get(name) if agreement else None
            told[name] = self._said(UUID(passage)) if passage else ROOM
        if agreement and "issues" not in agreement.sections:
            told["issues"] = ""  # nothing to be filled in after it was signed
        return told

    def _confirmation(self) -> dict[str, str]:
        row = getattr(self.mediation, "confirmation", None)
        return {
            "court": row.court if row else "____________人民法院",
            "asked": day_said(row.asked_on) if row else BLANK,
            "outcome": row.get_outcome_display() if row else "",
            "court_number": row.court_number if row else "",
        }  # fmt: skip

    def _party(self, party: Party) -> dict[str, str]:
        facts = self.opened.get(party.subject, {})
        told = {code.removeprefix("party."): facts.get(code, "") for code in PRINTED}
        if party.kind != "natural":
            told["address"] = "，".join(filter(None, (told["address"], told["representative"])))
        stands_for = self._name(party.represents.subject) if party.represents else BLANK
        return told | {
            "side": standing(party, joint=self.code == "confirmation"), "stands_for": stands_for,
            "authority": party.authority or BLANK, "power": POWERS_CN.get(party.power, BLANK),
            "consents": BLANK if party.consents is None else "同意" if party.consents else "不同意",
            "informed": day_said(party.informed_at),
            "checked": "已核对原件" if party.id_checked else "未核对",
            "signature": self._signature(party),
        }  # fmt: skip

    def _signer(self, party: Party) -> dict[str, str]:
        """Who signs, and for whom."""
        told = self._party(party)
        if party.represents is None:
            return told
        right = "法定代理人" if party.represents.needs_guardian else "委托代理人"
        return told | {"name": f"{told['name']}（{told['stands_for']}的{right}）"}

    def _signature(self, party: Party) -> str:
        """The drawing as the vault has it, else words in brackets that say where it is; "" where a
        pen signs."""
        agreement = getattr(self.mediation, "agreement", None)
        how = agreement.signatures.get(party.id.hex) if agreement else None
        if self.code != "agreement" or how in {None, "paper"}:
            return ""
        facts = self.opened.get(party.subject, {})
        return facts.get("party.signature") or (NOT_KEPT if facts.get("party.name") else ERASED)

    def _name(self, subject: UUID) -> str:
        return self.opened.get(subject, {}).get("party.name") or BLANK

    def _sessions(self) -> list[dict[str, str]]:
        """Joint talks only: a private talk is kept from the other side, who signs the record; a
        sheet to be filled by hand where all of them were private."""
        held = self.mediation.sessions.filter(held_at__isnull=False, room="joint")
        told = [
            {"at": moment_said(s.starts_at), "on": day_said(s.starts_at), "place": s.place or BLANK,
             "present": "、".join(self._name(p.subject) for p in s.present.all()) or BLANK,
             "words": self._said(s.passage_id)}
            for s in held.prefetch_related("present")
        ]  # fmt: skip
        blank = dict.fromkeys(("at", "on", "place", "present"), BLANK)
        return told or [blank | {"words": ROOM}]

    def _evidence(self) -> list[dict[str, str]]:
        return [
            {"n": str(n), "title": e.title, "kind": str(e.get_kind_display()),
             "on": day_said(e.given_on),
             "by": self._name(e.party.subject) if e.party else BLANK, "pages": str(e.pages),
             "original": "复印件" if e.copy else "原件"}
            for n, e in enumerate(self.mediation.evidence.select_related("party"), 1)
        ]  # fmt: skip

    def _companions(self) -> str:
        told = [f"{self._name(c.subject)}（{c.get_role_display()}）" for c in self.companions]
        return "、".join(told) or "无"

    def _visits(self) -> list[dict[str, str]]:
        return [
            {"on": day_said(v.visited_on), "performance": str(PERFORMANCE.get(v.performance, "")),
             "satisfied": str(SATISFIED.get(v.satisfied, "")),
             "words": self._said(v.passage_id) if v.passage_id else ""}
            for v in self.mediation.visits.all()
        ]  # fmt: skip

    def _brief(self) -> str:
        agreement = getattr(self.mediation, "agreement", None)
        passage = agreement.sections.get("facts") if agreement else None
        first = self.mediation.matter.reports.order_by("received_at").first()
        return self._said(UUID(passage)) if passage else paragraphs(first.text) if first else BLANK

    def _filer(self) -> str:
        event = self.mediation.events.filter(step="file").select_related("person").last()
        return event.person.name if event and event.person else ""

    def _rights_told(self) -> str:
        told = all(p.informed_at for p in self.parties if not p.represents_id)
        return RIGHTS_TOLD if told else ""

    def _settled(self) -> str:
        """The result as it was at the end of the talks, whatever became of it later."""
        return SETTLED if self.mediation.status in KEPT else self._result()

    def _result(self) -> str:
        if self.mediation.status == "failed":
            return str(REMEDIES)
        if self.mediation.refusal:
            return f"未予调解：{REFUSALS[self.mediation.refusal]}"
        return str(RESULTS.get(self.mediation.status, BLANK))

    def _lacking(self) -> str:
        missing = [str(p.label) for p in missing_papers(self.mediation)]
        return f"缺少：{'、'.join(missing)}。" if missing else "本卷文书齐全。"

    def _note(self, step: str) -> str:
        event = self.mediation.events.filter(step=step, passage_id__isnull=False).last()
        return self._said(event.passage_id) if event else ""

    def _said(self, passage: UUID | None) -> str:
        return paragraphs(self.words.get(passage, "")) if passage else ""

    def _passages(self) -> list[UUID]:
        m = self.mediation
        agreement = getattr(m, "agreement", None)
        found = [q.passage_id for q in self.inquiries]
        found += [s.passage_id for s in m.sessions.all() if s.passage_id]
        found += [o.passage_id for o in m.obligations.all()]
        found += [v.passage_id for v in m.visits.all() if v.passage_id]
        found += [e.passage_id for e in m.events.all() if e.passage_id]
        found += [UUID(p) for p in agreement.sections.values()] if agreement else []
        return found
