"""Steps of mediations against the ledger: changed, missing, added or put in another order.

Each step's digest stands in the chain of its matter (`mediate`), in the order it was taken.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from uuid import UUID

from django.db.models import F

from maplebridge.kernel import chain
from maplebridge.matters.models import MatterEvent
from maplebridge.matters.queries import Problem
from maplebridge.mediation.models import Mediation, MediationEvent
from maplebridge.trust.queries import changed_passages

MATTERS = 200  # read at once

Seal = tuple[str, str]  # (name of the step, digest in hex)
Place = tuple[int, str]  # (matter, mediation in hex)


def problems() -> Iterator[Problem]:
    """Every fault, matter by matter; memory stays flat."""
    told = MatterEvent.objects.filter(step="mediate").values_list("matter_id", flat=True)
    there = MediationEvent.objects.values_list("mediation__matter_id", flat=True)
    matters = iter(sorted({*told.distinct().iterator(), *there.distinct().iterator()}))
    while some := list(islice(matters, MATTERS)):
        yield from _of_matters(some)
    yield from _rows()


def _of_matters(matters: Sequence[int]) -> Iterator[Problem]:
    chained = MatterEvent.objects.filter(matter_id__in=matters, step="mediate")
    sealed: dict[Place, list[Seal]] = defaultdict(list)
    told = chained.order_by("matter_id", "version").values_list("matter_id", "data")
    for matter, data in told:
        seal = (data.get("act", ""), data.get("seal", ""))
        sealed[matter, data.get("mediation", "")].append(seal)
    kept: dict[Place, list[MediationEvent]] = defaultdict(list)
    texts: dict[UUID, bytes] = {}
    events = MediationEvent.objects.filter(mediation__matter_id__in=matters)
    for event in events.select_related("mediation").order_by("mediation_id", "version"):
        kept[event.mediation.matter_id, event.mediation_id.hex].append(event)
        texts |= _texts(event)
    for place in sorted(sealed.keys() | kept.keys()):
        yield from _of_one(place[1], sealed[place], kept[place])
    for passage_id in changed_passages(texts):
        yield Problem(f"text {passage_id}", "was changed")


def _of_one(mediation: str, sealed: list[Seal], events: list[MediationEvent]) -> Iterator[Problem]:
    for version, (seal, event) in enumerate(zip_longest(sealed, events), 1):
        name = f"mediation {mediation} step {version}"
        if event is None:
            yield Problem(name, f"“{seal[0]}” is missing")
        elif event.version != version:
            yield Problem(name, f"“{seal[0] if seal else '?'}” is missing or out of order")
            return  # all after it stands elsewhere
        elif seal is None:
            yield Problem(name, f"“{event.step}” is not in the chain of its matter")
        elif chain.digest(event.payload(), b"") != bytes(event.digest):
            yield Problem(name, "was changed")
        elif (event.step, bytes(event.digest).hex()) != seal:
            yield Problem(name, f"is not the “{seal[0]}” that the chain of its matter has")


def _texts(event: MediationEvent) -> dict[UUID, bytes]:
    """Digests of the words an event carries, by passage."""
    words = event.data.get("words", {})
    found = {UUID(passage): bytes.fromhex(digest) for passage, digest in words.items()}
    if event.passage_id:
        found[event.passage_id] = bytes.fromhex(event.data.get("text", ""))
    return found


def _rows() -> Iterator[Problem]:
    """Mediations whose row disagrees with their last step, or that have none."""
    agree = Mediation.objects.filter(events__version=F("version"), events__to_status=F("status"))
    for mediation in Mediation.objects.exclude(pk__in=agree.values("pk")).iterator():
        yield Problem(f"mediation {mediation.pk.hex}", "its row does not agree with its last step")
