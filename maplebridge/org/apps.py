from typing import Any

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import gettext

from maplebridge.kernel.errors import Said


class OrgConfig(AppConfig):
    name = "maplebridge.org"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The lowest room that knows languages lends them to the kernel's sentences."""
        Said.translate = staticmethod(gettext)
        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(_forget, dispatch_uid=f"org.{id(signal)}")


def _forget(sender: type, **_kwargs: Any) -> None:
    """The process that changes the organisation sees the change at once."""
    if sender.__module__.startswith("maplebridge.org."):
        from maplebridge.org.queries import forget_directory  # noqa: PLC0415 — models load first

        forget_directory()
