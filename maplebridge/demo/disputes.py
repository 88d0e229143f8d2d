"""Disputes of the scenario: mediated by the committees through the real acts, with every ending."""

from collections.abc import Generator
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from maplebridge.demo import texts
from maplebridge.demo.deck import Cards
from maplebridge.demo.people import Township
from maplebridge.matters.models import Matter
from maplebridge.mediation.actions import claim, decide, register, take, void_number
from maplebridge.mediation.models import Committee, Mediation
from maplebridge.mediation.queries.dossier import missing_papers
from maplebridge.mediation.rules import TIERS
from maplebridge.org.models import Person
from maplebridge.org.queries import actor_for, directory
from maplebridge.org.rules import Actor

Later = Generator[datetime, None, datetime]
WHY = {
    "special": "涉及责任认定和伤残赔偿，请交通事故调委会调解。",
    "county": "涉及面广，镇里两次调解未果，请县调委会调解。",
    "town": "伤情较轻、责任清楚，双方都在本镇，请镇调委会就地调解。",
    "up": "涉及两村，请镇调委会调解。",
    "down": "事情简单，双方都在本村，请村调委会调解。",
}
PROXIES = 0.08
DIFFICULTIES = (("simple", 50), ("ordinary", 35), ("difficult", 12), ("major", 3))


class Dispute:
    """One dispute, from its registration by the committee that leads it to its filing."""

    def __init__(
        self, town: Township, cards: Cards, kind: str, matter: Matter, at: datetime
    ) -> None:
        self.town, self.cards, self.rng = town, cards, cards.rng
        self.kind, self.matter, self.at = kind, matter, at
        self.actors: dict[int, Actor] = {}
        self.levels, self.ending = cards.course(kind)

    def mediate(self) -> Later:
        """Until the talks are over; gives the moment. What follows is `keep`."""
        yield from self._later(0.2)
        self.mediation = self._register(self.at)
        if self.ending == "refused":
            self._take("refuse", refusal="in_court", reason="一方已向法院起诉。")
            return self.at
        self._accept(self._pick(DIFFICULTIES))
        yield from self._later(2)
        for level in self.levels:
            yield from self._meet()
            yield from self._pass_on(self._at_level(level), WHY[level])
        if self.ending == "passed_on":
            yield from self._pass_on(*self._beyond())
        if self.ending == "void":
            self._void()
        yield from self._talk()
        if self.ending == "again":
            yield from self._later(24)
            self.ending = "performed"
            self.mediation = self._register(self.at, previous=self.mediation.id)
            self._accept("ordinary")
            yield from self._talk()
        return self.at

    def _accept(self, difficulty: str) -> None:
        self._take("accept", type=self.kind, mediators=[self._mediator().username],
                   difficulty=difficulty)  # fmt: skip

    def _pass_on(self, there: Committee, why: str) -> Generator[datetime, None, None]:
        self._take("pass_on", committee=there.unit.code, reason=why)
        self.mediation = Mediation.objects.get(previous=self.mediation)
        yield from self._later(4)
        self._accept("difficult")

    def _at_level(self, level: str) -> Committee:
        return Committee.objects.filter(unit__kind=TIERS[level].kind).order_by("id")[0]

    def _beyond(self) -> tuple[Committee, str]:
        """From a village up to the town, from the town down to the village it is about."""
        village = Committee.objects.filter(unit__area__code=self.matter.area_code[:12]).first()
        if self.mediation.committee.tier == "town" and village:
            return village, WHY["down"]
        return self._at_level("town"), WHY["up"]

    def _void(self) -> None:
        """Registered twice by mistake: the number stays, the dispute gets another."""
        actor, wrong = self._actor(self._mediator()), self.mediation
        void_number(
            wrong.id, "重复登记，编号作废。", actor=actor, command_id=self._id(), at=self.at
        )
        self.ending, self.mediation = "performed", self._register(self.at)
        self._accept("simple")

    def keep(self, at: datetime) -> Later:
        """Performance, return visit, filing and the subsidy, weeks later; whoever has no agreement
        is only filed."""
        self.at = at
        mediation = Mediation.objects.get(pk=self.mediation.pk)
        rows = list(mediation.obligations.all())
        for row in rows[: 0 if self.ending == "broken" else len(rows)]:
            yield from self._until(row.due_on)
            self._take("perform", obligation=row.id, done_on=timezone.localdate(self.at))
        if self.ending == "broken":
            yield from self._until(rows[0].due_on + timedelta(days=2))
            self._take("urge", obligation=rows[0].id, note="电话督促履行。")
            yield from self._later(5)
            self._take("break_off", obligation=rows[0].id, next_step="court", reason="拒不支付。")
        elif mediation.status == "agreed":
            self._take("complete")
            if hasattr(mediation, "confirmation"):
                self._take("confirm", outcome=self.cards.answers.deal(),
                           answered_on=timezone.localdate(self.at),
                           court_number=f"（2026）浙1181民特{self._small()}号")  # fmt: skip
            yield from self._later(20)
            self._take("visit", visited_on=timezone.localdate(self.at), performance="done",
                       satisfied="yes", note="双方和好，没有新的矛盾。")  # fmt: skip
        yield from self._later(3)
        self._file(mediation)
        return self.at

    def _talk(self) -> Generator[datetime, None, None]:
        """A session and what comes of it."""
        if self.ending == "withdrawn":
            party = self.mediation.parties.order_by("order")[0]
            self._take("withdraw", party=party.id, reason="双方已自行和解。")
            return
        yield from self._meet()
        if self.ending in {"failed", "again"}:
            self._take("fail", reason="双方分歧过大，经两次调解未能达成一致。")
        elif self.ending == "oral":
            self._take("agree_orally", terms="当场赔礼，握手言和，今后互不追究。")
        else:
            self._agree(list(self.mediation.parties.order_by("order")))

    def _meet(self) -> Generator[datetime, None, None]:
        """Rights told, the talks opened, one session held."""
        self._gather()
        parties = list(self.mediation.parties.order_by("order"))
        for party in parties:
            self._take("inform", party=party.id, consents="yes", signature="paper")
            self._take("mend_party", party=party.id, id_checked="yes")
        self._take("open")
        self._take("invite", starts_at=self._working(2), room="joint", place="村委会调解室")
        self.at = self._working(2)
        yield from self._later(1)
        session = self.mediation.sessions.get()
        minutes = self.rng.choice(texts.MINUTES[self.kind in texts.LAND])
        self._take("hold", session=session.id, minutes=minutes, present=[p.id for p in parties])
        if self.rng.random() < 0.3:
            self._take("hold", minutes="单独听取意见，愿意适当让步。", room="private",
                       party=parties[1].id)  # fmt: skip
        yield from self._later(1)

    def _gather(self) -> None:
        """Who stands for a party, who is brought in, what was found out and handed in."""
        first, second = self.mediation.parties.order_by("order")[:2]
        alone = self.mediation.parties.count() == 2
        if first.minor and alone:
            self._take("add_party", side="applicant", kind="natural", name="示例监护",
                       phone="13900000001", represents=first.id)  # fmt: skip
        elif alone and self.rng.random() < PROXIES:
            self._take("add_party", side="respondent", kind="natural", name="示例代某",
                       phone="13900000002", represents=second.id, authority="授权〔2026〕1号",
                       power="special")  # fmt: skip
        if self.rng.random() < 0.25:
            self._take("bring", companion=self._pick((("elder", 3), ("relative", 1))),
                       name="示例乡贤", consents="yes")  # fmt: skip
        if self.rng.random() < 0.15:
            self._take("inquire", asked="示例邻居", minutes="两家的石坎立了二十多年，没有动过。")
        if self.rng.random() < 0.4:
            kind, title = self.rng.choice(texts.EVIDENCE[self.kind in texts.LAND])
            self._take("add_evidence", evidence=kind, title=title, party=first.id, pages=1)

    def _agree(self, parties: list) -> None:  # type: ignore[type-arg]
        amount = self.rng.randrange(4, 120) * 100
        count = 3 if self.ending == "instalments" else 1
        day = timezone.localdate(self.at)
        rows = [
            {"party": parties[1].id, "text": f"第{n}期款项" if count > 1 else "一次付清",
             "amount": amount // count if n > 1 else amount - (amount // count) * (count - 1),
             "due_on": day + timedelta(days=7 * n)}
            for n in range(1, count + 1)
        ]  # fmt: skip
        what = texts.ABOUT.get(self.kind, "琐事")
        self._take(
            "draft", facts=self.rng.choice(texts.FACTS).format(what=what),
            issues=f"{what}如何处理。", terms=self.rng.choice(texts.TERMS[self.kind in texts.LAND]),
            manner="以现金或转账方式按期支付。", amount=amount, obligations=rows,
        )  # fmt: skip
        for party in parties:
            for section in ("facts", "issues", "terms", "manner"):
                self._take("approve", party=party.id, section=section)
        self._take("sign", signed_on=day, signatures={str(p.id): "paper" for p in parties})
        if self.rng.random() < 0.15:
            self._take("ask_confirmation", asked_on=day, court="龙泉市人民法院")

    def _register(self, at: datetime, previous: UUID | None = None) -> Mediation:
        told: dict[str, str] = {"source": self.cards.sources.deal()}
        if told["source"] == "applied":
            told["applied_by"] = self.rng.choice(["paper", "phone", "door", "web"])
        if told["source"] == "entrusted":
            told["body"] = self.cards.bodies.deal()
            told["letter"] = f"委〔2026〕{self._small()}号"
        matter, child = self.matter, self.kind == "PM06" and self.rng.random() < 0.5
        unit = matter.lead
        assert unit is not None
        return register(
            mediation_id=self._id(), matter=matter.id, committee=unit.code, at=at,
            previous=previous,
            actor=self._actor(self.town.handlers[unit.id]),
            parties=[
                {"side": side, "kind": "natural",
                 "name": f"示例{self.rng.choice('甲乙丙丁戊')}{end}",
                 "phone": f"139{self.rng.randrange(10**8):08}",
                 "minor": "yes" if child and side == "applicant" else ""}
                for side, end in (("applicant", "某"), ("respondent", "生"))
            ],
            **told,
        )  # type: ignore[arg-type]  # fmt: skip

    def _file(self, mediation: Mediation) -> None:
        mediation = Mediation.objects.get(pk=mediation.pk)
        if mediation.source == "entrusted":
            self._take("report_back", sent_on=timezone.localdate(self.at))
        missing = "、".join(str(paper.label) for paper in missing_papers(mediation))
        note = {"note": f"本纠纷未形成{missing}。"} if missing else {}
        self._take("file", **note)
        mediation.refresh_from_db()
        if mediation.status != "performed":
            return
        mediator = self._actor(self._mediator())
        made = claim(mediation.id, claim_id=self._id(), actor=mediator, at=self.at)
        chief = self._actor(self.town.command["supervisor"][0])
        if self.rng.random() < 0.7:
            decide(made.id, "approved", actor=chief, at=self.at)
            day = timezone.localdate(self.at)
            decide(made.id, "paid", actor=chief, paid_on=day, at=self.at)

    def _take(self, step: str, **fields: object) -> None:
        """By the file's mediator, a few minutes after the step before."""
        self.at += timedelta(minutes=self.rng.uniform(1, 6))
        actor = self._actor(self._mediator())
        take(self.mediation.id, step, actor, fields, command_id=self._id(), at=self.at)

    def _mediator(self) -> Person:
        return self.town.handlers[self.mediation.committee.unit_id]

    def _later(self, hours: float) -> Generator[datetime, None, None]:
        self.at = self._working(hours * self.rng.lognormvariate(0, 0.5))
        yield self.at

    def _working(self, hours: float) -> datetime:
        # So many working hours from now, when people come to talk.
        return directory().calendar.add_working_seconds(self.at, int(3600 * hours))

    def _until(self, day: object) -> Generator[datetime, None, None]:
        while timezone.localdate(self.at) < day:  # type: ignore[operator]
            self.at += timedelta(days=1)
        yield self.at

    def _pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
        return self.rng.choices([w[0] for w in weighted], [w[1] for w in weighted])[0]

    def _small(self) -> int:
        return self.rng.randrange(1, 99)

    def _actor(self, person: Person) -> Actor:
        if person.id not in self.actors:
            self.actors[person.id] = actor_for(person)
        return self.actors[person.id]

    def _id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)
