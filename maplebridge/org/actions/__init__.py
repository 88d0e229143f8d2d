"""The writes of the organisation; what is no more than a form is `change` of a list."""

from maplebridge.org.actions.accounts import choose_password, give_password, open_account, unlock
from maplebridge.org.actions.areas import draw_boundary, merge_village
from maplebridge.org.actions.changing import change, remove
from maplebridge.org.actions.holidays import enter_year
from maplebridge.org.actions.loading import load_calendar, load_catalogue, load_duties
from maplebridge.org.actions.planning import carry_out_plans, withdraw_plan
from maplebridge.org.actions.precedents import keep_precedent
from maplebridge.org.actions.rota import copy_week
from maplebridge.org.actions.tokens import issue_token, revoke_tokens

__all__ = [
    "carry_out_plans",
    "change",
    "choose_password",
    "copy_week",
    "draw_boundary",
    "enter_year",
    "give_password",
    "issue_token",
    "keep_precedent",
    "load_calendar",
    "load_catalogue",
    "load_duties",
    "merge_village",
    "open_account",
    "remove",
    "revoke_tokens",
    "unlock",
    "withdraw_plan",
]
