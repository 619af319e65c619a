"""One round of a joint review, for the projector: who has spoken, what is bound, what lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from api.web import review_words
from api.web.display import moment
from api.web.language import named
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.review_words import SILENT, WORDS
from api.web.views.review_points import GONE, SECTION, Rights, point, short_of
from api.web.visit import Visit
from engine.rules.joint_review import Mode
from engine.service.review import conditions, podium, round_rows, rounds, views
from engine.service.review.podium import Agenda, Terms
from engine.service.review.rounds import LEADS
from engine.service.review.shown import ParticipantView, RoundView

ROUND = "/joint-reviews/<key:round>"


@dataclass(frozen=True, slots=True)
class Countdown:
    """Until when opinions come in, and whether that counts down; `days` are working days."""

    ends_at: datetime
    now: datetime
    days: int
    begins_at: datetime | None

    @property
    def text(self) -> str:
        """What is left, where no script counts."""
        left = self.ends_at - self.now
        if left <= timedelta():
            return "00:00:00"
        hours, rest = divmod(int(left.total_seconds()), 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours:02}:{minutes:02}:{seconds:02}"

    @property
    def is_over(self) -> bool:
        """Tell whether the time has passed."""
        return self.ends_at <= self.now

    @property
    def counts(self) -> bool:
        """Tell whether hours are left, not days."""
        return self.ends_at - self.now < timedelta(days=1)


def look(visit: Visit) -> Answer:
    """Show a round: to those who work on it all, to applicants what came of it."""
    view = views.get(visit.work, visit.path["round"])
    if round_rows.is_outside(visit.actor):
        return Shown("review/outcome.html.jinja", outside(view))
    return Shown("review/round.html.jinja", values(visit, view))


def outside(view: RoundView) -> dict[str, Any]:
    """Return what applicants are shown."""
    supplied = view.task is not None and view.task.element == "supplement"
    return {"section": SECTION, "view": view, "supplies": supplied, **WORDS}


def values(visit: Visit, view: RoundView) -> dict[str, Any]:
    """Return what the page shows."""
    work, meeting = visit.work, view.meeting
    agenda = podium.agenda(work, meeting.id) if meeting else Agenda("", [])
    rights, names = Rights.of(visit, view), department_names(work)
    asked = in_order(names, view.participants)
    counting = [each for each in asked if each.state != GONE]
    people = podium.called(work, (agenda.convenor, view.opened_by, *speakers(asked)))
    return {
        "section": SECTION,
        "view": view,
        "rights": rights,
        "agenda": agenda,
        "convenor": people.get(agenda.convenor or view.opened_by, view.opened_by),
        "people": people,
        "asked": asked,
        "counting": counting,
        "counts": counts(counting),
        "bar": bar(counting),
        "spoken": sum(each.opinion is not None for each in counting),
        "conditions": [each for each in view.conditions if each.state != "dropped"],
        "points": [point(visit, view, each, rights) for each in view.missing],
        "short_of": short_of(view.missing),
        "question": next((each for each in view.questions if each.settled_on is None), None),
        "terms": terms(visit, view),
        "countdown": countdown(visit, view),
        "may_end": lambda department: may_end(visit, view, department),
        "names_of": review_words.names_of(visit),
        "clock": lambda at: clock(visit, at),
        **WORDS,
    }


def in_order(names: Mapping[str, str], asked: Iterable[ParticipantView]) -> list[ParticipantView]:
    """Return participants in the order of the city's departments, those replaced last."""
    places = {code: place for place, code in enumerate(names)}
    last = len(places)
    return sorted(asked, key=lambda each: (each.state == GONE, places.get(each.department, last)))


def speakers(asked: Iterable[ParticipantView]) -> Iterable[str | None]:
    """Yield the users whom participants name."""
    for each in asked:
        yield each.receipt_by
        if each.opinion:
            yield from (each.opinion.given_by, each.opinion.recorded_by)


def kind_of(asked: ParticipantView) -> str:
    """Return what a participant answered last, '' for nothing."""
    return asked.opinion.kind if asked.opinion else SILENT


def counts(asked: Iterable[ParticipantView]) -> list[tuple[str, int]]:
    """Return how many participants gave each kind of opinion, those of none too."""
    found = Counter(kind_of(each) for each in asked)
    return [(kind, found[kind]) for kind in review_words.KINDS]


def bar(asked: Iterable[ParticipantView]) -> list[str]:
    """Return the kinds of all opinions as the bar draws them, one a cell."""
    order = list(review_words.KINDS)
    return sorted((kind_of(each) for each in asked), key=order.index)


def terms(visit: Visit, view: RoundView) -> Terms:
    """Return until when the items of the round are to be decided."""
    if view.state in {"closed", "cancelled"}:
        return Terms(None, None)
    return podium.terms(visit.work, view.project, [each.id for each in view.items])


def countdown(visit: Visit, view: RoundView) -> Countdown | None:
    """Return until when opinions come in: a meeting's end, else the end of the last day."""
    if view.state != "open":
        return None
    work, meeting = visit.work, view.meeting
    midnight = datetime.combine(view.opinion_due_on + timedelta(days=1), time(), work.settings.zone)
    ends_at = meeting.ends_at if meeting and view.mode == Mode.MEETING else midnight
    days = work.calendar.between(work.today, max(work.today, view.opinion_due_on))
    return Countdown(
        ends_at.astimezone(work.settings.zone),
        work.local_now,
        days,
        meeting.starts_at.astimezone(work.settings.zone) if meeting else None,
    )


def clock(visit: Visit, at: datetime) -> str:
    """Return when something was: today by the hour alone."""
    local = at.astimezone(visit.work.settings.zone)
    return f"{local:%H:%M}" if local.date() == visit.work.today else moment(at)


def may_end(visit: Visit, view: RoundView, department: str) -> bool:
    """Tell whether the visitor may say that a condition is met."""
    own = any(visit.actor.has(*LEADS, department=each) for each in (department, view.lead))
    return own or visit.actor.has("coordinator")


# -- small deeds -----------------------------------------------------------------------------------


def receive(visit: Visit) -> Answer:
    """Sign for the notice and the papers."""
    rounds.sign_receipt(visit.work, visit.path["round"], visit.text("department"))
    return Redirect(address(visit), _("已签收。"))


def end_condition(visit: Visit) -> Answer:
    """Say that a condition is met, or waive it."""
    given = (visit.path["condition"], visit.text("state"), visit.text("note"))
    conditions.end(visit.work, *given)
    return Redirect(address(visit), _("条件已办结。"))


def address(visit: Visit) -> str:
    """Return the address of the round's page."""
    return f"{SECTION}/{visit.path['round']}"


def back(visit: Visit) -> Answer:
    """Lead from the address of a form, which shows nothing by itself, to the round."""
    return Redirect(address(visit))


def title_of(view: RoundView) -> str:
    """Return the items a round is about, by name."""
    return str(_("、")).join(named(each.name) for each in view.items)


CONDITION = f"{ROUND}/conditions/<key:condition>"
PAGES: tuple[Page, ...] = (
    show("joint_review", ROUND, look, "get_joint_review"),
    act("review_receive", f"{ROUND}/receipt", receive, "sign_receipt", form=look),
    show("review_receive_again", f"{ROUND}/receipt", back, "get_joint_review"),
    act("review_condition", CONDITION, end_condition, "end_condition", form=look),
    show("review_condition_again", CONDITION, back, "get_joint_review"),
)
