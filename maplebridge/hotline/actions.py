"""The only writes of the room; reports themselves are written by matters."""

from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.hotline.models import ImportRun, Mapping
from maplebridge.kernel.errors import InvalidInput
from maplebridge.matters.actions import Outcome, Telling, report_many
from maplebridge.org.models import Person
from maplebridge.org.rules import Actor

NAME_LENGTH = 60


def keep_mapping(name: str, columns: Map[str, str]) -> Mapping:
    """Keep the columns under a name, replacing what was kept before; InvalidInput("name")."""
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or "=" in name or ":" in name:
        raise InvalidInput("name", _("A mapping's name has 1 to 60 characters, no = and no colon."))
    kept, _made = Mapping.objects.update_or_create(name=name, defaults={"columns": dict(columns)})
    return kept


def open_run(*, sha256: str, name: str, sheet: str, person: Person | None) -> ImportRun:
    """Note that a workbook (64 hexadecimal digits of its hash) is being read."""
    return ImportRun.objects.create(
        file_sha256=sha256,
        name=name[-200:],
        sheet=sheet[:60],
        started_at=timezone.now(),
        person=person,
    )


@transaction.atomic
def take_batch(
    run: ImportRun, tellings: Sequence[Telling], *, unreadable: int, at: datetime | None = None
) -> list[Outcome]:
    """Take in one batch and count it, both or neither; one outcome for each telling.

    `unreadable` is how many further rows of the batch could not be read at all.
    """
    actor = Actor(kind="import", person_id=run.person_id, name=run.name)
    outcomes = report_many(tellings, channel="hotline", actor=actor, at=at)
    count = Counter(o.kind for o in outcomes)
    ImportRun.objects.filter(pk=run.pk).update(
        rows=F("rows") + len(tellings) + unreadable,
        done=F("done") + count["opened"] + count["joined"],
        doubled=F("doubled") + count["already"],
        failed=F("failed") + count["refused"] + unreadable,
    )
    return outcomes


def close_run(run: ImportRun) -> None:
    """Note that the whole workbook was read."""
    ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
