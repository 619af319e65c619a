"""Everything that can go wrong, as one tree. `api/problem.py` alone maps it to HTTP.

The class docstring is the default message; `code` is stable and documented in
docs/reference/errors.md. `detail` names the cause (field, element, actual state), and
`remedy` says what to do.
"""

from __future__ import annotations

from typing import Any, ClassVar

#: what a sentence ends with
STOPS = tuple(".!?。！？")


class LianshenError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    remedy: ClassVar[str] = ""
    #: what was written before the error is kept: the request boundary commits
    keep: ClassVar[bool] = False

    def __init__(self, message: str | None = None, **detail: Any) -> None:
        self.message = message or type(self).__doc__ or ""
        self.detail = detail
        super().__init__(self.message)

    def sentences(self) -> str:
        """Return what is wrong and what to do, one after the other."""
        ended = self.message.endswith(STOPS)
        return f"{self.message}{'' if ended else '.'} {self.remedy}".strip()


class NotFound(LianshenError):
    """There is nothing with that id."""

    code = "not_found"
    remedy = "Check the id; lists name the ids that exist."


class Invalid(LianshenError):
    """A value is not acceptable."""

    code = "invalid"
    remedy = "Correct the named field and send the request again."


class TooLarge(Invalid):
    """The request is larger than is accepted."""

    code = "too_large"
    remedy = "Send less; the limits are settings of the service."


class Forbidden(LianshenError):
    """You may not do this."""

    code = "forbidden"
    remedy = "Ask somebody with the named role or department."


class Conflict(LianshenError):
    """The state does not allow this move."""

    code = "conflict"
    remedy = "Reload to see the present state."


class NameTaken(Conflict):
    """The name is taken."""

    remedy = "Choose another name."


class Stale(LianshenError):
    """Somebody changed this since you read it."""

    code = "stale_version"
    remedy = "Reload, look at what changed, and try again."


class Unavailable(LianshenError):
    """The service cannot answer just now."""

    code = "unavailable"
    remedy = "Try again in a moment."


class InvalidDefinition(LianshenError):
    """The process definition cannot be deployed."""

    code = "invalid_definition"
    remedy = "Correct every problem listed and deploy again."


class ModelError(LianshenError):
    """A step failed for a reason that lies in the diagram."""

    code = "model_error"
    remedy = "See the incident; correct the data or the diagram, then retry it."


class CalendarRange(Invalid):
    """The date lies outside the business calendar."""

    code = "calendar_range"
    remedy = "Use a date from 2004 on."
