from django.apps import AppConfig
from django.core import checks

from maplebridge.ui.importmap import PACKAGES, npm_url


class UiConfig(AppConfig):
    name = "maplebridge.ui"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(npm_packages_present, checks.Tags.staticfiles)


def npm_packages_present(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Warn when an npm package is missing: pages still work, but without maps and live parts."""
    missing = sorted(p for p, file in PACKAGES.values() if npm_url(p, file) is None)
    if not missing:
        return []
    text = f"npm packages not found in build/npm: {', '.join(missing)}"
    return [checks.Warning(text, hint="Run `make assets`.", id="ui.W001")]
