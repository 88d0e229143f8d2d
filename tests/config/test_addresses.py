"""Every address declares whom it is for, and keeps strangers out of what is not theirs."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# Rooms that are open by what they are; each of their views may be called by anybody.
OPEN_ROOMS = {"public", "ui"}
OPEN_NAMES = {"healthz", "set_language"}
OWN_GUARD = {"admin", "api"}  # the admin signs in itself; the API's test walks its operations
FILLING = {
    "name": "open", "number": "331181101201-20261124-0001", "code": "XXXX2222", "sha256": "0" * 64,
    "pk": "1", "act": "close",
    "report_id": "01890000-0000-7000-8000-000000000000",
    "channel_id": "01890000-0000-7000-8000-000000000000", "message_id": "1", "kind": "mail",
}  # fmt: skip

BY_KIND = {"uuid": "01890000-0000-7000-8000-000000000000", "int": "1"}


def walk(resolver=None, prefix="", spaces=()):
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, here, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif isinstance(entry, URLPattern):
            yield here, entry, spaces


ALL = list(walk())
STAFF = [
    (path, entry)
    for path, entry, spaces in ALL
    if spaces and not {spaces[0]} & (OPEN_ROOMS | OWN_GUARD)
]


def test_the_walk_sees_the_site():
    assert len(STAFF) > 8
    assert any(spaces[:1] == ("api",) for _p, _e, spaces in ALL)


@pytest.mark.parametrize(("path", "entry", "spaces"), ALL, ids=[path for path, _e, _s in ALL])
def test_every_address_declares_its_duty(path, entry, spaces):
    if spaces and spaces[0] in OPEN_ROOMS | OWN_GUARD:
        return
    assert entry.name in OPEN_NAMES or getattr(entry.callback, "duty", None), path


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "entry"), STAFF, ids=[path for path, _e in STAFF])
def test_strangers_are_led_to_the_door(path, entry):
    if entry.callback.duty == ("anyone",):
        return
    import re

    address = "/" + re.sub(
        r"<(?:(\w+):)?(\w+)>", lambda m: FILLING.get(m[2], BY_KIND.get(m[1])), path
    )
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address)
        allowed = answer.status_code == 302 and "/desk/sign-in" in answer["Location"]
        allowed = allowed or (answer.status_code == 204 and entry.callback.by_itself)
        assert allowed or answer.status_code == 405, address


@pytest.mark.django_db
def test_the_admin_is_shut():
    for model in admin.site._registry:
        meta = model._meta
        answer = Client().get(f"/admin/{meta.app_label}/{meta.model_name}/")
        assert answer.status_code == 302
