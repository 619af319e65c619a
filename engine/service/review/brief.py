"""A project's rounds in a few words, read within a statement about something else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select, true

from engine.service.work import Actor
from engine.store import tables as t

MARK, SEPARATOR = ":", ","
#: applicants are told of rounds in these states
TOLD = ("concluded", "closed")


@dataclass(frozen=True, slots=True)
class Brief:
    """A round of a project: which of its stage, how it is held, where it stands."""

    id: int
    stage: str
    number: int
    mode: str
    state: str
    conclusion: str
    opinion_due_on: date


def of_project(actor: Actor, project: int) -> Select[Any]:
    """Return the query of a project's rounds as one text, for `read`; NULL for none."""
    rounds = t.review_round.c
    parts: list[ColumnElement[str]] = [
        cast(rounds.id, String),
        rounds.stage,
        cast(rounds.number, String),
        rounds.mode,
        rounds.state,
        rounds.conclusion,
        cast(rounds.opinion_due_on, String),
    ]
    text = parts[0]
    for each in parts[1:]:
        text = text + MARK + each
    told = rounds.state.in_(TOLD) if actor.only("applicant") else true()
    return select(func.aggregate_strings(text, SEPARATOR)).where(rounds.project_id == project, told)


def read(text: str | None) -> list[Brief]:
    """Return the rounds of a text, the newest first."""
    found = [one(each) for each in (text or "").split(SEPARATOR) if each]
    return sorted(found, key=lambda each: -each.id)


def one(text: str) -> Brief:
    """Return one round of a text."""
    identifier, stage, number, mode, state, conclusion, due_on = text.split(MARK)
    return Brief(
        int(identifier), stage, int(number), mode, state, conclusion, date.fromisoformat(due_on)
    )
