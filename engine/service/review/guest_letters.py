"""Letters to applicants who are invited to a meeting: of their own projects on its agenda alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select

from engine.rules.letter import Letter
from engine.service.review import invitation, letters, people, schedule
from engine.service.review.invitation import CANCEL, REQUEST
from engine.service.review.letters import Draft
from engine.service.review.people import Person
from engine.service.review.schedule import AgendaView, MeetingView
from engine.service.review.sheet import ReviewSheet
from engine.service.work import Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Guest:
    """An applicant with an address, and its projects that a letter is about."""

    person: Person
    projects: tuple[int, ...]


def invite(work: Work, sheet: ReviewSheet) -> None:
    """Invite the applicant of a round to its meeting, as long as that is planned."""
    view = letters.meeting_of(work, sheet)
    if view is not None:
        schedule.touch(work, view.id)
        mine = guests(work, invited(view.agenda))
        found = [each for each in mine if sheet.row["project_id"] in each.projects]
        send(work, view, found, Letter.GUEST, REQUEST)


def uninvite(work: Work, sheet: ReviewSheet) -> None:
    """Tell the applicant of a round that it need not come, if no other project of its asks it."""
    view = letters.meeting_of(work, sheet)
    if view is not None:
        schedule.touch(work, view.id)
        staying = {each.person.name for each in guests(work, invited(view.agenda))}
        found = guests(work, [sheet.row["project_id"]])
        gone = [each for each in found if each.person.name not in staying]
        send(work, view, gone, Letter.GUEST_CANCELLATION, CANCEL)


def update(work: Work, view: MeetingView, before: MeetingView) -> None:
    """Tell invited applicants what their meeting is like now, or that it is without them."""
    now = guests(work, invited(view.agenda))
    staying = {each.person.name for each in now}
    was = guests(work, invited(before.agenda))
    gone = [each for each in was if each.person.name not in staying]
    send(work, view, now, Letter.GUEST_UPDATE, REQUEST)
    send(work, view, gone, Letter.GUEST_CANCELLATION, CANCEL)


def cancel(work: Work, view: MeetingView, reason: str) -> None:
    """Tell invited applicants that a meeting does not take place."""
    found = guests(work, invited(view.agenda))
    send(work, view, found, Letter.GUEST_CANCELLATION, CANCEL, reason)


def invited(agenda: Iterable[AgendaView]) -> list[int]:
    """Return the projects of an agenda whose applicants are asked to come."""
    return [each.project for each in agenda if each.guest]


def guests(work: Work, projects: Collection[int]) -> list[Guest]:
    """Return the applicants of projects that have an address, each with all its projects."""
    user, project = t.user.c, t.project.c
    query = (
        select(user.name, user.display_name, user.email, project.id)
        .join(t.project, project.applicant_user_id == user.id)
        .where(project.id.in_(projects), user.active, user.email != "")
        .order_by(project.id)
    )
    found: dict[str, Guest] = {}
    for row in work.db.execute(query) if projects else ():
        person = Person(row.name, row.display_name or row.name, row.email)
        known = found.get(row.name, Guest(person, ()))
        found[row.name] = Guest(person, (*known.projects, row.id))
    return list(found.values())


def send(
    work: Work,
    view: MeetingView,
    found: Iterable[Guest],
    kind: Letter,
    method: str,
    reason: str = "",
) -> None:
    """Write to applicants, each of its own projects and of nobody else's."""
    drafts = []
    for guest in found:
        own = replace(view, agenda=[each for each in view.agenda if each.project in guest.projects])
        link = f"{letters.base(work)}/projects/{guest.projects[0]}"
        facts = {**letters.meeting_facts(work, own, reason), "link": link}
        words = replace(letters.words(work, own), description=facts["agenda"], link=link)
        asked = [*people.find(work, [], [view.convenor]), guest.person]
        if method == REQUEST:
            calendar = invitation.request(own, words, asked, work.settings)
        else:
            whole = view.state == schedule.CANCELLED
            calendar = invitation.cancellation(own, words, asked, work.settings, whole=whole)
        to = (guest.person.email,)
        drafts.append(Draft(kind, to, facts, view.id, None, calendar, method))
    letters.write(work, drafts)
