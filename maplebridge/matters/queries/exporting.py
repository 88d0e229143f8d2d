"""What stands beside matters in a workbook, for many at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from maplebridge.matters.models import Clock, Matter, MatterEvent, Report
from maplebridge.matters.queries.lists import for_rows
from maplebridge.matters.queries.verifying import RESULTS
from maplebridge.matters.queries.visible import matters_visible_to
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages

# Whoever works on a confidential matter reads its words; others learn that it is there.
CONFIDENTIAL_READERS = frozenset({"dispatcher", "handler", "verifier", "supervisor"})


@dataclass
class Exported:
    """A matter with what its row may show; `open` is False where its words stay confidential."""

    matter: Matter
    open: bool = True
    told: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    subjects: list[UUID] = field(default_factory=list)
    first_due_at: datetime | None = None
    extended: bool = False
    result: str = ""
    answer: str = ""


def visible_through(actor: Actor, kinds: Collection[str], ids: Sequence[int]) -> set[int]:
    """Those of some matters that the actor sees through posts of these kinds alone."""
    through = replace(actor, posts=tuple(p for p in actor.posts if p.kind in kinds))
    return set(matters_visible_to(through).filter(pk__in=ids).values_list("id", flat=True))


def exported(actor: Actor, ids: Sequence[int]) -> list[Exported]:
    """Matters the actor may see, in the order of their ids given, with their facts: at most six
    statements for a batch of any size."""
    matters = for_rows(matters_visible_to(actor).filter(pk__in=ids)).in_bulk()
    rows = {pk: Exported(matters[pk]) for pk in ids if pk in matters}
    _close_words(actor, rows)
    for report in Report.objects.filter(matter__in=rows).order_by("reported_at", "id").only(
        "matter_id", "text", "channel", "subject"
    ):  # fmt: skip
        row = rows[report.matter_id]
        row.told.append(report.text)
        row.channels.append(str(report.get_channel_display()))
        if report.subject:
            row.subjects.append(report.subject)
    for clock in Clock.objects.filter(matter__in=rows, kind="handle").order_by("started_at", "id"):
        row = rows[clock.matter_id]
        row.first_due_at, row.extended = clock.first_due_at, clock.due_at != clock.first_due_at
    _read_answers(rows)
    return list(rows.values())


def _close_words(actor: Actor, rows: dict[int, Exported]) -> None:
    closed = [pk for pk, row in rows.items() if _is_confidential(row.matter)]
    for pk in set(closed) - visible_through(actor, CONFIDENTIAL_READERS, closed):
        rows[pk].open = False


def _is_confidential(matter: Matter) -> bool:
    category = matter.category or matter.proposed_category
    return bool(category and category.confidential)


def _read_answers(rows: dict[int, Exported]) -> None:
    events = list(
        MatterEvent.objects.filter(
            matter__in=rows, step__in=[*RESULTS, "answer"], passage_id__isnull=False
        )
        .order_by("matter_id", "version")
        .values_list("matter_id", "step", "passage_id")
    )
    texts = passages(passage for _matter, _step, passage in events if passage)
    for matter_id, step, passage in events:
        name = "answer" if step == "answer" else "result"
        setattr(rows[matter_id], name, texts.get(passage, "") if passage else "")
