"""The ways an act can refuse. Messages are human text and may be lazy translations."""

from collections.abc import Callable
from typing import ClassVar


class Said:
    """A sentence with its facts, put into the reader's language when it is read.

    The kernel knows no languages: whoever does sets `translate` once, at the start.
    """

    translate: ClassVar[Callable[[str], str]] = str

    def __init__(self, sentence: str, **facts: object) -> None:
        self.sentence, self.facts = sentence, facts

    def __str__(self) -> str:
        return Said.translate(self.sentence) % self.facts


class MaplebridgeError(Exception):
    """Base of all refusals: `message` for people, `code` for programs."""

    code = "error"

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self._message = message

    @property
    def message(self) -> str:
        """The text, translated at the time of reading."""
        return str(self._message)

    def __str__(self) -> str:
        return self.message


class InvalidInput(MaplebridgeError):
    """A field is missing or wrong (HTTP 422)."""

    code = "invalid"

    def __init__(self, field: str, message: object) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(MaplebridgeError):
    """The actor's posts do not give this power here (HTTP 403)."""

    code = "not_allowed"


class Conflict(MaplebridgeError):
    """The present state does not allow it (HTTP 409); carries the status and version it met."""

    code = "conflict"

    def __init__(
        self, message: object, *, status: str | None = None, version: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.version = version


class NotFound(MaplebridgeError):
    """No such thing, or not for this actor (HTTP 404)."""

    code = "not_found"


class SignedOut(MaplebridgeError):
    """Nobody is known behind the request (HTTP 401)."""

    code = "signed_out"


class Revoked(MaplebridgeError):
    """The device behind the request may no longer be used (HTTP 401)."""

    code = "revoked"


class TooMany(MaplebridgeError):
    """Too many acts from one place in a short time (HTTP 429); `seconds` until it goes on."""

    code = "too_many"

    def __init__(self, message: object, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds
