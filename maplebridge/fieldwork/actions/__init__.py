"""The only writes of places, needs and visits."""

from maplebridge.fieldwork.actions.needs import ask_visit, drop_need, find_needs
from maplebridge.fieldwork.actions.places import Mended, close_place, keep_place, mend_place
from maplebridge.fieldwork.actions.visits import note_mediation, record_visit, words_of_talk

__all__ = [
    "Mended",
    "ask_visit",
    "close_place",
    "drop_need",
    "find_needs",
    "keep_place",
    "mend_place",
    "note_mediation",
    "record_visit",
    "words_of_talk",
]
