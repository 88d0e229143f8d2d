"""The way of one invented matter: a small script that acts through the real functions."""

from collections.abc import Generator
from datetime import datetime, timedelta

from maplebridge.demo import endings
from maplebridge.demo.disputes import Dispute
from maplebridge.demo.telling import Teller, group_of, standing
from maplebridge.matters.queries import reporter_of
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

Life = Generator[datetime, None, None]


class Lives(Teller):
    """Scripts of matters; each yields the moment at which it goes on."""

    def matter(self, at: datetime, ending: str = "") -> Life:
        """One matter: told, perhaps followed, and one of the endings, or the one that is named."""
        rng = self.rng
        category, sentences = self.undecided.get(ending, self.stories).deal()
        ending = ending or self._pick(endings.ENDINGS)
        if category in self.ruled or not endings.fits(ending, directory().categories[category]):
            ending = "plain"
        number, code, grid = self._tell(category, sentences, at)
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
        matter = standing(number)
        waiting = matter.status == "reported"
        if ending == "on_spot" and waiting and matter.lon is not None:
            worker = self._actor(self.town.grid_workers[grid])
            if not matter.category_id:
                self._step(number, "classify", dispatcher, at, category=category)
            self._step(number, "settle_on_spot", worker, at, result=self._did(category[0])[0])
            yield (at := self._later(at, 8))
            self._evaluate(number, code, at, solved="yes")
        elif ending == "declined" and waiting:
            why = endings.DECLINED["in_court" if category[0] == "A" else "unclear"]
            self._step(number, "decline", dispatcher, at, **why)
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
        self._step(
            number, "return_back", self._handler(number), at, belongs_to=belongs_to, **endings.BACK
        )

    def _handled(self, ending: str, number: int, code: str, category: str, at: datetime) -> Life:
        """Dispatch, accept, first contact, work with its turns, hand in, verify, evaluate."""
        chief = self._actor(self.town.command["supervisor"][0])
        self._dispatch(number, category, at)
        if ending in endings.RETURNED:
            rightful, other, why = endings.CONTESTED[category]
            first = directory().units[standing(number).lead_id or 0].code
            other = rightful if first == other else other
            yield (at := self._later(at, 2))
            self._return(number, at, other)
            yield (at := self._later(at, 2))
            dispatcher = self._actor(self.town.command["dispatcher"][0])
            self._step(number, "dispatch", dispatcher, at, category=category, lead=other)
            if ending != "returned":
                yield (at := self._later(at, 3))
                self._return(number, at, first)
                if ending == "returned_twice":
                    return
                yield (at := self._later(at, 4))
                self.ruled.add(category)
                self._step(number, "rule", chief, at, lead=rightful, reason=why, basis="镇职责清单")
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
            self._step(number, "ask_extension", worker, at, reason=endings.MORE_TIME, until=until)
            if ending == "asks_for_time":
                return
            yield (at := self._later(at, 2))
            self._step(number, "extend", chief, at)
        if ending in {"suspended", "asks_to_wait"}:
            yield (at := self._later(at, 1))
            review = at.date() + timedelta(days=self.rng.randrange(5, 30))
            if ending == "asks_to_wait":
                self._step(number, "ask_suspension", worker, at, reason=endings.SUSPENDED,
                           review_on=review)  # fmt: skip
                return
            self._step(number, "suspend", chief, at, reason=endings.SUSPENDED, review_on=review)
            yield (at := self._later(at, 60))
            if standing(number).suspended_until:
                self._step(number, "resume", chief, at)
        yield (at := self._later(at, 7))
        self._hand_in(number, at, worker)
        yield (at := self._later(at, 4))
        verifier = self._actor(self.rng.choice(self.town.command["verifier"]))
        if ending == "rework":
            self._step(number, "rework", verifier, at, reason=endings.REWORK)
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
            self._step(
                number, "handle", worker, at, result=self._did(group_of(standing(number)))[0]
            )
            yield (at := self._later(at, 4))
            self._step(number, "close", verifier, at)
        elif self.rng.random() < 0.5:
            self._evaluate(number, code, at, solved="yes" if self.rng.random() < 0.88 else "partly")

    def _hand_in(self, number: int, at: datetime, worker: Actor) -> None:
        """Helpers first, then the lead's result with an answer for the reporter."""
        matter = standing(number)
        for part in matter.assignments.filter(role="helper", state="active"):
            helper = self._actor(self.town.handlers[part.unit_id])
            self._step(number, "helper_done", helper, at, result="已配合处理。")
        result, answer = self._did(group_of(matter))
        self._step(number, "handle", worker, at, result=result, public_answer=answer)

    def _did(self, group: str) -> tuple[str, str]:
        """What was done, and the answer."""
        did, answers = endings.results(group)
        return self.rng.choice(did), self.rng.choice(answers)

    def _evaluate(self, number: int, code: str, at: datetime, solved: str) -> None:
        found = reporter_of(code)
        if found:
            self._step(number, "evaluate", found[1], at, solved=solved, satisfied=solved,
                       contacted="yes" if self.rng.random() < 0.85 else "no")  # fmt: skip
