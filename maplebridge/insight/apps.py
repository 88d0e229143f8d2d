from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "maplebridge.insight"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Insight")

    def ready(self) -> None:
        """Say which kind of message the digest makes."""
        from maplebridge.insight import words  # noqa: PLC0415 — after the models
        from maplebridge.notify.rules import Kind, register  # noqa: PLC0415

        label = _("Daily digest")
        page, figures, about = "insight:digest_of", words.message_figures, words.message_about
        register([Kind("digest", label, "late", page, figures, about)])
