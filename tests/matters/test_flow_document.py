"""docs/flow.md shows the table as it is."""

import os
from pathlib import Path

from django.utils import translation

from maplebridge.matters.flow import FLOW

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "flow.md"
MARK = "<!-- From here on written from maplebridge/matters/flow/table.py. -->\n"


def generated():
    with translation.override("en"):
        rows = [
            f"| `{s.name}` | {s.label} | {', '.join(t for t in FLOW.statuses if t in s.sources)} "
            f"| {s.target or ('as asked' if s.target == '' else '–')} "
            f"| {', '.join(sorted(s.who))} | {', '.join(s.needs) or '–'} | {s.note} |"
            for s in FLOW.steps
        ]
    head = "| step | label | from | to | who | needs | rule |\n|---|---|---|---|---|---|---|\n"
    return f"\n```mermaid\n{FLOW.mermaid()}```\n\n{head}" + "\n".join(rows) + "\n"


def test_the_document_shows_the_table():
    """Run with RENEW=1 after a change of the table."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _mark, shown = text.partition(MARK)
    if os.environ.get("RENEW"):
        DOCUMENT.write_text(before + MARK + generated(), encoding="utf-8")
        shown = generated()
    assert shown == generated()
