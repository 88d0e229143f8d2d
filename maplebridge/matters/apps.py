from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "maplebridge.matters"
    default_auto_field = "django.db.models.BigAutoField"
