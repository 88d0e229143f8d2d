"""The vault, the log of its readings, and the passages."""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel import chain
from maplebridge.kernel.chance import draw
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.ids import uuid7
from maplebridge.kernel.worktime import midnight
from maplebridge.org.rules import TIMER, Actor
from maplebridge.trust import cipher
from maplebridge.trust.models import AccessLog, Erasure, Passage, VaultEntry
from maplebridge.trust.register import ERASERS, REGISTER, RegisteredField
from maplebridge.trust.rules import is_storable, normal_phone

SALT_BYTES = 16
PURGE_BATCH = 1000


def seal(subject: UUID, values: Mapping[str, str], *, at: datetime) -> None:
    """Encrypt and keep the personal fields of one subject; blank values are not kept.

    `values` maps codes of the field register to text. Raises InvalidInput for a field the
    register does not put into the vault or a value too long, Conflict when the subject already
    has one of the fields (use `correct_subject`).
    """
    today = timezone.localdate(at)
    entries = []
    for code, value in values.items():
        field = _vault_field(code)
        text = _storable(code, value.strip())
        if not text:
            continue
        if len(text) > field.max_length:
            raise InvalidInput(
                code,
                _("%(field)s: at most %(most)s characters.")
                % {"field": field.label, "most": field.max_length},
            )
        entry_id = uuid7()
        entries.append(
            VaultEntry(
                id=entry_id,
                subject=subject,
                field=code,
                cipher=cipher.encrypt(settings.VAULT_KEY, entry_id, code, text),
                lookup=_lookup(code, text),
                created_at=at,
                erase_after=today + timedelta(days=field.retention_days or 0),
            )
        )
    try:
        VaultEntry.objects.bulk_create(entries)
    except IntegrityError as error:
        raise Conflict(_("These contact details are already kept.")) from error


@transaction.atomic
def open_subject(
    subject: UUID, fields: Iterable[str], actor: Actor, purpose: str, *, at: datetime
) -> dict[str, str]:
    """Decrypt fields of one subject for a member of staff and log each reading with its purpose.

    Fields never given or since erased are absent from the answer and not logged. Raises
    InvalidInput (blank purpose, unknown field), NotAllowed when none of the actor's kinds of post
    is among the readers of a field, VaultError when a row or the key was changed.
    """
    return open_subjects([subject], fields, actor, purpose, at=at).get(subject, {})


@transaction.atomic
def open_subjects(
    subjects: Iterable[UUID], fields: Iterable[str], actor: Actor, purpose: str, *, at: datetime
) -> dict[UUID, dict[str, str]]:
    """The same for many subjects (about a thousand) in two statements: each field of each subject
    that is still kept is decrypted and its reading logged. Raises as `open_subject`.
    """
    purpose = _storable("purpose", purpose.strip())
    if not purpose:
        raise InvalidInput("purpose", _("Say what you need these personal details for."))
    codes = sorted(set(fields))
    for code in codes:
        if not actor.holds(*_vault_field(code).readers):
            raise NotAllowed(_("Your post may not read these personal details."))
    return _open(subjects, codes, actor, purpose, at)


@transaction.atomic
def export_own(subject: UUID, actor: Actor, *, at: datetime) -> dict[str, str]:
    """All vault fields of a subject for the subject itself (PIPL 45), logged like any reading.

    The caller has checked that the actor is this subject (query code and contact). Raises
    NotAllowed for an actor that is not a reporter, VaultError as `open_subject`.
    """
    if actor.kind != "reporter":
        raise NotAllowed(_("Only the person concerned may export these details."))
    codes = sorted(c for c, f in REGISTER.items() if f.storage == "vault")
    purpose = _("Export by the person concerned")
    return _open([subject], codes, actor, purpose, at).get(subject, {})


def confirms(subject: UUID, code: str, told: str) -> bool:
    """True when a phone told by somebody is the one kept under `code` of this subject; nothing is
    shown, so nothing is logged. The caller slows guessing down."""
    entry = VaultEntry.objects.filter(subject=subject, field=code, erased_at__isnull=True).first()
    said = normal_phone(told)
    if entry is None or not said:
        return False
    kept = cipher.decrypt(settings.VAULT_KEY, entry.id, code, bytes(entry.cipher))
    return hmac.compare_digest(normal_phone(kept), said)


def _open(
    subjects: Iterable[UUID], codes: Sequence[str], actor: Actor, purpose: str, at: datetime
) -> dict[UUID, dict[str, str]]:
    # Locked, so that an erasure running now either comes first or waits for this reading's log.
    kept = VaultEntry.objects.filter(
        subject__in=list(subjects), erased_at__isnull=True, field__in=codes
    )
    entries = list(kept.select_for_update().order_by("id"))
    AccessLog.objects.bulk_create(
        AccessLog(
            subject=e.subject,
            field=e.field,
            person_id=actor.person_id,
            actor_kind=actor.kind,
            post_id=next((p.id for p in actor.posts if p.kind in REGISTER[e.field].readers), None),
            purpose=purpose,
            at=at,
        )
        for e in entries
    )
    opened: dict[UUID, dict[str, str]] = {}
    for e in entries:
        value = cipher.decrypt(settings.VAULT_KEY, e.id, e.field, bytes(e.cipher))
        opened.setdefault(e.subject, {})[e.field] = value
    return opened


def _lookup(code: str, text: str) -> bytes | None:
    return cipher.phone_lookup(settings.VAULT_KEY, text) if code == "reporter.phone" else None


def _storable(field: str, text: str) -> str:
    if not is_storable(text):
        raise InvalidInput(field, _("The text holds characters that cannot be kept."))
    return text


def _vault_field(code: str) -> RegisteredField:
    field = REGISTER.get(code)
    if field is None or field.storage != "vault":
        raise InvalidInput(code, _("This field is not in the register of personal fields."))
    return field


@transaction.atomic
def correct_subject(
    subject: UUID, values: Mapping[str, str], actor: Actor, reason: str, *, at: datetime
) -> None:
    """Put fields of a subject right (PIPL 46): the old values are erased, the new ones sealed.

    Raises as `erase_subject` and `seal`.
    """
    _check_eraser(actor, reason)
    for code in values:
        _vault_field(code)
    _erase_entries(_live(subject).filter(field__in=list(values)), actor, reason, at)
    seal(subject, values, at=at)


@transaction.atomic
def erase_subject(subject: UUID, actor: Actor, reason: str, *, at: datetime) -> int:
    """Erase every vault field of a subject (PIPL 47); returns how many were still kept.

    Allowed to a supervisor, the timer and the reporter whose data it is (the caller has checked
    that). Raises NotAllowed, or InvalidInput("reason") when blank.
    """
    _check_eraser(actor, reason)
    return _erase_entries(_live(subject), actor, reason, at)


def _live(subject: UUID) -> QuerySet[VaultEntry]:
    return VaultEntry.objects.filter(subject=subject, erased_at__isnull=True)


def _check_eraser(actor: Actor, reason: str) -> None:
    if actor.kind not in {"reporter", "timer"} and not actor.holds(*ERASERS):
        raise NotAllowed(_("Only a supervisor may change or erase personal data."))
    if not _storable("reason", reason).strip():
        raise InvalidInput("reason", _("Say why."))


def _erase_entries(due: QuerySet[VaultEntry], actor: Actor, reason: str, at: datetime) -> int:
    rows = sorted(due.select_for_update(), key=lambda r: (r.subject, r.field))
    VaultEntry.objects.filter(id__in=[r.id for r in rows]).update(
        cipher=b"", lookup=None, erased_at=at
    )
    Erasure.objects.bulk_create(
        _erasure(subject, [r.field for r in group], actor, reason, at)
        for subject, group in groupby(rows, key=lambda r: r.subject)
    )
    return len(rows)


def keep_passage(text: str, *, at: datetime) -> tuple[Passage, bytes]:
    """Keep free text beside an event; the 32-byte digest is what the event carries.

    Raises InvalidInput("text") for characters that cannot be kept.
    """
    _storable("text", text)
    salt = draw(SALT_BYTES)
    passage = Passage.objects.create(id=uuid7(at), salt=salt, text=text, created_at=at)
    return passage, chain.text_digest(text, salt)


@transaction.atomic
def erase_passage(passage_id: UUID, actor: Actor, reason: str, *, at: datetime) -> bool:
    """Blank a passage's text and salt; the event's digest stays and says nothing without them.

    False when it was erased before. Raises NotFound, and as `erase_subject`.
    """
    _check_eraser(actor, reason)
    kept = Passage.objects.filter(id=passage_id)
    if not kept.exists():
        raise NotFound(_("There is no such text."))
    return _erase_passages(kept.filter(erased_at__isnull=True), actor, reason, at) == 1


def _erase_passages(due: QuerySet[Passage], actor: Actor, reason: str, at: datetime) -> int:
    ids = [p.id for p in due.select_for_update()]
    Passage.objects.filter(id__in=ids).update(text="", salt=b"", erased_at=at)
    Erasure.objects.bulk_create(_erasure(i, ["passage.text"], actor, reason, at) for i in ids)
    return len(ids)


def _erasure(subject: UUID, fields: list[str], actor: Actor, reason: str, at: datetime) -> Erasure:
    return Erasure(
        subject=subject, asked_by_id=actor.person_id, reason=reason.strip(), at=at, fields=fields
    )


def purge_expired(today: date, *, at: datetime | None = None) -> int:
    """Erase what has outlived its registered retention; returns how many fields and passages.

    Works in transactions of a thousand rows, so that a backlog never holds long locks.
    """
    now = at or timezone.now()
    entries = VaultEntry.objects.filter(erased_at__isnull=True, erase_after__lt=today)
    oldest = today - timedelta(days=REGISTER["passage.text"].retention_days or 0)
    passages = Passage.objects.filter(erased_at__isnull=True, created_at__lt=midnight(oldest))
    total = 0
    while erased := _purge(_erase_entries, entries.order_by("erase_after"), now):
        total += erased
    while erased := _purge(_erase_passages, passages.order_by("created_at"), now):
        total += erased
    return total


@transaction.atomic
def _purge(erase: Callable[..., int], due: QuerySet[Any], at: datetime) -> int:
    return erase(due[:PURGE_BATCH], TIMER, "retention", at)
