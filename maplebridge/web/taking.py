"""Taking a step from a form, for every page that has one."""

from django.contrib import messages
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.matters.actions import take_step
from maplebridge.matters.models import Matter
from maplebridge.ui.doors import StaffRequest
from maplebridge.web.forms import StepForm


def take(request: StaffRequest, form: StepForm, shown: Matter) -> bool:
    """Take the step of a valid form; False when a field is refused, which the form then shows."""
    try:
        fields = form.values(request, request.actor)
        command = form.cleaned_data["command_id"]
        version = form.cleaned_data["version"]
        take_step(
            shown.id, form.step.name, request.actor, fields, command_id=command, version=version
        )
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return False
    said = {"step": form.step.label, "number": shown.number}
    messages.success(request, _("%(step)s: done for %(number)s.") % said)
    return True
