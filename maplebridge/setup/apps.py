from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "maplebridge.setup"
    default_auto_field = "django.db.models.BigAutoField"
