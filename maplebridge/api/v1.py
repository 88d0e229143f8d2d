"""API v1: report, track, work on matters, send photos. OpenAPI stands at /api/v1/openapi.json."""

from typing import Any, Literal

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Status
from ninja.security import HttpBearer

from maplebridge.api import rows, schemas
from maplebridge.api.problems import TooLarge, handle_problems
from maplebridge.files.actions import store_photo
from maplebridge.files.rules import MOST_BYTES
from maplebridge.files.uploads import photo_response
from maplebridge.kernel.errors import NotFound
from maplebridge.kernel.ids import normalise_query_code, uuid7
from maplebridge.matters import actions, queries
from maplebridge.matters.flow import CALL_FIRST
from maplebridge.matters.models import Report
from maplebridge.org.queries import actor_for, directory, person_of_token
from maplebridge.org.rules import Actor
from maplebridge.sync.api import router as sync
from maplebridge.trust.throttle import throttle

# Operations that need no token; every other one is declared with `auth`.
OPEN = frozenset({"report", "track", "put_file", "get_file", "categories", "areas"})
LISTS = {
    "inbox": queries.inbox,
    "mine": queries.unit_list,
    "open": queries.open_matters,
    "verify": queries.to_verify,
}


class BearerToken(HttpBearer):
    """A token from `maplebridge token USER`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor whose token this is, or None, which is answered 401."""
        person = person_of_token(token)
        return actor_for(person) if person else None


signed_in = BearerToken()
api = NinjaAPI(title="Maplebridge", version="1", urls_namespace="api", docs_url=None)
handle_problems(api)
api.add_router("/sync", sync)
WRONG = {400: schemas.Problem, 413: schemas.Problem, 422: schemas.Problem, 429: schemas.Problem}
SIGNED = {401: schemas.Problem, 403: schemas.Problem, 404: schemas.Problem}


def _actor(request: Any) -> Actor:
    return request.auth


@api.post(
    "/reports", response={201: schemas.ReportOut, 409: schemas.Problem, **WRONG},
    operation_id="report", summary="Report something",
)  # fmt: skip
def report(request: HttpRequest, told: schemas.ReportIn) -> Any:
    """Take in a report. The same `id` again answers the same and writes nothing."""
    throttle(request, "report")
    said = told.model_dump(exclude={"id", "contact"})
    contact = told.contact.model_dump() if told.contact else None
    made = actions.report(
        **said, contact=contact, channel=Report.Channel.API, command_id=told.id or uuid7()
    )
    return Status(201, _reported(made))


def _reported(made: Report) -> dict[str, Any]:
    matter = made.matter
    lead = directory().units.get(matter.lead_id or matter.proposed_lead_id or 0)
    return {
        "matter": matter.number,
        "code": made.code,
        "status": matter.status,
        "grid": matter.area_code if len(matter.area_code) == 15 else None,
        "lead": lead.name if lead else None,
        "track_url": f"{settings.PUBLIC_URL}/t/{made.code}",
        "call_first": [number for number, _who in CALL_FIRST] if matter.urgent else [],
    }


@api.get(
    "/track/{code}", response={200: schemas.TrackOut, 404: schemas.Problem, **WRONG},
    operation_id="track", summary="Follow a report by its query code",
)  # fmt: skip
def track(request: HttpRequest, code: str) -> Any:
    """Status, steps with their times, and when the result is expected; nothing about people."""
    throttle(request, "code")
    found = queries.reporter_of(normalise_query_code(code) or "")
    if found is None:
        raise NotFound(_("There is no matter with this code."))
    seen = queries.followed(found[0])
    return {
        "status": seen.matter.status,
        "label": seen.label,
        "steps": [{"step": s.step, "label": s.label, "at": s.at} for s in seen.steps],
        "expected_by": seen.expected_by,
    }


@api.get(
    "/matters", response={200: schemas.MatterPage, **SIGNED, **WRONG}, auth=signed_in,
    operation_id="matters", summary="A work list, fifty at a time by due time",
)  # fmt: skip
def matters(
    request: HttpRequest,
    list: Literal["inbox", "mine", "open", "verify"] = "open",  # noqa: A002 — the name in the address
    after: str = "",
) -> Any:
    """`after` is the `next` of the page before."""
    found, more = queries.keyset(LISTS[list](_actor(request)), after)
    return {"items": [rows.row(m) for m in found], "next": more}


@api.get(
    "/matters/{number}", response={200: schemas.MatterOut, **SIGNED, **WRONG}, auth=signed_in,
    operation_id="matter", summary="One matter",
)  # fmt: skip
def matter(request: HttpRequest, number: str) -> Any:
    """All of a matter the token's holder may see; contact details are not part of it."""
    actor = _actor(request)
    return rows.whole(actor, queries.visible_matter(actor, _number(number)))


@api.post(
    "/matters/{number}/steps", auth=signed_in, operation_id="step", summary="Take a step",
    response={200: schemas.StepOut, 409: schemas.Problem, **SIGNED, **WRONG},
)  # fmt: skip
def step(request: HttpRequest, number: str, taken: schemas.StepIn) -> Any:
    """Take a step of the flow; its fields stand beside `id` and `step`."""
    actor = _actor(request)
    shown = queries.visible_matter(actor, _number(number))
    event = actions.take_step(
        shown.id, taken.step, actor, taken.fields(), command_id=taken.id, version=taken.version
    )
    return {"status": event.to_status, "version": event.version}


def _number(text: str) -> str:
    if "\x00" in text:
        raise NotFound(_("There is no such matter, or it is not yours to see."))
    return text


@api.put(
    "/files/{sha256}", response={200: schemas.FileOut, **WRONG},
    operation_id="put_file", summary="Send a photo under the SHA-256 of its bytes",
    openapi_extra={"requestBody": {"required": True, "content": {"image/*": {"schema": {
        "type": "string", "format": "binary"}}}}},
)  # fmt: skip
def put_file(request: HttpRequest, sha256: str) -> Any:
    """Keep a photo: checked, re-encoded, without metadata and position. At most 10 MiB."""
    throttle(request, "file")
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise TooLarge
    data = request.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TooLarge
    kept = store_photo(sha256, data, at=timezone.now())
    return {"sha256": kept.sha256, "width": kept.width, "height": kept.height}


@api.get(
    "/files/{sha256}", operation_id="get_file", summary="A photo one has sent, or a small copy"
)
def get_file(
    request: HttpRequest, sha256: str, side: Literal["", "160", "320", "640"] = ""
) -> FileResponse:
    """For previews: whoever knows the hash of the bytes has had the photo."""
    throttle(request, "file")
    return photo_response(sha256, side)


@api.get(
    "/categories", response=list[schemas.CategoryOut], operation_id="categories",
    summary="What may be reported",
)  # fmt: skip
def categories(request: HttpRequest) -> Any:
    """The catalogue as residents see it, in the reader's language."""
    found = directory().reportable(timezone.localdate())
    return [{"code": c.code, "name": c.label, "group": c.group_label} for c in found]


@api.get(
    "/areas", response=list[schemas.AreaOut], operation_id="areas", summary="Towns, villages, grids"
)
def areas(request: HttpRequest) -> Any:
    """The present areas; a longer code lies in the area whose code it begins with."""
    found = (a for a in directory().areas.values() if a.valid_to is None)
    return [{"code": a.code, "name": a.name, "level": a.level} for a in found]
