"""Reads of the ledger and of the facts around personal data. Nothing here decrypts."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from maplebridge.kernel import chain
from maplebridge.org.models import Post
from maplebridge.trust import cipher, ledger
from maplebridge.trust.models import AccessLog, DayRoot, Export, Passage, VaultEntry
from maplebridge.trust.register import REGISTER, RegisteredField

PASSAGE_BATCH = 1000


@dataclass(frozen=True)
class Reading:
    """One reading of a personal field as the resident sees it: which post, never which name."""

    field: str
    by: str
    purpose: str
    at: datetime


@dataclass(frozen=True)
class HeldField:
    """One field kept about a subject: its register entry and its days, without the value."""

    field: RegisteredField
    kept_since: datetime
    erase_after: date


def day_roots(limit: int) -> list[DayRoot]:
    """The latest closed days, newest first, without their packed leaves."""
    return list(DayRoot.objects.defer("leaves").order_by("-day")[:limit])


def day_root(day: date) -> DayRoot | None:
    """The root of one day with its packed leaves, or None when it isn't closed."""
    return DayRoot.objects.filter(day=day).first()


def last_closed_day() -> date | None:
    """The newest closed day, or None before the first."""
    return DayRoot.objects.order_by("-day").values_list("day", flat=True).first()


def readings_of(subject: UUID) -> list[Reading]:
    """Who read a subject's personal data, newest first (PIPL 44, 48): post and unit, no names."""
    rows = list(AccessLog.objects.filter(subject=subject).order_by("-id"))
    posts = {
        p.id: f"{p.unit.name} {p.title}"
        for p in Post.objects.select_related("unit").filter(
            id__in={r.post_id for r in rows if r.post_id}
        )
    }
    return [
        Reading(
            field=str(REGISTER[r.field].label) if r.field in REGISTER else r.field,
            by=posts.get(r.post_id or 0) or _reader_without_post(r.actor_kind),
            purpose=_(r.purpose),
            at=r.at,
        )
        for r in rows
    ]


def exports_in(scopes: Iterable[str], before: int | None, size: int) -> list[Export]:
    """Exports by posts of units in these areas, newest first, with `person` and `post` (or None),
    before an id."""
    here = reduce(or_, (Q(unit__area__code__startswith=s) for s in scopes), Q(pk__in=()))
    posts = {p.id: p for p in Post.objects.select_related("unit").filter(here)}
    rows = Export.objects.filter(post_id__in=posts).select_related("person")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:size])
    for row in found:
        row.post = posts.get(row.post_id or 0)  # type: ignore[attr-defined]
    return found


def _reader_without_post(kind: str) -> str:
    return _("Yourself") if kind == "reporter" else _("A post that no longer exists")


def own_data(subject: UUID) -> list[HeldField]:
    """What is kept about a subject, why and until when (PIPL 44, 45).

    The values come from `actions.export_own`, which logs that they were read.
    """
    return [
        HeldField(field=REGISTER[e.field], kept_since=e.created_at, erase_after=e.erase_after)
        for e in VaultEntry.objects.filter(subject=subject, erased_at__isnull=True).order_by(
            "field"
        )
        if e.field in REGISTER
    ]


def held_fields(subjects: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Codes of the fields kept about each subject, without values; absent where nothing is."""
    held: dict[UUID, list[str]] = {}
    for subject, field in (
        VaultEntry.objects.filter(subject__in=list(subjects), erased_at__isnull=True)
        .order_by("field")
        .values_list("subject", "field")
    ):
        held.setdefault(subject, []).append(field)
    return held


def subjects_with_phone(phone: str) -> list[UUID]:
    """Subjects whose sealed phone is this number, however it is written; oldest first."""
    wanted = cipher.phone_lookup(settings.VAULT_KEY, phone)
    if wanted is None:
        return []
    return list(
        VaultEntry.objects.filter(lookup=wanted).order_by("id").values_list("subject", flat=True)
    )


def passages(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Texts of passages by id; an erased one is "" and an unknown one is absent."""
    return dict(Passage.objects.filter(id__in=list(ids)).values_list("id", "text"))


def changed_passages(digests: Mapping[UUID, bytes]) -> list[UUID]:
    """Ids of passages whose text no longer fits the digest in their event, or that are gone.

    An erased passage fits: erasing is allowed, changing is not.
    """
    ids = list(digests)
    changed: list[UUID] = []
    for start in range(0, len(ids), PASSAGE_BATCH):
        part = ids[start : start + PASSAGE_BATCH]
        found = Passage.objects.in_bulk(part)
        changed += [i for i in part if not _fits(found.get(i), digests[i])]
    return changed


def _fits(passage: Passage | None, digest: bytes) -> bool:
    if passage is None:
        return False
    if passage.erased_at is not None:
        return passage.text == "" and bytes(passage.salt) == b""
    return hmac.compare_digest(chain.text_digest(passage.text, bytes(passage.salt)), digest)


def verify_day(root: DayRoot, leaves: Iterable[tuple[int, bytes]]) -> list[str]:
    """Compare a closed day with its events now: (id, recomputed 32-byte hash), any order.

    One sentence for each event that was changed, is missing or was added; empty when all is as
    it was closed.
    """
    now = sorted(leaves)
    live = {number: digest[: ledger.PREFIX_BYTES] for number, digest in now}
    try:
        kept = dict(ledger.unpack(bytes(root.leaves)))
    except ValueError:
        kept = {}
    found = []
    for number in sorted(kept.keys() | live.keys()):
        facts = {"day": root.day, "id": number}
        if number not in live:
            found.append(_("%(day)s: event %(id)s is missing.") % facts)
        elif number not in kept:
            found.append(_("%(day)s: event %(id)s was added after the day was closed.") % facts)
        elif live[number] != kept[number]:
            found.append(_("%(day)s: event %(id)s was changed.") % facts)
    whole = ledger.well_formed(now) and ledger.merkle_root_of(now) == bytes(root.root)
    if whole and found:
        return [_("%(day)s: the day's list of events was changed.") % {"day": root.day}]
    if not whole and not found:
        return [_("%(day)s: the events do not give the day's root.") % {"day": root.day}]
    return found


def verify_roots() -> Iterator[str]:
    """Walk the chain of day roots, oldest first; one sentence for each fault."""
    previous, expected = chain.GENESIS, None
    for root in DayRoot.objects.order_by("day").iterator(chunk_size=20):
        facts = {"day": root.day}
        if expected and root.day != expected:
            yield _("%(day)s: a day before this one is missing.") % facts
        if bytes(root.previous_digest) != previous:
            yield _("%(day)s: does not follow the digest of the day before.") % facts
        if bytes(root.digest) != ledger.day_digest(
            root.day, root.count, root.highest_id, bytes(root.root), bytes(root.previous_digest)
        ):
            yield _("%(day)s: the day's digest does not fit its content.") % facts
        if len(bytes(root.leaves)) != root.count * ledger.PACKED_BYTES:
            yield _("%(day)s: the day's list of events was changed.") % facts
        previous, expected = bytes(root.digest), root.day + timedelta(days=1)
