"""The way of one invented matter: a small script that acts through the real functions."""

from collections.abc import Generator
from datetime import datetime, timedelta

from maplebridge.demo import texts
from maplebridge.demo.disputes import Dispute
from maplebridge.demo.telling import Teller, standing
from maplebridge.matters.queries import reporter_of
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

Life = Generator[datetime, None, None]
ENDINGS = (
    ("plain", 62), ("on_spot", 12), ("declined", 3), ("referred", 2), ("withdrawn", 2),
    ("returned", 3), ("ruled", 1), ("extended", 4), ("suspended", 2), ("rework", 4),
    ("reopened", 2), ("corrected", 1),
    ("stuck", 1),
)  # fmt: skip
# What stands open on the last morning, so that whoever decides finds something to decide.
UNDECIDED = ("asks_for_time", "returned_twice", "asks_to_wait", "asks_for_time", "returned_twice")
BACK = {"reason_code": "not_ours", "reason": texts.NOT_OURS, "basis": "事项准入清单"}


class Lives(Teller):
    """Scripts of matters; each yields the moment at which it goes on."""

    def matter(self, at: datetime, ending: str = "") -> Life:
        """One matter: told, perhaps followed, and one of the endings, or the one that is named."""
        rng = self.rng
        category, sentences = self.stories.deal()
        ending = ending or self._pick(ENDINGS)
        number, code, grid = self._tell(category, sentences, at)
        if ending == "on_spot" and not directory().categories[category].on_spot:
            ending = "plain"
        if ending == "withdrawn" and directory().categories[category].safety:
            ending = "plain"
        yield (at := self._later(at, 0.2))
        if self.recent and rng.random() < 0.05:
            self._join(at)
        self.recent = [*self.recent[-20:], (number, at)]
        if rng.random() < 0.02:
            self._tell_again(number, category, sentences, grid, at)
        yield from self._ending(ending, number, code, category, grid, at)

    def quarrel(self, at: datetime) -> Life:
        """A dispute: told like any other matter, then mediated by the committee it falls to."""
        category, kind, sentences = self.cards.quarrels.deal()
        number, code, _grid = self._tell(category, sentences, at)
        yield (at := self._later(at, 0.2))
        self._dispatch(number, category, at)
        yield (at := self._later(at, 0.7))
        dispute = Dispute(self.town, self.cards, kind, standing(number), at)
        at = yield from dispute.mediate()
        yield (at := self._later(at, 1))
        self._bring_in(number, at)
        yield (at := self._later(at, 4))
        verifier = self._actor(self.rng.choice(self.town.command["verifier"]))
        if standing(number).status == "handled":
            self._step(number, "close", verifier, at)
        yield (at := self._later(at, 6))
        if self.rng.random() < 0.4:
            self._evaluate(number, code, at, solved="yes")
        yield from dispute.keep(at)

    def _ending(
        self, ending: str, number: int, code: str, category: str, grid: str, at: datetime
    ) -> Life:
        dispatcher = self._actor(self.rng.choice(self.town.command["dispatcher"]))
        waiting = standing(number).status == "reported"
        if ending == "on_spot" and waiting:
            worker = self._actor(self.town.grid_workers[grid])
            if not standing(number).category_id:
                self._step(number, "classify", dispatcher, at, category=category)
            self._step(number, "settle_on_spot", worker, at, result=self.rng.choice(texts.RESULTS))
            yield (at := self._later(at, 8))
            self._evaluate(number, code, at, solved="yes")
        elif ending == "declined" and waiting:
            self._step(number, "decline", dispatcher, at, decline_code="in_court",
                       reason=self.rng.choice(texts.DECLINED), instead="法院或司法所")  # fmt: skip
        elif ending == "referred" and waiting:
            self._step(
                number, "refer", dispatcher, at, receiver="12345", receipt_number=f"R{number:06}"
            )
        elif ending == "withdrawn":
            self._step(number, "withdraw", reporter_of(code)[1], at, reason="已经自己解决了。")  # type: ignore[index]
        else:
            yield from self._handled(ending, number, code, category, at)

    def _dispatch(self, number: int, category: str, at: datetime) -> None:
        matter = standing(number)
        if matter.status not in {"reported", "returned"}:
            return
        chosen = directory().categories[category]
        match = directory().duty_for(chosen, matter.area_code, at.date())
        lead = match.lead.code if match else "command"
        helpers = ["sanitation"] if category in {"E03", "F02"} and self.rng.random() < 0.3 else []
        dispatcher = self._actor(self.rng.choice(self.town.command["dispatcher"]))
        self._step(
            number, "dispatch", dispatcher, at, category=category, lead=lead, helpers=helpers
        )

    def _handler(self, number: int) -> Actor:
        return self._actor(self.town.handlers[standing(number).lead_id or 0])

    def _return(self, number: int, at: datetime, belongs_to: str) -> None:
        self._step(number, "return_back", self._handler(number), at, belongs_to=belongs_to, **BACK)

    def _handled(self, ending: str, number: int, code: str, category: str, at: datetime) -> Life:
        """Dispatch, accept, first contact, work with its turns, hand in, verify, evaluate."""
        chief = self._actor(self.town.command["supervisor"][0])
        self._dispatch(number, category, at)
        if ending in {"returned", "ruled", "returned_twice"} and category != "G01":
            yield (at := self._later(at, 2))
            self._return(number, at, "market")
            yield (at := self._later(at, 2))
            first = self._actor(self.town.command["dispatcher"][0])
            self._step(number, "dispatch", first, at, category=category, lead="market")
        if ending in {"ruled", "returned_twice"} and category != "G01":
            yield (at := self._later(at, 3))
            self._return(number, at, "emergency")
            if ending == "returned_twice":
                return
            yield (at := self._later(at, 4))
            ruling = {"reason": "由综合执法队牵头办理。", "basis": "镇职责清单"}
            self._step(number, "rule", chief, at, lead="enforcement", **ruling)
        yield (at := self._later(at, 40 if ending == "stuck" else 0.7))
        worker = self._handler(number)
        self._step(number, "accept", worker, at)
        yield (at := self._later(at, 0.6))
        contact = "reached" if self.rng.random() < 0.8 else "on_site"
        self._step(number, "start", worker, at, contact_result=contact)
        yield from self._work(ending, number, code, at, worker, chief)

    def _bring_in(self, number: int, at: datetime) -> None:
        """What the mediation did not bring the matter to, its lead does."""
        worker = self._handler(number)
        if standing(number).status == "dispatched":
            self._step(number, "accept", worker, at)
        if standing(number).status == "accepted":
            self._step(number, "start", worker, at, contact_result="reached")
        if standing(number).status == "in_progress":
            self._hand_in(number, at, worker)

    def _work(
        self, ending: str, number: int, code: str, at: datetime, worker: Actor, chief: Actor
    ) -> Life:
        calendar = directory().calendar
        if ending in {"extended", "asks_for_time"}:
            yield (at := self._later(at, 1))
            clock = standing(number).clocks.get(kind="handle", stopped_at__isnull=True)
            until = (clock.due_at + timedelta(days=1)).date()
            while not calendar.is_working_day(until):
                until += timedelta(days=1)
            self._step(number, "ask_extension", worker, at, reason=texts.MORE_TIME, until=until)
            if ending == "asks_for_time":
                return
            yield (at := self._later(at, 2))
            self._step(number, "extend", chief, at)
        if ending in {"suspended", "asks_to_wait"}:
            yield (at := self._later(at, 1))
            review = at.date() + timedelta(days=self.rng.randrange(5, 30))
            if ending == "asks_to_wait":
                self._step(number, "ask_suspension", worker, at, reason=texts.SUSPENDED,
                           review_on=review)  # fmt: skip
                return
            self._step(number, "suspend", chief, at, reason=texts.SUSPENDED, review_on=review)
            yield (at := self._later(at, 60))
            if standing(number).suspended_until:
                self._step(number, "resume", chief, at)
        yield (at := self._later(at, 7))
        self._hand_in(number, at, worker)
        yield (at := self._later(at, 4))
        verifier = self._actor(self.rng.choice(self.town.command["verifier"]))
        if ending == "rework":
            self._step(number, "rework", verifier, at, reason=texts.REWORK)
            yield (at := self._later(at, 4))
            self._hand_in(number, at, worker)
            yield (at := self._later(at, 3))
        self._step(number, "close", verifier, at)
        if ending == "corrected":
            yield (at := self._later(at, 3))
            self._step(number, "correct", chief, at, target_status="handled",
                       reason="误点结案，恢复待核查。")  # fmt: skip
            yield (at := self._later(at, 2))
            self._step(number, "close", verifier, at)
        yield (at := self._later(at, 6))
        if ending == "reopened":
            self._evaluate(number, code, at, solved="no")
            yield (at := self._later(at, 6))
            self._step(number, "handle", worker, at, result=self.rng.choice(texts.RESULTS))
            yield (at := self._later(at, 4))
            self._step(number, "close", verifier, at)
        elif self.rng.random() < 0.5:
            self._evaluate(number, code, at, solved="yes" if self.rng.random() < 0.88 else "partly")

    def _hand_in(self, number: int, at: datetime, worker: Actor) -> None:
        """Helpers first, then the lead's result with an answer for the reporter."""
        for part in standing(number).assignments.filter(role="helper", state="active"):
            helper = self._actor(self.town.handlers[part.unit_id])
            self._step(number, "helper_done", helper, at, result="已配合处理。")
        self._step(number, "handle", worker, at, result=self.rng.choice(texts.RESULTS),
                   public_answer=self.rng.choice(texts.ANSWERS))  # fmt: skip

    def _evaluate(self, number: int, code: str, at: datetime, solved: str) -> None:
        found = reporter_of(code)
        if found:
            self._step(number, "evaluate", found[1], at, solved=solved, satisfied=solved,
                       contacted="yes" if self.rng.random() < 0.85 else "no")  # fmt: skip
