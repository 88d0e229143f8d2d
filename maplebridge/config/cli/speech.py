"""How the command line speaks: its language, its refusals, its progress."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import click

from maplebridge.kernel.errors import MaplebridgeError

WIDTH = 24  # characters of the bar
EVERY = 5000  # things between two lines where nobody knows how many there are


def terminal_language() -> str:
    """ "zh" where the terminal's locale (LC_ALL, LC_MESSAGES or LANG) is Chinese, else "en"."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").lower().startswith("zh") else "en"


@contextmanager
def speaking(language: str = "en") -> Iterator[None]:
    """Say what comes inside in "en" or "zh"; a refusal ends the command in a sentence."""
    from django.utils import translation  # noqa: PLC0415 — settings come first

    with translation.override({"zh": "zh-hans"}.get(language, language)):
        try:
            yield
        except MaplebridgeError as error:
            raise click.ClickException(error.message) from error


class Progress:
    """A bar that grows on a terminal; elsewhere a line for each tenth, or for each 5,000 things
    where nobody knows how many there are. Used with `with`."""

    def __init__(self, label: str) -> None:
        self.label = label
        self._live = sys.stderr.isatty()
        self._open = False
        self._step = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._open:
            click.echo(err=True)

    def __call__(self, done: int, total: int | None) -> None:
        """So many are done, of `total` or of a number that nobody knows."""
        if self._live:
            click.echo(f"\r    {self.label} {_bar(done, total)}", err=True, nl=False)
            self._open = True
            return
        step = done * 10 // total if total else done // EVERY
        if step != self._step:
            self._step = step
            click.echo(
                f"    {self.label}: {done} / {total}" if total else f"    {self.label}: {done}",
                err=True,
            )


def _bar(done: int, total: int | None) -> str:
    if not total:
        return str(done)
    full = WIDTH * done // total
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {done} / {total}"
