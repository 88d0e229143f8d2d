from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediationConfig(AppConfig):
    name = "maplebridge.mediation"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Mediation")

    def ready(self) -> None:
        """Say which kinds of message mediations make, each leading to the file, and
        how their steps are verified with the ledger."""
        from maplebridge.matters.queries import register_check  # noqa: PLC0415 — after the models
        from maplebridge.mediation.queries.verifying import problems  # noqa: PLC0415
        from maplebridge.notify.rules import Kind, register  # noqa: PLC0415 — after the models

        register_check(problems)
        page = "mediation:of_matter"
        register(
            [
                Kind("mediation_limit", _("A mediation's limit is near"), "late", page),
                Kind("obligation_soon", _("An obligation falls due"), "assigned", page),
                Kind("obligation_late", _("An obligation is overdue"), "late", page),
                Kind("confirmation", _("The time to ask the court runs"), "assigned", page),
                Kind("return_visit", _("A return visit is due"), "assigned", page),
                Kind("party_answered", _("A party has answered by its code"), "assigned", page),
                Kind(
                    "entrusted_back",
                    _("What your station entrusted has its result"),
                    "decisions",
                    page,
                ),
                Kind(
                    "objection", _("A mediator was objected to or stands aside"), "assigned", page
                ),
                Kind("review_drawn", _("A dossier was drawn for you to review"), "assigned", page),
                Kind("claim_decided", _("A subsidy was decided"), "decisions", page),
            ]
        )
