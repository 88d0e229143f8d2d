"""A signature drawn on the screen: from the form's text to a picture kept by its hash."""

import base64
import binascii
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.files.actions import store_photo
from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.rules import Actor

PREFIX = "data:image/png;base64,"
MOST_DRAWN = 400_000  # characters of a picture of 900 by 300 points


def keep_drawn(text: str, actor: Actor) -> str:
    """Keep the picture; its hash. InvalidInput("signatures") for anything but a PNG."""
    try:
        data = base64.b64decode(text.removeprefix(PREFIX), validate=True)
        if not text.startswith(PREFIX):
            raise ValueError(text[:30])
        return store_photo(
            sha256(data).hexdigest(), data, at=timezone.now(), actor=actor
        ).sha256  # fmt: skip
    except (binascii.Error, ValueError, InvalidInput) as error:
        said = _("The signature did not arrive. Please sign once more.")
        raise InvalidInput("signatures", said) from error
