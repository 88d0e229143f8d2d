from django.urls import path
from django.views.i18n import set_language

from maplebridge.ui import views

app_name = "ui"
urlpatterns = [
    path("view/", views.set_view, name="set_view"),
    path("language/", set_language, name="set_language"),
    path("basemap.pmtiles", views.base_map_file, name="base_map_file"),
]
