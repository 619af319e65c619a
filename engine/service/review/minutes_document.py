"""Minutes and the reply as Word documents, from the city's templates; in Chinese, as offices write.

`bpmn/minutes-template.docx` and `bpmn/reply-template.docx` may be edited in Word; a city without
one of its own has that of the service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from engine.rules import minutes as words
from engine.rules.minutes import Content, MinutesState
from engine.service.review.template import NONE, Lists, Names, fill, read
from engine.settings import Settings

MINUTES, REPLY = "minutes-template.docx", "reply-template.docx"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATES: Mapping[str, str] = {
    "": "草稿",
    MinutesState.DRAFT: "草稿",
    MinutesState.SIGNING: "会签稿",
    MinutesState.SEALED: "",
}
ROUND_TEXTS = frozenset(
    {
        *("project", "code", "applicant", "stage", "round", "mode", "items", "papers", "lead"),
        *("time", "place", "convenor", "noticed_on", "opinion_due_on"),
        *("conclusion", "reasons", "concluded_on", "concluded_by", "materials"),
    }
)
CONDITION = frozenset({"text", "owner", "due_on", "department", "state"})
NAMES: Mapping[str, Names] = {
    MINUTES: Names(
        ROUND_TEXTS
        | {
            *("present", "absent", "excused", "deemed", "opening", "discussion", "remarks"),
            *("sign_by_on", "reply_due_on", "unsigned", "sealed_on", "signed_hash", "state"),
            *("follows", "guests"),
        },
        {
            "item": frozenset({"name", "department"}),
            "participant": frozenset(
                {"department", "attendance", "representative", "note", "deemed"}
            ),
            "opinion": frozenset(
                {
                    *("department", "kind", "text", "legal_basis", "required", "materials"),
                    *("source", "cause", "given_by", "given_on", "version", "whole"),
                }
            ),
            "condition": CONDITION,
            "material": frozenset({"name"}),
            "question": frozenset(
                {"level", "question", "raised_on", "settled_on", "settled_by", "settlement"}
            ),
            "signature": frozenset({"department", "signed_by", "signed_on", "remark"}),
        },
    ),
    REPLY: Names(
        ROUND_TEXTS | {"number", "text", "replied_on", "replied_by", "state"},
        {
            "item": frozenset({"name", "department"}),
            "condition": CONDITION,
            "material": frozenset({"name"}),
        },
    ),
}


def template(settings: Settings, name: str) -> Path:
    """Return where a template is: the city's own, or else that of the service."""
    own = settings.bpmn_dir / name
    return own if own.is_file() else Settings().bpmn_dir / name


def check(settings: Settings) -> None:
    """Raise BadTemplate where a template of the city cannot be used."""
    for name, known in NAMES.items():
        read(template(settings, name), known)


def minutes(settings: Settings, content: Content, state: str) -> bytes:
    """Return minutes as a file. Raises BadTemplate."""
    document = read(template(settings, MINUTES), NAMES[MINUTES])
    texts = {**round_texts(content), **attendance(content), **content["texts"]}
    return fill(document, shown({**texts, **ending(content, state)}), minutes_lists(content))


def reply(settings: Settings, content: Content, given: Mapping[str, str]) -> bytes:
    """Return the reply to the applicant as a file; `given` is its number, text, day, and author.

    Raises BadTemplate.
    """
    document = read(template(settings, REPLY), NAMES[REPLY])
    lists = {name: lines for name, lines in round_lists(content).items() if name != "question"}
    return fill(document, shown({**round_texts(content), **given}), lists)


def shown(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts for a document: what is empty says so, but for marks."""
    return {
        name: text if text or name in {"state", "text"} else NONE for name, text in texts.items()
    }


# -- texts ----------------------------------------------------------------------------------------


def round_texts(content: Content) -> dict[str, str]:
    """Return what both documents say of a round."""
    row, project, meeting = content["round"], content["project"], content["meeting"]
    conclusion = content["conclusion"] or {}
    return {
        "project": project["name"],
        "code": project["code"],
        "applicant": project["applicant"],
        "stage": row["stage_name"],
        "round": str(row["number"]),
        "mode": words.MODES[row["mode"]],
        "items": "、".join(each["item"] for each in content["items"]),
        "papers": row["papers"],
        "lead": content["lead"]["name"],
        "time": span(meeting) if meeting else "书面征求意见，未召开会议",
        "place": meeting["place"] if meeting else "",
        "convenor": content["convenor_name"],
        "noticed_on": day(row["noticed_on"]),
        "opinion_due_on": day(row["opinion_due_on"]),
        "conclusion": words.CONCLUSIONS.get(conclusion.get("kind", ""), ""),
        "reasons": conclusion.get("reasons", ""),
        "concluded_on": day(conclusion.get("concluded_at", "")),
        "concluded_by": conclusion.get("concluded_by_name", ""),
        "materials": "、".join(content["materials"]),
    }


def attendance(content: Content) -> dict[str, str]:
    """Return who came, who did not, and whose silence counted, by name."""
    asked = content["participants"]
    states = ("present", "absent", "excused")
    found = {name: listed(each for each in asked if each["state"] == name) for name in states}
    guests = (
        f"{each['name']}（{words.GUESTS[each['state']]}）" for each in content.get("guests", [])
    )
    deemed = listed(each for each in asked if each["deemed"])
    return {**found, "deemed": deemed, "guests": "、".join(guests)}


def listed(found: Iterable[Mapping[str, Any]]) -> str:
    """Return departments as one text."""
    return "、".join(each["name"] for each in found)


def ending(content: Content, state: str) -> dict[str, str]:
    """Return how minutes were signed and sealed, and what follows."""
    reply_due_on = day((content["conclusion"] or {}).get("reply_due_on", ""))
    return {
        "sign_by_on": day(content.get("sign_by_on", "")),
        "reply_due_on": reply_due_on,
        "follows": follows(content["conclusion"], reply_due_on),
        "unsigned": listed(content.get("unsigned", [])),
        "sealed_on": day(content.get("sealed_at", "")),
        "signed_hash": words.signed_hash(content) if state not in {"", "draft"} else "",
        "state": STATES[state],
    }


def follows(conclusion: Mapping[str, Any] | None, reply_due_on: str) -> str:
    """Return what follows a conclusion, '' before it."""
    if conclusion is None:
        return ""
    return words.REPLY_FOLLOWS.format(reply_due_on) if reply_due_on else words.NOTICED


def day(text: str) -> str:
    """Return a date or an instant as a document writes the day, '' for none."""
    if not text:
        return ""
    on = date.fromisoformat(text[:10])
    return f"{on.year}年{on.month}月{on.day}日"


def span(meeting: Mapping[str, str]) -> str:
    """Return when a meeting was, in words."""
    starts, ends = (datetime.fromisoformat(meeting[name]) for name in ("starts_at", "ends_at"))
    return f"{day(meeting['starts_at'])} {starts:%H:%M}—{ends:%H:%M}"


# -- lists ----------------------------------------------------------------------------------------


def round_lists(content: Content) -> dict[str, Sequence[Mapping[str, str]]]:
    """Return what both documents list."""
    return {
        "item": [{"name": each["item"], "department": each["name"]} for each in content["items"]],
        "condition": [condition(each) for each in content["conditions"]],
        "material": [{"name": each} for each in content["materials"]],
        "question": [question(each) for each in content["questions"]],
    }


def minutes_lists(content: Content) -> Lists:
    """Return what minutes list."""
    circulated = content["meeting"] is None
    return {
        **round_lists(content),
        "participant": [participant(each, circulated) for each in content["participants"]],
        "opinion": [opinion(each) for each in content["opinions"]],
        "signature": signatures(content),
    }


def condition(each: Mapping[str, str]) -> dict[str, str]:
    """Return a condition as a line."""
    return {
        "text": each["text"],
        "owner": each["owner"],
        "due_on": day(each["due_on"]),
        "department": each["name"],
        "state": words.CONDITIONS[each["state"]],
    }


def question(each: Mapping[str, str]) -> dict[str, str]:
    """Return a question and how it was settled as a line."""
    return {
        "level": words.LEVELS[each["level"]],
        "question": each["question"],
        "raised_on": day(each["raised_on"]),
        "settled_on": day(each["settled_on"]),
        "settled_by": each["settled_by_name"],
        "settlement": each["settlement"],
    }


def participant(each: Mapping[str, str], circulated: bool) -> dict[str, str]:  # noqa: FBT001
    """Return a department that was asked as a line."""
    state = each["state"]
    written = circulated and state == "invited"
    return {
        "department": each["name"],
        "attendance": "书面" if written else words.ATTENDANCE[state],
        "representative": each["representative_name"],
        "note": each["note"],
        "deemed": words.CAUSES.get(each["deemed"], ""),
    }


def opinion(each: Mapping[str, Any]) -> dict[str, str]:
    """Return an opinion as a line; `whole` is all it says, in lines."""
    told = {name: each[name] for name in ("text", "legal_basis", "required")}
    told["materials"] = "、".join(each["materials"])
    return {
        **told,
        "department": each["name"],
        "kind": words.KINDS[each["kind"]],
        "source": words.SOURCES[each["source"]],
        "cause": words.CAUSES.get(each["cause"], ""),
        "given_by": each["given_by_name"] if each["kind"] != "deemed_agree" else "",
        "given_on": day(each["given_at"]),
        "version": str(each["version"]),
        "whole": whole(told, words.CAUSES.get(each["cause"], "")),
    }


def whole(told: Mapping[str, str], cause: str) -> str:
    """Return all that an opinion says, in lines."""
    lines = {
        "": cause,
        "意见：": told["text"],
        "依据：": told["legal_basis"],
        "要求：": told["required"],
        "需补正：": told["materials"],
    }
    return "\n".join(f"{name}{text}" for name, text in lines.items() if text)


def signatures(content: Content) -> list[Mapping[str, str]]:
    """Return who signed as lines, and whoever is to sign but did not."""
    given = {each["department"]: each for each in content.get("signatures", [])}
    line: Callable[[Mapping[str, str]], dict[str, str]] = signature
    return [line(given.get(each["department"], each)) for each in content["signers"]]


def signature(each: Mapping[str, str]) -> dict[str, str]:
    """Return a signature as a line, empty where it is not there."""
    return {
        "department": each["name"],
        "signed_by": each.get("signed_by_name", ""),
        "signed_on": day(each.get("signed_at", "")),
        "remark": each.get("remark", ""),
    }
