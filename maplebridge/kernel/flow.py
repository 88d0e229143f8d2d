"""A flow is a table of steps; everything about permissions, buttons and tests is read from it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Said


@dataclass(frozen=True)
class Step:
    """One named move.

    `target` None leaves the status; "" takes it from the command's `target_status`. `tells` names
    the kinds of people who hear of it.
    """

    name: str
    label: object
    sources: frozenset[str]
    target: str | None
    who: frozenset[str]
    needs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    primary: bool = False
    note: str = ""


class Flow:
    """A checked table of steps over named statuses."""

    def __init__(
        self,
        *,
        steps: Sequence[Step],
        statuses: Mapping[str, object],
        initial: str,
        endings: frozenset[str],
    ) -> None:
        """ValueError when the table contradicts itself: see `_examine`."""
        self.steps = tuple(steps)
        self.statuses = dict(statuses)
        self.initial = initial
        self.endings = endings
        self._by_name = {step.name: step for step in self.steps}
        self._examine()

    def _examine(self) -> None:
        if len(self._by_name) != len(self.steps):
            raise ValueError("two steps have the same name")
        named = {self.initial, *self.endings}
        for step in self.steps:
            named |= step.sources | ({step.target} if step.target else set())
        if unknown := named - self.statuses.keys():
            raise ValueError(f"unknown statuses: {sorted(unknown)}")
        moves = [step for step in self.steps if step.target]
        reached, grew = {self.initial}, True
        while grew:
            new = {str(s.target) for s in moves if s.sources & reached} - reached
            reached |= new
            grew = bool(new)
        if lost := self.statuses.keys() - reached:
            raise ValueError(f"statuses nobody reaches: {sorted(lost)}")
        stuck = [
            s
            for s in self.statuses
            if s not in self.endings and not any(s in m.sources for m in moves)
        ]
        if stuck:
            raise ValueError(f"statuses without a way on: {stuck}")

    def step(self, name: str) -> Step:
        """The step of this name; NotFound when the table has none."""
        try:
            return self._by_name[name]
        except KeyError:
            raise NotFound(Said("There is no such step: %(name)s.", name=name)) from None

    def available(self, status: str, kinds: Collection[str]) -> list[Step]:
        """Steps open from a status to someone of these kinds, in the order of the table."""
        return [s for s in self.steps if status in s.sources and not s.who.isdisjoint(kinds)]

    def check(
        self, status: str, name: str, kinds: Collection[str], fields: Mapping[str, object]
    ) -> Step:
        """The step, if the table allows it.

        Raises, in this order: NotFound (no such step), Conflict (not from this status),
        NotAllowed (not by these kinds), InvalidInput (first needed field missing or blank).
        """
        step = self.step(name)
        if status not in step.sources:
            said = Said(
                "“%(step)s” is not possible now: the matter stands at “%(status)s”.",
                step=step.label,
                status=self.statuses.get(status, status),
            )
            raise Conflict(said, status=status)
        if step.who.isdisjoint(kinds):
            raise NotAllowed(Said("“%(step)s” is not for your post here.", step=step.label))
        for need in step.needs:
            value = fields.get(need)
            if value is None or (isinstance(value, str) and not value.strip()) or value == []:
                raise InvalidInput(need, Said("%(field)s is needed.", field=need))
        return step

    def cells(self) -> Iterator[tuple[str, Step, str, bool]]:
        """Every (status, step, kind, allowed) of the table, for the permission matrix and tests."""
        kinds = sorted({kind for step in self.steps for kind in step.who})
        for status in self.statuses:
            for step in self.steps:
                for kind in kinds:
                    yield status, step, kind, status in step.sources and kind in step.who

    def mermaid(self) -> str:
        """The flow as a Mermaid state diagram; steps that leave the status are left out."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for step in self.steps:
            if step.target:
                lines += [
                    f"    {s} --> {step.target}: {step.name}"
                    for s in self.statuses
                    if s in step.sources
                ]
        lines += [f"    {ending} --> [*]" for ending in self.statuses if ending in self.endings]
        return "\n".join(lines) + "\n"
