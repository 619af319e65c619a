"""The chart of a project that has started: what happened, what is late, what is to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from api.web.gantt import account, telling
from api.web.gantt.activity import Activity, Row, after_opening, visible
from api.web.gantt.chain import Chain, Times, chain, goals_of, last_of, with_milestones
from api.web.gantt.chart import AXES, Axis, Gantt
from api.web.gantt.count import Count
from api.web.gantt.dates import Dates
from api.web.gantt.days import Days
from api.web.gantt.drawing import Goal, Sheet, draw
from api.web.gantt.flags import Line
from api.web.gantt.lines import lines_of
from api.web.gantt.plan import later_stages
from api.web.gantt.reading import Reading
from api.web.gantt.scale import Scale, preferred_width
from api.web.gantt.words import Words
from api.web.gantt.words import gettext as _
from engine.analysis.progress import DayCount
from engine.rules.calendar import BusinessCalendar
from engine.rules.procedure import OPEN, START
from engine.service.views import ItemView

#: states of a project that came to nothing
GIVEN_UP = frozenset({"closed", "cancelled"})


@dataclass(frozen=True)
class Project:
    """A report of `engine.service.projects.critical_path`, of a project that has started."""

    report: Row
    items: Mapping[str, ItemView]
    calendar: BusinessCalendar
    today: date
    words: Words
    axis: Axis = "dates"
    links: Mapping[str, str] = field(default_factory=dict)
    width: float = field(default_factory=preferred_width)

    def gantt(self) -> Gantt:
        """Return the chart."""
        activities = [account.activity(self.reading(row)) for row in visible(self.rows)]
        lines = list(lines_of(self.report, self.count, self.drawn))
        return draw(
            Sheet(
                axis=self.axis,
                axes=AXES,
                fitted=self.scale(
                    [each for each in activities if each.stage not in self.later], lines
                ),
                width=self.width,
                activities=activities,
                words=self.words,
                label=self.label(),
                caption=self.caption,
                legend=self.legend(activities),
                heads=telling.heads(telling.PROJECT_HEADS),
                links=self.chain.links,
                lines=lines,
                goal=self.goal(activities),
                later=self.later,
            )
        )

    # -- what is known of it ---------------------------------------------------------------

    @property
    def rows(self) -> list[Row]:
        found: list[Row] = self.report["activities"]
        return found

    @cached_property
    def count(self) -> Count:
        """The project's days."""
        return Count(
            days=DayCount(self.calendar, self.started_on),
            axis=self.axis,
            today=self.today,
            as_of_on=self.report["as_of_on"],
            suspended_on=self.report["suspended_on"],
            given_up=self.report["state"] in GIVEN_UP,
        )

    @cached_property
    def started_on(self) -> date:
        """The day it started."""
        start = self.items.get(START)
        known = [row["start_on"] for row in self.rows if row.get("start_on")]
        return (start.decided_on if start else None) or min(known, default=self.today)

    @property
    def opened_on(self) -> date | None:
        """The day construction started."""
        opening = self.items.get(OPEN)
        return opening.decided_on if opening else None

    @cached_property
    def chain(self) -> Chain:
        """What decides when construction starts, and after it when acceptance ends."""
        if self.report["forecast_finish_on"] is None:
            return Chain(frozenset(), ())
        known = {row["id"]: self.times(row) for row in self.rows if row.get("finish_on")}
        times = with_milestones(self.rows, known)
        beyond = after_opening(self.rows, OPEN)
        goals = goals_of(self.rows, times, beyond)
        goals += last_of(beyond, times) if not self.later else []
        return chain(self.rows, times, goals)

    def times(self, row: Row) -> Times:
        """Return the working days at whose ends an activity starts and finishes."""
        return Times(self.count.number(row["start_on"]), self.count.number(row["finish_on"]))

    # -- the rest of the chart -------------------------------------------------------------

    @cached_property
    def later(self) -> dict[str, str]:
        """Return the stages without rows, and what is said of them.

        While it is built there is nothing to see of acceptance but months of waiting.
        """
        beyond = after_opening(self.rows, OPEN)
        if any(row.get("state") == "finished" for row in self.rows if row["id"] in beyond):
            return {}
        found = later_stages(self.report)
        if self.count.given_up:
            return dict.fromkeys(found, "")
        if self.opened_on:
            since = telling.day(self.opened_on, self.today)
            return dict.fromkeys(found, _("%(date)s 开工，施工中", date=since))
        return found

    @property
    def drawn(self) -> list[Row]:
        """The activities that have rows in the drawing."""
        return [row for row in visible(self.rows) if row["stage"] not in self.later]

    def reading(self, row: Row) -> Reading:
        """Return an activity, read."""
        return Reading(
            row=row,
            item=self.items.get(row["id"]),
            count=self.count,
            words=self.words,
            critical=row["id"] in self.chain.critical,
            href=self.links.get(row["id"], ""),
            waits_for=self.waits_for(row),
        )

    def waits_for(self, row: Row) -> str:
        """Return the name of what keeps the decision of an open item waiting."""
        if row.get("state") != "open":
            return ""
        gates = set(row["decision_waits_for"])
        shut = [
            each
            for each in self.rows
            if each["id"] in gates and each.get("state") in {"open", "not_started"}
        ]
        return self.words.item(shut[0]["id"], shut[0]["name"]) if shut else ""

    def scale(self, activities: list[Activity], lines: list[Line]) -> Callable[[float], Scale]:
        """Return the axis by its width; it reaches from the start to whatever is last."""
        spans = [each for each in activities if each.spans]
        start = self.count.at(self.started_on)
        last = max([start + 1, *(each.end for each in spans), *(line.position for line in lines)])
        if self.axis == "days":
            return lambda width: Days.over(last, width)
        first_on = date.fromordinal(min([start, *(each.start for each in spans)]))
        last_on = date.fromordinal(last)
        return lambda width: Dates.over(self.calendar, first_on, last_on, width)

    def goal(self, activities: list[Activity]) -> Goal | None:
        """Return the diamond: beside what holds construction start last."""
        finish_on = self.report["forecast_finish_on"]
        before = after_opening(self.rows, OPEN)
        last = [
            each.id
            for each in activities
            if each.id in self.chain.critical and each.id not in before
        ]
        ends = {each.id: each.finish for each in activities if each.id in last}
        if finish_on is None or not ends:
            return None
        row = max(ends, key=lambda each: (ends[each], last.index(each)))
        words = self.goal_words(telling.short(finish_on))
        return Goal(row, self.count.at(finish_on), words, late=self.late_days > 0)

    @property
    def late_days(self) -> int:
        """Working days by which construction starts after its target; negative before it."""
        number, report = self.count.number, self.report
        return number(report["forecast_finish_on"]) - number(report["planned_finish_on"])

    def goal_words(self, on: str) -> str:
        """Return when construction starts and how that compares with the target."""
        given = {"date": on, "than": telling.against(self.late_days)}
        if not any(row["id"] == OPEN for row in self.rows):
            return _("预计完成 %(date)s，%(than)s", **given)
        if self.opened_on:
            return _("%(date)s 开工，%(than)s", **given)
        return _("预计开工 %(date)s，%(than)s", **given)

    def label(self) -> str:
        """Return what the chart shows, in sentences."""
        census = telling.census(str(row.get("state")) for row in visible(self.rows))
        finish_on = self.report["forecast_finish_on"]
        if finish_on is None:
            return census
        return _("%(census)s%(goal)s。", census=census, goal=self.goal_words(finish_on.isoformat()))

    @property
    def caption(self) -> str:
        """Return how to read the axis."""
        if self.axis == "dates":
            return _("灰底为休息日，“班”为调休上班日")
        return _("横轴为启动后的工作日，休息日不计")

    def legend(self, activities: list[Activity]) -> tuple[tuple[str, str], ...]:
        """Return what the looks mean, of those that occur in the drawing."""
        drawn = [each for each in activities if each.stage not in self.later]
        looks = {span.look for each in drawn for span in each.spans}
        looks |= {"outline"} if self.chain.critical else set()
        looks |= {"float"} if any(each.float_until for each in drawn) else set()
        known = {
            "outline": _("关键路径（历时，含企业、中介）"),
            "float": _("时差（天）"),
            "done": _("已办结"),
            "used": _("办理中"),
            "late": _("逾期"),
            "paused": _("不计时"),
            "waiting": _("未开始"),
            "own": _("企业、中介"),
        }
        return tuple((look, words) for look, words in known.items() if look in looks)
