"""A round of a joint review as it is recorded: who is asked, and what each answered last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.rules.joint_review import OpinionKind, ReviewRules, Voice, own_due_on
from engine.service.access import Row
from engine.service.clock import questions
from engine.service.clock.questions import CONCLUDE
from engine.service.work import Work
from engine.store import tables as t

#: participants in one of these states are asked no more
GONE = frozenset({"replaced"})
APPLICANT = "APPL"
#: the step in which a department issues the opinion its silence stood for
ISSUE = "issue-opinion"
#: the step in which who a question was raised to settles it
SETTLE = "settle"


@dataclass(slots=True)
class ReviewSheet:
    """One round; `opinions` are the newest of each department."""

    row: Row
    items: tuple[str, ...] = ()
    participants: dict[str, Row] = field(default_factory=dict)
    opinions: dict[str, Row] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The round's id."""
        return int(self.row["id"])

    @property
    def asked(self) -> list[Row]:
        """Whoever is asked, in the order of their departments."""
        return [each for each in self.participants.values() if each["state"] not in GONE]

    def voices(self) -> list[Voice]:
        """Return the participants as closing sees them."""
        return [
            Voice(each["department"], self.kind_of(each["department"]), guarded=each["guarded"])
            for each in self.asked
        ]

    def kind_of(self, department: str) -> OpinionKind | None:
        """Return what a department answered last; None where it did not."""
        found = self.opinions.get(department)
        return None if found is None else OpinionKind(found["kind"])

    def participant_of(self, instance: str) -> Row | None:
        """Return the participant whose opinion an instance runs; None for the round's own."""
        found = (each for each in self.participants.values() if each["instance_id"] == instance)
        return next(found, None)


def read(work: Work, identifier: int) -> ReviewSheet:
    """Return a round. Raises NotFound."""
    found = sheets(work, [identifier])
    if identifier not in found:
        raise NotFound(f"there is no joint review {identifier}", round=identifier)
    return found[identifier]


def project_of(work: Work, identifier: int) -> int:
    """Return the project of a round. Raises NotFound."""
    query = select(t.review_round.c.project_id).where(t.review_round.c.id == identifier)
    found: int | None = work.db.execute(query).scalar()
    if found is None:
        raise NotFound(f"there is no joint review {identifier}", round=identifier)
    return found


def sheets(work: Work, identifiers: list[int]) -> dict[int, ReviewSheet]:
    """Return several rounds by their ids."""
    rounds, items = t.review_round, t.review_item
    query = select(rounds).where(rounds.c.id.in_(identifiers)).order_by(rounds.c.id)
    found = {row["id"]: ReviewSheet(dict(row)) for row in work.db.execute(query).mappings()}
    of_items = select(items).where(items.c.round_id.in_(found)).order_by(items.c.item)
    for row in work.db.execute(of_items).mappings():
        found[row["round_id"]].items += (row["item"],)
    for each in rows_of(work, t.review_participant, found, "department"):
        found[each["round_id"]].participants[each["department"]] = each
    for each in rows_of(work, t.opinion, found, "version"):
        found[each["round_id"]].opinions[each["department"]] = each
    return found


def rows_of(work: Work, table: Any, rounds: Mapping[int, Any], order: str) -> list[Row]:
    """Return the rows of a table that belong to rounds, in an order."""
    query = select(table).where(table.c.round_id.in_(rounds)).order_by(table.c[order])
    return [dict(row) for row in work.db.execute(query).mappings()]


@dataclass(frozen=True, slots=True)
class Due:
    """Whose a task of a round is, and until when; without `roles` those its diagram names.

    `stopped_on`: since when it waits for what was raised.
    """

    department: str
    due_on: date | None
    days: int | None
    roles: tuple[str, ...] = ()
    stopped_on: date | None = None


def opinion_due(sheet: ReviewSheet, work: Work) -> date:
    """Return until when who is asked now answers; after the launch it has days of its own."""
    due_on: date = sheet.row["opinion_due_on"]
    if work.now <= sheet.row["opened_at"]:
        return due_on
    rules, complex_case = work.rules.joint_review, sheet.row["complex"]
    return own_due_on(work.calendar, work.today, due_on, rules, complex_case=complex_case)


def due(sheet: ReviewSheet, element: str, instance: str, work: Work) -> Due:
    """Return whose a task of a round is, and until when it is to be done."""
    calendar, today, rules = work.calendar, work.today, work.rules.joint_review
    participant = sheet.participant_of(instance)
    if participant is not None and element == ISSUE:
        on = calendar.add(today, rules.issue_days)
        return Due(participant["department"], on, rules.issue_days)
    if participant is not None:
        due_on = max(opinion_due(sheet, work), today)
        return Due(participant["department"], due_on, calendar.between(today, due_on))
    if element == SETTLE:
        place, roles = place_of(open_level(work, sheet.id), sheet.row["lead"])
        return Due(place, calendar.add(today, rules.settle_days), rules.settle_days, roles)
    days = {
        CONCLUDE: conclude_days(sheet, rules),
        "minutes": rules.minutes_days,
        "reply": rules.reply_days,
    }.get(element)
    if days is None:
        return Due(sheet.row["lead"], None, None)
    stopped_on = questions.open_since(work, sheet.id) if element == CONCLUDE else None
    return Due(sheet.row["lead"], calendar.add(today, days), days, stopped_on=stopped_on)


def conclude_days(sheet: ReviewSheet, rules: ReviewRules) -> int:
    """Return the days until a conclusion: over a disagreement as many as until it is raised."""
    disputed = any(voice.kind is OpinionKind.DISAGREE for voice in sheet.voices())
    return max(rules.raise_days, rules.reply_days) if disputed else rules.reply_days


def open_level(work: Work, identifier: int) -> str:
    """Return the level the open question of a round is with."""
    table = t.escalation.c
    query = select(table.level).where(table.round_id == identifier, table.settled_on.is_(None))
    return str(work.db.execute(query).scalar_one())


def place_of(level: str, lead: str) -> tuple[str, tuple[str, ...]]:
    """Return whose task a question at a level is: a department, '' for none, and roles there."""
    return {
        "lead": (lead, ("clerk", "reviewer", "head")),
        "named_department": ("", ("coordinator",)),
        "government": ("", ("head",)),
    }[level]
