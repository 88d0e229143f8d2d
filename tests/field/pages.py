"""An empty page with the phone's import map, beside every address of the site."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.urls import path

from maplebridge.config.urls import urlpatterns as site
from maplebridge.field import shell

PAGE = '<!doctype html><html lang="en"><link rel="icon" href="data:,"><script type="importmap">%s</script>'


def page() -> str:
    """Nothing but the names of the phone's modules; the tests call them."""
    return PAGE % shell.import_map()


def bare(request: HttpRequest) -> HttpResponse:
    """The page under the content policy of the shell."""
    policy = {"script-src": [shell.import_map_hash()], "media-src": ["blob:"]}
    return csp_update(policy)(lambda _request: HttpResponse(page()))(request)


urlpatterns = [path("bare", bare), *site]
