"""The clock of a task's item changed on its page: stopped, let go on, extended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from flask_babel import gettext as _

from api.web.page import Answer, Page, Redirect, act, show
from api.web.views import task
from api.web.visit import Visit
from engine.errors import Invalid
from engine.service import standings, tasks
from engine.service.clock import extensions, suspensions
from engine.service.clock.extensions import Asking
from engine.service.clock.suspensions import Stopping
from engine.service.views import TaskView

#: fields of the forms, by what the services call them; the answer's form has its own `reason`
STOP_FIELDS = {
    "reason": "stop_reason",
    "notice": "stop_notice",
    "expected_days": "stop_days",
    "from_on": "stop_from",
    "until_on": "stop_until",
}
GO_ON_FIELDS = {"until_on": "go_on_until"}
ASK_FIELDS = {"days": "more_days", "reason": "more_reason", "notice": "more_notice"}
DECIDE_FIELDS = {"note": "decision_note"}


# -- what is done ------------------------------------------------------------------------------


def stop(visit: Visit) -> Answer:
    """Stop the clock, or enter a stop that is over."""
    view = the_task(visit)
    with named(STOP_FIELDS):
        given = Stopping(
            reason=visit.text("stop_reason"),
            notice=visit.text("stop_notice"),
            expected_days=visit.whole("stop_days") or 0,
            note=visit.text("stop_note"),
            from_on=day(visit, "stop_from"),
        )
        until_on = day(visit, "stop_until")
        if until_on is None:
            suspensions.suspend(visit.work, view.project, view.item, given)
            return back(visit, view, _("计时已中止，告知书可以打印。"))
        suspensions.enter(visit.work, view.project, view.item, given, until_on)
    return back(visit, view, _("已补录，到期日相应顺延。"))


def go_on(visit: Visit) -> Answer:
    """Let the clock go on."""
    view = the_task(visit)
    with named(GO_ON_FIELDS):
        until_on, note = day(visit, "go_on_until"), visit.text("go_on_note")
        suspensions.resume(visit.work, view.project, view.item, until_on, note)
    return back(visit, view, _("计时已恢复，到期日已顺延。"))


def ask(visit: Visit) -> Answer:
    """Ask for an extension; a head who asks approves at once."""
    view = the_task(visit)
    with named(ASK_FIELDS):
        days = visit.whole("more_days") or 0
        given = Asking(days, visit.text("more_reason"), visit.text("more_notice"))
        extensions.request(visit.work, view.project, view.item, given)
    return back(visit, view, _("延期已登记；批准后到期日顺延。"))


def approve(visit: Visit) -> Answer:
    """Approve the extension that is asked for."""
    view, note = the_task(visit), visit.text("decision_note")
    extensions.approve(visit.work, asked_for(visit), note)
    return back(visit, view, _("已批准延期，到期日已顺延。"))


def decline(visit: Visit) -> Answer:
    """Decline the extension that is asked for."""
    view = the_task(visit)
    with named(DECIDE_FIELDS):
        extensions.decline(visit.work, asked_for(visit), visit.text("decision_note"))
    return back(visit, view, _("没有批准延期。"))


def asked_for(visit: Visit) -> int:
    """Return the extension the form is about. Raises Invalid."""
    key = visit.whole("extension")
    if key is None:
        raise Invalid("the form names no extension", field="extension")
    return key


def day(visit: Visit, name: str) -> date | None:
    """Return a date that was typed, None where there is none. Raises Invalid."""
    text = visit.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"{name} must be a date", field=name) from error


@contextmanager
def named(fields: Mapping[str, str]) -> Iterator[None]:
    """Let an error name the field of the form that it is about."""
    try:
        yield
    except Invalid as error:
        name = str(error.detail.get("field", ""))
        error.detail["field"] = fields.get(name, name)
        raise


def the_task(visit: Visit) -> TaskView:
    """Return the task whose page it is. Raises NotFound."""
    return tasks.get(visit.work, visit.path["task"])


def back(visit: Visit, view: TaskView, notice: str) -> Redirect:
    """Return to the task."""
    standings.refresh(visit.work, view.project)
    return Redirect(task.address(visit), notice)


#: the last part of the address, what is done, and whose it is
VERBS: tuple[tuple[str, Callable[[Visit], Answer], str], ...] = (
    ("stop", stop, "suspend_item"),
    ("go-on", go_on, "resume_item"),
    ("extend", ask, "request_extension"),
    ("extend/approve", approve, "approve_extension"),
    ("extend/decline", decline, "decline_extension"),
)


def pages() -> Iterator[Page]:
    """Yield the address of each form, and what leads from it to the task."""
    for name, verb, operation in VERBS:
        rule, word = f"{task.TASK}/{name}", name.replace("/", "_").replace("-", "_")
        yield act(f"task_{word}", rule, verb, operation, form=task.look)
        yield show(f"task_{word}_again", rule, task.return_to_task, "get_task")


PAGES = tuple(pages())
