"""What is printed for a party: the slip with its code, and the invitation to a session."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotFound
from maplebridge.mediation.models import Mediation, Party
from maplebridge.mediation.pages import names_of
from maplebridge.mediation.queries.clashes import clashes
from maplebridge.mediation.queries.party import has_phone
from maplebridge.mediation.rules import language_name
from maplebridge.org.rules import Actor


def _slip(request: HttpRequest, party: Party, names: dict[UUID, dict[str, str]]) -> dict[str, Any]:
    facts = names.get(party.subject, {})
    with translation.override("zh-hans"):  # the sheet is Chinese, whoever prints it
        language = language_name(facts.get("party.language", ""))
    path = reverse("public:party", args=[party.code])
    return {
        "party": party, "name": facts.get("party.name", ""),
        "language": language,
        "url": request.build_absolute_uri(path), "by_phone": has_phone(party),
    }  # fmt: skip


def slip_page(
    request: HttpRequest, actor: Actor, mediation: Mediation, party_id: UUID
) -> dict[str, Any]:
    """The slip of one party: how it opens its own page."""
    party = mediation.parties.filter(pk=party_id).first()
    if party is None:
        raise NotFound(_("There is no such party here."))
    return {
        "mediation": mediation, "slips": [_slip(request, party, names_of(mediation, actor))],
    }  # fmt: skip


def invitations_page(
    request: HttpRequest, actor: Actor, mediation: Mediation, session_id: UUID
) -> dict[str, Any]:
    """An invitation for each party of a planned session, a sheet each."""
    session = mediation.sessions.filter(pk=session_id, held_at__isnull=True).first()
    if session is None:
        raise NotFound(_("There is no such session here."))
    names = names_of(mediation, actor)
    asked = session.invitations.select_related("party").order_by("party__order")
    taken = clashes(mediation, session.starts_at, session.place)
    return {
        "mediation": mediation, "session": session,
        "slips": [_slip(request, one.party, names) for one in asked],
        "clashes": [one for one in taken if mediation.number not in one],
    }  # fmt: skip
