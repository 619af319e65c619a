"""The boundary of a request: read, identify, allow, act in one transaction, answer.

This is the only place of the interface that commits. What takes long (reading an upload,
hashing a password) happens before the transaction, so that nobody waits for its locks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Request, Response, request
from werkzeug.http import dump_options_header

from api import auth, permissions, problem
from api.auth import Credentials
from api.call import Call, Content, Reply, Service
from api.reading import Given, read
from api.route import Route
from engine.errors import LianshenError
from engine.service import idempotency, tokens
from engine.service.work import Actor, Work
from engine.store.database import transaction

NOBODY = Actor(None, "anonymous")
JSON = "application/json"
#: headers of an answer that a replay repeats
KEPT = ("Content-Type", "ETag", "Location")
REPLAYED = "Idempotency-Replayed"


def view(service: Service, route: Route) -> Callable[..., Response]:
    """Return the function that Flask calls for a route."""

    def answer(**path: Any) -> Response:
        return Exchange(service, route, path, request).answer()

    return answer


class Exchange:
    """One request and its answer."""

    def __init__(
        self, service: Service, route: Route, path: Mapping[str, Any], asked: Request
    ) -> None:
        self.service = service
        self.route = route
        self.path = path
        self.asked = asked
        self.origin = auth.origin(asked)
        self.credentials = self.wanted(auth.credentials(asked))
        self.session = session_of(self.credentials)
        self.now = service.clock.now()

    def wanted(self, given: Credentials | None) -> Credentials | None:
        """Return the credentials, where the route cares who asks."""
        name = self.route.name
        if given is None:
            permissions.demand_login(name, local=self.origin.local)
        return None if permissions.allowed(name) == permissions.PUBLIC else given

    def answer(self) -> Response:
        """Serve the request. Raises LianshenError for whatever it cannot."""
        route = self.route
        if route.limit or route.prepare or not route.transaction:
            return self.answer_slowly()
        try:
            given: Given | LianshenError = read(route, self.asked, self.service.settings)
        except LianshenError as error:
            # who may not ask is told that first
            given = error
        return self.in_transaction(given, None)

    def answer_slowly(self) -> Response:
        """Serve a request whose work begins outside the transaction: first see who asks."""
        actor = self.identified_first()
        given = read(self.route, self.asked, self.service.settings)
        call = self.call(actor, given, None, None)
        if not self.route.transaction:
            return self.response(self.route.handler(call))
        prepared = self.route.prepare(call) if self.route.prepare else None
        return self.in_transaction(given, prepared)

    def identified_first(self) -> Actor:
        """Return who asks, seen in a transaction of its own; none where nobody need be known."""
        if self.credentials is None:
            return NOBODY
        with transaction(self.service.engine, read_only=True) as db:
            return self.identified(db)

    def in_transaction(self, given: Given | LianshenError, prepared: Any) -> Response:
        """Act and answer, all or nothing; an error that is to be kept commits what it wrote."""
        with transaction(self.service.engine, read_only=self.route.safe) as db:
            actor = self.identified(db)
            if isinstance(given, LianshenError):
                raise given
            work = Work(db, self.now, actor, self.service.settings)
            if given.key:
                return self.once(given, work, prepared)
            return self.acted(given, work, prepared)

    def identified(self, db: Any) -> Actor:
        """Return who asks. Raises Unauthenticated, Forbidden."""
        if self.credentials is None:
            return NOBODY
        actor = auth.identify(db, self.credentials, self.now)
        if not self.route.safe:
            auth.check_csrf(self.service, self.asked, self.credentials)
        permissions.check(self.route.name, actor)
        return actor

    def once(self, given: Given, work: Work, prepared: Any) -> Response:
        """Act unless the same request was answered before; then answer the same again."""
        before = idempotency.take(work, given.key, given.fingerprint)
        if before is not None:
            return Response(before.body, before.status, {**before.headers, REPLAYED: "true"})
        answer = self.acted(given, work, prepared)
        headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
        kept = idempotency.Answer(answer.status_code, headers, answer.get_data())
        idempotency.keep(work, given.key, kept)
        return answer

    def acted(self, given: Given, work: Work, prepared: Any) -> Response:
        """Call the handler."""
        try:
            return self.response(self.route.handler(self.call(work.actor, given, work, prepared)))
        except LianshenError as error:
            if not error.keep:
                raise
            return problem.response(error, self.asked.path)

    def call(self, actor: Actor, given: Given, work: Work | None, prepared: Any) -> Call:
        """Return what the handler is given."""
        return Call(
            self.service,
            self.origin,
            actor,
            self.path,
            given.query,
            given.body,
            work,
            prepared,
            given.expected_version,
            self.session,
        )

    def response(self, value: Any) -> Response:
        """Return what a handler answered as HTTP."""
        route, status, headers = self.route, self.route.status, {}
        if isinstance(value, Reply):
            status, headers, value = value.status or status, dict(value.headers), value.value
        if isinstance(value, Content):
            found = file(value, headers)
            if "ETag" in headers:
                found.make_conditional(self.asked)
            return found
        if route.etag:
            headers["ETag"] = f'"{value.version}"'
        adapter = route.adapter(status)
        body = b"" if adapter is None else adapter.dump_json(value)
        return Response(body, status, headers, content_type=JSON if body else None)


def session_of(credentials: Credentials | None) -> str:
    """Return the secret of a login session, '' where there is none."""
    return credentials.secret if credentials and credentials.kind == tokens.SESSION else ""


def disposition(name: str) -> str:
    """Return the header that has a file saved under its name, whatever its letters (RFC 6266)."""
    plain = dump_options_header("attachment", {"filename": re.sub(r"[^ -~]|%", "_", name)})
    return f"{plain}; filename*=UTF-8''{quote(name, safe='')}"


def file(value: Content, headers: Mapping[str, str]) -> Response:
    """Return a file; one with a name is saved by browsers, never shown as part of this site."""
    answer = Response(value.content, 200, headers, content_type=value.content_type)
    if value.name:
        answer.headers["Content-Disposition"] = disposition(value.name)
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
