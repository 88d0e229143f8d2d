"""What a verifier reads beside the report: the result, earlier call-backs, what comes next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
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


def own_work(actor: Actor, matters: Iterable[Matter]) -> set[int]:
    """Ids of those the actor worked on and therefore cannot verify; one query."""
    ids = [matter.id for matter in matters]
    taken = MatterEvent.objects.filter(
        matter_id__in=ids, person_id=actor.person_id or 0, step__in=HANDLING_STEPS
    )
    return set(taken.values_list("matter_id", flat=True))


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


def following(
    queue: QuerySet[Matter], done: Matter | None, actor: Actor, without: Collection[int] = ()
) -> Matter | None:
    """The matter of the queue after `done`, or its first; never one the actor worked on."""
    for cursor in [cursor_of(done), ""] if done else [""]:
        ahead, _older = keyset(queue, cursor, AHEAD)
        shut = own_work(actor, ahead) | set(without)
        for matter in ahead:
            if matter.id not in shut:
                return matter
    return None
