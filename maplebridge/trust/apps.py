from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "maplebridge.trust"
    default_auto_field = "django.db.models.BigAutoField"
