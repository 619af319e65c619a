"""A scenario's states, and why it may not be changed, proposed or approved just now."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from engine.errors import Conflict, Forbidden
from engine.rules.lifecycle import Moves, moves


class State(StrEnum):
    """How far a scenario is."""

    DRAFT = "draft"
    #: waits for a second person
    PROPOSED = "proposed"
    #: deployed as a version
    APPROVED = "approved"
    REJECTED = "rejected"


#: who changes a rejected scenario makes a draft of it again
SCENARIO: Final[Moves] = moves(
    {
        "draft": "proposed",
        "proposed": "draft approved rejected",
        "approved": "",
        "rejected": "draft proposed",
    }
)
EDITABLE: Final = frozenset({State.DRAFT, State.REJECTED})


class NotEditable(Conflict):
    """A scenario that is proposed or approved is changed no more."""

    code = "scenario_fixed"
    remedy = "Withdraw the proposal, or change a copy."


class BaseOutdated(Conflict):
    """The procedure has a newer version than the one the scenario stands on."""

    code = "scenario_outdated"
    remedy = "Rebase the scenario on the newest version, look at its effect, and go on."


class OperationUnlawful(Conflict):
    """The operation breaks the law in itself: it may stand in the list, switched off."""

    code = "operation_unlawful"
    remedy = "Switch the operation off, or change it so that the article named is kept."


class NotProposable(Conflict):
    """The scenario breaks the law, is in conflict with itself, or changes nothing."""

    code = "scenario_not_proposable"
    remedy = "See its effect: every breach and conflict named there must be gone."


class SecondPerson(Forbidden):
    """A proposal is decided by another person than who made it, or wrote it last."""

    code = "second_person"
    remedy = "Ask another analyst, or an administrator, to look at it."


def is_second(name: str, *, proposed_by: str | None, updated_by: str) -> bool:
    """Whether a person decides on a proposal: neither who proposed nor who last wrote it."""
    return name not in {proposed_by, updated_by}
