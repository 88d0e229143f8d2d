"""Every row of a real office's workbook is found by pieces of its text, where one is at hand."""

import random
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook, load_workbook

from maplebridge.hotline.commands import import_hotline
from maplebridge.kernel.text import words
from maplebridge.matters.models import Report
from maplebridge.matters.queries import MatterFilter, matching_ids
from maplebridge.matters.queries.words import INDEXED, lexemes
from maplebridge.org.rules import Actor, PostFact
from tests.hotline.test_sample import SAMPLE

ROWS = 200


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample workbook is not here")
def test_each_row_is_found_by_pieces_of_its_text(town, tmp_path):
    rows = load_workbook(SAMPLE, read_only=True).active.iter_rows(
        values_only=True, max_row=ROWS + 1
    )
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "some.xlsx")
    import_hotline(tmp_path / "some.xlsx", errors_path=tmp_path / "errors.xlsx")
    post = PostFact(id=1, kind="dispatcher", title="", unit_id=1, scopes=("331181",))
    actor = Actor(kind="staff", person_id=1, posts=(post,))
    rng, now, missed = random.Random(12345), datetime.now(UTC), []
    reports = list(Report.objects.select_related("matter"))
    assert len(reports) == ROWS
    for report in reports:
        said = [w for w in words(report.text[:INDEXED]) if len(w) > 1]
        for _ in range(3):
            word = rng.choice(said)
            size = min(rng.randint(2, 4), len(word))
            start = rng.randrange(len(word) - size + 1)
            piece = word[start : start + size]
            if report.matter_id not in matching_ids(actor, MatterFilter(q=piece), now, 10_000):
                missed.append((piece, report.text[:80], lexemes(report.matter, report.text)))
    assert missed == []
