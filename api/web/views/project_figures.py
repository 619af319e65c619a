"""A project in numbers: its light in words, the bar of its days, its stages, what holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from api.web.labels import ITEM_STATES
from api.web.views.project_names import Names
from engine.rules.calendar import BusinessCalendar
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT
from engine.service.dossier import Dossier, OpenTask
from engine.service.views import HeldBy, ItemView, ProjectView, StageView

#: the department of work that is the applicant's
APPLICANT = "APPL"
#: a bar shows at most so many days beyond the target
MOST_BEYOND = 24
#: states of an item in which nobody works on it
AT_REST = {"not_started", "cancelled", "not_taken", *CLOSED_WITHOUT_RESULT}


def light_words(view: ProjectView) -> str:
    """Return what a project's light says: how it stands to its targets; '' for its state's word."""
    if view.state not in {"running", "completed"} or view.slack_days is None:
        return ""
    window = view.window_slack_days
    if view.slack_days < 0:
        return late_words(view)
    if window is not None and window < 0:
        return outside_words(view, -window)
    if view.opened_on is not None or view.state == "completed":
        return ""
    if view.slack_days == 0:
        return str(_("预计按期，没有余量"))
    return str(_("预计提前 %(days)s 个工作日", days=view.slack_days))


def outside_words(view: ProjectView, days: int) -> str:
    """Return by how much a project misses, or missed, its window."""
    if view.opened_on is not None:
        return str(_("开工超出窗口 %(days)s 个工作日", days=days))
    return str(_("预计超出开工窗口 %(days)s 个工作日", days=days))


def late_words(view: ProjectView) -> str:
    """Return by how much a project misses, or missed, the promised total."""
    days = -(view.slack_days or 0)
    if view.opened_on is not None:
        return str(_("开工晚 %(days)s 个工作日", days=days))
    return str(_("计时预计晚 %(days)s 天", days=days))


@dataclass(frozen=True, slots=True)
class DayBar:
    """One cell a promised day, then, beyond the target, those that are used or forecast more.

    `cut` days beyond are not drawn.
    """

    within: tuple[str, ...]
    beyond: tuple[str, ...]
    cut: int


def day_bar(view: ProjectView) -> DayBar:
    """Return the bar of a project's counted days."""
    promised = view.counted_days
    last = max(view.day, view.forecast_counted_days if view.forecast_finish_on else 0)
    cells = [cell(view, number) for number in range(1, max(promised, last) + 1)]
    beyond = cells[promised:]
    return DayBar(tuple(cells[:promised]), tuple(beyond[:MOST_BEYOND]), len(beyond[MOST_BEYOND:]))


def cell(view: ProjectView, number: int) -> str:
    """Return how a counted day is drawn."""
    if number > view.day:
        goes_on = view.forecast_finish_on is not None and view.opened_on is None
        return "ahead" if goes_on and number <= view.forecast_counted_days else "spare"
    moves = view.state in {"running", "suspended"} and view.opened_on is None
    return "now" if moves and number == view.day else "used"


@dataclass(frozen=True, slots=True)
class PlanDay:
    """The plan's day of construction start, everybody's work in it.

    `days` are working days after the start; `on` and `slack` are missing before it, and `slack`
    (working days that the forecast, or the real day, is ahead of it) where there is no forecast.
    """

    days: int
    on: date | None
    slack: int | None


def plan_day(calendar: BusinessCalendar, dossier: Dossier) -> PlanDay:
    """Return when construction was to start by the plan, and how that holds."""
    on, finish_on = dossier.path.get("planned_finish_on"), dossier.view.forecast_finish_on
    slack = None
    if on is not None and finish_on is not None:
        early = finish_on <= on
        slack = calendar.between(finish_on, on) if early else -calendar.between(on, finish_on)
    return PlanDay(dossier.path["elapsed_days"], on, slack)


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage on the line: what is done, running, late and still to come, in items.

    `failed` ended without a result and may be applied for again.
    """

    stage: StageView
    name: str
    tone: str
    done: int
    running: int
    late: int
    failed: int

    @property
    def waiting(self) -> int:
        """Items nobody works on yet."""
        return max(0, self.stage.items - self.done - self.running - self.late - self.failed)


def stage_lines(dossier: Dossier, names: Names) -> list[StageLine]:
    """Return a project's stages."""
    late = {each.task.item for each in dossier.steps if each.left is not None and each.left < 0}
    return [stage_line(dossier, names, stage, late) for stage in dossier.view.stages]


def stage_line(dossier: Dossier, names: Names, stage: StageView, late: set[str]) -> StageLine:
    """Return one stage."""
    items = [each for each in dossier.view.items if each.stage == stage.id]
    open_ones = [each.id for each in items if is_open(each)]
    tones = {"completed": "done", "running": "running", "cancelled": "gone"}
    return StageLine(
        stage=stage,
        name=names.stage(stage.id),
        tone=tones.get(stage.state, "waiting"),
        done=stage.decided,
        running=sum(each not in late for each in open_ones),
        late=sum(each in late for each in open_ones),
        failed=sum(each.state in CLOSED_WITHOUT_RESULT for each in items),
    )


def is_open(item: ItemView) -> bool:
    """Tell whether somebody works on an activity, its decision still to come."""
    at_work = item.kind != "milestone" and item.decided_on is None
    return at_work and item.state not in AT_REST


@dataclass(frozen=True, slots=True)
class Hold:
    """What holds a project: the item, who has it, and since when it is too late."""

    item: str
    name: str
    department: str
    who: str
    state: str
    days_late: int
    due_on: date | None
    task: OpenTask | None

    @property
    def words(self) -> str:
        """How it stands."""
        if self.days_late:
            return str(_("逾期 %(days)s 天", days=self.days_late))
        return str(ITEM_STATES.get(self.state, self.state))


def holds(dossier: Dossier, names: Names, departments: Mapping[str, str]) -> list[Hold]:
    """Return what holds a project, the worst first."""
    items = {each.id: each for each in dossier.view.items}
    tasks = {each.task.item: each for each in reversed(dossier.steps)}
    return [
        hold(dossier, each, items[each.item], tasks.get(each.item), names, departments)
        for each in dossier.view.held_by
    ]


def hold(
    dossier: Dossier,
    held: HeldBy,
    item: ItemView,
    task: OpenTask | None,
    names: Names,
    departments: Mapping[str, str],
) -> Hold:
    """Return one thing that holds a project: a supplement is with the applicant."""
    holder = task.task.department if task else held.department
    return Hold(
        item=held.item,
        name=names.item(held.item),
        department=departments.get(holder, holder),
        who=who(dossier.view, holder, task),
        state=item.state,
        days_late=held.days_late,
        due_on=held.due_on,
        task=task,
    )


def who(view: ProjectView, holder: str, task: OpenTask | None) -> str:
    """Return the person who has a task; of the applicant's work the applicant."""
    if task is not None and task.holder:
        return task.holder
    if holder == APPLICANT:
        return view.applicant
    return str(_("无人认领")) if task else ""
