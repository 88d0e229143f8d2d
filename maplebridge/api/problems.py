"""Every refusal and fault in the one form {code, message, field?, status?, version?}."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from maplebridge.kernel.errors import (
    Conflict,
    InvalidInput,
    MaplebridgeError,
    NotAllowed,
    NotFound,
    Revoked,
    SignedOut,
    TooMany,
)

HTTP: dict[type[MaplebridgeError], int] = {
    InvalidInput: 422,
    NotAllowed: 403,
    Conflict: 409,
    NotFound: 404,
    SignedOut: 401,
    Revoked: 401,
    TooMany: 429,
}
FACTS = ("field", "status", "version")
log = logging.getLogger(__name__)


class TooLarge(Exception):
    """The body is over the limit."""


def handle_problems(api: NinjaAPI) -> None:
    """Tell the API how each kind of refusal and fault is answered."""

    def answer(
        request: HttpRequest, http: int, code: str, message: str, **facts: Any
    ) -> HttpResponse:
        body = {"code": code, "message": message}
        body |= {name: fact for name, fact in facts.items() if fact is not None}
        return api.create_response(request, body, status=http)

    def refused(request: HttpRequest, error: MaplebridgeError) -> HttpResponse:
        facts = {name: getattr(error, name, None) for name in FACTS}
        response = answer(request, HTTP[type(error)], error.code, error.message, **facts)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(int(error.seconds) + 1)
        return response

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0]
        return answer(request, 422, "invalid", _words(first), field=_field(first["loc"]))

    def signed_out(request: HttpRequest, _error: Exception) -> HttpResponse:
        message = _("The token is missing, wrong or expired.")
        return answer(request, 401, "not_signed_in", message)

    def unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
        return answer(request, 400, "bad_json", _("The body is not a JSON object."))

    def too_large(request: HttpRequest, _error: Exception) -> HttpResponse:
        return answer(request, 413, "too_large", _("This is too large."))

    def missing(request: HttpRequest, _error: Exception) -> HttpResponse:
        return answer(request, 404, "not_found", _("There is nothing here."))

    def fault(request: HttpRequest, error: Exception) -> HttpResponse:
        log.exception("API fault at %s", request.path, exc_info=error)
        return answer(request, 500, "fault", _("Something went wrong on our side."))

    for kind in HTTP:
        api.add_exception_handler(kind, refused)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(AuthenticationError, signed_out)
    api.add_exception_handler(HttpError, unreadable)
    api.add_exception_handler(TooLarge, too_large)
    api.add_exception_handler(RequestDataTooBig, too_large)
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(Exception, fault)


def _field(loc: tuple[Any, ...]) -> str:
    # ("body", "told", "contact", "phone") → contact.phone; the second part is our parameter's name
    parts = [str(part) for part in loc[1:] if not isinstance(part, int)]
    names = parts[1:] if loc and loc[0] == "body" else parts
    return ".".join(names) or "body"


def _words(error: dict[str, Any]) -> str:
    kind = error["type"]
    if kind == "missing":
        return _("This is needed.")
    if kind == "extra_forbidden":
        return _("There is no such field.")
    if kind.startswith("uuid"):
        return _("This is not a UUID.")
    if kind in {"string_too_long", "too_long"}:
        return _("This is too long: at most %(most)d.") % {"most": error["ctx"]["max_length"]}
    return _("This value is not allowed here.")
