"""Rounds of a meeting that moves or is called off: their due dates, and how they go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select, update

from engine.errors import Conflict
from engine.rules.case_clock import stopped_days
from engine.rules.joint_review import Mode, check_meeting_day
from engine.rules.meeting import Slot, check_deadline, days_until, deadline_on
from engine.service import access, deployments
from engine.service.clock import recompute, stops
from engine.service.review import rounds, sheet
from engine.service.review.schedule import AgendaView
from engine.service.review.sheet import ReviewSheet
from engine.service.running import Running
from engine.service.work import Work
from engine.store import tables as t


def check_day(work: Work, agenda: Sequence[AgendaView], day: date, *, earlier: bool) -> None:
    """Raise Invalid for a day to which a meeting cannot move.

    The lead time of an earlier day runs from today, as its notice does; a later one only asks
    that the papers came in time. No round moves past the day its opinions are due by the rules.
    """
    rules = work.rules.joint_review
    rows = {each.round: sheet.read(work, each.round).row for each in agenda}
    noticed = [work.today] if earlier else [row["noticed_on"] for row in rows.values()]
    for on in noticed or [work.today]:
        check_meeting_day(work.calendar, on, day, rules)
    for each in agenda:
        row, stood = rows[each.round], still(work, each.project)
        complex_case = row["complex"]
        last = deadline_on(
            work.calendar, row["noticed_on"], rules, complex_case=complex_case, still=stood
        )
        check_deadline(day, last)


def still(work: Work, project: int) -> frozenset[date]:
    """Return the dates on which the clock of a project stood still."""
    return stopped_days(stops.of_item(stops.of_project(work, project), stops.PROJECT))


def postpone(work: Work, agenda: Iterable[AgendaView], meeting: int, slot: Slot, day: date) -> None:
    """Let the opinions of rounds be due on the day their meeting has moved to.

    Raises Conflict where a project does not run.
    """
    for line in sorted(agenda, key=lambda each: (each.project, each.round)):
        rounds.locked(work, line.project, None)
        found = sheet.read(work, line.round)
        if found.row["state"] != rounds.OPEN:
            continue
        due_moves = found.row["opinion_due_on"] != day
        rounds.change_round(work, found, opinion_due_on=day)
        if due_moves:
            set_days(work, found, day)
            recompute.project(work, line.project, "meeting_moved", meeting=meeting)
        rounds.record(
            work,
            found,
            "review.meeting_moved",
            meeting=meeting,
            starts_at=slot.starts_at.isoformat(),
            ends_at=slot.ends_at.isoformat(),
            opinion_due_on=str(day),
        )


def set_days(work: Work, found: ReviewSheet, day: date) -> None:
    """Give the open opinion tasks of a round the days that make them due on a day.

    Who was asked after the launch keeps the days everybody has.
    """
    table, stood = t.task, still(work, found.row["project_id"])
    rules, opened_at = work.rules.joint_review, found.row["opened_at"]
    long = found.row["complex"]
    query = select(table.c.id, table.c.created_at).where(
        table.c.round_id == found.id, table.c.state == "open", table.c.element == "give-opinion"
    )
    for row in work.db.execute(query).all():
        given_on = row.created_at.astimezone(work.settings.zone).date()
        own = given_on
        if row.created_at > opened_at:
            own = deadline_on(work.calendar, given_on, rules, complex_case=long, still=stood)
        days = days_until(work.calendar, given_on, max(day, own), stood)
        work.db.execute(update(table).where(table.c.id == row.id).values(days=days))


def release(work: Work, line: AgendaView, reason: str, *, on_paper: bool, keep: bool) -> None:
    """Take a round from its meeting: it is given up, or goes on on paper until the same day.

    One of a project that stands still goes on on paper, as nothing of it can end meanwhile. With
    `keep` it still says which meeting it was for. Raises Conflict for one that is concluded.
    """
    project = access.lock(work, line.project)
    found = sheet.read(work, line.round)
    if found.row["state"] != rounds.OPEN:
        text = f"the round of {line.project_name!r} is {found.row['state']}"
        raise Conflict(text, round=line.round)
    if not on_paper and project["state"] == "running":
        running = Running(work, project, deployments.deployment(work.db, project["version_id"]))
        running.docket.reviews[found.id] = found
        rounds.give_up(running, found, reason)
    else:
        rounds.change_round(work, found, mode=Mode.CIRCULATE)
        told = {"mode": str(Mode.CIRCULATE), "reason": reason}
        rounds.record(work, found, "review.on_paper", meeting=found.row["meeting_id"], **told)
    if not keep:
        rounds.change_round(work, found, meeting_id=None, place=0)
