from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    name = "maplebridge.fieldwork"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Work at the door")
