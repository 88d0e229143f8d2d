"""Free text beside events fits its digest, is erased, ends with its file; days are local days."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from maplebridge.kernel.errors import NotAllowed, NotFound
from maplebridge.trust.actions import (
    erase_passage,
    keep_passage,
    purge_expired,
    seal,
)
from maplebridge.trust.models import Erasure, Passage, VaultEntry
from maplebridge.trust.queries import (
    changed_passages,
    passages,
)
from maplebridge.trust.register import CONTACT_DAYS, FILE_DAYS

pytestmark = pytest.mark.django_db
VALUES = {"reporter.name": "欧阳小满", "reporter.phone": "13812345678", "reporter.address": "x"}


def test_purging_works_through_more_than_one_batch(now, monkeypatch):
    monkeypatch.setattr("maplebridge.trust.actions.vault.PURGE_BATCH", 4)
    for _ in range(5):
        seal(uuid4(), VALUES, at=now)
        keep_passage("x", at=now)
    assert purge_expired(date(2040, 1, 1), at=now) == 20
    assert purge_expired(date(2040, 1, 1), at=now) == 0
    assert sum(len(e.fields) for e in Erasure.objects.all()) == 20


def test_passages_end_with_their_file(now):
    keep_passage("old", at=now)
    last_day = date(2026, 11, 24) + timedelta(days=FILE_DAYS)
    assert purge_expired(last_day, at=now) == 0
    assert purge_expired(last_day + timedelta(days=1), at=now) == 1


def test_a_passage_fits_its_digest_until_changed(now):
    kept = [keep_passage(t, at=now) for t in ("same", "same", "", "墙\n🍁")]
    digests = {p.id: d for p, d in kept}
    assert len(set(digests.values())) == 4, "equal texts must not have equal digests"
    assert {len(d) for d in digests.values()} == {32}
    assert passages(digests)[kept[3][0].id] == "墙\n🍁"
    assert changed_passages(digests) == []
    Passage.objects.filter(id=kept[0][0].id).update(text="other")
    Passage.objects.filter(id=kept[1][0].id).delete()
    assert changed_passages(digests) == [kept[0][0].id, kept[1][0].id]


def test_an_erased_passage_still_fits_and_says_nothing(supervisor, now):
    passage, digest = keep_passage("His name is Wang", at=now)
    assert erase_passage(passage.id, supervisor, "Asked", at=now) is True
    assert erase_passage(passage.id, supervisor, "Asked", at=now) is False
    passage.refresh_from_db()
    assert (passage.text, bytes(passage.salt), passage.erased_at) == ("", b"", now)
    assert changed_passages({passage.id: digest}) == []
    Passage.objects.update(text="Forged afterwards")
    assert changed_passages({passage.id: digest}) == [passage.id]


def test_erasing_a_passage_is_refused_by_post_and_for_unknown_ids(dispatcher, supervisor, now):
    passage, _digest = keep_passage("text", at=now)
    with pytest.raises(NotAllowed):
        erase_passage(passage.id, dispatcher, "Why", at=now)
    with pytest.raises(NotFound):
        erase_passage(uuid4(), supervisor, "Why", at=now)


def test_days_are_days_in_shanghai(subject):
    late_evening_utc = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.get_fixed_timezone(0))
    seal(subject, {"reporter.name": "x"}, at=late_evening_utc)
    kept = VaultEntry.objects.get()
    assert kept.erase_after == date(2026, 11, 25) + timedelta(days=CONTACT_DAYS)
