"""Filters and tags of every page; maplebridge/ui/README.md lists them with their use."""

import datetime as dt
import io
import secrets
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import uuid4

import segno
from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from maplebridge.kernel.worktime import Limit
from maplebridge.ui.importmap import import_map_json, npm_url
from maplebridge.ui.tones import CALM, LIGHTS, STATUS
from maplebridge.ui.views import ELDER_COOKIE

register = template.Library()
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of icons.svg; without a label it is decoration, hidden from screen readers."""
    url = f"{static('ui/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, url
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', url
    )


@register.simple_tag(takes_context=True)
def csp_nonce(context: template.Context) -> str:
    """Return this page's nonce; empty where there is no request (the 500 page)."""
    # The nonce is lazy and false until it is read, so `or ""` would lose it.
    return str(getattr(context.get("request"), "csp_nonce", ""))


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """Write the import map with this page's nonce."""
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>', csp_nonce(context), import_map_json()
    )


@register.simple_tag
def npm_file(package: str, file: str) -> str:
    """Return the URL of a file of an npm package, or nothing if it isn't installed."""
    return npm_url(package, file) or ""


@register.simple_tag(takes_context=True)
def view_class(context: template.Context) -> str:
    """Return `elder` when the reader chose the elder view."""
    request = context.get("request")
    return "elder" if request and request.COOKIES.get(ELDER_COOKIE) == "elder" else ""


@register.simple_tag
def command_id() -> str:
    """Return a new id for a command; a form sent twice carries the same one."""
    return str(uuid4())


@register.simple_tag
def new_id(prefix: str = "x") -> str:
    """Return an element id that is unique in the page."""
    return f"{prefix}-{secrets.token_hex(3)}"


def _words(moment: dt.datetime, style: str) -> str:
    """A local moment in the reader's words; plain formatting, as lists show hundreds of them."""
    with_year = style == "full" or moment.year != timezone.localtime().year
    if (get_language() or "").startswith("zh"):
        day = f"{moment.month}月{moment.day}日"
        day = f"{moment.year}年{day}" if with_year else day
    else:
        day = f"{moment.day} {MONTHS[moment.month - 1]}"
        day = f"{day} {moment.year}" if with_year else day
    return day if style == "date" else f"{day} {moment:%H:%M}"


def time_words(value: dt.datetime | dt.date | None, style: str = "") -> str:
    """What `local_time` shows, as plain text for a sentence."""
    return strip_tags(local_time(value, style))


@register.filter
def local_time(value: dt.datetime | dt.date | None, style: str = "") -> str:
    """Show a moment in Shanghai time: "" day and time, "date", "full" with year, "relative".

    "relative" is the absolute time until times.js turns it into "3 hours ago".
    """
    if value is None:
        return "—"
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(), tzinfo=timezone.get_current_timezone())
        style = "date"
    local = timezone.localtime(value)
    machine = local.date().isoformat() if style == "date" else local.isoformat(timespec="seconds")
    relative = mark_safe(" data-relative") if style == "relative" else ""
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        machine, _words(local, "full"), relative, _words(local, style),
    )  # fmt: skip


@register.simple_tag
def light(state: str | None, due: dt.datetime | None = None) -> SafeString:
    """Show a clock's light: shape, word and, if given, when it is due."""
    if not state:
        return mark_safe("")
    tone, word = LIGHTS[str(state)]
    shown = local_time(due, "relative") if due else ""
    return format_html(
        '<span class="light tone-{}">{}<span>{}</span>{}</span>', tone.name, icon(tone.icon), word,
        format_html('<span class="light-due">{}</span>', shown) if shown else "",
    )  # fmt: skip


@register.simple_tag
def status_badge(status: str, label: Any) -> SafeString:
    """Show a matter's status: `label` is the flow's own word for it."""
    return _badge(str(status), str(label))


@lru_cache(maxsize=256)
def _badge(status: str, label: str) -> SafeString:
    tone = STATUS.get(status, CALM)
    return format_html(
        '<span class="badge tone-{}">{}<span>{}</span></span>', tone.name, icon(tone.icon), label
    )


@register.filter
def user_text(value: str | None) -> SafeString:
    """Show text a person typed: escaped, its line breaks kept, closed to htmx attributes."""
    text = mark_safe(linebreaks(escape(value or "")))  # noqa: S308  escaped just before
    return format_html('<div class="user-text" dir="auto" hx-ignore>{}</div>', text)


@register.simple_tag
def query_code(code: str) -> SafeString:
    """Show a query code large in groups of four; copying it gives the plain code."""
    groups = [code[i : i + 4] for i in range(0, len(code), 4)]
    spans = mark_safe("".join(format_html("<span>{}</span>", g) for g in groups))  # noqa: S308
    return format_html('<span class="query-code" translate="no">{}</span>', spans)


@register.simple_tag
def qr(text: str) -> SafeString:
    """Draw a QR code (error correction M) as SVG without inline styles."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, title=_("QR code"),
        svgclass="qr", lineclass=None, nl=False,
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())  # noqa: S308  segno escapes; modules only


@register.simple_tag
def share(part: int | None, whole: int | None) -> str:
    """Show a rate as whole percent; a dash when there is nothing it could be a rate of."""
    return f"{round(100 * part / whole)}%" if whole and part is not None else "—"


@register.filter
def listed(words: Iterable[object]) -> str:
    """Names one after another as the reader's language writes them: "a, b" or "甲、乙"."""
    return pgettext("between the names of a list", ", ").join(str(word) for word in words)


@register.filter
def limit_words(value: str) -> str:
    """Say a limit such as "4wh" or "3wd" in words: "4 working hours", "3 working days"."""
    limit = Limit.parse(value)
    if not limit.amount:
        return _("at once")
    words = {
        "m": ngettext("%(n)s minute", "%(n)s minutes", limit.amount),
        "h": ngettext("%(n)s hour", "%(n)s hours", limit.amount),
        "d": ngettext("%(n)s day", "%(n)s days", limit.amount),
        "wh": ngettext("%(n)s working hour", "%(n)s working hours", limit.amount),
        "wd": ngettext("%(n)s working day", "%(n)s working days", limit.amount),
    }
    return words[limit.unit] % {"n": limit.amount}


@register.filter
def safe_number(value: float | str) -> str:
    """Write a coordinate with a decimal point whatever the reader's language: "119.123456"."""
    return f"{float(value):.6f}"
