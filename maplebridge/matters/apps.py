from typing import cast

from django.apps import AppConfig
from django.utils.functional import Promise


class MattersConfig(AppConfig):
    name = "maplebridge.matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of message the steps make."""
        from maplebridge.matters.flow import FLOW  # noqa: PLC0415 — apps load before translations
        from maplebridge.matters.flow.groups import GROUP_OF  # noqa: PLC0415
        from maplebridge.notify.rules import Kind, register  # noqa: PLC0415

        register(
            Kind(
                step.name,
                cast(Promise, step.label),
                GROUP_OF.get(step.name, "assigned"),
                "web:matter",
            )
            for step in FLOW.steps
        )
