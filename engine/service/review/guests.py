"""The applicant at the meeting of a round: invited, there or not; it attends and gives no opinion.

What it sees is no more than before: when and where its own project is talked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.errors import Conflict, Invalid
from engine.rules.catalogue import Name
from engine.rules.joint_review import Mode
from engine.service import access, deployments, names
from engine.service.review import convened, guest_letters
from engine.service.review.rounds import change_round, open_round, record
from engine.service.review.sheet import ReviewSheet
from engine.service.work import Work
from engine.store import tables as t

INVITED, PRESENT, ABSENT, NOT_ASKED = "invited", "present", "absent", ""
STATES = (INVITED, PRESENT, ABSENT, NOT_ASKED)


@dataclass(frozen=True, slots=True)
class InvitationView:
    """The meeting of a round that a project's applicant is invited to.

    `state`: invited, present, absent. `meeting_state`: planned, held, cancelled.
    """

    round: int
    stage: str
    stage_name: Name
    number: int
    state: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    meeting_state: str


def note(work: Work, identifier: int, state: str, version: int | None = None) -> ReviewSheet:
    """Invite a round's applicant to its meeting, note whether it came, or ask it no more ('').

    Raises Invalid, Conflict for a round on paper, NotBegun before the meeting for who came,
    RoundClosed, Forbidden but for the lead, Stale.
    """
    if state not in STATES:
        raise Invalid(f"state must be one of {', '.join(map(repr, STATES))}", field="state")
    _running, sheet = open_round(work, identifier, version)
    if sheet.row["mode"] != Mode.MEETING:
        raise Conflict("nobody meets in a round on paper", mode=sheet.row["mode"])
    if state in {PRESENT, ABSENT}:
        convened.check(work, sheet)
    before = sheet.row["guest"]
    if state == before:
        return sheet
    change_round(work, sheet, guest=state)
    record(work, sheet, "review.applicant", state=state)
    if before == NOT_ASKED and state == INVITED:
        guest_letters.invite(work, sheet)
    if state == NOT_ASKED:
        guest_letters.uninvite(work, sheet)
    return sheet


def of_project(work: Work, project: int) -> list[InvitationView]:
    """Return the meetings a project's applicant is invited to, the latest first.

    Raises NotFound for a project that whoever asks does not see.
    """
    return invited(work, project, access.row_of(work, project)["version_id"])


def invited(work: Work, project: int, version_id: int) -> list[InvitationView]:
    """Return the same of a project that has been seen already."""
    built = deployments.deployment(work.db, version_id)
    rounds, meeting, room = t.review_round.c, t.meeting.c, t.room.c
    query = (
        select(
            rounds.id.label("round"),
            *(rounds.stage, rounds.number, rounds.guest.label("state")),
            *(meeting.title, meeting.place, meeting.starts_at, meeting.ends_at),
            meeting.state.label("meeting_state"),
            room.name.label("room"),
        )
        .join(t.meeting, meeting.id == rounds.meeting_id)
        .join(t.room, room.id == meeting.room_id, isouter=True)
        .where(rounds.project_id == project, rounds.guest != NOT_ASKED)
        .where(rounds.state != "cancelled", rounds.mode == Mode.MEETING)
        .order_by(meeting.starts_at.desc(), rounds.id.desc())
    )
    found = [dict(row) for row in work.db.execute(query).mappings()]
    return [
        InvitationView(
            **{**each, "place": each["place"] or room_name or ""},
            stage_name=names.stage_name(built, each["stage"]),
        )
        for each, room_name in ((row, row.pop("room")) for row in found)
    ]
