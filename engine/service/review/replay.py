"""A round rebuilt from what the history says of it: nothing but its events is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Replayed:
    """A round as its events tell it."""

    state: str = ""
    conclusion: str = ""
    reasons: str = ""
    items: list[str] = field(default_factory=list)
    participants: dict[str, str] = field(default_factory=dict)
    #: every version by department, the newest last
    opinions: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    #: questions that were raised, with how they were settled
    questions: list[dict[str, Any]] = field(default_factory=list)


def replay(events: Iterable[tuple[str, Mapping[str, Any]]]) -> Replayed:
    """Return the round that events of it, by name and data in their order, amount to."""
    found = Replayed()
    for name, data in events:
        step = STEPS.get(name)
        if step is not None:
            step(found, data)
    return found


def launched(found: Replayed, data: Mapping[str, Any]) -> None:
    """Begin the round."""
    found.state = "open"
    found.items = list(data["items"])
    found.participants = dict.fromkeys(data["departments"], "invited")


def added(found: Replayed, data: Mapping[str, Any]) -> None:
    """Ask one more department."""
    found.participants[data["department"]] = "invited"


def replaced(found: Replayed, data: Mapping[str, Any]) -> None:
    """Ask another department instead."""
    found.participants[data["department"]] = "replaced"
    found.participants[data["by"]] = "invited"


def attended(found: Replayed, data: Mapping[str, Any]) -> None:
    """Note who came."""
    found.participants[data["department"]] = data["state"]


def answered(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take an opinion."""
    found.opinions.setdefault(data["department"], []).append(data)
    if data["source"] == "meeting":
        found.participants[data["department"]] = "present"


def concluded(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take the lead's conclusion."""
    found.state = "concluded"
    found.conclusion, found.reasons = data["conclusion"], data["reasons"]


def cancelled(found: Replayed, data: Mapping[str, Any]) -> None:
    """Give the round up."""
    found.state, found.reasons = "cancelled", data["reason"]


def closed(found: Replayed, _data: Mapping[str, Any]) -> None:
    """Close the round."""
    found.state = "closed"


def raised(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take a question to the next level."""
    found.questions.append({"level": data["level"], "question": data["question"]})


def settled(found: Replayed, data: Mapping[str, Any]) -> None:
    """Settle the last question."""
    found.questions[-1]["settlement"] = data["settlement"]


STEPS: Mapping[str, Callable[[Replayed, Mapping[str, Any]], None]] = {
    "review.launched": launched,
    "review.participant_added": added,
    "review.participant_replaced": replaced,
    "review.attendance": attended,
    "review.opinion": answered,
    "review.concluded": concluded,
    "review.cancelled": cancelled,
    "review.supplemented": closed,
    "review.replied": closed,
    "review.raised": raised,
    "review.settled": settled,
}
