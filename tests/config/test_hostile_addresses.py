"""No address gives way under what somebody may write behind its question mark."""

import re

import pytest
from django.test import Client

from maplebridge.org.models import Post
from tests.config.test_addresses import BY_KIND, FILLING, OPEN_NAMES, STAFF
from tests.org.builders import build_town

ASKED = (
    "after", "again", "area", "as", "bbox", "before", "begin", "category", "cell", "channel",
    "closed_since", "closed_until", "code", "committee", "day", "end", "from", "kind", "lat", "list",
    "lon", "matter", "month", "need", "new", "next", "only", "person", "place", "q", "same_address",
    "scope", "side", "since", "state", "status", "text", "tier", "types", "unit", "until", "week",
    "words", "year", "zoom",
)  # fmt: skip
HOSTILE = (
    "²", "٣", "9" * 40, "7" * 5000, "-1", "0", "nan", "1e400", "\x00", "\ud7ff％", "%",
    "2026-13-45", "2026-13-45T00:00:00", "2026-11-24T09:00:00", "9999-12-31", "0001-01-01", "<script>", "'; --", "枫" * 300,
)  # fmt: skip
# Any of these leaves the page to its default or says what is wrong.
CALM = {200, 204, 302, 303, 400, 403, 404, 405, 409, 422}
SEEN = [
    "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: FILLING.get(m[2], BY_KIND.get(m[1])), path)
    for path, entry in STAFF
    if entry.name not in OPEN_NAMES
]


ROUNDS = 5  # in each, every question gets another nonsense


@pytest.mark.django_db
@pytest.mark.parametrize("turn", range(ROUNDS))
def test_nothing_breaks(turn):
    """One person with every post opens every page with every question answered by nonsense."""
    world = build_town()
    for kind in ("handler", "verifier", "supervisor", "administrator", "grid_worker"):
        post = Post.objects.create(
            person=world.people.li, kind=kind, title=kind, unit=world.units.command,
        )  # fmt: skip
        post.areas.set([world.areas["331181"]])
    client = Client(raise_request_exception=False)
    client.force_login(world.people.li, backend="django.contrib.auth.backends.ModelBackend")
    asked = {name: HOSTILE[(n * ROUNDS + turn) % len(HOSTILE)] for n, name in enumerate(ASKED)}
    broken = {
        address: answer.status_code
        for address in SEEN
        if (answer := client.get(address, asked)).status_code not in CALM
    }
    assert broken == {}
    beyond = {"until": "9999-12-31", "day": "9999-12-31", "text": "路灯", "area": "331181"}
    for page in ("history", "who-gets", "duties"):  # the rest of the form is in order
        assert client.get(f"/desk/setup/{page}", beyond).status_code in CALM, page
