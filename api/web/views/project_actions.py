"""The moves of a project: each is an address that asks, and does it once it is confirmed."""

from __future__ import annotations

from api.web.page import Answer, Handler, Page, Redirect, act, show
from api.web.views import project as home
from api.web.views.project_moves import MOVES, Question
from api.web.visit import Visit
from engine.errors import Invalid
from engine.service import standings

PROJECT = "/projects/<key:project>"


def ask(name: str) -> Handler:
    """Return the page that asks for a move."""
    move = MOVES[name]

    def asked(visit: Visit) -> Answer:
        question = Question(
            action=f"/projects/{visit.path['project']}/{name}",
            title=str(move.question),
            effect=str(move.effect),
            button=str(move.word),
            icon=move.icon,
            reasoned=move.reasoned,
            danger=move.danger,
        )
        return home.shown(visit, question)

    return asked


def do(name: str) -> Handler:
    """Return the handler that makes a move."""
    move = MOVES[name]

    def done(visit: Visit) -> Answer:
        work, project = visit.work, visit.path["project"]
        reason = given_reason(visit, needed=move.reasoned)
        move.verb(work, project, reason=reason, expected_version=visit.expected_version)
        standings.refresh(work, project)
        return Redirect(f"/projects/{project}", str(move.done))

    return done


def given_reason(visit: Visit, *, needed: bool) -> str:
    """Return why, in the visitor's words. Raises Invalid where it must be said and is not."""
    reason = visit.text("reason")
    if needed and not reason:
        raise Invalid("a reason is needed", field="reason")
    return reason


def asking(name: str) -> tuple[Page, Page]:
    """Return the addresses of a move: the one that asks, and the one that does it."""
    rule, operation = f"{PROJECT}/{name}", f"{name}_project"
    asked = ask(name)
    return (
        show(f"ask_{operation}", rule, asked, operation),
        act(operation, rule, do(name), operation, form=asked),
    )


PAGES = tuple(page for name in MOVES for page in asking(name))
