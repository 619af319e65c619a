"""What cannot be read as an event log, and how much of one is read at most."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Invalid, TooLarge


class InvalidLog(Invalid):
    """The file cannot be read as an event log."""

    code = "invalid_log"
    remedy = "Correct the file at the line named, or choose other columns, and send it again."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most: bytes after unpacking, lines of the log, cases."""

    size: int = 500_000_000
    events: int = 2_000_000
    cases: int = 1_000_000

    def check(self, what: str, number: int) -> None:
        """Raise TooLarge where there is more of something than is read."""
        most = getattr(self, what)
        if number > most:
            unit = "bytes" if what == "size" else what
            text = f"an event log of more than {most} {unit} is not read"
            raise TooLarge(text, field="file", **{unit: most})


LIMITS = Limits()
