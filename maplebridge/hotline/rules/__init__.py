"""Pure rules of the room: which column is what, what time is meant, which place is named."""

from maplebridge.hotline.rules.columns import FIELDS, find_columns, parse_mapping
from maplebridge.hotline.rules.dates import parse_time
from maplebridge.hotline.rules.places import PlaceFinder

__all__ = ["FIELDS", "PlaceFinder", "find_columns", "parse_mapping", "parse_time"]
