from maplebridge.org.models.areas import Area, Boundary, Jurisdiction
from maplebridge.org.models.calendar import CalendarDay, CalendarYear, WorkSeason
from maplebridge.org.models.duties import Category, Duty
from maplebridge.org.models.people import Person, Post, Token, Unit
from maplebridge.org.models.stamp import DirectoryStamp

__all__ = [
    "Area",
    "Boundary",
    "CalendarDay",
    "CalendarYear",
    "Category",
    "DirectoryStamp",
    "Duty",
    "Jurisdiction",
    "Person",
    "Post",
    "Token",
    "Unit",
    "WorkSeason",
]
