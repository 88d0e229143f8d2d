"""Numbers without gaps: the counter's row is locked until the mediation that got one is written."""

from maplebridge.mediation.models import Committee, NumberCounter


def next_serial(committee: Committee, year: int) -> int:
    """The next serial of a committee in a year; the caller's transaction holds the row.

    A transaction that fails gives its number back, so the series has no gap.
    """
    NumberCounter.objects.bulk_create(
        [NumberCounter(committee=committee, year=year)], ignore_conflicts=True
    )
    counter = NumberCounter.objects.select_for_update().get(committee=committee, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
