"""An empty page with the phone's import map, beside every address of the site."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.urls import path

from maplebridge.config.urls import urlpatterns as site
from maplebridge.field import shell

PAGE = '<!doctype html><html lang="zh-CN"><script type="importmap">%s</script><title>-</title>'


def bare(_request: HttpRequest) -> HttpResponse:
    """Nothing but the names of the phone's modules; the tests call them."""
    page = HttpResponse(PAGE % shell.import_map())
    policy = {"script-src": [shell.import_map_hash()], "media-src": ["blob:"]}
    return csp_update(policy)(lambda _request: page)(_request)


urlpatterns = [path("bare", bare), *site]
