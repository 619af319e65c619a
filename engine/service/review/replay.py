"""A round rebuilt from what the history says of it: nothing but its events is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Replayed:
    """A round as its events tell it."""

    state: str = ""
    stage: str = ""
    mode: str = ""
    papers: str = ""
    opinion_due_on: str = ""
    conclusion: str = ""
    reasons: str = ""
    items: list[str] = field(default_factory=list)
    participants: dict[str, str] = field(default_factory=dict)
    #: who comes for a department
    representatives: dict[str, str | None] = field(default_factory=dict)
    #: who signed for the notice
    received: set[str] = field(default_factory=set)
    #: every version by department, the newest last
    opinions: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    #: what agreements are bound to, with their states
    conditions: list[dict[str, Any]] = field(default_factory=list)
    #: questions that were raised, with how they were settled
    questions: list[dict[str, Any]] = field(default_factory=list)
    #: the applicant at the meeting: '', invited, present, absent
    guest: str = ""
    #: how far the minutes are: '', draft, signing, sealed; what the lead wrote, who signed
    minutes: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    signatures: dict[str, Mapping[str, Any]] = field(default_factory=dict)


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
    found.stage, found.mode, found.papers = data["stage"], data["mode"], data["papers"]
    found.opinion_due_on = data["opinion_due_on"]
    found.items = list(data["items"])
    found.participants = dict.fromkeys(data["departments"], "invited")


def added(found: Replayed, data: Mapping[str, Any]) -> None:
    """Ask one more department."""
    ask(found, data["department"])


def replaced(found: Replayed, data: Mapping[str, Any]) -> None:
    """Ask another department instead; what the first asked for need not be met any more."""
    found.participants[data["department"]] = "replaced"
    drop(found, data["department"])
    ask(found, data["by"])


def ask(found: Replayed, department: str) -> None:
    """Ask a department; what one said that was replaced counts again, with its conditions."""
    found.participants[department] = "invited"
    found.received.discard(department)
    found.representatives.pop(department, None)
    newest = found.opinions.get(department, [])[-1:]
    number = sum(len(each["conditions"]) for each in newest)
    own = [each for each in found.conditions if each["department"] == department]
    for each in own[len(own) - number :]:
        if each["state"] == "dropped":
            each["state"] = "open"


def received(found: Replayed, data: Mapping[str, Any]) -> None:
    """Note who signed for the notice."""
    found.received.add(data["department"])


def represented(found: Replayed, data: Mapping[str, Any]) -> None:
    """Note who comes for a department."""
    found.representatives[data["department"]] = data["user"]


def meeting_moved(found: Replayed, data: Mapping[str, Any]) -> None:
    """Let opinions be due on the day the meeting has moved to."""
    found.opinion_due_on = data["opinion_due_on"]


def on_paper(found: Replayed, data: Mapping[str, Any]) -> None:
    """Go on on paper, without the meeting."""
    found.mode = data["mode"]


def attended(found: Replayed, data: Mapping[str, Any]) -> None:
    """Note who came."""
    found.participants[data["department"]] = data["state"]


def applicant(found: Replayed, data: Mapping[str, Any]) -> None:
    """Invite the applicant, or note whether it came."""
    found.guest = data["state"]


def answered(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take an opinion; its conditions replace those of the version before."""
    department = data["department"]
    found.opinions.setdefault(department, []).append(data)
    if data["source"] == "meeting":
        found.participants[department] = "present"
    drop(found, department)
    found.conditions.extend(
        {"department": department, "state": "open", **each} for each in data["conditions"]
    )


def drop(found: Replayed, department: str | None = None) -> None:
    """Drop the open conditions of a department, None for all."""
    for each in found.conditions:
        if department in {None, each["department"]} and each["state"] == "open":
            each["state"] = "dropped"


def condition_ended(found: Replayed, data: Mapping[str, Any]) -> None:
    """End a condition."""
    names = ("department", "text", "owner")
    for each in found.conditions:
        if each["state"] == "open" and all(each[name] == data[name] for name in names):
            each["state"] = data["state"]
            return


def concluded(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take the lead's conclusion; conditions bind an approval only."""
    found.state = "concluded"
    found.conclusion, found.reasons = data["conclusion"], data["reasons"]
    if found.conclusion != "approved":
        drop(found)


def cancelled(found: Replayed, data: Mapping[str, Any]) -> None:
    """Give the round up; one of a project that has ended keeps the reasons of its conclusion."""
    found.state, found.reasons = "cancelled", data.get("reason", found.reasons)


def closed(found: Replayed, _data: Mapping[str, Any]) -> None:
    """Close the round."""
    found.state = "closed"


def raised(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take a question to the next level."""
    found.questions.append({"level": data["level"], "question": data["question"]})


def settled(found: Replayed, data: Mapping[str, Any]) -> None:
    """Settle the last question."""
    found.questions[-1]["settlement"] = data["settlement"]


def drafted(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take the lead's texts of the minutes."""
    found.minutes, found.texts = "draft", dict(data["texts"])


def sent(found: Replayed, data: Mapping[str, Any]) -> None:
    """Send the minutes out for signing."""
    found.minutes, found.texts = "signing", dict(data["texts"])


def signed(found: Replayed, data: Mapping[str, Any]) -> None:
    """Take a department's signature."""
    found.signatures[data["department"]] = data


def sealed(found: Replayed, _data: Mapping[str, Any]) -> None:
    """Seal the minutes."""
    found.minutes = "sealed"


STEPS: Mapping[str, Callable[[Replayed, Mapping[str, Any]], None]] = {
    "review.launched": launched,
    "review.participant_added": added,
    "review.participant_replaced": replaced,
    "review.received": received,
    "review.represented": represented,
    "review.meeting_moved": meeting_moved,
    "review.on_paper": on_paper,
    "review.attendance": attended,
    "review.applicant": applicant,
    "review.opinion": answered,
    "review.condition": condition_ended,
    "review.concluded": concluded,
    "review.cancelled": cancelled,
    "review.minutes_drafted": drafted,
    "review.minutes_sent": sent,
    "review.minutes_signed": signed,
    "review.minutes_sealed": sealed,
    "review.supplemented": closed,
    "review.replied": closed,
    "review.raised": raised,
    "review.settled": settled,
}
