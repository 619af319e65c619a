"""Reading a request: its query, its body, its conditions; every mistake names the field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import HTTPException

from api.call import Upload
from api.problem import KeyNotAccepted, Malformed, UnsupportedMedia, of_framework
from api.route import Route
from engine.errors import Invalid
from engine.service import idempotency
from engine.settings import Settings

KEY_HEADER = "Idempotency-Key"
MULTIPART = "multipart/form-data"
#: what a multipart body may hold beside the files' content
MARGIN_BYTES = 100_000
MAX_PARTS = 100
#: the version no task or project ever has
NEVER = -1


class Nothing(BaseModel):
    """A body that says nothing."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Given:
    """A request as it was read. `key` and its `fingerprint` are '' where it has none."""

    query: Any
    body: Any
    expected_version: int | None
    key: str
    fingerprint: str


#: what pydantic adds to a place to say which kind of an optional value it tried
TAG = re.compile(r"\[|^(none|bool|int|str|date|datetime|dict|list|constrained-\w+)$")


def read(route: Route, request: Request, settings: Settings) -> Given:
    """Read a request. Raises Malformed, TooLarge, UnsupportedMedia, Invalid."""
    try:
        return read_within_limits(route, request, settings)
    except HTTPException as error:
        raise of_framework(error) from error


def read_within_limits(route: Route, request: Request, settings: Settings) -> Given:
    """Read a request whose size the web framework watches over."""
    limit = route.limit(settings) if route.limit else settings.request_max_bytes
    request.max_content_length = limit + (MARGIN_BYTES if route.files else 0)
    request.max_form_parts = MAX_PARTS
    query = read_query(route, request)
    version = read_version(route, request)
    key = read_key(route, request)
    if route.safe:
        return Given(query, None, version, "", "")
    body = read_body(route, request)
    return Given(query, body, version, key, print_of(request, body) if key else "")


def read_query(route: Route, request: Request) -> Any:
    """Return the query; a name that is not known or given twice is refused."""
    if route.query is None and not request.args:
        return None
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid(f"{name} is given twice", field=name)
    try:
        return (route.query or Nothing).model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise refused(error, "query") from error


def read_version(route: Route, request: Request) -> int | None:
    """Return the version an If-Match header names; one that cannot be is never the present one."""
    header = request.headers.get("If-Match")
    if header is None:
        return None
    if not route.conditional:
        raise Invalid("this operation has no version to compare with", field="If-Match")
    tag = header.strip()
    if tag == "*":
        return None
    if not tag.endswith('"') or tag.count('"') != 2:  # noqa: PLR2004 - quotes around one tag
        raise Malformed("If-Match names one entity tag, as the ETag header gave it")
    inner = tag[1:-1]
    return int(inner) if inner.isdecimal() and inner.isascii() and len(inner) < 19 else NEVER  # noqa: PLR2004


def read_key(route: Route, request: Request) -> str:
    """Return the Idempotency-Key of an unsafe request."""
    key = request.headers.get(KEY_HEADER)
    if key is None or route.safe:
        return ""
    if not route.repeatable:
        raise KeyNotAccepted(field=KEY_HEADER)
    idempotency.check(key)
    return key if route.heeds_key else ""


def read_body(route: Route, request: Request) -> Any:
    """Return the body: files, or a model."""
    if route.files:
        return list(uploads(route, request))
    raw = request.get_data(cache=False)
    if raw and not request.is_json:
        raise UnsupportedMedia(accepted=["application/json"])
    if b"\\u0000" in raw:
        raise Malformed("a text cannot hold the character U+0000")
    try:
        return (route.body or Nothing).model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        raise refused(error, "body") from error


def refused(error: ValidationError, where: str) -> Malformed | Invalid:
    """Return why a query or body is refused: the first field in the message, all beside it."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return Malformed(found[0]["msg"])
    every = [{"field": field_of(each["loc"]) or where, "message": each["msg"]} for each in found]
    fields = list({each["field"]: each for each in reversed(every)}.values())[::-1]
    first = fields[0]
    return Invalid(f"{first['field']}: {first['message']}", field=first["field"], errors=fields)


def field_of(place: tuple[int | str, ...]) -> str:
    """Return a place in a body or query as its sender knows it, without pydantic's own tags."""
    own = [str(each) for each in place if not TAG.search(str(each))]
    return ".".join(own)


def uploads(route: Route, request: Request) -> Iterator[Upload]:
    """Yield the files of a body: its parts, or the body itself."""
    if request.mimetype == MULTIPART and MULTIPART in route.files:
        for name, file in request.files.items(multi=True):
            content_type = file.content_type or "application/octet-stream"
            yield Upload(file.filename or "", content_type, file.read(), name)
        for name, value in request.form.items(multi=True):
            yield Upload("", "", value.encode(), name)
    elif request.mimetype in route.files or "*/*" in route.files:
        yield Upload("", request.mimetype, request.get_data(cache=False))
    else:
        raise UnsupportedMedia(accepted=list(route.files))


def print_of(request: Request, body: Any) -> str:
    """Return the fingerprint of a request: what it asks for, not how it was put on the wire."""
    target = request.full_path.encode()
    condition = request.headers.get("If-Match", "").encode()
    return idempotency.fingerprint((request.method.encode(), target, condition, *parts_of(body)))


def parts_of(body: Any) -> Sequence[bytes]:
    """Return the parts of a body that make two bodies the same."""
    if isinstance(body, BaseModel):
        return (body.model_dump_json().encode(),)
    return [
        part for each in body for part in (each.field.encode(), each.name.encode(), each.content)
    ]
