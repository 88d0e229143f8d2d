from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "maplebridge.notify"
    default_auto_field = "django.db.models.BigAutoField"
