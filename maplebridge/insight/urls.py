from django.urls import path

from maplebridge.insight import books, views, views_map

app_name = "insight"
urlpatterns = [
    path("digest", views.digest, name="digest"),
    path("digest.xlsx", books.digest_book, name="digest_book"),
    path("digest/sent", views.digest_sent, name="digest_sent"),
    path("digest/<slug:number>", views.digest_of, name="digest_of"),
    path("map", views_map.map_view, name="map"),
    path("map.xlsx", books.villages_book, name="villages_book"),
    path("map/points", views_map.points, name="map_points"),
    path("map/layers", views_map.layers, name="map_layers"),
]
