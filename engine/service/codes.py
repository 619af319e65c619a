"""The public codes of projects: derived from when they were opened and their ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from engine.rules.code import parse_code, project_code
from engine.service.work import Work
from engine.store import tables as t

#: the years that instants can be compared in, everywhere
YEARS = range(1970, 9999)


def code_of(work: Work, row: Mapping[str, Any], key: str = "id") -> str:
    """Return the code of a project, by its `created_at` and its id under a key."""
    created_on = row["created_at"].astimezone(work.settings.zone).date()
    return project_code(work.settings.code_prefix, created_on, row[key])


def matches(work: Work, text: str) -> ColumnElement[bool]:
    """Return the condition of the projects whose name, applicant or code is like a text."""
    names = (t.project.c.name, t.project.c.applicant)
    like = (each.icontains(text, autoescape=True) for each in names)
    return or_(has_code(work, text), *like)


def has_code(work: Work, text: str) -> ColumnElement[bool]:
    """Return the condition of the project whose code a text is."""
    parsed = parse_code(work.settings.code_prefix, text)
    if parsed is None or parsed[0] not in YEARS:
        return false()
    year, identifier = parsed
    first, last = (datetime(each, 1, 1, tzinfo=work.settings.zone) for each in (year, year + 1))
    opened_at = t.project.c.created_at
    return (t.project.c.id == identifier) & (opened_at >= first) & (opened_at < last)
