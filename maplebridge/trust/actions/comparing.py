"""Comparisons inside the vault: which subjects hold what, and never a value. As in `confirms`,
nothing is shown, so nothing is logged; a comparison serves one file and opens few rows."""

import unicodedata
from collections.abc import Collection, Iterable
from uuid import UUID

from django.conf import settings

from maplebridge.trust import cipher
from maplebridge.trust.models import VaultEntry
from maplebridge.trust.rules import normal_phone

MOST = 400  # rows of the vault that one comparison opens


def standing_in(
    subjects: Iterable[UUID], code: str, words: Collection[str], *, whole: bool
) -> set[str]:
    """Those of the words that are the value kept under `code` of one of these subjects, or, where
    not `whole`, that stand in it."""
    values = [value for _subject, value in _opened(subjects, [code])]
    told = {word: _plain(code, word) for word in words}
    return {
        word for word, plain in told.items()
        if plain and any(plain == value or (not whole and plain in value) for value in values)
    }  # fmt: skip


def alike(subjects: Iterable[UUID], others: Iterable[UUID], codes: Collection[str]) -> set[UUID]:
    """Those of the others that hold under one of the codes what one of the subjects holds."""
    known = {value for _subject, value in _opened(subjects, codes)}
    return {subject for subject, value in _opened(others, codes) if value in known}


def _opened(subjects: Iterable[UUID], codes: Iterable[str]) -> list[tuple[UUID, str]]:
    kept = VaultEntry.objects.filter(
        subject__in=set(subjects), field__in=list(codes), erased_at__isnull=True
    ).order_by("-id")
    found = [
        (e.subject, _plain(e.field, cipher.decrypt(settings.VAULT_KEY, e.id, e.field,
                                                   bytes(e.cipher))))
        for e in kept[:MOST]
    ]  # fmt: skip
    return [(subject, plain) for subject, plain in found if plain]


def _plain(code: str, value: str) -> str:
    """A value without what writing adds to it: spaces, width, how a telephone is put."""
    if code.endswith(".phone"):
        return normal_phone(value)
    return "".join(unicodedata.normalize("NFKC", value).split()).casefold()
