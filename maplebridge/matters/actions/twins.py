"""Two deliveries of one command at the same moment."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

P = ParamSpec("P")
R = TypeVar("R")


def survives_twins(act: Callable[P, R]) -> Callable[P, R]:
    """Run an act in one transaction; when a twin with the same id won the race, run it once more.

    The second run meets the twin's row and gives its answer; any other broken constraint comes
    up again and is raised.
    """

    @wraps(act)
    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except IntegrityError:
            with transaction.atomic():
                return act(*args, **kwargs)

    return once
