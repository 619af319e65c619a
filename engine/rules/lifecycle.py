"""Which states there are, and which moves between them. A move not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.errors import Conflict

Moves = Mapping[str, frozenset[str]]


def moves(table: Mapping[str, str]) -> Moves:
    """Read a table of `state: the states it may move to`."""
    return {state: frozenset(to.split()) for state, to in table.items()}


PROJECT: Final = moves(
    {
        "draft": "running cancelled",
        "running": "suspended completed closed cancelled",
        "suspended": "running closed cancelled",
        "completed": "",
        "closed": "",
        "cancelled": "",
    }
)

#: a case (办件), from receipt to delivery; 行政许可法 art. 32 and 44
CASE: Final = moves(
    {
        "not_started": "received cancelled",
        "received": "supplement_requested accepted not_accepted out_of_scope withdrawn cancelled",
        "supplement_requested": "received withdrawn cancelled",
        # not_accepted: the acceptance is withdrawn, as a promised material never came
        "accepted": "in_decision deemed returned refused not_accepted withdrawn cancelled",
        "in_decision": "decided deemed refused returned not_accepted withdrawn cancelled",
        # passed by silence: the department is to issue the paper
        "deemed": "decided",
        "decided": "awaiting_payment delivering delivered revoked",
        "awaiting_payment": "delivering delivered revoked",
        "delivering": "delivered revoked",
        "delivered": "revoked",
        # decided on a commitment that was broken
        "revoked": "",
        "not_accepted": "received cancelled",
        "out_of_scope": "received cancelled",
        "returned": "received cancelled",
        "refused": "received cancelled",
        "withdrawn": "received cancelled",
        "cancelled": "",
    }
)

#: work drawn as a plain task of the stage: the applicant's, or a department's without a case
WORK: Final = moves(
    {"not_started": "open cancelled", "open": "done cancelled", "done": "open", "cancelled": ""}
)

TASK: Final = moves(
    {"open": "completed cancelled", "completed": "", "cancelled": ""},
)

#: a case in one of these may be applied for again; its activity waits in the stage's diagram
CLOSED_WITHOUT_RESULT: Final = frozenset(
    {"not_accepted", "out_of_scope", "returned", "refused", "withdrawn"}
)
#: a case in one of these may be withdrawn by the applicant
WITHDRAWABLE: Final = frozenset({"received", "supplement_requested", "accepted", "in_decision"})
#: a case in one of these has a clock that runs, or stands still; `open` is work without a case
CLOCK_RUNS: Final = frozenset({"accepted", "in_decision", "open"})
#: the states a diagram may give a case
CASE_STATES: Final = frozenset(CASE) - {"not_started", "cancelled", "withdrawn", "revoked"}


def check(table: Moves, state: str, to: str, what: str) -> None:
    """Raise Conflict unless the move is listed, naming the states it could move to."""
    if to not in table[state]:
        possible = ", ".join(sorted(table[state])) or "nothing: it has ended"
        text = f"{what} is {state} and cannot become {to}; possible: {possible}"
        raise Conflict(text, state=state, wanted=to)
