"""Reads of the organisation. `directory()` answers from memory; actors are read per request."""

from maplebridge.org.queries.actors import actor_for, person_of_token
from maplebridge.org.queries.duties import LEADS, DutyMatch, WeighedDuty
from maplebridge.org.queries.lookups import Directory, directory, forget_directory
from maplebridge.org.queries.planned import planned_changes, return_of
from maplebridge.org.queries.posts import ON_DUTY, POLICE_DESK, HeldPost, posts_held
from maplebridge.org.queries.replies import replies_valid

__all__ = [
    "LEADS",
    "ON_DUTY",
    "POLICE_DESK",
    "Directory",
    "DutyMatch",
    "HeldPost",
    "WeighedDuty",
    "actor_for",
    "directory",
    "forget_directory",
    "person_of_token",
    "planned_changes",
    "posts_held",
    "replies_valid",
    "return_of",
]
