"""From an error of the engine to `application/problem+json` (RFC 9457): the only place with both.

A problem's `type` can be opened: `/api/v1/problems/CODE` says what the code means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response
from pydantic_core import to_json
from werkzeug.exceptions import HTTPException

from engine import errors
from engine.errors import LianshenError, TooLarge
from engine.service.idempotency import KeyReused
from engine.service.login import TooManyAttempts
from engine.service.tokens import Unauthenticated

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/problems/"


class Malformed(LianshenError):
    """The request cannot be read."""

    code = "malformed"
    remedy = "Correct its syntax and send it again."


class BadMethod(LianshenError):
    """This address does not know that method."""

    code = "method_not_allowed"
    remedy = "Use a method that the Allow header names."


class UnsupportedMedia(LianshenError):
    """The body has a content type that is not accepted here."""

    code = "unsupported_media_type"
    remedy = "Send a content type that the problem names."


class BadCsrf(errors.Forbidden):
    """A request with a session cookie needs the session's CSRF token."""

    code = "csrf"
    remedy = "Send the `csrf_token` that login and /me answer in the header X-CSRF-Token."


class KeyNotAccepted(errors.Invalid):
    """This operation takes no Idempotency-Key: its answer is not kept."""

    code = "idempotency_key_not_accepted"
    remedy = "Leave the header out."


class Unexpected(LianshenError):
    """Something went wrong inside the service."""

    code = "internal"
    remedy = "Tell an administrator the request id; the service's log has the cause under it."


#: the nearest class decides
STATUS: Mapping[type[LianshenError], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    BadMethod: 405,
    errors.Conflict: 409,
    errors.ModelError: 409,
    errors.Stale: 412,
    TooLarge: 413,
    UnsupportedMedia: 415,
    errors.Invalid: 422,
    errors.InvalidDefinition: 422,
    KeyReused: 422,
    TooManyAttempts: 429,
    errors.Unavailable: 503,
    LianshenError: 500,
}

#: what the web framework refuses by itself
OF_FRAMEWORK: Mapping[int, type[LianshenError]] = {
    404: errors.NotFound,
    405: BadMethod,
    413: TooLarge,
    415: UnsupportedMedia,
}


def status_of(error: type[LianshenError]) -> int:
    """Return the HTTP status of a class of errors."""
    return next(STATUS[each] for each in error.__mro__ if each in STATUS)


def classes() -> dict[str, type[LianshenError]]:
    """Return every class of errors by its code; of several, the most general."""
    found: dict[str, type[LianshenError]] = {}
    for each in descendants(LianshenError):
        found.setdefault(each.code, each)
    return found


def descendants(error: type[LianshenError]) -> Iterator[type[LianshenError]]:
    """Yield all subclasses, parents first."""
    for child in error.__subclasses__():
        yield child
        yield from descendants(child)


def title_of(error: type[LianshenError]) -> str:
    """Return what a class of errors means, in one line."""
    return (error.__doc__ or "").strip().splitlines()[0]


def document(error: LianshenError, instance: str) -> dict[str, Any]:
    """Return an error as a problem; what it knows besides stands beside the standard fields."""
    kind = type(error)
    return {
        **error.detail,
        "type": TYPES + error.code,
        "title": title_of(kind),
        "status": status_of(kind),
        "detail": error.message,
        "instance": instance,
        "code": error.code,
        "remedy": error.remedy,
    }


def response(error: LianshenError, instance: str) -> Response:
    """Return an error as an HTTP answer."""
    body = to_json(document(error, instance), fallback=str)
    answer = Response(body, status_of(type(error)), content_type=MEDIA_TYPE)
    answer.headers.extend(headers_of(error))
    return answer


def headers_of(error: LianshenError) -> dict[str, str]:
    """Return the headers an error calls for."""
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="lianshen"'}
    if isinstance(error, TooManyAttempts):
        return {"Retry-After": str(error.detail.get("retry_after", 1))}
    if isinstance(error, errors.Unavailable):
        return {"Retry-After": "1"}
    return {}


def of_framework(error: HTTPException) -> LianshenError:
    """Return what the web framework refuses as an error of ours."""
    kind = OF_FRAMEWORK.get(error.code or 0)
    if kind is errors.NotFound:
        return errors.NotFound("there is nothing at this address")
    if kind is None:
        return Malformed(error.description)
    return kind()
