"""The form of a task: what its outcomes ask for, and what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.web.visit import Visit
from engine.rules import verdict

#: the field for further materials, one a line, beside the list of `materials`
MORE = "materials_more"


def asked(outcomes: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of a form, each with the outcomes that ask for it."""
    fields: dict[str, tuple[str, ...]] = {}
    for outcome in outcomes:
        for name in verdict.question(outcome).fields:
            fields[name] = (*fields.get(name, ()), outcome)
    return fields


def typed(visit: Visit) -> Mapping[str, str | Sequence[str]]:
    """Return what was typed, lists as lists."""
    texts = {name: visit.form.get(name, "") for name in visit.form}
    lists = {name: visit.form.getlist(name) for name in ("received", "materials")}
    lists["materials"] += visit.form.get(MORE, "").splitlines()
    return {**texts, **lists}


def answer(visit: Visit, outcome: str) -> dict[str, str | list[str]]:
    """Return what the outcome that was chosen asks for. Raises Invalid, TooLarge."""
    return verdict.answer(outcome, typed(visit))
