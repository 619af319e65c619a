"""What an operation is called that nobody named: in both languages, of what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.rules.catalogue import Item, Name

Row = Mapping[str, Any]
#: a name of an operation has at most so many letters
LONGEST = 200


def name_of(operation: Row, items: Mapping[str, Item], before: int | None) -> dict[str, str]:
    """Return the name of an operation; `before` are the days its item takes now."""
    zh, en = PATTERNS[operation["kind"]]
    told = {"days": operation.get("days"), "before": before}
    told["check"] = operation.get("check_days")
    return {
        "zh": zh.format(**told, **named(operation, items, zh_of, "、"))[:LONGEST],
        "en": en.format(**told, **named(operation, items, en_of, ", "))[:LONGEST],
    }


def named(
    operation: Row, items: Mapping[str, Item], say: Callable[[Name], str], comma: str
) -> dict[str, str]:
    """Return the names of the items an operation is about, in one language."""

    def listed(ids: Sequence[str]) -> str:
        return comma.join(say(items[each].name) if each in items else each for each in ids)

    return {
        "item": listed([operation["item"]]),
        "absorb": listed(operation.get("absorb", [])),
        "waits": listed(operation.get("predecessors", [])),
        "gone": listed(operation.get("remove_from", [])),
    }


def zh_of(name: Name) -> str:
    """Return a name in Chinese."""
    return name.zh


def en_of(name: Name) -> str:
    """Return a name in English, in Chinese where it has none."""
    return name.en or name.zh


#: in Chinese and in English, by kind
PATTERNS: Mapping[str, tuple[str, str]] = {
    "shorten": ("{item} {before}→{days} 天", "{item} in {days} days instead of {before}"),
    "merge": ("{absorb}并入{item}", "{absorb} goes into {item}"),
    "drop": ("取消{item}", "{item} is asked for no more"),
    "parallelise": ("{item}只等{waits}", "{item} waits for {waits} alone"),
    "move_to_post": ("{item}不再前置于{gone}", "{item} no longer holds up {gone}"),
    "joint_review": (
        "{item}联审 {before}→{days} 天",
        "{item} by joint review in {days} days instead of {before}",
    ),
    "commitment": (
        "{item}告知承诺，{check} 天内核查",
        "{item} on commitment, checked within {check} days",
    ),
}
