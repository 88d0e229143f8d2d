"""Every page of the desk: axe on a telephone in Chinese; its width there and on a large screen.

Those of setup and the digest stand with their rooms.
"""

import pytest
from django.utils import timezone

from maplebridge.org.models import Post
from tests.journeys.conftest import NO_BROWSER, accessible
from tests.matters.conftest import World
from tests.web.test_supervising import asking, returned_twice

pytestmark = [pytest.mark.browser, NO_BROWSER]
PAGES = (
    "dispatch", "unit", "verify", "verify/sampled", "lists/open", "matters", "intake", "map",
    *(f"supervise/{name}" for name in ("asks", "returned", "late", "soon", "paused", "told")),
    "exports", "exports/inbox", "messages", "messages/settings", "messages/deliveries",
    "devices", "mediations", "visits", "places",
    *(f"mediations/{name}" for name in (
        "figures", "claims", "claims/sheet", "reviews", "numbers", "skills", "committees", "layouts",
    )),
)  # fmt: skip
POSTS = {
    "dispatcher": "command",
    "verifier": "command",
    "handler": "mediation",
    "grid_worker": "grid1",
}


@pytest.fixture
def world(town):
    """A town with a matter on every list, and a leader who holds every post."""
    world = World(**vars(town))
    for kind, unit in POSTS.items():
        Post.objects.create(
            person=town.people.zhao, kind=kind, title=kind, unit=getattr(town.units, unit)
        )
    for made in (asking(world), world.in_status("dispatched")):
        world.step(made, "supervise", "zhao", level="3", reason="盯紧", at=timezone.now())
    paused = world.in_status("in_progress")
    world.step(
        paused, "suspend", "zhao", at=timezone.now(), reason="枯水期", review_on="2099-01-04"
    )
    world.in_status("handled")
    returned_twice(world)
    world.report("楼道起火冒烟", urgency="fire", at=timezone.now())
    return world


@pytest.mark.parametrize(("width", "locale"), [(390, "zh-CN"), (1440, "en-GB")])
def test_every_page_is_accessible_and_fits(world, site, people, width, locale):
    page = people("zhao", width=width, locale=locale)
    for name in PAGES:
        assert page.goto(f"{site}/desk/{name}").status == 200, name
        if width == 390:  # the wide page has the same parts in the same order
            accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert page.faults == []
