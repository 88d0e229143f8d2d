from maplebridge.org.models.areas import Area, Boundary, Jurisdiction
from maplebridge.org.models.calendar import CalendarDay, CalendarYear, WorkSeason
from maplebridge.org.models.changes import Change
from maplebridge.org.models.duties import Category, CategoryLimits, Duty
from maplebridge.org.models.people import Person, Post, Token, Unit
from maplebridge.org.models.replies import ReplyTemplate
from maplebridge.org.models.rota import Absence, Shift
from maplebridge.org.models.stamp import DirectoryStamp

__all__ = [
    "Absence",
    "Area",
    "Boundary",
    "CalendarDay",
    "CalendarYear",
    "Category",
    "CategoryLimits",
    "Change",
    "DirectoryStamp",
    "Duty",
    "Jurisdiction",
    "Person",
    "Post",
    "ReplyTemplate",
    "Shift",
    "Token",
    "Unit",
    "WorkSeason",
]
