"""Taking a step from a form, for every page that has one."""

from django.contrib import messages
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.matters.actions import take_step
from maplebridge.matters.models import Matter
from maplebridge.ui.doors import StaffRequest
from maplebridge.web.forms import StepForm


def take(request: StaffRequest, form: StepForm, shown: Matter) -> bool:
    """Take the step of a form; False when a field is refused, which the form then shows."""
    for name in form.photo_fields:
        form.take_photos(request, request.actor, name)
    if not form.is_valid():
        return False
    try:
        fields = form.values()
        command = form.cleaned_data["command_id"]
        version = form.cleaned_data["version"]
        take_step(
            shown.id, form.step.name, request.actor, fields, command_id=command, version=version
        )
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return False
    url = reverse("web:matter", args=[shown.number])
    link = format_html('<a href="{}">{}</a>', url, shown.number)
    said = {"step": escape(form.step.label), "number": link}
    messages.success(request, mark_safe(_("%(step)s: done for %(number)s.") % said))  # noqa: S308 — both parts are escaped
    return True
