"""Charts on paper: a procedure, or a project that has not started. Days count from the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from api.web.gantt import bars, telling
from api.web.gantt.activity import OWN, Activity, Note, Row, after_opening, spans, visible
from api.web.gantt.chain import Link, Times, chain, goals_of, with_milestones
from api.web.gantt.chart import Gantt
from api.web.gantt.days import Days
from api.web.gantt.drawing import Sheet, draw
from api.web.gantt.flags import Line
from api.web.gantt.scale import preferred_width
from api.web.gantt.words import Words
from api.web.gantt.words import gettext as _
from engine.rules.procedure import OPEN

View = Literal["counted", "elapsed"]
#: how the keys of a report begin for a view
PREFIXES: Mapping[View, str] = {"counted": "", "elapsed": "elapsed_"}


@dataclass(frozen=True)
class Plan:
    """A report of `engine.analysis.critical_path`, seen in one view.

    `paper`: critical bars are solid ink, as of a procedure; else they are white and wait, as of
    a project, and stages after construction start are only mentioned. So they are where it shows
    the way to construction start, `opening`; its axis reaches to day `least` at least.
    """

    report: Row
    words: Words
    view: View = "elapsed"
    links: Mapping[str, str] = field(default_factory=dict)
    paper: bool = True
    width: float = field(default_factory=preferred_width)
    opening: bool = False
    least: int = 1

    def gantt(self) -> Gantt:
        """Return the chart."""
        return draw(self.sheet())

    def sheet(self) -> Sheet:
        """Return what is to be drawn."""
        activities = [self.activity(row) for row in self.rows]
        later = later_stages(self.report, self.view) if self.opening or not self.paper else {}
        kept = [each for each in activities if each.stage not in later]
        lines = self.lines(accepted=not later)
        last = max([each.end for each in kept] + [line.position for line in lines], default=1)
        last = max(last, self.least)
        return Sheet(
            axis="days",
            axes=("days",),
            fitted=lambda width: Days.over(last, width),
            width=self.width,
            activities=activities,
            words=self.words,
            label=self.label(len(kept if self.opening else activities)),
            caption=self.caption,
            legend=self.legend(activities),
            heads=telling.heads(telling.PLAN_HEADS),
            links=() if self.paper else self.arrows(),
            lines=lines,
            later=later,
        )

    # -- activities ------------------------------------------------------------------------

    @property
    def rows(self) -> list[Row]:
        """The activities that have a row; on the way to construction start what counts."""
        found = visible(self.report["activities"])
        all_count = not self.opening or self.view == "elapsed"
        return found if all_count else [row for row in found if row["kind"] not in OWN]

    def of(self, row: Row, key: str) -> int:
        """Return a number of an activity in this view."""
        return int(row[PREFIXES[self.view] + key])

    def activity(self, row: Row) -> Activity:
        """Return an activity's row."""
        start, latest = self.of(row, "earliest_start"), self.of(row, "latest_finish")
        counted = self.view == "elapsed" or row["kind"] not in OWN
        done = start + row["days"] if counted else start
        critical, look = self.of(row, "critical") == 1, self.look(row)
        spare = self.of(row, "total_float")
        notes = [] if counted else [Note(_("不计时"))]
        return Activity(
            id=row["id"],
            name=self.words.item(row["id"], row["name"]),
            department=self.words.department(row["department"]),
            stage=row["stage"],
            look=look,
            spans=spans((look, start, done), ("held", done, self.of(row, "earliest_finish"))),
            critical=critical,
            float_until=latest if spare else None,
            notes=tuple([*notes, bars.float_note(spare)] if spare else notes),
            inside=str(row["days"]) if self.paper and counted else "",
            title=self.title(row, start, done, spare),
            href=self.links.get(row["id"], ""),
            cells=self.cells(row, spare),
        )

    def look(self, row: Row) -> str:
        """Return how an activity's bar is filled."""
        if row["kind"] in OWN:
            return "own" if self.paper else "own-waiting"
        if not self.paper:
            return "waiting"
        return "critical" if self.of(row, "critical") else "plan"

    def title(self, row: Row, start: int, done: int, spare: int) -> str:
        """Return what an activity's bar says."""
        return telling.listed(
            (
                self.words.item(row["id"], row["name"]),
                self.words.department(row["department"]),
                telling.promise(row),
                telling.planned(start, done),
                telling.room(spare),
            )
        )

    def cells(self, row: Row, spare: int) -> tuple[str, ...]:
        """Return an activity's cells in the table, after its name."""
        return (
            self.words.department(row["department"]),
            str(row["days"]),
            str(self.of(row, "earliest_start")),
            str(self.of(row, "earliest_finish")),
            str(self.of(row, "latest_finish")),
            str(spare),
            str(self.of(row, "free_float")),
            _("是") if self.of(row, "critical") else "",
        )

    # -- the rest of the chart -------------------------------------------------------------

    @property
    def reach(self) -> int:
        """The last day that is drawn of the way to construction start."""
        rows = self.report["activities"]
        beyond = after_opening(rows, OPEN)
        return max(self.of(row, "latest_finish") for row in rows if row["id"] not in beyond)

    @property
    def total(self) -> int:
        """The working days until construction start."""
        return int(self.report[f"{self.view}_days"])

    @property
    def caption(self) -> str:
        """What the numbers are: the two critical paths differ."""
        if self.view == "counted":
            return _("计时工作日，企业、中介用时不计")
        return _("历时工作日，含企业、中介用时")

    def label(self, count: int) -> str:
        """Return what the chart shows, in a sentence."""
        return _(
            "甘特图，共 %(all)s 项，关键路径 %(days)s 个工作日，%(what)s。",
            all=count,
            days=self.total,
            what=self.caption,
        )

    def lines(self, *, accepted: bool) -> list[Line]:
        """Return where construction starts, and where acceptance ends."""
        opens = any(row["id"] == OPEN for row in self.report["activities"])
        day = self.total
        words = _("开工 第 %(day)s 天", day=day) if opens else _("完成 第 %(day)s 天", day=day)
        found = [Line("target", day, words)]
        acceptance = int(self.report[PREFIXES[self.view] + "acceptance_days"])
        if acceptance and accepted:
            end = day + acceptance
            found.append(Line("window", end, _("验收完成 第 %(day)s 天", day=end)))
        return found

    def legend(self, activities: list[Activity]) -> tuple[tuple[str, str], ...]:
        """Return what the looks mean; the critical path by the days it comes to."""
        looks = {span.look for each in activities for span in each.spans}
        counted, elapsed = _("关键路径（计时）"), _("关键路径（历时，含企业、中介）")
        words = counted if self.view == "counted" else elapsed
        known = {
            "critical" if self.paper else "outline": words,
            "plan": _("非关键"),
            "waiting": _("未开始"),
            "own": _("企业、中介"),
            "own-waiting": _("企业、中介"),
        }
        found = [(look, text) for look, text in known.items() if look in {*looks, "outline"}]
        spare = any(each.float_until for each in activities)
        return (*found, ("float", _("时差（天）"))) if spare else tuple(found)

    def arrows(self) -> tuple[Link, ...]:
        """Return what leads from one critical activity to the next."""
        rows = self.report["activities"]
        times = {
            row["id"]: Times(self.of(row, "earliest_start"), self.of(row, "earliest_finish"))
            for row in rows
        }
        spare = [{**row, "remaining_float": self.of(row, "total_float")} for row in rows]
        goals = goals_of(rows, times, after_opening(rows, OPEN))
        return chain(spare, with_milestones(rows, times), goals).links


def later_stages(report: Row, view: View = "elapsed") -> dict[str, str]:
    """Return the stages that begin only after construction start, and what is said of them."""
    rows = report["activities"]
    beyond = after_opening(rows, OPEN)
    stages = {row["stage"] for row in visible(rows) if row["id"] in beyond}
    before = {row["stage"] for row in visible(rows) if row["id"] not in beyond}
    days = int(report[f"{PREFIXES[view]}acceptance_days"])
    words = _("开工后办理，计划 %(days)s 个工作日", days=days) if days else _("开工后办理")
    return dict.fromkeys(stages - before, words)
