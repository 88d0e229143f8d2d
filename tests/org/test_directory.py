"""Who is responsible, where a point lies, who holds which post: by dates and precedence."""

from datetime import UTC, date, datetime, timedelta

import pytest

from maplebridge.kernel.errors import NotFound
from maplebridge.org.actions import issue_token, load_catalogue, merge_village, revoke_tokens
from maplebridge.org.models import Area, Boundary, Category, Duty, Jurisdiction, Person, Post
from maplebridge.org.queries import actor_for, directory, forget_directory, person_of_token
from tests.org.builders import TOWN, TOWNSHIP, build_town, square

TODAY = date(2026, 11, 24)
UPPER = "331181101201"


@pytest.fixture
def town(db):
    return build_town()


def duty(category, lead, **more):
    facts = {"legal_basis": "条例", "approved_by": "平安办", "valid_from": date(2024, 1, 2)}
    Duty.objects.create(category=category, lead=lead, **facts | more)
    forget_directory()


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (119.055, 27.955, UPPER + "001"),
        (119.065, 27.955, UPPER + "002"),
        (119.055, 27.965, "331181101202001"),
        (119.05, 27.95, UPPER + "001"),  # a corner belongs to its grid
        (120.5, 28.9, None),
    ],
)
def test_a_point_lies_in_the_smallest_area(town, lon, lat, code):
    found = directory().locate(lon, lat)
    assert (found.code if found else None) == code


def test_an_outline_that_has_ended_holds_nothing(town):
    Boundary.objects.filter(area__code=UPPER + "001").update(valid_to=date(2020, 1, 1))
    village = Area.objects.get(code=UPPER)
    Boundary.objects.create(area=village, geometry=square(0, 0), source="old")
    forget_directory()
    assert directory().locate(119.055, 27.955).code == UPPER


def test_the_nearest_duty_wins_then_the_precedent_then_the_later_start(town):
    category, units = Category.objects.get(code="E02"), town.units
    lead = lambda: directory().duty_for(category, UPPER + "001", TODAY).lead  # noqa: E731
    duty(category, units.sanitation, area_code=TOWN)
    assert lead() == units.sanitation
    duty(category, units.utility, area_code=UPPER)
    assert lead() == units.utility
    duty(category, units.police, area_code=UPPER, precedent_of="331181101-20260101-0001")
    assert lead() == units.police
    duty(category, units.emergency, area_code=UPPER, valid_from=date(2026, 1, 1))
    assert lead() == units.police
    duty(category, units.service, area_code=UPPER, precedent_of="x", valid_from=date(2026, 2, 1))
    assert lead() == units.service
    duty(category, units.market if hasattr(units, "market") else units.government,
         area_code=UPPER + "001", valid_to=date(2026, 11, 23))  # fmt: skip
    assert lead() == units.service


def test_a_kind_of_unit_is_found_up_the_tree(town):
    found = directory().unit_near("village_mediation", UPPER + "002", TODAY)
    assert found == town.units.mediation1
    assert directory().unit_near("police", "331181201201001", TODAY) == town.units.police


def test_one_station_covers_a_town_and_a_township(town):
    beat = Jurisdiction.objects.get(kind="police")
    assert {a.code for a in beat.areas.all()} == {TOWN, TOWNSHIP}
    school = Jurisdiction.objects.create(name="学区", kind="school", unit=town.units.service)
    school.areas.set([town.areas[TOWN]])
    assert town.areas[TOWN].jurisdiction_set.count() == 2


def test_a_merged_village_stays_with_its_end(town):
    merge_village(UPPER, "331181101202", on=TODAY)
    forget_directory()
    gone = directory().area(UPPER)
    assert gone.merged_into.code == "331181101202"
    assert gone.valid_to is not None


def test_posts_count_on_their_days_and_closed_accounts_hold_none(town):
    li = town.people.li
    noon = datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert actor_for(li, noon).holds("dispatcher")
    Post.objects.filter(person=li).update(valid_to=TODAY - timedelta(days=1))
    assert not actor_for(li, noon).posts
    assert actor_for(li, noon - timedelta(days=1)).holds("dispatcher")
    Post.objects.filter(person=li).update(valid_to=None)
    li.is_active = False
    assert not actor_for(li, noon).posts


def test_tokens_are_kept_as_hashes_and_end(town):
    token = issue_token("li")
    assert person_of_token(token).username == "li"
    assert person_of_token(token + "x") is None
    assert person_of_token(token, datetime(2030, 1, 1, tzinfo=UTC)) is None
    revoke_tokens(town.people.li)
    assert person_of_token(token) is None
    with pytest.raises(NotFound):
        issue_token("nobody")


def test_the_catalogue_loads_twice_as_once(town):
    before = Category.objects.count()
    load_catalogue()
    assert Category.objects.count() == before > 30


def test_an_actor_costs_one_query(town, django_assert_num_queries):
    li = Person.objects.get(username="li")
    with django_assert_num_queries(1):
        actor_for(li)
