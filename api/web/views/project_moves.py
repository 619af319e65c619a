"""What can be done with a project, and what its page asks before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from engine.service import projects
from engine.service.dossier import Dossier
from engine.service.work import Actor


@dataclass(frozen=True, slots=True)
class Move:
    """A move of a project: from which states, what it is called, what it brings about."""

    verb: Callable[..., Any]
    states: frozenset[str]
    icon: str
    word: Any
    question: Any
    effect: Any
    done: Any
    #: why must be said
    reasoned: bool = True
    danger: bool = False


MOVES: Mapping[str, Move] = {
    "start": Move(
        projects.start,
        frozenset({"draft"}),
        "player-play",
        _l("启动"),
        _l("启动这个项目？"),
        _l("从今天起计时：第一批事项送到窗口，建设单位的工作同时开始。"),
        _l("项目已启动。"),
        reasoned=False,
    ),
    "suspend": Move(
        projects.suspend,
        frozenset({"running"}),
        "player-pause",
        _l("中止办理"),
        _l("中止这个项目？"),
        _l("全部时钟停下，任务不能办理；恢复时到期日按停下的工作日顺延。"),
        _l("项目已中止，时钟停下。"),
    ),
    "resume": Move(
        projects.resume,
        frozenset({"suspended"}),
        "player-play",
        _l("恢复办理"),
        _l("恢复办理这个项目？"),
        _l("时钟从今天起继续；未到期的期限按停下的工作日顺延。"),
        _l("项目已恢复办理。"),
        reasoned=False,
    ),
    "close": Move(
        projects.close,
        frozenset({"running", "suspended"}),
        "x",
        _l("终止办理"),
        _l("终止这个项目？"),
        _l("项目不再建设：未办结的事项全部取消，已办结的保留。终止后不能恢复。"),
        _l("项目已终止。"),
        danger=True,
    ),
    "cancel": Move(
        projects.cancel,
        frozenset({"draft", "running", "suspended"}),
        "trash",
        _l("撤销登记"),
        _l("撤销这个项目？"),
        _l("项目登记有误，本不该立项：未办结的事项全部取消。撤销后不能恢复。"),
        _l("项目已撤销。"),
        danger=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What the visitor is asked to confirm, as the page shows it."""

    action: str
    title: str
    effect: str
    button: str
    icon: str
    reasoned: bool = True
    danger: bool = False
    #: the version of the project is sent with it
    versioned: bool = True
    #: what went wrong, of a step that is to be tried again
    cause: str = ""
    #: values may be corrected
    correctable: bool = False


def offered(actor: Actor, found: Dossier) -> list[tuple[str, Move]]:
    """Return the moves a visitor may make of a project now, by name."""
    coordinates, owns = actor.has("coordinator"), actor.owns(found.row)
    return [
        (name, move)
        for name, move in MOVES.items()
        if found.view.state in move.states and (coordinates or (owns and name == "start"))
    ]
