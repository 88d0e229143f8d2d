"""Acts that do not stop each other: what went wrong comes up together when all were tried."""

from types import TracebackType


class Attempts:
    """`with attempts:` around each act; an exception ends that act alone and is kept."""

    def __init__(self) -> None:
        self.faults: list[Exception] = []

    def __enter__(self) -> None:
        """Begin an act."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> bool:
        if not isinstance(fault, Exception):
            return False
        self.faults.append(fault)
        return True

    def raise_faults(self, what: str) -> None:
        """Raise what was kept as one ExceptionGroup named `what`; nothing when all went well."""
        if self.faults:
            raise ExceptionGroup(what, self.faults)
