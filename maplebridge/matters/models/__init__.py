from maplebridge.matters.models.events import Evaluation, MatterEvent, Petition
from maplebridge.matters.models.matters import (
    Assignment,
    Clock,
    Matter,
    NumberCounter,
    Report,
    SavedFilter,
)

__all__ = [
    "Assignment",
    "Clock",
    "Evaluation",
    "Matter",
    "MatterEvent",
    "NumberCounter",
    "Petition",
    "Report",
    "SavedFilter",
]
