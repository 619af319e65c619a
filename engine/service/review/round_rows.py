"""What is read of joint reviews to show them: in one statement a table, however many rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select, true

from engine.rules.joint_review import Conclusion
from engine.service import access
from engine.service.access import Row
from engine.service.work import Actor, Work
from engine.store import tables as t

#: applicants see rounds in these states: once something came of them
TOLD = ("concluded", "closed")
OF_TASK = ("id", "element", "kind", "department", "promised_due_on", "days", "stopped_on")
OF_MEETING = ("title", "place", "starts_at", "ends_at", "state")

rounds, task = t.review_round, t.task


def is_outside(actor: Actor) -> bool:
    """Tell whether an actor works for no department: what departments say is not for them."""
    return actor.only("applicant")


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the rounds an actor sees.

    Whoever works for a department sees all, as of projects; applicants those of their own
    projects, once they are concluded.
    """
    if not is_outside(actor):
        return true()
    return and_(access.visible(actor), rounds.c.state.in_(TOLD))


def of_rounds() -> Select[Any]:
    """Return the query of rounds with project, meeting, items and the open task of each.

    Of one that has asked for material it is the applicant's, while its minutes are written.
    `lacking` are the departments of items whose promised materials have not come.
    """
    project, meeting, room = t.project.c, t.meeting, t.room
    item = t.review_item.c
    items = select(func.aggregate_strings(item.item, ",")).where(item.round_id == rounds.c.id)
    assignee, opened = t.user.alias("holder"), t.project_item.c
    lacking = (
        select(func.aggregate_strings(opened.department, ","))
        .join(t.review_item, t.review_item.c.item == opened.item)
        .where(t.review_item.c.round_id == rounds.c.id, opened.project_id == rounds.c.project_id)
        .where(opened.gaps > 0)
    )
    own = (task.c.instance_id == rounds.c.instance_id, task.c.state == "open")
    besides = (task.c.element == "minutes") & (rounds.c.conclusion == Conclusion.SUPPLEMENT)
    now = and_(*own, not_(besides))
    return (
        select(
            rounds,
            items.scalar_subquery().label("items"),
            lacking.scalar_subquery().label("lacking"),
            project.name.label("project_name"),
            project.state.label("project_state"),
            project.created_at,
            project.version_id,
            *(meeting.c[name].label(f"meeting_{name}") for name in OF_MEETING),
            room.c.name.label("room"),
            *(task.c[name].label(f"task_{name}") for name in OF_TASK),
            assignee.c.name.label("task_assignee"),
        )
        .select_from(rounds)
        .join(t.project, project.id == rounds.c.project_id)
        .outerjoin(meeting, meeting.c.id == rounds.c.meeting_id)
        .outerjoin(room, room.c.id == meeting.c.room_id)
        .outerjoin(task, now)
        .outerjoin(assignee, assignee.c.id == task.c.assignee_id)
    )


def participants(work: Work, identifiers: Collection[int]) -> Mapping[int, list[Row]]:
    """Return who is asked in rounds, by round, each with the open task that asks and its name."""
    table, person = t.review_participant, t.user.alias("representative")
    assignee = t.user.alias("holder")
    now = and_(task.c.instance_id == table.c.instance_id, task.c.state == "open")
    query = (
        select(
            table,
            person.c.display_name.label("representative_name"),
            *(task.c[name].label(f"task_{name}") for name in OF_TASK),
            assignee.c.name.label("task_assignee"),
        )
        .select_from(table)
        .outerjoin(person, person.c.name == table.c.representative)
        .outerjoin(task, now)
        .outerjoin(assignee, assignee.c.id == task.c.assignee_id)
        .where(table.c.round_id.in_(identifiers))
        .order_by(table.c.department)
    )
    return by_round(work, query)


def newest_kinds(work: Work, identifiers: Collection[int]) -> Mapping[int, list[Row]]:
    """Return who is asked in rounds, by round, each with the kind of its newest opinion."""
    table, opinion, later = t.review_participant, t.opinion, t.opinion.alias("later")
    own = (opinion.c.round_id == table.c.round_id) & (opinion.c.department == table.c.department)
    same = (later.c.round_id == opinion.c.round_id) & (later.c.department == opinion.c.department)
    newest = select(func.max(later.c.version)).where(same).correlate(opinion).scalar_subquery()
    query = (
        select(table.c.round_id, table.c.department, table.c.state, opinion.c.kind)
        .select_from(table)
        .outerjoin(opinion, own & (opinion.c.version == newest))
        .where(table.c.round_id.in_(identifiers))
        .order_by(table.c.department)
    )
    return by_round(work, query)


def by_round(work: Work, query: Select[Any]) -> Mapping[int, list[Row]]:
    """Return the rows of a query by their round."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in work.db.execute(query).mappings():
        found[row["round_id"]].append(dict(row))
    return found
