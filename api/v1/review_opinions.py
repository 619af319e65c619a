"""Who takes part in a joint review, and what each says: opinions, attendance, conditions."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Body, Code, Key, Line, Part, Text, Word, example
from api.v1.joint_reviews import CHANGE, ROUND, TAG, Why
from engine.rules.joint_review import Answer, Condition, OpinionKind, Source
from engine.service.review import conditions, guests, opinions, rounds, tracking, views
from engine.service.review.guests import InvitationView
from engine.service.review.shown import ConditionView, OpinionView, RoundView
from engine.service.review.tracking import Wanted
from engine.service.views import Page


class ConditionGiven(Body):
    """What is to be done, by whom and by when."""

    text: Line
    owner: Line
    due_on: date


class OpinionGiven(Body):
    """A department's opinion; one that came outside the system says how and from whom."""

    model_config = example(
        department="MET",
        kind="agree_with_conditions",
        conditions=[
            {"text": "move the entrance", "owner": "the applicant", "due_on": "2014-10-24"}
        ],
        source="paper",
        given_by="Zhao Lei",
    )
    department: Word
    kind: Literal["agree", "agree_with_conditions", "disagree", "need_supplement"]
    text: Text = ""
    legal_basis: Text = Field("", description="of a disagreement")
    required: Text = Field("", description="of a disagreement: what would have to change")
    conditions: list[ConditionGiven] = Field(default_factory=list, max_length=50)
    materials: list[Line] = Field(default_factory=list, max_length=50)
    source: Literal["system", "meeting", "paper", "telephone", "mail"] = Field(
        "system", description="any other is entered by the lead or a coordinator"
    )
    given_by: Line | None = Field(None, description="who gave it, where somebody else enters it")

    def answer(self) -> Answer:
        """Return it as the rules know it."""
        bound = tuple(Condition(each.text, each.owner, each.due_on) for each in self.conditions)
        return Answer(
            OpinionKind(self.kind),
            self.text,
            self.legal_basis,
            self.required,
            bound,
            tuple(self.materials),
        )


class DepartmentAsked(Body):
    """A department that is asked too."""

    model_config = example(department="WATER")
    department: Word


class Replacement(Body):
    """Which department is asked instead, and why."""

    model_config = example(by="GREEN", reason="the works lie outside the flood area")
    by: Word
    reason: Why


class Representative(Body):
    """The user who comes for a department; null for nobody."""

    model_config = example(user="zhao.lei")
    user: Word | None


class Attendance(Body):
    """Who came to the meeting."""

    model_config = example(department="MET", state="absent")
    department: Word
    state: Literal["present", "absent", "excused"]
    note: Text = Field("", description="why somebody is excused")


class Guest(Body):
    """The applicant at the meeting: invited, present, absent; '' asks it no more."""

    model_config = example(state="invited")
    state: Literal["invited", "present", "absent", ""]


class ConditionQuery(Part):
    """Which conditions."""

    department: Code | SkipJsonSchema[None] = Field(None, description="looks at them")
    state: Literal["open", "met", "waived", "dropped", "all"] = "open"
    project: Key | SkipJsonSchema[None] = None
    overdue: bool | SkipJsonSchema[None] = None


class ConditionEnd(Body):
    """What became of a condition; a waiver says why."""

    model_config = example(state="met", note="seen on the site")
    state: Literal["met", "waived"]
    note: Text = ""


def say(call: Call) -> RoundView:
    body, version = call.body, call.expected_version
    place = (call.work, call.path["round"], body.department, body.answer())
    if body.source == Source.SYSTEM:
        opinions.give(*place, version)
    else:
        said = {"source": body.source, "given_by": body.given_by or ""}
        opinions.enter_for(*place, **said, version=version)
    return views.get(call.work, call.path["round"])


def versions(call: Call) -> Page[OpinionView]:
    return Page(views.versions(call.work, call.path["round"]))


def add(call: Call) -> RoundView:
    key = call.path["round"]
    rounds.add_participant(call.work, key, call.body.department, call.expected_version)
    return views.get(call.work, key)


def replace(call: Call) -> RoundView:
    body, key = call.body, call.path["round"]
    given = (call.path["department"], body.by, body.reason, call.expected_version)
    rounds.replace_participant(call.work, key, *given)
    return views.get(call.work, key)


def represent(call: Call) -> RoundView:
    key, department = call.path["round"], call.path["department"]
    rounds.represent(call.work, key, department, call.body.user, call.expected_version)
    return views.get(call.work, key)


def receive(call: Call) -> RoundView:
    key, department = call.path["round"], call.path["department"]
    rounds.sign_receipt(call.work, key, department, call.expected_version)
    return views.get(call.work, key)


def note_applicant(call: Call) -> RoundView:
    guests.note(call.work, call.path["round"], call.body.state, call.expected_version)
    return views.get(call.work, call.path["round"])


def invitations(call: Call) -> Page[InvitationView]:
    return Page(guests.of_project(call.work, call.path["project"]))


def attend(call: Call) -> RoundView:
    body, key = call.body, call.path["round"]
    given = (body.department, body.state, body.note, call.expected_version)
    opinions.mark(call.work, key, *given)
    return views.get(call.work, key)


def find_conditions(call: Call) -> Page[ConditionView]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("cursor", "limit")}
    return tracking.find(call.work, Wanted(**query), **place)


def end_condition(call: Call) -> ConditionView:
    key = call.path["condition"]
    conditions.end(call.work, key, call.body.state, call.body.note)
    return tracking.get(call.work, key)


PARTICIPANT = f"{ROUND}/participants/<name:department>"

ROUTES = (
    Route(
        "give_opinion",
        "POST",
        f"{ROUND}/opinions",
        say,
        "Give or revise an opinion, or enter one that came outside the system",
        body=OpinionGiven,
        description=(
            "Until the conclusion each may be revised; every version is kept. Completing the task "
            "`give-opinion` does the same."
        ),
        **{**CHANGE, "problems": ("round_closed", "not_begun", "reasons_missing")},
    ),
    Route(
        "list_opinions",
        "GET",
        f"{ROUND}/opinions",
        versions,
        "List every version of every opinion of a round, the oldest first",
        answer=Page[OpinionView],
        **TAG,
    ),
    Route(
        "add_participant",
        "POST",
        f"{ROUND}/participants",
        add,
        "Ask one more department",
        body=DepartmentAsked,
        **CHANGE,
    ),
    Route(
        "replace_participant",
        "POST",
        f"{PARTICIPANT}/replace",
        replace,
        "Ask another department instead; what the first said stays on record and counts no more",
        body=Replacement,
        **CHANGE,
    ),
    Route(
        "name_representative",
        "POST",
        f"{PARTICIPANT}/representative",
        represent,
        "Name the user who comes for a department",
        body=Representative,
        **{**CHANGE, "problems": ("round_closed", "booked")},
    ),
    Route(
        "sign_receipt",
        "POST",
        f"{PARTICIPANT}/receipt",
        receive,
        "Sign for the notice and the papers, for one's department",
        **CHANGE,
    ),
    Route(
        "note_applicant",
        "POST",
        f"{ROUND}/applicant",
        note_applicant,
        "Invite the applicant to the meeting of a round, or note whether it came",
        body=Guest,
        description=(
            "It attends and gives no opinion. `present` and `absent` once the meeting has begun; "
            "an empty state asks it no more."
        ),
        **{**CHANGE, "problems": ("round_closed", "not_begun")},
    ),
    Route(
        "list_invitations",
        "GET",
        "/projects/<key:project>/invitations",
        invitations,
        "List the meetings that a project's applicant is invited to",
        answer=Page[InvitationView],
        **TAG,
    ),
    Route(
        "note_attendance",
        "POST",
        f"{ROUND}/attendance",
        attend,
        "Note who came to the meeting of a round",
        body=Attendance,
        description=(
            "Absence without a good reason counts as agreement, unless the department decides on "
            "what could endanger others; an opinion that is given later cures it. Nobody is absent "
            "before the meeting has begun."
        ),
        **{**CHANGE, "problems": ("round_closed", "not_begun")},
    ),
    Route(
        "list_conditions",
        "GET",
        "/conditions",
        find_conditions,
        "List the conditions that agreements are bound to, what is due first",
        answer=Page[ConditionView],
        query=ConditionQuery,
        description="Without `state` the open ones.",
        **TAG,
    ),
    Route(
        "end_condition",
        "POST",
        "/conditions/<key:condition>/end",
        end_condition,
        "Say that a condition is met, or waive it: its department, or the lead",
        answer=ConditionView,
        body=ConditionEnd,
        conflicts=True,
        **TAG,
    ),
)
