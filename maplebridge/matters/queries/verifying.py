"""What a verifier reads beside the report: the result, earlier call-backs, what comes next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from maplebridge.matters.models import Clock, Matter, MatterEvent
from maplebridge.matters.queries.lists import cursor_of, for_rows, keyset
from maplebridge.matters.queries.visible import HANDLING_STEPS, in_scopes
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages

RESULTS = frozenset({"handle", "settle_on_spot"})
# Whoever skips his own work looks this far down the list for the next matter.
AHEAD = 20


@dataclass(frozen=True)
class Result:
    """What was handed in: `done` is the last result, the others are listed oldest first."""

    done: MatterEvent | None
    parts: tuple[MatterEvent, ...]
    answers: tuple[MatterEvent, ...]
    calls: tuple[MatterEvent, ...]
    texts: Mapping[UUID, str]
    clock: Clock | None

    @property
    def in_time(self) -> bool | None:
        """Whether the last limit to handle was kept; None where none ran or it still runs."""
        if self.clock is None or self.clock.stopped_at is None:
            return None
        return self.clock.stopped_at <= self.clock.due_at


def sampled(actor: Actor) -> QuerySet[Matter]:
    """Matters settled on the spot that were drawn for a second look, in these areas."""
    drawn = Matter.objects.filter(in_scopes(actor, "verifier"), sampled=True, status="closed")
    return for_rows(drawn)


@dataclass(frozen=True)
class Work:
    """When the result of a matter was handed in, and whether the reader worked on it."""

    at: datetime | None = None
    own: bool = False


def work_on(actor: Actor, matters: Iterable[Matter]) -> dict[int, Work]:
    """By id of the matter: nobody verifies what he worked on himself; one query."""
    taken = MatterEvent.objects.filter(
        matter_id__in=[matter.id for matter in matters], step__in=HANDLING_STEPS
    ).order_by("version")
    found: dict[int, Work] = {}
    for matter_id, step, person, at in taken.values_list("matter_id", "step", "person_id", "at"):
        earlier = found.get(matter_id, Work())
        own = earlier.own or (person is not None and person == actor.person_id)
        found[matter_id] = Work(at if step in RESULTS else earlier.at, own)
    return found


def result_of(matter: Matter) -> Result:
    """The result with the helpers' parts, answers, call-backs and the clock; three queries."""
    events = list(
        MatterEvent.objects.filter(
            matter=matter, step__in=[*RESULTS, "helper_done", "answer", "call_back"]
        )
        .select_related("person", "post__unit")
        .order_by("version")
    )
    done = next((e for e in reversed(events) if e.step in RESULTS), None)

    def of(step: str) -> tuple[MatterEvent, ...]:
        return tuple(e for e in events if e.step == step)

    return Result(
        done=done,
        parts=of("helper_done"),
        answers=of("answer"),
        calls=of("call_back"),
        texts=passages(e.passage_id for e in events if e.passage_id),
        clock=matter.clocks.filter(kind="handle").order_by("-started_at", "-id").first(),
    )


def following(queue: QuerySet[Matter], done: Matter | None, actor: Actor) -> Matter | None:
    """What to look at after `done`: an urgent matter, else what follows in the queue, else its
    first; never one the actor worked on."""
    calm = queue.filter(urgent=False)
    urgent = queue.filter(urgent=True).order_by("due_at", "id")
    pages: list[Callable[[], list[Matter]]] = [lambda: list(urgent[:AHEAD])]
    if done is not None and not done.urgent:
        pages.append(lambda: keyset(calm, cursor_of(done), AHEAD)[0])
    pages.append(lambda: keyset(calm, "", AHEAD)[0])
    for page in pages:
        ahead = page()
        worked = work_on(actor, ahead) if ahead else {}
        for matter in ahead:
            if not worked.get(matter.id, Work()).own:
                return matter
    return None
