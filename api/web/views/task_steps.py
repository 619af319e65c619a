"""The five steps of a case (办件) as the page draws them: what is done, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.display import zone
from api.web.labels import ITEM_STATES
from engine.service.desk import Desk

#: each step: its word, its icon, and the date of the case on which it was done
STEPS: tuple[tuple[str, Any, str, str], ...] = (
    ("receive", _l("收件"), "inbox", "received_on"),
    ("accept", _l("受理"), "file-check", "accepted_on"),
    ("review", _l("审查"), "clipboard-check", "reviewed_on"),
    ("decide", _l("决定"), "gavel", "decided_on"),
    ("deliver", _l("发证"), "certificate", "delivered_on"),
)
#: the review is done, but the decision waits for other items
GATED = "gated"
#: at which step a case is in a state, how that looks, and what is said of it there
PLACES: Mapping[str, tuple[int, str, Any]] = {
    "received": (1, "running", ""),
    "supplement_requested": (1, "paused", ITEM_STATES["supplement_requested"]),
    "not_accepted": (1, "red", ITEM_STATES["not_accepted"]),
    "out_of_scope": (1, "red", ITEM_STATES["out_of_scope"]),
    "accepted": (2, "running", ""),
    "returned": (2, "red", ITEM_STATES["returned"]),
    GATED: (3, "paused", _l("等前置办结")),
    "in_decision": (3, "running", ""),
    "deemed": (3, "running", ITEM_STATES["deemed"]),
    "refused": (3, "red", ITEM_STATES["refused"]),
    "decided": (4, "running", ""),
    "awaiting_payment": (4, "running", ITEM_STATES["awaiting_payment"]),
    "delivering": (4, "running", ""),
    "delivered": (5, "done", ""),
    "revoked": (4, "red", ITEM_STATES["revoked"]),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step: `tone` is done, running, paused, red, gone or waiting; `said` what it adds."""

    id: str
    word: Any
    icon: str
    tone: str
    on: date | None
    said: Any = ""

    @property
    def current(self) -> bool:
        return self.tone in {"running", "paused", "red"}


def steps(desk: Desk) -> tuple[Step, ...]:
    """Return the steps of a task's case; none for work that has no case, or of one long over."""
    if not desk.step or desk.past:
        return ()
    dates = dates_of(desk)
    at, tone, said = place(desk, dates)
    return tuple(
        Step(
            identifier,
            word,
            icon,
            "done" if number < at else tone if number == at else "waiting",
            dates[identifier] if number <= at else None,
            said if number == at else "",
        )
        for number, (identifier, word, icon, _stamp) in enumerate(STEPS)
    )


def place(desk: Desk, dates: Mapping[str, date | None]) -> tuple[int, str, Any]:
    """Return where a case is; one that was withdrawn stays where it had come to."""
    state = str(desk.case["state"])
    if state == "accepted" and desk.case["reviewed_on"]:
        state = GATED
    if state in PLACES:
        return PLACES[state]
    come = sum(on is not None for on in dates.values())
    return come, "gone", ITEM_STATES.get(state, "")


def dates_of(desk: Desk) -> Mapping[str, date | None]:
    """Return the day on which each step was done; the review's is that of its answer."""
    found: dict[str, date | None] = {name: desk.case[stamp] for name, _w, _i, stamp in STEPS}
    review = desk.answer("review")
    if review is not None:
        found["review"] = review.at.astimezone(zone()).date()
    return found
