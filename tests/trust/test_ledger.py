"""Day roots: closed in order, once, and telling what was changed afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from maplebridge.kernel import chain
from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.trust import ledger
from maplebridge.trust.actions import (
    close_day,
    erase_subject,
    open_subject,
    seal,
    take_ledger_lock,
)
from maplebridge.trust.models import AccessLog, DayRoot, Erasure
from maplebridge.trust.queries import (
    day_root,
    day_roots,
    last_closed_day,
    verify_day,
    verify_roots,
)

D1, D2, D3 = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)


def leaves(*ids: int) -> list[tuple[int, bytes]]:
    return [(i, sha256(str(i).encode()).digest()) for i in ids]


@pytest.fixture
def three_days(db, now):
    close_day(D1, leaves(1, 2, 3, 5), at=now)
    close_day(D2, [], at=now)
    close_day(D3, leaves(4, 6, 7), at=now)


@pytest.mark.django_db
def test_closing_chains_the_days(three_days):
    newest, quiet, first = day_roots(5)
    assert [r.day for r in (newest, quiet, first)] == [D3, D2, D1]
    assert [(r.count, r.highest_id) for r in (newest, quiet, first)] == [(3, 7), (0, 5), (4, 5)]
    assert bytes(first.previous_digest) == chain.GENESIS
    assert bytes(quiet.previous_digest) == bytes(first.digest)
    assert bytes(newest.previous_digest) == bytes(quiet.digest)
    assert {len(bytes(r.digest)) for r in (newest, quiet, first)} == {32}
    assert list(verify_roots()) == []
    assert last_closed_day() == D3
    assert day_root(D2).count == 0
    assert day_root(D3 + timedelta(days=1)) is None


@pytest.mark.django_db
def test_before_the_first_day(now):
    assert last_closed_day() is None
    assert day_roots(5) == []
    assert list(verify_roots()) == []


@pytest.mark.django_db
def test_closing_again_with_the_same_events_answers_the_same_row(three_days, now):
    again = close_day(D1, leaves(1, 2, 3, 5), at=now + timedelta(days=1))
    assert again.closed_at == now
    assert DayRoot.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other", [[], leaves(1, 2, 3), leaves(1, 2, 3, 5, 8), [*leaves(1, 2, 3), (5, bytes(32))]]
)
def test_closing_again_with_other_events_is_a_conflict(other, three_days, now):
    with pytest.raises(Conflict, match="2026-11-20"):
        close_day(D1, other, at=now)


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "day"), [(D1, D3), (D2, D1), (D3, D1)])
def test_days_close_one_after_another(first, day, now):
    close_day(first, [], at=now)
    with pytest.raises(Conflict, match=(first + timedelta(days=1)).isoformat()):
        close_day(day, [], at=now)


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [0, 1])
def test_a_day_that_is_not_over_stays_open(ahead, now):
    with pytest.raises(InvalidInput) as refused:
        close_day(now.date() + timedelta(days=ahead), [], at=now)
    assert refused.value.field == "day"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [leaves(2, 1), leaves(1, 1), leaves(0), leaves(-1), [(1, b"short")], [(1 << 63, bytes(32))]],
)
def test_malformed_leaves_are_refused(bad, now):
    with pytest.raises(InvalidInput) as refused:
        close_day(D1, bad, at=now)
    assert refused.value.field == "leaves"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("events", "said"),
    [
        (leaves(1, 2, 3, 5), []),
        (leaves(5, 3, 2, 1), []),
        (leaves(1, 3, 5), ["event 2 is missing"]),
        (leaves(1, 2, 3, 4, 5), ["event 4 was added"]),
        ([*leaves(1, 2, 3), (5, bytes(32))], ["event 5 was changed"]),
        ([], [f"event {i} is missing" for i in (1, 2, 3, 5)]),
        (
            [(1, leaves(2)[0][1]), (2, leaves(1)[0][1]), *leaves(3, 5)],
            ["event 1 was changed", "event 2 was changed"],
        ),
        ([*leaves(1, 2, 3), (5, leaves(5)[0][1][:8] + bytes(24))], ["do not give the day's root"]),
    ],
)
def test_a_tampered_event_is_named(events, said, three_days):
    found = verify_day(day_root(D1), events)
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True)), found
    assert all("2026-11-20" in sentence for sentence in found)


@given(
    ids=st.sets(st.integers(1, 10**6), max_size=30),
    data=st.data(),
)
def test_any_one_tampering_is_named(ids, data):
    kept = leaves(*sorted(ids))
    root = DayRoot(day=D1, root=ledger.merkle_root_of(kept), leaves=ledger.pack(kept))
    assert verify_day(root, kept) == []
    extra = data.draw(st.integers(1, 10**6).filter(lambda i: i not in ids))
    assert f"event {extra} was added" in verify_day(root, [*kept, *leaves(extra)])[0]
    if ids:
        victim = data.draw(st.sampled_from(sorted(ids)))
        rest = [leaf for leaf in kept if leaf[0] != victim]
        assert f"event {victim} is missing" in verify_day(root, rest)[0]
        changed = sorted([*rest, (victim, data.draw(st.binary(min_size=32, max_size=32)))])
        assert len(verify_day(root, changed)) == (changed != kept)


@given(st.lists(st.integers(1, 2**63 - 1), unique=True))
def test_packing_goes_both_ways(ids):
    kept = leaves(*sorted(ids))
    assert list(ledger.unpack(ledger.pack(kept))) == [(i, h[:8]) for i, h in kept]


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def forge(sql: str, *values: object) -> None:
    """What an intruder with the database owner's rights can do: rest the triggers, write."""
    execute("ALTER TABLE trust_dayroot DISABLE TRIGGER USER")
    execute(sql, *values)
    execute("ALTER TABLE trust_dayroot ENABLE TRIGGER USER")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "value", "days"),
    [
        ("UPDATE trust_dayroot SET count = 9 WHERE day = %s", D1, [D1, D1]),
        ("UPDATE trust_dayroot SET highest_id = 9 WHERE day = %s", D1, [D1]),
        ("UPDATE trust_dayroot SET root = '\\x00' WHERE day = %s", D3, [D3]),
        ("UPDATE trust_dayroot SET digest = '\\x00' WHERE day = %s", D1, [D1, D2]),
        ("UPDATE trust_dayroot SET previous_digest = '\\x00' WHERE day = %s", D2, [D2, D2]),
        ("UPDATE trust_dayroot SET leaves = '\\x00' WHERE day = %s", D3, [D3]),
        ("DELETE FROM trust_dayroot WHERE day = %s", D1, [D2]),
        ("DELETE FROM trust_dayroot WHERE day = %s", D2, [D3, D3]),
    ],
)
def test_a_tampered_day_root_is_named(sql, value, days, three_days):
    forge(sql, value)
    found = list(verify_roots())
    assert [sentence[:10] for sentence in found] == [d.isoformat() for d in days], found


@pytest.mark.django_db
def test_a_tampered_list_of_leaves_is_told_from_tampered_events(three_days):
    forge(
        "UPDATE trust_dayroot SET leaves = %s WHERE day = %s", ledger.pack(leaves(1, 2, 3, 9)), D1
    )
    assert verify_day(day_root(D1), leaves(1, 2, 3, 5)) == [
        "2026-11-20: the day's list of events was changed."
    ]


@pytest.mark.django_db
def test_erasing_leaves_the_day_roots_verifying(three_days, subject, supervisor, now):
    seal(subject, {"reporter.name": "Wang"}, at=now)
    erase_subject(subject, supervisor, "Asked", at=now)
    assert list(verify_roots()) == []
    assert verify_day(day_root(D1), leaves(1, 2, 3, 5)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [AccessLog, DayRoot, Erasure])
@pytest.mark.parametrize("act", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_postgresql_refuses_to_rewrite(
    model, act, three_days, subject, dispatcher, supervisor, now
):
    seal(subject, {"reporter.name": "Wang"}, at=now)
    open_subject(subject, ["reporter.name"], dispatcher, "Why", at=now)
    erase_subject(subject, supervisor, "Asked", at=now)
    column = {AccessLog: "purpose = ''", DayRoot: "count = 0", Erasure: "reason = ''"}[model]
    before = list(model.objects.order_by("pk").values())
    # Deferred foreign keys would stop TRUNCATE before the trigger is asked.
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(act.format(model._meta.db_table, column))
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_four_threads_closing_the_same_days_make_one_chain(transactional_db, now):
    days = [D1 + timedelta(days=i) for i in range(4)]
    together = threading.Barrier(4)

    def close_all() -> None:
        together.wait()
        try:
            for i, day in enumerate(days):
                close_day(day, leaves(2 * i + 1, 2 * i + 2), at=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(close_all) for _ in range(4)]:
            done.result()
    assert DayRoot.objects.count() == 4
    assert list(verify_roots()) == []


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_closing_waits_for_writers_and_writers_do_not_wait_for_each_other(transactional_db, now):
    writing, closed = threading.Event(), threading.Event()
    seen: list[bool] = []

    def close_first() -> None:
        writing.wait()
        try:
            close_day(D1, [], at=now)
            closed.set()
        finally:
            connection.close()

    def write_beside() -> None:
        try:
            with transaction.atomic():
                take_ledger_lock(exclusive=False)
                seen.append(closed.is_set())
        finally:
            connection.close()

    closer, writer = threading.Thread(target=close_first), threading.Thread(target=write_beside)
    with transaction.atomic():
        take_ledger_lock(exclusive=False)
        writer.start()
        writer.join()
        closer.start()
        writing.set()
        # Wait until PostgreSQL itself says that closing waits for the lock held here.
        with connection.cursor() as cursor:
            waiting = 0
            while not waiting and closer.is_alive():
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                )
                waiting = cursor.fetchone()[0]
        seen.append(closed.is_set())
    closer.join()
    assert seen == [False, False]
    assert closed.is_set()


@pytest.mark.django_db(transaction=True)
def test_the_lock_needs_a_transaction(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        take_ledger_lock(exclusive=False)
