"""What became of a base's items in a scenario: the marks on both diagrams, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web import lab_words
from api.web.gantt import Words
from api.web.gantt.words import gettext as _
from engine.analysis.reengineering import marks as reengineering
from engine.analysis.reengineering.change import ChangeKind
from engine.analysis.reengineering.marks import MARK_OF, Mark
from engine.analysis.reengineering.scenario import Played

Row = Mapping[str, Any]
ADDED, REMOVED, MOVED, CHANGED = Mark.ADDED, Mark.REMOVED, Mark.MOVED, Mark.CHANGED
#: what each mark is called, and its icon
MARKS: Mapping[str, tuple[Any, str]] = {
    REMOVED: (_l("取消或并入"), "x"),
    MOVED: (_l("次序变动"), "arrows-exchange"),
    CHANGED: (_l("天数或办法变动"), "pencil"),
    ADDED: (_l("新增"), "plus"),
}
#: changes that are told in numbers, before others
DAYS = frozenset({"promise", "expectation"})


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of an item: which mark it bears, in few words and in sentences."""

    state: str
    badge: str
    sentences: tuple[str, ...]

    @property
    def icon(self) -> str:
        """The icon of the mark."""
        return MARKS[self.state][1]

    @property
    def word(self) -> str:
        """What the mark is called."""
        return str(MARKS[self.state][0])


def marks(played: Played, changes: Iterable[Row], words: Words) -> dict[str, Marked]:
    """Return the marks of the base's items by id."""
    found: dict[str, list[Row]] = {}
    for each in changes:
        if ChangeKind(each["kind"]) in MARK_OF:
            found.setdefault(each["item"], []).append(each)
    states = reengineering.marks(played)["before"]
    return {item: marked(state, found.get(item, []), words) for item, state in states.items()}


def marked(state: Mark, rows: list[Row], words: Words) -> Marked:
    """Return the mark of one item with its words."""
    told = sorted(rows, key=lambda each: each["kind"] not in DAYS)
    badges = [badge(each) for each in told if MARK_OF[ChangeKind(each["kind"])] in (state, CHANGED)]
    sentences = tuple(lab_words.change(each, words) for each in rows)
    return Marked(state, next(filter(None, badges), waits(state)), sentences)


def waits(state: Mark) -> str:
    """Return the badge of an item of which no change tells: it waits for more than before."""
    return _("改等") if state is MOVED else ""


def badge(row: Row) -> str:
    """Return a change in a word or two."""
    detail = row["detail"]
    if row["kind"] in DAYS:
        return _("%(before)s → %(after)s 天", **detail)
    if row["kind"] == "merged":
        return _("并入 %(into)s", into=detail["into"])
    if row["kind"] in BEHIND:
        return lab_words.operation_word(BEHIND[row["kind"]])
    return str(BADGES.get(row["kind"], ""))


#: by kind of change: a word of its own, or that of the operation behind it
BADGES: Mapping[str, Any] = {"earlier": _l("提前"), "takes_in": _l("一并办理")}
BEHIND: Mapping[str, str] = {
    "dropped": "drop",
    "moved": "move_to_post",
    "convenes": "joint_review",
    "commitment": "commitment",
}
