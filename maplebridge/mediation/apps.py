from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediationConfig(AppConfig):
    name = "maplebridge.mediation"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Mediation")
