from django.urls import path

from maplebridge.public import following, own_data, pages, party, reporting

app_name = "public"
urlpatterns = [
    path("", pages.home, name="home"),
    path("report", reporting.report, name="report"),
    path("report/done/<slug:code>", reporting.done, name="done"),
    path("t/", following.find, name="find"),
    path("t/<slug:code>", following.track, name="track"),
    path("t/<slug:code>/my-data", own_data.my_data, name="my_data"),
    path("t/<slug:code>/photos/<slug:sha256>", following.photo, name="photo"),
    path("t/<slug:code>/<slug:name>", following.act, name="act"),
    path("p/<slug:code>", party.party, name="party"),
    path("ledger", pages.ledger, name="ledger"),
    path("privacy", pages.privacy, name="privacy"),
    path("areas.geojson", pages.areas, name="areas"),
]
