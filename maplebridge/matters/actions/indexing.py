"""Keeping what search knows about a report in step with its matter."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries.words import lexemes

BATCH = 500


def reindex(matter: Matter, reports: QuerySet[Report], taken_in: str = "") -> None:
    """Write the search index of reports of a matter anew: its place changed, or it took them in
    from another, whose number `taken_in` goes on finding them."""
    numbers = {*Matter.objects.filter(merged_into=matter).values_list("number", flat=True)}
    numbers |= {taken_in} - {""}
    rows = list(reports.only("id", "text"))
    for report in rows:
        report.search = lexemes(matter, report.text, sorted(numbers))
    Report.objects.bulk_update(rows, ["search"], batch_size=BATCH)


def reindex_all() -> int:
    """Write the search index of every report anew, a batch at a time; returns how many."""
    # Only what is needed, so that a migration may call it whatever columns come later.
    reports = Report.objects.select_related("matter").order_by("id").only(
        "text", "matter__number", "matter__title", "matter__address", "matter__area_code"
    )  # fmt: skip
    done, batch = 0, list(reports[:BATCH])
    while batch:
        merged = _merged_into(r.matter_id for r in batch)
        for report in batch:
            report.search = lexemes(report.matter, report.text, merged.get(report.matter_id, ()))
        Report.objects.bulk_update(batch, ["search"])
        done += len(batch)
        batch = list(reports.filter(id__gt=batch[-1].id)[:BATCH])
    return done


def _merged_into(matters: Iterable[int]) -> dict[int, Sequence[str]]:
    pairs = Matter.objects.filter(merged_into__in=set(matters)).values_list("merged_into", "number")
    found: dict[int, list[str]] = {}
    for into, number in pairs:
        if into is not None:
            found.setdefault(into, []).append(number)
    return dict(found)
