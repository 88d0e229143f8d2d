from django.urls import path

from maplebridge.fieldwork import views

app_name = "fieldwork"
urlpatterns = [
    path("visits", views.needs, name="needs"),
    path("visits.xlsx", views.needs_book, name="needs_book"),
    path("visits/ask", views.ask, name="ask"),
    path("visits/go", views.go, name="go"),
    path("visits/<uuid:need_id>/drop", views.drop, name="drop"),
    path("visits/<uuid:visit_id>/photos/<slug:sha256>", views.photo, name="photo"),
    path("places", views.places, name="places"),
    path("places.xlsx", views.places_book, name="places_book"),
    path("places/new/<slug:kind>", views.new_place, name="new_place"),
    path("places/<uuid:place_id>", views.place, name="place"),
    path("places/<uuid:place_id>/mend", views.mend_place, name="mend_place"),
    path("places/<uuid:place_id>/close", views.close_place, name="close_place"),
]
