"""The only writes of devices, submissions, uploads, conflicts, keys and epochs."""

from maplebridge.sync.actions.deciding import apply_again, choose, drop_own, set_aside
from maplebridge.sync.actions.devices import device_of, enrol, revoke, sign_out
from maplebridge.sync.actions.epochs import begin_epoch, current_epoch
from maplebridge.sync.actions.keys import current_key
from maplebridge.sync.actions.receiving import Answer, Told, receive
from maplebridge.sync.actions.ticking import apply_due, tidy
from maplebridge.sync.actions.uploading import Taken, stands, take_file

__all__ = [
    "Answer",
    "Taken",
    "Told",
    "apply_again",
    "apply_due",
    "begin_epoch",
    "choose",
    "current_epoch",
    "current_key",
    "device_of",
    "drop_own",
    "enrol",
    "receive",
    "revoke",
    "set_aside",
    "sign_out",
    "stands",
    "take_file",
    "tidy",
]
