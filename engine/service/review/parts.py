"""The parts of a joint review as they are shown, made of their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from engine.rules.light import Light, task_light
from engine.rules.procedure import Kind
from engine.service import codes, deployments, names
from engine.service.access import Row
from engine.service.review import conditions, round_rows
from engine.service.review.open_points import Points
from engine.service.review.shown import (
    ConditionView,
    HeldAt,
    OpinionView,
    ParticipantView,
    QuestionView,
    ReviewedItem,
    StepView,
)
from engine.service.work import Work
from engine.workflow.deployment import Deployment

#: conditions by the opinion that named them
Bound: TypeAlias = Mapping[int, list[ConditionView]]
Inside: TypeAlias = tuple[list[ParticipantView], list[QuestionView], Points]

#: columns that a round and a row of a list take over
SHARED = (
    *("id", "version", "project_name", "stage", "number", "mode", "lead", "state", "place"),
    *("noticed_on", "opinion_due_on", "conclusion", "concluded_at", "replied_at"),
)
OF_OPINION = (
    *("department", "version", "kind", "text", "legal_basis", "required", "materials"),
    *("cause", "source", "given_at", "given_by", "recorded_by"),
)
OF_CONDITION = (
    *("id", "department", "text", "owner", "due_on", "state", "closed_on", "closed_by", "note"),
)
OF_PARTICIPANT = (
    *("department", "state", "representative", "guarded", "receipt_at", "receipt_by", "note"),
)
OF_QUESTION = (
    *("id", "level", "question", "raised_on", "raised_by", "settle_by_on"),
    *("settled_on", "settled_by", "settlement"),
)
#: the light of a round nothing is due in any more
ENDED = {"closed": Light.DONE, "cancelled": Light.GONE}


def shared(work: Work, row: Row) -> dict[str, Any]:
    """Return what a round and a row of a list say alike."""
    open_step = step(work, row, row)
    if round_rows.is_outside(work.actor) and row["task_kind"] != Kind.APPLICANT:
        open_step = None
    due_on, days = row["task_promised_due_on"], row["task_days"]
    if row["state"] == "open" and row["task_id"] is None:
        due_on = row["opinion_due_on"]
        days = work.calendar.between(row["noticed_on"], due_on)
    return {
        **{name: row[name] for name in SHARED},
        "project": row["project_id"],
        "code": codes.code_of(work, row, "project_id"),
        "stage_name": names.stage_name(built_of(work, row), row["stage"]),
        "meeting": held_at(row),
        "task": open_step,
        "due_on": due_on,
        "light": ENDED.get(row["state"]) or light(work, row, due_on, days, row["task_stopped_on"]),
    }


def built_of(work: Work, row: Row) -> Deployment:
    """Return the procedure a round's project runs on."""
    return deployments.deployment(work.db, row["version_id"])


def light(work: Work, row: Row, due_on: Any, days: int | None, stopped_on: Any) -> Light:
    """Return the light of what is due.

    While the project is suspended its clocks stand still, that of a conclusion while it waits for
    what was raised.
    """
    paused = row["project_state"] == "suspended" or stopped_on is not None
    limits = work.rules.lights
    return task_light(work.calendar, work.today, due_on, days=days, paused=paused, limits=limits)


def step(work: Work, row: Row, task: Row) -> StepView | None:
    """Return the open task that was read with a round or a participant, if there is one."""
    if task["task_id"] is None:
        return None
    due_on = task["task_promised_due_on"]
    return StepView(
        id=task["task_id"],
        element=task["task_element"],
        department=task["task_department"],
        assignee=task["task_assignee"],
        due_on=due_on,
        light=light(work, row, due_on, task["task_days"], task["task_stopped_on"]),
    )


def held_at(row: Row) -> HeldAt | None:
    """Return the meeting of a round, if it has one."""
    if row["meeting_id"] is None:
        return None
    return HeldAt(
        id=row["meeting_id"],
        title=row["meeting_title"],
        place=row["room"] or row["meeting_place"],
        starts_at=row["meeting_starts_at"],
        ends_at=row["meeting_ends_at"],
        state=row["meeting_state"],
    )


def items_of(row: Row) -> list[str]:
    """Return the items a round is about, in order."""
    return sorted(row["items"].split(",")) if row["items"] else []


def reviewed(built: Deployment, row: Row) -> list[ReviewedItem]:
    """Return the items a round is about, with their names and departments."""
    known = built.procedure.items
    found = ((each, known.get(each)) for each in items_of(row))
    return [
        ReviewedItem(name, names.item_name(built, name), item.department if item else "")
        for name, item in found
    ]


def participants(work: Work, row: Row, given: Iterable[Row], bound: Bound) -> list[ParticipantView]:
    """Return who is asked in a round, by department; `given` is every version, oldest first."""
    said: dict[str, list[Row]] = defaultdict(list)
    for each in given:
        said[each["department"]].append(each)
    return [
        participant(work, row, each, said[each["department"]], bound)
        for each in round_rows.participants(work, [row["id"]]).get(row["id"], [])
    ]


def participant(work: Work, row: Row, asked: Row, said: list[Row], bound: Bound) -> ParticipantView:
    """Return a department that is asked, with all it said."""
    return ParticipantView(
        **{name: asked[name] for name in OF_PARTICIPANT},
        representative_name=asked["representative_name"] or asked["representative"],
        opinion=opinion(said[-1], bound) if said else None,
        versions=len(said),
        deemed=next((each["cause"] for each in said if each["cause"]), ""),
        task=step(work, row, asked),
    )


def opinion(row: Row, bound: Bound) -> OpinionView:
    """Return a row as an opinion."""
    return OpinionView(**{name: row[name] for name in OF_OPINION}, conditions=bound[row["id"]])


def question(work: Work, row: Row) -> QuestionView:
    """Return a row as a question that was raised."""
    late = row["settled_on"] is None and row["settle_by_on"] < work.today
    return QuestionView(**{name: row[name] for name in OF_QUESTION}, overdue=late)


def bound(work: Work, row: Row) -> Bound:
    """Return the conditions of a round, by the opinion that named them."""
    found: dict[int, list[ConditionView]] = defaultdict(list)
    for each in conditions.of_round(work, row["id"]):
        found[each["opinion_id"]].append(condition(work, {**row, **each}))
    return found


def condition(work: Work, row: Row) -> ConditionView:
    """Return a row as a condition; it says of which round and project besides."""
    return ConditionView(
        **{name: row[name] for name in OF_CONDITION},
        round=row["round_id"],
        project=row["project_id"],
        project_name=row["project_name"],
        code=codes.code_of(work, row, "project_id"),
        stage=row["stage"],
        number=row["number"],
        overdue=row["state"] == "open" and row["due_on"] < work.today,
    )
