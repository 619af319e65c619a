"""Letters: written in the transaction of what they tell of, delivered afterwards.

Whoever is asked learns of a round, a meeting and what becomes of it, of minutes to sign and of the
reply. Without a mail server letters are kept, to be seen, and never sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from sqlalchemy import insert, select

from engine.rules.joint_review import LEVELS
from engine.rules.letter import Letter, written
from engine.rules.minutes import CONCLUSIONS
from engine.rules.minutes import LEVELS as LEVEL_NAMES
from engine.service import codes, deployments
from engine.service.access import Row
from engine.service.review import invitation, people, schedule
from engine.service.review.invitation import CANCEL, PUBLISH, REQUEST, Words
from engine.service.review.people import Person
from engine.service.review.schedule import MeetingView
from engine.service.review.sheet import APPLICANT, ReviewSheet, opinion_due, place_of
from engine.service.work import Work
from engine.store import tables as t

WAITING, KEPT = "waiting", "kept"


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to several people, each of whom gets their own."""

    kind: Letter
    to: tuple[str, ...]
    facts: Mapping[str, Any]
    meeting: int | None = None
    round: int | None = None
    calendar: str = ""
    method: str = ""


# -- rounds ------------------------------------------------------------------------------------


def notice(work: Work, sheet: ReviewSheet, departments: Collection[str]) -> None:
    """Tell departments of a round: its papers, or the meeting that it is on the agenda of.

    Who is asked after the launch learns of its own day.
    """
    view = meeting_of(work, sheet)
    if view is not None:
        schedule.touch(work, view.id)
        send_invitation(work, schedule.get(work, view.id), Letter.INVITATION, departments)
        return
    found = people.find(work, departments)
    facts = {**round_facts(work, sheet), "due": f"{opinion_due(sheet, work):%Y-%m-%d}"}
    draft = Draft(Letter.NOTICE, addresses(found), facts, round=sheet.id)
    write(work, [draft])


def minutes_ready(work: Work, sheet: ReviewSheet, signers: Collection[str], until: str) -> None:
    """Tell the departments that sign minutes that these are there, and until when."""
    asked = [each for each in sheet.asked if each["department"] in signers]
    names = [each["representative"] for each in asked if each["representative"]]
    to = addresses(people.find(work, signers, names))
    facts = {**round_facts(work, sheet), "until": until}
    write(work, [Draft(Letter.MINUTES, to, facts, round=sheet.id)])


def minutes_sealed(work: Work, sheet: ReviewSheet) -> None:
    """Tell everybody who was asked that the minutes are final."""
    to = addresses(taking_part(work, sheet))
    write(work, [Draft(Letter.MINUTES_SEALED, to, round_facts(work, sheet), round=sheet.id)])


def replied(work: Work, sheet: ReviewSheet, text: str) -> None:
    """Tell those who took part, and the applicant, of the reply."""
    to = (*addresses(taking_part(work, sheet)), *applicant_of(work, sheet))
    facts = {**round_facts(work, sheet), "text": text.strip()}
    write(work, [Draft(Letter.REPLY, to, facts, round=sheet.id)])


def condition_late(work: Work, sheet: ReviewSheet, row: Row) -> None:
    """Tell of a condition that is late: who is to meet it, who asked for it, and the lead."""
    names = people.department_names(work)
    facts = {
        **round_facts(work, sheet),
        "condition": row["text"],
        "condition_due": f"{row['due_on']:%Y-%m-%d}",
        "owner": row["owner"],
        "asked_by": names.get(row["department"], row["department"]),
    }
    owners = [code for code, name in names.items() if row["owner"] in {code, name}]
    places = {row["department"], sheet.row["lead"], *owners} - {APPLICANT}
    to = addresses(people.find(work, sorted(places)))
    if not owners or APPLICANT in owners:
        # who is no department is the applicant, or somebody the applicant sees to
        to = (*to, *applicant_of(work, sheet))
    write(work, [Draft(Letter.CONDITION_LATE, to, facts, round=sheet.id)])


def raised(work: Work, sheet: ReviewSheet, row: Row) -> None:
    """Tell whoever settles a question that it was raised, and until when."""
    to = addresses(settlers(work, sheet, row["level"]))
    write(work, [Draft(Letter.QUESTION, to, question_facts(work, sheet, row), round=sheet.id)])


def question_late(work: Work, sheet: ReviewSheet, row: Row) -> None:
    """Tell of a question that is not settled in time: its level, the next one, and the lead."""
    place = LEVELS.index(row["level"])
    told = [each for level in LEVELS[place : place + 2] for each in settlers(work, sheet, level)]
    to = addresses([*told, *people.find(work, [sheet.row["lead"]])])
    write(work, [Draft(Letter.QUESTION_LATE, to, question_facts(work, sheet, row), round=sheet.id)])


def settlers(work: Work, sheet: ReviewSheet, level: str) -> list[Person]:
    """Return those with an address who settle at a level."""
    place, roles = place_of(level, sheet.row["lead"])
    if place:
        return people.find(work, [place])
    return [each for role in roles for each in people.unbound(work, role)]


def question_facts(work: Work, sheet: ReviewSheet, row: Row) -> Row:
    """Return what letters say of a question."""
    facts = {"question": row["question"], "settle_by": f"{row['settle_by_on']:%Y-%m-%d}"}
    link = f"{base(work)}/joint-reviews/{sheet.id}/conclusion"
    return {**round_facts(work, sheet), **facts, "level": LEVEL_NAMES[row["level"]], "link": link}


def taking_part(work: Work, sheet: ReviewSheet) -> list[Person]:
    """Return those who work for whoever is asked, and those who come for them."""
    asked = sheet.asked
    names = [each["representative"] for each in asked if each["representative"]]
    return people.find(work, [each["department"] for each in asked], names)


def applicant_of(work: Work, sheet: ReviewSheet) -> list[str]:
    """Return the address of a project's applicant, if there is one."""
    query = (
        select(t.user.c.email)
        .join(t.project, t.project.c.applicant_user_id == t.user.c.id)
        .where(t.project.c.id == sheet.row["project_id"], t.user.c.active, t.user.c.email != "")
    )
    return list(work.db.execute(query).scalars())


def round_facts(work: Work, sheet: ReviewSheet) -> Row:
    """Return what letters say of a round."""
    row = sheet.row
    query = select(t.project).where(t.project.c.id == row["project_id"])
    project = dict(work.db.execute(query).mappings().one())
    built = deployments.deployment(work.db, project["version_id"]).procedure
    stages = {each.id: each.name.zh for each in built.stages}
    items = [built.items[each].name.zh if each in built.items else each for each in sheet.items]
    names = people.department_names(work)
    return {
        "project": project["name"],
        "code": codes.code_of(work, project),
        "applicant": project["applicant"],
        "stage": stages.get(row["stage"], row["stage"]),
        "number": row["number"],
        "items": "、".join(items),
        "papers": row["papers"] or "见系统",
        "lead": names.get(row["lead"], row["lead"]),
        "due": f"{row['opinion_due_on']:%Y-%m-%d}",
        "conclusion": CONCLUSIONS.get(row["conclusion"], row["conclusion"]),
        "link": f"{base(work)}/joint-reviews/{sheet.id}",
    }


# -- meetings ----------------------------------------------------------------------------------


def invite(work: Work, view: MeetingView) -> None:
    """Invite everybody to a meeting."""
    send_invitation(work, view, Letter.INVITATION, view.departments)
    to_convenor(work, view, Letter.INVITATION)


def update(work: Work, view: MeetingView, before: MeetingView) -> None:
    """Tell everybody what a meeting is like now; whoever is not asked any more, that too."""
    new = [each for each in view.departments if each not in before.departments]
    stay = [each for each in view.departments if each in before.departments]
    gone = [each for each in before.departments if each not in view.departments]
    send_invitation(work, view, Letter.UPDATE, stay)
    send_invitation(work, view, Letter.INVITATION, new)
    send_cancellation(work, view, gone, "", whole=False)
    to_convenor(work, view, Letter.UPDATE)


def cancel(work: Work, view: MeetingView, reason: str) -> None:
    """Tell everybody that a meeting does not take place."""
    send_cancellation(work, view, view.departments, reason, whole=True)
    to_convenor(work, view, Letter.CANCELLATION, reason)


def uninvite(work: Work, sheet: ReviewSheet, departments: Iterable[str], reason: str) -> None:
    """Tell departments that a round needs them no more; of its meeting, if nothing on it does."""
    view, told = meeting_of(work, sheet), list(departments)
    if view is None:
        withdraw(work, sheet, told, reason)
        return
    schedule.touch(work, view.id)
    gone = [each for each in told if each not in view.departments]
    send_cancellation(work, view, gone, "", whole=False)


def given_up(work: Work, sheet: ReviewSheet, reason: str) -> None:
    """Tell everybody who was asked in a round that it was given up."""
    view, asked = meeting_of(work, sheet), [each["department"] for each in sheet.asked]
    if view is not None:
        schedule.change(work, view.id)
        view = schedule.get(work, view.id)
        send_invitation(work, view, Letter.UPDATE, view.departments)
        to_convenor(work, view, Letter.UPDATE)
    uninvite(work, sheet, asked, reason)


def withdraw(work: Work, sheet: ReviewSheet, departments: Collection[str], reason: str) -> None:
    """Tell departments, and who came for them, that their opinion is not needed any more."""
    rows = (sheet.participants[each] for each in departments)
    names = [each["representative"] for each in rows if each["representative"]]
    found = people.find(work, departments, names)
    facts = {**round_facts(work, sheet), "reason": f"原因：{reason}" if reason else ""}
    write(work, [Draft(Letter.WITHDRAWN, addresses(found), facts, round=sheet.id)])


def meeting_of(work: Work, sheet: ReviewSheet) -> MeetingView | None:
    """Return the meeting a round is for, as long as it is planned."""
    if sheet.row["meeting_id"] is None:
        return None
    view = schedule.get(work, sheet.row["meeting_id"])
    return view if view.state == schedule.PLANNED else None


def calendar(work: Work, view: MeetingView) -> tuple[str, str]:
    """Return the method and the text of a meeting's invitation, or of its cancellation.

    Where nobody asked has an address it is to be read, not answered: a request names attendees
    (RFC 5546, 3.2.2).
    """
    every, told = people_of(work, view), words(work, view)
    if view.state == schedule.CANCELLED:
        return CANCEL, invitation.cancellation(view, told, every, work.settings)
    if not every:
        return PUBLISH, invitation.publication([(view, told)], every, work.settings)
    return REQUEST, invitation.request(view, told, every, work.settings)


def send_invitation(
    work: Work, view: MeetingView, kind: Letter, departments: Collection[str]
) -> None:
    """Send departments an invitation that names everybody who is asked."""
    if not departments:
        return
    every = people_of(work, view)
    to = [each for each in every if is_of(each, view, departments)]
    calendar = invitation.request(view, words(work, view), every, work.settings)
    facts = meeting_facts(work, view)
    write(work, [Draft(kind, addresses(to), facts, view.id, None, calendar, REQUEST)])


def send_cancellation(
    work: Work, view: MeetingView, departments: Collection[str], reason: str, *, whole: bool
) -> None:
    """Send departments the cancellation of a meeting, or of their invitation to it."""
    if not departments:
        return
    every = people.find(work, departments, [*view.representatives.values(), view.convenor])
    to = [each for each in every if is_of(each, view, departments)]
    told = [*to, *(each for each in every if each.name == view.convenor)] if whole else to
    calendar = invitation.cancellation(view, words(work, view), told, work.settings, whole=whole)
    facts = meeting_facts(work, view, reason)
    letter = Draft(Letter.CANCELLATION, addresses(to), facts, view.id, None, calendar, CANCEL)
    write(work, [letter])


def to_convenor(work: Work, view: MeetingView, kind: Letter, reason: str = "") -> None:
    """Send the convenor, who organizes the meeting, an entry without buttons."""
    found = people.find(work, [], [view.convenor])
    if found:
        shown = [(view, words(work, view))]
        calendar = invitation.publication(shown, found, work.settings)
        facts = meeting_facts(work, view, reason)
        write(work, [Draft(kind, addresses(found), facts, view.id, None, calendar, PUBLISH)])


def is_of(person: Person, view: MeetingView, departments: Collection[str]) -> bool:
    """Tell whether somebody is told as one of departments; the convenor is told apart."""
    if person.name == view.convenor:
        return False
    comes = {name for place, name in view.representatives.items() if place in departments}
    return bool(person.departments & set(departments)) or person.name in comes


def people_of(work: Work, view: MeetingView) -> list[Person]:
    """Return everybody with an address who is asked to a meeting, its convenor included.

    Applicants who are invited are among them, as guests of no department.
    """
    names = [*view.representatives.values(), view.convenor]
    found = people.find(work, view.departments, names)
    projects = [each.project for each in view.agenda if each.guest]
    known = {each.email for each in found}
    return [
        *found,
        *(each for each in people.applicants(work, projects) if each.email not in known),
    ]


def words(work: Work, view: MeetingView) -> Words:
    """Return what calendars say of a meeting."""
    facts = meeting_facts(work, view)
    prefix = "（已取消）" if view.state == schedule.CANCELLED else ""
    lines = (
        f"牵头部门：{facts['lead']}",
        f"召集人：{facts['convenor']}",
        "议程：",
        facts["agenda"],
        f"详情：{facts['link']}",
    )
    return Words(prefix + view.title, "\n".join(lines), facts["link"])


def meeting_facts(work: Work, view: MeetingView, reason: str = "") -> Row:
    """Return what letters say of a meeting."""
    zone = work.settings.zone
    starts, ends = view.starts_at.astimezone(zone), view.ends_at.astimezone(zone)
    names = people.department_names(work)
    agenda = [
        f"{place}. {each.project_name}（{each.project_code}，{each.stage_name.zh}）"
        f"{'：' + each.papers if each.papers else ''}"
        for place, each in enumerate(view.agenda, 1)
    ]
    return {
        "title": view.title,
        "when": f"{starts:%Y-%m-%d %H:%M}—{ends:%H:%M}",
        "where": view.where or "待定",
        "convenor": view.convenor_name or view.convenor,
        "lead": names.get(view.lead, view.lead),
        "agenda": "\n".join(agenda),
        "reason": f"原因：{reason}" if reason else "",
        "link": f"{base(work)}/meetings/{view.id}",
    }


def base(work: Work) -> str:
    """Return where people reach the service."""
    return work.settings.public_url.rstrip("/")


# -- writing -----------------------------------------------------------------------------------


def addresses(found: Iterable[Person]) -> tuple[str, ...]:
    """Return where letters to some people go."""
    return tuple(each.email for each in found)


def write(work: Work, drafts: Iterable[Draft]) -> None:
    """Write letters, to be delivered once this transaction is committed."""
    rows = [row for draft in drafts for row in rows_of(work, draft)]
    if rows:
        work.db.execute(insert(t.mail), rows)


def rows_of(work: Work, draft: Draft) -> list[Row]:
    """Return a letter's rows, one for each address."""
    subject, body = written(draft.kind, draft.facts) if draft.to else ("", "")
    sends = bool(work.settings.smtp_url)
    domain = parseaddr(work.settings.mail_from)[1].rpartition("@")[2]
    return [
        {
            "kind": draft.kind,
            "meeting_id": draft.meeting,
            "round_id": draft.round,
            "to": to,
            "subject": subject,
            "body": body,
            "calendar": draft.calendar,
            "method": draft.method,
            "message_id": f"<{uuid.uuid4()}@{domain}>",
            "state": WAITING if sends else KEPT,
            "next_at": work.now if sends else None,
            "created_at": work.now,
        }
        for to in dict.fromkeys(draft.to)
    ]
