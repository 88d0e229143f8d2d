"""What the papers say, read from the file: nothing is typed twice.

Personal fields are opened from the vault for one paper and logged with its name as the purpose;
what the vault has not is a blank to be filled by hand.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from maplebridge.mediation.fields import PERFORMANCE, SATISFIED
from maplebridge.mediation.models import Mediation, Party
from maplebridge.mediation.papers.layouts import BLANK, LAYOUTS
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
WHY = {"failed": "双方未能达成调解协议", "withdrawn": "当事人要求终止调解"}
WAYS = "当事人可以依法通过仲裁、行政、司法等途径维护自己的权利。"
ERASED = "（屏幕签名已依法删除）"
# Signed on the screen, but the drawing is not in the vault: it came from elsewhere, or before.
NOT_KEPT = "（已在屏幕上签名，签名图样未存入本卷）"
# Room to write by hand what a section says, and what the applicant asks for.
ROOM = BLANK * 6
REQUESTS = "\a".join(f"{n}．{ROOM}" for n in (1, 2, 3))
BODIES_CN = {
    "court": "人民法院", "procuratorate": "人民检察院", "police": "公安机关",
    "petition": "信访部门", "other": "有关单位",
}  # fmt: skip
POWERS_CN = {
    "general": "一般授权：代为参加调解，陈述事实，提出意见；承认、变更、放弃请求"
    "和签署协议由本人决定",
    "special": "特别授权：代为参加调解，陈述事实，承认、变更、放弃请求，进行和解，签署调解协议",
}
KEPT = {"performed": "已全部履行", "agreed": "正在按约定履行", "broken": "未按约定履行"}
# What whoever entrusted it is asked to see to.
NOT_AGREED = "未达成调解协议，请贵单位依法处理。"
ONWARD = {
    "performed": "", "agreed": "协议正在履行；当事人不履行的，请贵单位依法处理。",
    "broken": "协议未按约定履行，请贵单位依法处理。",
}  # fmt: skip
RESULTS = {
    "agreed": "达成调解协议", "performed": "达成调解协议并已履行", "broken": "达成调解协议",
    "withdrawn": "当事人终止调解", "refused": "一方当事人拒绝调解",
}  # fmt: skip


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
                {"at": _moment(q.starts_at), "place": q.place or BLANK,
                 "name": self._name(q.subject), "words": self._said(q.passage_id)}
                for q in self.inquiries
            ],
            "evidence": self._evidence(), "sessions": self._sessions(),
            "companions": self._companions(), "visits": self._visits(),
        }  # fmt: skip

    def _head(self) -> dict[str, str]:
        m = self.mediation
        mediators = "、".join(p.name for p in m.mediators.all())
        kind = str(TYPE_LISTS[m.type_list].get(m.type, "")) or BLANK
        blank = BLANK if m.source == "entrusted" else "无"  # nobody entrusted: nothing to fill in
        return {
            "committee": m.committee.unit.name, "number": m.number or BLANK, "type": kind,
            "title": f"{kind}案", "mediators": mediators or BLANK,
            "source": m.get_source_display(), "body": BODIES_CN.get(m.body, blank),
            "letter": m.letter or blank, "applied_on": _day(m.registered_at),
            "accepted": _day(m.accepted_at), "begun": _day(m.registered_at),
            "ended": _day(m.ended_at), "filed": _day(m.filed_at), "filer": mediators or BLANK,
            "keep": BLANK, "remark": "编号作废" if m.voided_at else "",
            "today": _day(timezone.now()), "brief": self._brief(), "requests": REQUESTS,
            "result": self._result(), "performance": KEPT.get(m.status, "无"),
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
             "amount": f"{o.amount:,.2f}" if o.amount is not None else "—", "due": _day(o.due_on),
             "done": _day(o.done_on)}
            for o in self.mediation.obligations.select_related("party")
        ]  # fmt: skip
        told: dict[str, Any] = {
            "obligations": rows, "done": [row for row in rows if row["done"] != BLANK],
            "copies": str(agreement.copies) if agreement else BLANK,
            "signed": _day(agreement.signed_on) if agreement else BLANK,
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
            "asked": _day(row.asked_on) if row else BLANK,
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
            "side": _standing(party), "stands_for": stands_for,
            "authority": party.authority or BLANK, "power": POWERS_CN.get(party.power, BLANK),
            "consents": BLANK if party.consents is None else "同意" if party.consents else "不同意",
            "informed": _day(party.informed_at),
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
            {"at": _moment(s.starts_at), "on": _day(s.starts_at), "place": s.place or BLANK,
             "present": "、".join(self._name(p.subject) for p in s.present.all()) or BLANK,
             "words": self._said(s.passage_id)}
            for s in held.prefetch_related("present")
        ]  # fmt: skip
        blank = dict.fromkeys(("at", "on", "place", "present"), BLANK)
        return told or [blank | {"words": ROOM}]

    def _evidence(self) -> list[dict[str, str]]:
        return [
            {"n": str(n), "title": e.title, "kind": str(e.get_kind_display()),
             "on": _day(e.given_on),
             "by": self._name(e.party.subject) if e.party else BLANK, "pages": str(e.pages),
             "original": "复印件" if e.copy else "原件"}
            for n, e in enumerate(self.mediation.evidence.select_related("party"), 1)
        ]  # fmt: skip

    def _companions(self) -> str:
        told = [f"{self._name(c.subject)}（{c.get_role_display()}）" for c in self.companions]
        return "、".join(told) or "无"

    def _visits(self) -> list[dict[str, str]]:
        return [
            {"on": _day(v.visited_on), "performance": str(PERFORMANCE.get(v.performance, "")),
             "satisfied": str(SATISFIED.get(v.satisfied, "")),
             "words": self._said(v.passage_id) if v.passage_id else ""}
            for v in self.mediation.visits.all()
        ]  # fmt: skip

    def _brief(self) -> str:
        agreement = getattr(self.mediation, "agreement", None)
        passage = agreement.sections.get("facts") if agreement else None
        first = self.mediation.matter.reports.order_by("received_at").first()
        return self._said(UUID(passage)) if passage else paragraphs(first.text) if first else BLANK

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


def _standing(party: Party) -> str:
    """A side, or by what right somebody stands for it."""
    side = str(party.get_side_display())
    if party.represents is None:
        return side
    return f"{side}的{'法定代理人' if party.represents.needs_guardian else '委托代理人'}"


def paragraphs(text: str) -> str:
    """Each line of a text as a paragraph of its own (docxtpl's mark is the bell), without the
    spaces by which people indent: the layout indents."""
    return "\a".join(line for row in text.splitlines() if (line := row.strip()))


def _day(value: date | datetime | None) -> str:
    if value is None:
        return BLANK
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(value: datetime) -> str:
    local = timezone.localtime(value)
    return f"{_day(value)}{local:%H:%M}"
