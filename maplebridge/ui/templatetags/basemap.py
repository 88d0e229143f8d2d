"""The base map of the settings, for the element a map is drawn in."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def base_map() -> SafeString | str:
    """Write `data-base` for static/ui/basemap.js; nothing where no base map is set."""
    base = settings.BASE_MAP
    if not (base.tiles or base.pmtiles):
        return ""
    said: dict[str, Any] = {"tiles": base.tiles, "pmtiles": base.pmtiles, "credit": base.credit}
    return format_html('data-base="{}"', json.dumps(said, ensure_ascii=False))
