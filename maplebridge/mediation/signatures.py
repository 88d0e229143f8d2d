"""A signature drawn on the screen: from the form's text to a small picture that the vault keeps.

It is no file of its own: it is read with the agreement's other personal fields, and erased with the
party.
"""

import base64
import binascii
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from maplebridge.files.rules import clean_photo
from maplebridge.kernel.errors import InvalidInput

PREFIX = "data:image/png;base64,"
MOST_DRAWN = 400_000  # characters of a picture of 900 by 300 points
WIDE, GREYS = (600, 200), 8  # enough for a line of ink on paper


def read_drawn(field: str, text: str) -> str:
    """The picture made small, as base64 of a PNG. InvalidInput for anything but a drawing."""
    try:
        if not text.startswith(PREFIX) or len(text) > MOST_DRAWN:
            raise ValueError(text[:30])
        clean = clean_photo(base64.b64decode(text.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError, InvalidInput) as error:
        said = _("The signature did not arrive. Please sign once more.")
        raise InvalidInput(field, said) from error
    ink = Image.open(BytesIO(clean.data)).convert("L")
    ink.thumbnail(WIDE)
    out = BytesIO()
    ink.quantize(GREYS).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def picture(kept: str) -> BytesIO:
    """The PNG of a signature as the vault has it."""
    return BytesIO(base64.b64decode(kept))
