"""The only writes of the vault, the logs, the passages and the day roots."""

from maplebridge.trust.actions.comparing import alike, standing_in
from maplebridge.trust.actions.days import close_day, take_ledger_lock
from maplebridge.trust.actions.exports import note_export
from maplebridge.trust.actions.vault import (
    confirms,
    correct_subject,
    erase_passage,
    erase_subject,
    export_own,
    keep_passage,
    open_subject,
    open_subjects,
    purge_expired,
    seal,
)

__all__ = [
    "alike",
    "close_day",
    "confirms",
    "correct_subject",
    "erase_passage",
    "erase_subject",
    "export_own",
    "keep_passage",
    "note_export",
    "open_subject",
    "open_subjects",
    "purge_expired",
    "seal",
    "standing_in",
    "take_ledger_lock",
]
