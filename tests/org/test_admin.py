"""The administrator's pages: each opens, saves what is right and says what is wrong."""

import json

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from maplebridge.org import models
from maplebridge.org.queries import directory, forget_directory
from tests.org.builders import build_town, square

ORG = sorted(
    (m for m in admin.site._registry if m._meta.app_label == "org"), key=lambda m: m.__name__
)


@pytest.fixture
def client(db):
    build_town()
    boss = models.Person.objects.create_superuser("boss", password="maple-bridge", name="Boss")
    client = Client(headers={"accept-language": "en"})
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("model", ORG, ids=lambda m: m.__name__)
def test_every_list_and_form_opens(client, model):
    name = model._meta.model_name
    listed = client.get(
        reverse(f"admin:org_{name}_changelist"),
        {"q": "1"} if admin.site._registry[model].search_fields else {},
    )
    assert listed.status_code == 200
    assert client.get(reverse(f"admin:org_{name}_add")).status_code == 200
    if row := model.objects.first():
        assert client.get(reverse(f"admin:org_{name}_change", args=[row.pk])).status_code == 200


def test_everything_an_administrator_keeps_has_a_page():
    names = {m.__name__ for m in ORG}
    assert {
        "Area",
        "Boundary",
        "Jurisdiction",
        "Unit",
        "Person",
        "Post",
        "Duty",
        "Category",
        "WorkSeason",
        "CalendarDay",
        "CalendarYear",
    } == names


def test_a_dispatcher_has_no_business_here(client):
    other = Client()
    other.force_login(
        models.Person.objects.get(username="li"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert other.get(reverse("admin:org_area_changelist")).status_code == 302


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (square(0, 5), None),
        ({"type": "Point", "coordinates": [119, 28]}, "Polygon or a MultiPolygon"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "crosses"),
        (
            {"type": "Polygon", "coordinates": [[[28, 119], [29, 119], [29, 120], [28, 119]]]},
            "Longitude first",
        ),
        ({"type": "Circle"}, "not a GeoJSON"),
        ([1, 2], "not a GeoJSON"),
    ],
)
def test_an_outline_must_be_drawable(client, geometry, words):
    before = models.Boundary.objects.count()
    area = models.Area.objects.get(code="331181101201")
    sent = {
        "area": area.pk,
        "geometry": json.dumps(geometry),
        "source": "x",
        "valid_from": "2026-01-01",
        "valid_to": "",
    }
    answer = client.post(reverse("admin:org_boundary_add"), sent)
    if words is None:
        assert answer.status_code == 302
        assert models.Boundary.objects.count() == before + 1
    else:
        assert words in answer.content.decode()
        assert models.Boundary.objects.count() == before


def test_a_temporary_duty_needs_an_end_and_one_lead(client):
    category = models.Category.objects.get(code="E02")
    unit = models.Unit.objects.get(code="police")
    url = reverse("admin:org_duty_add")
    duty = {
        "category": category.pk, "area_code": "", "lead": unit.pk, "lead_kind": "", "respond": "",
        "handle": "3wd", "legal_basis": "条例", "approved_by": "平安办", "temporary": "on",
        "precedent_of": "", "note": "", "valid_from": "2026-01-01", "valid_to": "",
    }  # fmt: skip
    assert "needs an end date" in client.post(url, duty).content.decode()
    assert (
        "either a lead unit or a kind"
        in client.post(
            url, duty | {"lead_kind": "police", "valid_to": "2026-12-31"}
        ).content.decode()
    )
    assert "90m, 24h" in client.post(url, duty | {"handle": "soon"}).content.decode()
    assert client.post(url, duty | {"valid_to": "2026-12-31"}).status_code == 302


def test_a_new_account_gets_a_hashed_password_and_weak_ones_are_refused(client):
    url = reverse("admin:org_person_add")
    no_posts = {"posts-TOTAL_FORMS": "0", "posts-INITIAL_FORMS": "0"}
    new = no_posts | {"username": "new", "name": "新人", "password1": "12345", "password2": "12345"}
    assert client.post(url, new).status_code == 200
    assert (
        client.post(
            url, new | {"password1": "bridge-maple-9", "password2": "bridge-maple-9"}
        ).status_code
        == 302
    )
    made = models.Person.objects.get(username="new")
    assert made.check_password("bridge-maple-9")
    assert "bridge" not in made.password


def test_a_change_reaches_the_directory_at_once(client):
    area = models.Area.objects.get(code="331181101201")
    url = reverse("admin:org_area_change", args=[area.pk])
    assert directory().area(area.code).name == "上村"
    sent = {
        "name": "上新村",
        "level": "village",
        "grid_kind": "",
        "aliases": "",
        "merged_into": "",
        "valid_from": "2000-01-01",
        "valid_to": "",
    }
    assert client.post(url, sent | {"code": "999999999999"}).status_code == 302
    forget_directory()
    assert directory().area("331181101201").name == "上新村"
