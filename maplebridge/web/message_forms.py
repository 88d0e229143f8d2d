"""The form of a person's own choices about messages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from maplebridge.notify.queries import address_of, channels_of, wish_of
from maplebridge.notify.rules import CHANNELS, CHOICES, Wish
from maplebridge.trust.cipher import VaultError
from maplebridge.ui.forms import Form

GROUPS = {
    "assigned": (
        _("What comes to me"),
        _("A matter was dispatched to my unit, handed in, sent back or withdrawn."),
    ),
    "decisions": (
        _("What is to be decided, and what was"),
        _("More time, suspension, reopening, returns and rulings."),
    ),
    "late": (_("What is late"), _("A light turns yellow, orange or red.")),
}
ADDRESSES = {
    "mail": _("Mail address"),
    "dingtalk": _("Webhook of the DingTalk robot"),
    "wecom": _("Webhook of the WeCom robot"),
    "feishu": _("Webhook of the Feishu robot"),
}
SIGNING = "dingtalk_signing"
HELP = {
    "mail": "",
    "dingtalk": _(
        "Make a robot in a group of your own, give it the keyword 枫桥 or let it ask for "
        "signatures, paste its webhook here."
    ),
    "wecom": _("Make a robot in a group of your own and paste its webhook here."),
    "feishu": _(
        "Make a robot in a group of your own, give it the keyword 枫桥, paste its webhook here."
    ),
}


class MessagesForm(Form):
    """Channels with their addresses, groups and quiet hours; begins with what is kept."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"), widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    quiet_to = forms.TimeField(label=_("until"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))

    def __init__(self, person_id: int, data: Any = None) -> None:
        super().__init__(data)
        wish, kept = wish_of(person_id), channels_of(person_id)
        self.fields["quiet_from"].initial, self.fields["quiet_to"].initial = (
            wish.quiet_from,
            wish.quiet_to,
        )
        for name, (label, help_text) in GROUPS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                choices=CHOICES,
                initial=getattr(wish, name),
                widget=forms.RadioSelect,
            )
        self.kinds = [kind for kind in CHANNELS if kind != "mail" or settings.EMAIL_HOST]
        for kind in self.kinds:
            self._add_channel(kind, kept.get(kind))

    def _add_channel(self, kind: str, kept: Any) -> None:
        made, clear = forms.EmailField if kind == "mail" else forms.CharField, _clear(kept)
        self.fields[f"{kind}_on"] = forms.BooleanField(
            label=CHANNELS[kind], required=False, initial=kept is not None and kept.active
        )
        self.fields[kind] = made(
            label=ADDRESSES[kind],
            help_text=HELP[kind],
            max_length=300,
            required=False,
            initial=clear.partition(" ")[0],
            widget=forms.EmailInput if kind == "mail" else forms.TextInput,
        )
        self.fields[kind].widget.attrs["autocomplete"] = "email" if kind == "mail" else "off"
        if kind == "dingtalk":
            self.fields[SIGNING] = forms.RegexField(
                r"^SEC[A-Za-z0-9]{8,128}$",
                label=_("Secret of its signatures"),
                help_text=_("Begins with SEC; empty when the robot goes by the keyword."),
                required=False,
                initial=clear.partition(" ")[2],
                error_messages={
                    "invalid": _("A secret of DingTalk begins with SEC: paste all of it.")
                },
            )
            self.fields[SIGNING].widget.attrs["autocomplete"] = "off"

    @property
    def channels(self) -> list[dict[str, Any]]:
        """(switch, address, secret) of each channel that this installation offers."""
        return [
            {
                "on": self[f"{kind}_on"],
                "address": self[kind],
                "secret": self[SIGNING] if kind == "dingtalk" else None,
            }
            for kind in self.kinds
        ]

    @property
    def groups(self) -> list[forms.BoundField]:
        """The choices by group."""
        return [self[name] for name in GROUPS]

    def wish(self) -> Wish:
        """What was chosen about times and groups."""
        return Wish(
            **{name: self.cleaned_data[name] for name in ("quiet_from", "quiet_to", *GROUPS)}
        )

    def chosen(self) -> dict[str, tuple[bool, str]]:
        """(switched on, address) by channel; a secret stands after its address."""
        said = self.cleaned_data
        typed = {kind: said[kind] for kind in self.kinds}
        if typed["dingtalk"]:
            typed["dingtalk"] += f" {said[SIGNING]}"
        return {kind: (said[f"{kind}_on"], typed[kind].strip()) for kind in self.kinds}


def _clear(kept: Any) -> str:
    """The kept address, for its owner; empty when it must be entered again."""
    try:
        return address_of(kept) if kept else ""
    except VaultError:
        return ""
