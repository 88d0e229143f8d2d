"""Every address of the site."""

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from maplebridge.api.v1 import api


def healthz(_request: HttpRequest) -> JsonResponse:
    """{"status": "ok"} when the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


urlpatterns = [
    path("", include("maplebridge.public.urls")),
    path("", include("maplebridge.field.urls")),
    path("healthz", healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("desk/setup/", include("maplebridge.setup.urls")),
    path("desk/", include("maplebridge.web.urls")),
    path("desk/", include("maplebridge.insight.urls")),
    path("desk/", include("maplebridge.fieldwork.urls")),
    path("desk/", include("maplebridge.mediation.urls")),
    path("ui/", include("maplebridge.ui.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
