"""Every number of a digest is the length of the list behind it, for everyone who may read it."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from maplebridge.insight.queries import read_digest, scopes_for, scopes_on
from maplebridge.matters.queries import MatterFilter, matters_visible_to
from tests.matters.conftest import MONDAY


def figures_in(node):
    """Every {"n", "query"} anywhere in a digest."""
    if isinstance(node, dict):
        if node.get("query") and node.get("n") is not None:
            yield node
        for value in node.values():
            yield from figures_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from figures_in(value)


def test_smoke(world):
    m = world.report().matter
    for s in scopes_on(timezone.localdate(MONDAY)):
        c = read_digest(s, timezone.localdate(MONDAY), MONDAY + timedelta(hours=1))
        for f in figures_in(c):
            print(s.key, f)
    import json; print(json.dumps(c, indent=1, ensure_ascii=False))
