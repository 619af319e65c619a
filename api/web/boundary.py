"""The boundary of a page: identify, allow, act in one transaction, render.

What REST answers as a problem is shown here where its reader stands: in the form that was
refused, with what was typed; in the notices of the page they are on; or as a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Request, Response, flash, request
from werkzeug.exceptions import HTTPException

from api import auth, permissions, problem
from api.boundary import NOBODY, file
from api.call import Content, Service
from api.problem import BadCsrf
from api.web import failure, rendering
from api.web.page import Answer, Page, Redirect
from api.web.visit import CSRF, KEY, Visit
from engine.errors import LianshenError
from engine.service import idempotency
from engine.service.tokens import SESSION, Unauthenticated
from engine.service.work import Work
from engine.store.database import transaction

NO_CONTENT, SEE_OTHER = 204, 303
MAX_PARTS = 1000


def view(service: Service, page: Page) -> Callable[..., Response]:
    """Return the function that Flask calls for a page."""

    def answer(**path: Any) -> Response:
        return Reception(service, page, path, request).answer()

    return answer


def here(asked: Request) -> str:
    """Return the address asked for, on this host."""
    return asked.full_path if asked.query_string else asked.path


class Reception:
    """One request of a page and its answer."""

    def __init__(
        self, service: Service, page: Page, path: Mapping[str, Any], asked: Request
    ) -> None:
        self.service = service
        self.page = page
        self.asked = asked
        self.now = service.clock.now()
        origin = auth.origin(asked)
        # only a login session opens pages: a token's bearer is a program
        self.visit = Visit(
            service, origin, NOBODY, path, asked.args, session=origin.session, here=here(asked)
        )

    def answer(self) -> Response:
        """Serve the request, or show why not."""
        try:
            return self.shown() if self.page.safe else self.acted()
        except LianshenError as error:
            return self.refused(error)

    def refused(self, error: LianshenError) -> Response:
        """Show an error; whoever is logged in sees it in the frame of their pages."""
        self.visit.unit = None
        if self.visit.actor is NOBODY:
            return failure.response(self.visit, error, self.asked)
        # the transaction that failed is gone, and the frame reads
        with transaction(self.service.engine, read_only=True) as db:
            self.visit.unit = Work(db, self.now, self.visit.actor, self.service.settings)
            return failure.response(self.visit, error, self.asked)

    # -- looking ---------------------------------------------------------------------------

    def shown(self) -> Response:
        """Show the page."""
        with transaction(self.service.engine, read_only=True) as db:
            self.enter(db)
            return self.response(self.page.handler(self.visit))

    def enter(self, db: Any) -> None:
        """Find out who asks and whether they may; give the visit its unit of work."""
        visit = self.visit
        if visit.session:
            self.recognise(db)
        if visit.actor is NOBODY and not self.page.public:
            raise Unauthenticated
        if not self.page.public:
            permissions.check(self.page.operation, visit.actor)
        visit.unit = Work(db, self.now, visit.actor, self.service.settings)

    def recognise(self, db: Any) -> None:
        """Set who is logged in; an ended session counts as none."""
        given = auth.Credentials(SESSION, self.visit.session)
        try:
            self.visit.actor = auth.identify(db, given, self.now)
        except Unauthenticated:
            self.visit.session = ""

    # -- acting ----------------------------------------------------------------------------

    def acted(self) -> Response:
        """Do what a form asks; where that is refused show the form again."""
        try:
            self.read()
            self.prepare()
            return self.in_transaction()
        except LianshenError as error:
            if self.page.form is None or not self.visit.form:
                raise
            return self.form_again(error)

    def read(self) -> None:
        """Read the form within its limit. Raises TooLarge, Malformed."""
        self.asked.max_content_length = self.page.limit(self.service.settings)
        self.asked.max_form_parts = MAX_PARTS
        try:
            self.visit.form, self.visit.files = self.asked.form, self.asked.files
        except HTTPException as error:
            raise problem.of_framework(error) from error

    def prepare(self) -> None:
        """Do what takes long before the transaction begins, once it is known who asks."""
        if self.page.prepare is None:
            return
        with transaction(self.service.engine, read_only=True) as db:
            self.enter(db)
            self.check_csrf()
        self.visit.unit = None
        self.visit.prepared = self.page.prepare(self.visit)

    def in_transaction(self) -> Response:
        """Act, all or nothing; an error that is to be kept commits what it wrote."""
        with transaction(self.service.engine) as db:
            self.enter(db)
            self.check_csrf()
            try:
                return self.once()
            except LianshenError as error:
                if not error.keep:
                    raise
                kept = error
        raise kept

    def check_csrf(self) -> None:
        """Raise BadCsrf where another site may have sent the form."""
        if self.visit.session:
            sent = self.visit.form.get(CSRF, "")
            auth.compare_csrf(self.service, self.visit.session, sent)
        elif self.asked.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise BadCsrf

    def once(self) -> Response:
        """Act unless the same form was sent before: a double click does nothing twice."""
        visit, key = self.visit, self.visit.form.get(KEY, "")
        if not key or visit.actor.id is None:
            return self.response(self.page.handler(visit))
        idempotency.check(key)
        before = idempotency.take(visit.work, key, self.fingerprint())
        if before is not None:
            return self.onward(before.headers.get("Location", visit.here))
        answer = self.page.handler(visit)
        url = answer.url if isinstance(answer, Redirect) else visit.here
        idempotency.keep(visit.work, key, idempotency.Answer(SEE_OTHER, {"Location": url}, b""))
        return self.response(answer)

    def fingerprint(self) -> str:
        """Return what makes two sendings of a form the same."""
        fields = sorted(self.visit.form.items(multi=True))
        parts = (
            self.asked.full_path,
            *(part for each in fields for part in each if each[0] != CSRF),
        )
        return idempotency.fingerprint(part.encode() for part in parts)

    def form_again(self, error: LianshenError) -> Response:
        """Show the form with the reason and what was typed; who may not see it gets the reason."""
        if self.page.form is None:
            raise error
        self.visit.error = error
        with transaction(self.service.engine, read_only=True) as db:
            self.enter(db)
            answer = self.response(self.page.form(self.visit))
        answer.status_code = problem.status_of(type(error))
        return answer

    # -- answering -------------------------------------------------------------------------

    def response(self, answer: Answer) -> Response:
        """Return what a handler answered as HTTP."""
        if isinstance(answer, Content):
            return file(answer, {})
        if isinstance(answer, Redirect):
            if answer.notice:
                flash(answer.notice)
            response = self.onward(answer.url)
            response.headers.extend(answer.headers)
            return response
        return rendering.response(self.visit, answer)

    def onward(self, url: str) -> Response:
        """Send the visitor to another page: whole, so that it loads its own scripts."""
        if "HX-Request" in self.asked.headers:
            return Response(status=NO_CONTENT, headers={"HX-Redirect": url})
        return Response(status=SEE_OTHER, headers={"Location": url})


def stranger(service: Service, asked: Request) -> Visit:
    """Return the visit of somebody who came to no page."""
    return Visit(service, auth.origin(asked), NOBODY, {}, asked.args, here=here(asked))
