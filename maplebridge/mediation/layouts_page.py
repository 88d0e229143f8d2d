"""The pages on which a county keeps its own layouts of the papers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.mediation.actions import put_layout
from maplebridge.mediation.papers.blocks import Layout
from maplebridge.mediation.papers.checking import MOST_BYTES, SAMPLE
from maplebridge.mediation.papers.drawing import draw
from maplebridge.mediation.papers.layouts import LAYOUTS
from maplebridge.mediation.queries.templates import edition, editions, in_force
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.forms import ActForm, Day

# Lists of which a layout repeats a row or a paragraph, one for each item.
LISTS = {
    "parties": gettext_lazy("Each party"), "proxies": gettext_lazy("Each proxy"),
    "signers": gettext_lazy("Each who signs"),
    "obligations": gettext_lazy("Each obligation"), "done": gettext_lazy("Each one performed"),
    "sums": gettext_lazy("Each who pays, in all"),
    "inquiries": gettext_lazy("Each inquiry"), "evidence": gettext_lazy("Each piece of evidence"),
    "sessions": gettext_lazy("Each joint session"), "visits": gettext_lazy("Each return visit"),
}  # fmt: skip


def layouts_page() -> dict[str, Any]:
    """Every paper with the layout that holds today."""
    held = in_force(timezone.localdate())
    return {"rows": [(layout, held.get(code)) for code, layout in LAYOUTS.items()]}


def layout_named(code: str) -> Layout:
    """The layout of a code; NotFound for none."""
    if code not in LAYOUTS:
        raise NotFound(_("There is no such layout."))
    return LAYOUTS[code]


def layout_page(layout: Layout, form: "LayoutForm") -> dict[str, Any]:
    """One paper: its editions, its fields, and the form for a new one."""
    held = in_force(timezone.localdate()).get(layout.code)
    plain = [(name, told) for name, told in SAMPLE.items() if isinstance(told, str)]
    inside = {name: told[0] for name, told in SAMPLE.items() if not isinstance(told, str)}
    like = {name: next(n for n in inside if inside[n] is told) for name, told in inside.items()}
    lists = [
        (name, LISTS[name], [] if like[name] != name else list(told.items()),
         LISTS[like[name]] if like[name] != name else "")
        for name, told in inside.items()
    ]  # fmt: skip
    return {
        "layout": layout, "form": form, "held": held, "editions": editions(layout.code),
        "plain": plain, "lists": lists, "today": timezone.localdate(),
    }  # fmt: skip


def layout_file(layout: Layout, number: int) -> bytes:
    """The bytes of an edition, or of ours for 0."""
    return edition(layout.code, number) if number else draw(layout)


class LayoutForm(ActForm):
    """A layout edited in Word or WPS, and the day from which it holds."""

    file = forms.FileField(
        label=gettext_lazy("The edited layout (.docx)"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        help_text=gettext_lazy("At most 2 MB, without macros. Leave the fields in braces."),
    )  # fmt: skip
    valid_from = Day(label=gettext_lazy("Holds from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": timezone.localdate()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


def layout_put(request: StaffRequest, layout: Layout, form: LayoutForm) -> bool:
    """True when the edition was kept; `back` in the form puts ours in its place again."""
    if not (form.is_bound and form.is_valid()):
        return False
    sent = form.cleaned_data["file"]
    back = "back" in request.POST
    try:
        if not back and not sent:
            raise InvalidInput("file", _("Choose a file."))
        data = b"" if back else sent.read(MOST_BYTES + 1)
        put_layout(layout.code, data, form.cleaned_data["valid_from"], actor=request.actor)
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True
