from django.urls import path

from maplebridge.field import views

app_name = "field"
urlpatterns = [
    path("field/", views.choose, name="choose"),
    path("field/zh/", views.shell, {"language": "zh"}, name="zh"),
    path("field/en/", views.shell, {"language": "en"}, name="en"),
    path("field/sw.js", views.worker, name="worker"),
    path("field/enrol", views.enrol, name="enrol"),
]
