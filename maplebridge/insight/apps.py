from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "maplebridge.insight"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Insight")

    def ready(self) -> None:
        """Say which kind of message the digest makes."""
        from maplebridge.insight.words import message_figures  # noqa: PLC0415 — after the models
        from maplebridge.notify.rules import Kind, register  # noqa: PLC0415

        label = _("Daily digest")
        register([Kind("digest", label, "late", "insight:digest_of", message_figures)])
