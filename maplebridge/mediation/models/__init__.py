from maplebridge.mediation.models.agreement import (
    Agreement,
    Approval,
    Confirmation,
    Obligation,
    ReturnVisit,
)
from maplebridge.mediation.models.closing import Claim, PaperTemplate, Review
from maplebridge.mediation.models.files import (
    Committee,
    Mediation,
    MediationEvent,
    MediatorSkills,
    NumberCounter,
)
from maplebridge.mediation.models.people import Companion, Party
from maplebridge.mediation.models.talks import Evidence, Inquiry, Invitation, Session

__all__ = [
    "Agreement",
    "Approval",
    "Claim",
    "Committee",
    "Companion",
    "Confirmation",
    "Evidence",
    "Inquiry",
    "Invitation",
    "Mediation",
    "MediationEvent",
    "MediatorSkills",
    "NumberCounter",
    "Obligation",
    "PaperTemplate",
    "Party",
    "ReturnVisit",
    "Review",
    "Session",
]
