"""Ninety days of a township, lived in the order of time."""

import heapq
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from maplebridge.demo.endings import UNDECIDED
from maplebridge.demo.lives import Life, Lives
from maplebridge.demo.people import Township
from maplebridge.demo.places import Rounds
from maplebridge.insight.actions import make_digests
from maplebridge.kernel.chance import drawing_from
from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.actions import tick
from maplebridge.org.queries import directory

A_DAY = 14.3  # besides disputes
DISPUTES = 65  # in ninety days
DIGESTS = 7  # days at the end whose digests are kept
# Told shortly before the last offices close, and after: somebody is still to accept, to dispatch.
LATE = ((16.5, 5), (17.75, 6))


class Story:
    """Lives matters in the order of time; the same seed lives the same township, codes included.

    `days` is how long it is told in all; `live` may stop before.
    """

    def __init__(self, town: Township, seed: int, start: datetime, days: int) -> None:
        self.start, self.days = start, days
        self.rng = random.Random(seed)  # noqa: S311 — a story, no secret
        self.codes = random.Random(seed + 2)  # noqa: S311 — of invented reports
        self.lives = Lives(town, self.rng, seed + 1)
        self.rounds = Rounds(town, seed + 3)
        self.quarrels: dict[date, list[datetime]] = {}
        self._plan(seed + 13)
        self.queue: list[tuple[datetime, int, Life]] = []
        self.count = 0

    def live(self, days: int, progress: Callable[[int, int], None]) -> None:
        """Live so many days; the timer runs at 06:00 and shortly after each midnight."""
        with drawing_from(self.codes):
            self.rounds.settle(self.start)
        for day in range(days):
            morning = self.start + timedelta(days=day)
            with drawing_from(self.codes):
                self.rounds.day(morning)
                self._live_a_day(morning)
                if day >= self.days - DIGESTS:
                    make_digests(morning.date(), morning + timedelta(days=1, minutes=6))
            progress(day + 1, days)

    def _plan(self, seed: int) -> None:
        """So many disputes however chance falls, spread over the working days; those of the last
        are told early, so that a committee still takes them up. On the last but one begins what is
        undecided in the end."""
        rng = random.Random(seed)  # noqa: S311 — a story, no secret
        calendar = directory().calendar
        mornings = [self.start + timedelta(days=day) for day in range(self.days)]
        works = [m for m in mornings if calendar.is_working_day(m.date())] or mornings
        self.last = works[-1].date()
        self.undecided = works[-2 if len(works) > 1 else -1].date()
        wanted = round(DISPUTES * self.days / 90)
        for n in range(wanted):
            morning = works[n * len(works) // wanted]
            hours = rng.uniform(0, 1.5 if morning == works[-1] else 14)
            self.quarrels.setdefault(morning.date(), []).append(
                morning + timedelta(hours=7 + hours)
            )

    def _live_a_day(self, morning: datetime) -> None:
        for at in self.quarrels.get(morning.date(), ()):
            self._add(at, self.lives.quarrel(at))
        if morning.date() == self.undecided:
            for n, ending in enumerate(UNDECIDED):
                at = morning + timedelta(hours=7, minutes=5 * n)
                self._add(at, self.lives.matter(at, ending))
        if morning.date() == self.last:
            for hour, count in LATE:
                for n in range(count):
                    at = morning + timedelta(hours=hour, minutes=4 * n)
                    self._add(at, self.lives.matter(at, "plain"))
        for _ in range(max(1, round(self.rng.gauss(A_DAY, 3)))):
            at = morning + timedelta(hours=7, minutes=self.rng.uniform(0, 14 * 60))
            self._add(at, self.lives.matter(at))
        self._run_until(morning + timedelta(hours=6), morning + timedelta(days=1))

    def _run_until(self, early: datetime, end: datetime) -> None:
        ticks = [early, early + timedelta(hours=8), end + timedelta(minutes=6)]
        while self.queue and self.queue[0][0] < end:
            at, _, life = heapq.heappop(self.queue)
            while ticks and ticks[0] <= at:
                tick(ticks.pop(0))
            self._resume(life)
        for moment in ticks:
            tick(moment)

    def _resume(self, life: Life) -> None:
        try:
            self._add(next(life), life)
        except StopIteration:
            pass
        except MaplebridgeError:  # the story met a rule, as people do: the matter stays as it is
            life.close()

    def _add(self, at: datetime, life: Life) -> None:
        self.count += 1
        heapq.heappush(self.queue, (at, self.count, life))
