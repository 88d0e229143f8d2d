"""Bearer tokens of the API."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotFound
from maplebridge.org.models import Person, Token

TOKEN_DAYS = 180


def issue_token(username: str, *, at: datetime | None = None) -> str:
    """Make a bearer token for a person, valid 180 days. The token is shown once and not kept.

    Raises NotFound when nobody active has this username.
    """
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise NotFound(_("Nobody with the username %(name)s may sign in.") % {"name": username})
    now = at or timezone.now()
    token = secrets.token_urlsafe(32)
    Token.objects.create(
        digest=sha256(token.encode()).digest(),
        person=person,
        created_at=now,
        expires_at=now + timedelta(days=TOKEN_DAYS),
    )
    return token


def revoke_tokens(person: Person, *, at: datetime | None = None) -> int:
    """Revoke every token of a person; returns how many were still open."""
    return person.tokens.filter(revoked_at__isnull=True).update(revoked_at=at or timezone.now())
