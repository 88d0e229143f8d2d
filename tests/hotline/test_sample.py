"""The workbook of a real office, where it is at hand; nothing of it is kept here."""

import os
from pathlib import Path

import pytest

from maplebridge.hotline.commands import import_hotline
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import verify_ledger

SAMPLE = Path(os.environ.get("MAPLEBRIDGE_HOTLINE_SAMPLE", ""))


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample workbook is not here")
def test_two_thousand_rows_become_reports_once(town, tmp_path):
    first = import_hotline(SAMPLE, errors_path=tmp_path / "errors.xlsx")
    assert first.rows == first.reports + first.joined + first.failed == 2000
    assert first.failed == 0
    assert first.errors_path is None
    assert Report.objects.count() == MatterEvent.objects.count() == 2000
    assert Matter.objects.count() == first.reports
    assert list(verify_ledger()) == []
    second = import_hotline(SAMPLE, errors_path=tmp_path / "errors.xlsx")
    assert (second.already, second.reports, second.joined, second.failed) == (2000, 0, 0, 0)
    assert Report.objects.count() == MatterEvent.objects.count() == 2000
