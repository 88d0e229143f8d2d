"""A media folder of its own for each test, and a way past the ledger's append-only triggers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation


@pytest.fixture(autouse=True)
def _own_media_and_english(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    with translation.override("en"):
        yield


@pytest.fixture
def unguarded(transactional_db: None) -> Iterator[None]:
    """A committing test: triggers rest while Django empties the tables, then the session ends."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
