"""A person's own choices: channels, groups, quiet hours, and a test of a channel."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.kernel.ids import uuid7
from maplebridge.notify import channels, rules
from maplebridge.notify.actions.delivering import forgive, works
from maplebridge.notify.models import Channel, Preference
from maplebridge.notify.queries import address_of
from maplebridge.trust import cipher


@transaction.atomic
def choose(
    person_id: int, wish: rules.Wish, chosen: Mapping[str, tuple[bool, str]], *, now: datetime
) -> None:
    """Keep how a person wants to be told; `chosen` is (switched on, address) by channel.

    An empty address forgets the channel with all that waits on it; switching off keeps the
    address and lets go what waits: it stays in the list of messages. What an old address did not
    take goes to the new one. Raises InvalidInput(channel): the address is none.
    """
    facts = {name: getattr(wish, name) for name in ("quiet_from", "quiet_to", *rules.GROUPS)}
    Preference.objects.update_or_create(person_id=person_id, defaults=facts)
    mine = Channel.objects.select_for_update(no_key=True).filter(person_id=person_id)
    kept = {channel.kind: channel for channel in mine}
    for kind, (active, typed) in chosen.items():
        key = rules.key_of(kind, typed) if typed.strip() else ""
        if key is None:
            raise InvalidInput(kind, _("This is not the address of a robot: paste all of it."))
        if active and not key:
            raise InvalidInput(kind, _("Without an address nothing can be sent there."))
        _keep(kept.get(kind), person_id, kind, active, key, now)


def _keep(
    channel: Channel | None, person_id: int, kind: str, active: bool, key: str, now: datetime
) -> None:
    if not key:
        if channel is not None:
            channel.delete()
        return
    if channel is None:
        channel = Channel(id=uuid7(), person_id=person_id, kind=kind)
    elif not active:
        channel.deliveries.filter(state="waiting").delete()
    channel.active = active
    if channel._state.adding or not _same(channel, key):
        channel.address = cipher.encrypt(settings.VAULT_KEY, channel.id, "address", key)
        forgive(channel, now)
    channel.save()


def _same(channel: Channel, key: str) -> bool:
    try:
        return address_of(channel) == key
    except cipher.VaultError:
        return False


@transaction.atomic
def send_test(person_id: int, kind: str, now: datetime) -> str:
    """Send the person's own channel a text now; "" when it went, else why not in plain words.

    A channel that works again lets what waits for it go. NotFound: there is no such channel.
    """
    mine = Channel.objects.select_for_update(no_key=True).filter(person_id=person_id, kind=kind)
    channel = mine.first()
    if channel is None:
        raise NotFound(_("There is no such channel."))
    with translation.override(settings.LANGUAGE_CODE):
        text = rules.text_of([_("This is a test. Messages will come here.")], settings.PUBLIC_URL)
    try:
        channels.send(kind, address_of(channel), *text)
    except channels.NotSent as error:
        return str(rules.FAILURES[error.failure]) % {"detail": error.detail}
    except cipher.VaultError:
        return str(rules.FAILURES["unreadable"])
    works(channel, now)
    return ""
