"""The elements of a stage's diagram as a project has them: what colours it, and says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from api.web.display import day, days_left, light_icon
from api.web.labels import ITEM_STATES, drawn, tone
from api.web.views.project_figures import is_open
from api.web.views.project_names import Names
from api.web.views.project_open import is_to_be_applied_for
from engine.rules import deadline
from engine.rules.calendar import BusinessCalendar
from engine.service.dossier import Dossier, OpenTask
from engine.service.views import ItemView
from engine.workflow.definition import Element
from engine.workflow.profile_elements import WORK
from engine.workflow.trace import Trace

LATE_ICON = "clock-exclamation"
#: how the word beside an element looks, where states of items have no such colour
LOOKS = {"yellow": "light light-yellow", "late": "light light-orange"}
#: the colour of an element by the light of its task
BY_LIGHT = {"yellow": "yellow", "orange": "late", "red": "red"}


@dataclass(frozen=True, slots=True)
class Mark:
    """An element: `state` colours it, `word` names the state, `badge` is the pill on its edge."""

    id: str
    name: str
    department: str
    state: str
    word: str
    badge: str = ""
    icon: str = ""
    href: str = ""
    work: bool = False

    @property
    def look(self) -> str:
        """The classes of the word that says the same."""
        return LOOKS.get(self.state, f"state state-{self.state}")

    @property
    def title(self) -> str:
        """Everything at once, for who points at it."""
        parts = (self.name, self.department, self.badge or self.word)
        return " · ".join(part for part in parts if part)


def marks(
    calendar: BusinessCalendar,
    dossier: Dossier,
    stage: str,
    names: Names,
    departments: Mapping[str, str],
) -> list[Mark]:
    """Return the elements of a stage, in the order of its file."""
    course = dossier.courses[stage]
    items = {each.id: each for each in dossier.view.items}
    tasks = {each.task.item: each for each in reversed(dossier.steps)}
    found = []
    for element in course.definition.elements.values():
        item = items.get(element.item) if element.tag in WORK else None
        if item is None:
            found.append(event_mark(course.trace, element, names))
        else:
            state = Shown.of(calendar, dossier, item, tasks.get(item.id))
            found.append(work_mark(element, item, state, tasks.get(item.id), names, departments))
    return found


def work_mark(
    element: Element,
    item: ItemView,
    shown: Shown,
    task: OpenTask | None,
    names: Names,
    departments: Mapping[str, str],
) -> Mark:
    """Return an item as its element shows it."""
    holder = task.task.department if task else item.department
    return Mark(
        id=element.id,
        name=names.item(item.id),
        department=departments.get(holder, holder),
        state=shown.state,
        word=str(ITEM_STATES.get(item.state, item.state)),
        badge=shown.badge,
        icon=shown.icon,
        href=f"/tasks/{task.task.id}" if task else "",
        work=True,
    )


def event_mark(way: Trace, element: Element, names: Names) -> Mark:
    """Return an event or gateway: passed, waited at, or still to come."""
    name = names.items.get(element.id) or drawn("" if element.name == element.id else element.name)
    if element.id in way.waiting:
        return Mark(element.id, name, "", "waiting", str(_("等候中")))
    if element.id in way.passed:
        return Mark(element.id, name, "", "done", str(_("已到达")))
    return Mark(element.id, name, "", "waiting", str(_("未到")))


@dataclass(frozen=True, slots=True)
class Shown:
    """How an item looks: its colour, and the pill with its icon."""

    state: str
    badge: str = ""
    icon: str = ""

    @classmethod
    def of(
        cls, calendar: BusinessCalendar, dossier: Dossier, item: ItemView, task: OpenTask | None
    ) -> Shown:
        """Read it from where the item stands."""
        if item.decided_on is not None:
            return decided(calendar, item)
        if is_to_be_applied_for(dossier, item) and tone(item.state) == "gone":
            return cls("yellow", str(ITEM_STATES[item.state]), light_icon("yellow"))
        if not is_open(item):
            state = tone(item.state)
            badge = "" if state == "waiting" else str(ITEM_STATES.get(item.state, item.state))
            return cls(state, badge, light_icon(state) if badge else "")
        if dossier.view.state == "suspended" or item.id in dossier.standing:
            return cls("paused", str(_("中止")), light_icon("paused"))
        return in_hand(item, task)


def decided(calendar: BusinessCalendar, item: ItemView) -> Shown:
    """Return the look of a decided item: when, and how late it was."""
    on, due_on = item.decided_on, item.promised_due_on
    if on is None or due_on is None or on <= due_on:
        return Shown("done", day(on), light_icon("done"))
    late = -deadline.days_left(calendar, due_on, on)
    return Shown("done", str(_("%(date)s，逾期 %(days)s 天", date=day(on), days=late)), LATE_ICON)


def in_hand(item: ItemView, task: OpenTask | None) -> Shown:
    """Return the look of an item that somebody has."""
    if task is not None and task.stuck:
        return Shown("red", str(_("出错")), light_icon("red"))
    if task is None or task.left is None:
        state = tone(item.state)
        return Shown(state, str(ITEM_STATES.get(item.state, item.state)), light_icon(state))
    icon = light_icon(str(task.light) if task.light in BY_LIGHT else "running")
    return Shown(BY_LIGHT.get(task.light, "running"), days_left(task.left), icon)
