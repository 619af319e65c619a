"""What a log tells of a procedure, found once and kept with the log.

Asking, computing and keeping are three steps, so that no transaction is held for the seconds in
which it is computed: `question`, `computed`, `keep`; `calibrate` does all three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from engine.analysis.discovery.calibrate import Asked, Calibration, calibrated
from engine.analysis.discovery.limits import Limit
from engine.analysis.eventlog.log import UNKNOWN, EventLog
from engine.errors import Conflict, Invalid
from engine.rules.calendar import BusinessCalendar
from engine.rules.flow import ControlFlow
from engine.service import deployments, procedures
from engine.service.logs import fitting, logs, office, rows
from engine.service.logs.chosen import of_procedure
from engine.service.logs.fitting import Contest
from engine.service.logs.rights import WRITER
from engine.service.simulations.modelling import flow_of
from engine.service.work import Work
from engine.settings import Settings
from engine.workflow.deployment import Deployment

#: the share of work of which it is known when it began and who did it, for people to be modelled
KNOWN = 0.5
Names = Mapping[str, tuple[str, ...]]


class NotCalibrated(Conflict):
    """The event log has not been calibrated."""

    code = "not_calibrated"
    remedy = "Calibrate it first: POST /event-logs/{log}/calibration."


@dataclass(frozen=True, slots=True)
class Laid:
    """A deployed version that a log is laid over; `names` are its items' in both languages."""

    procedure: str
    version: int
    flow: ControlFlow
    names: Names


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be calibrated. Without `laid` a diagram is found in the log itself.

    `dated`: where people work an office's hours, their days are those of the city's calendar.
    """

    log: EventLog
    name: str
    zone: ZoneInfo
    calendar: BusinessCalendar
    laid: Laid | None = None
    matches: Mapping[str, str] = field(default_factory=dict)
    dated: bool = False


def calibrate(
    work: Work,
    identifier: int,
    procedure: str | None = None,
    matches: Mapping[str, str] | None = None,
    timezone: str | None = None,
) -> dict[str, Any]:
    """Find out what a log tells, keep it, and return it as `calibration` does. Takes seconds.

    `matches` are nodes of the procedure by the log's activities, '' for what is to be left out.
    `timezone` is whose clock on the wall hours of work are read by: the service's without it.
    Raises NotFound, Forbidden, Invalid where nothing of the log is work of the procedure.
    """
    asked = question(work, identifier, procedure, matches, timezone)
    keep(work, identifier, computed(asked))
    return calibration(work, identifier)


def question(
    work: Work,
    identifier: int,
    procedure: str | None = None,
    matches: Mapping[str, str] | None = None,
    timezone: str | None = None,
) -> Question:
    """Read what is asked about. Raises NotFound, Forbidden, Invalid."""
    work.actor.require(WRITER)
    name = logs.get(work, identifier).name
    over = laid(work, procedure) if procedure else None
    log = logs.log(work, identifier)
    zone = zone_of(timezone, work.settings)
    here = over is not None and zone == work.settings.zone
    return Question(log, name, zone, work.calendar, over, dict(matches or {}), here)


def zone_of(name: str | None, settings: Settings) -> ZoneInfo:
    """Return a time zone by its name, the service's without one. Raises Invalid."""
    if not name:
        return settings.zone
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        text = f"{name!r} is no time zone; one is Europe/Amsterdam"
        raise Invalid(text, field="timezone") from error


def laid(work: Work, procedure: str) -> Laid:
    """Return the newest version of a procedure. Raises Invalid naming those there are."""
    view = procedures.get(work, procedures.latest(work, procedure))
    built = deployments.deployment(work.db, view.id)
    return Laid(procedure, view.version, flow_of(built), names_of(built))


def on_paper(procedure: str, settings: Settings) -> Laid:
    """Return a procedure by its id among the city's, its folder or its diagram: no database.

    Raises NotFound, InvalidDefinition.
    """
    built, _ = procedures.sound(procedures.named(procedure, settings), settings)
    return Laid(built.procedure.id, 0, flow_of(built), names_of(built))


def names_of(built: Deployment) -> Names:
    """Return what items are called beside their names in the diagrams."""
    items = built.procedure.items.values()
    return {each.id: tuple(filter(None, (each.name.zh, each.name.en))) for each in items}


def found(asked: Question) -> Calibration:
    """Return what a log tells. Raises Invalid where nothing of it is work of the procedure."""
    if asked.laid is None:
        return calibrated(asked.log, timezone=asked.zone, staffed=is_staffed(asked.log))
    over = asked.laid
    log = of_procedure(asked.log, over.procedure)
    how = Asked(staffed=is_staffed(log), mapping=asked.matches, names=over.names)
    told = calibrated(log, over.flow, timezone=asked.zone, **how)
    known = office.dated(told, asked.calendar) if asked.dated else None
    if known is None:
        return told
    how["office"] = known
    return calibrated(log, over.flow, timezone=asked.zone, **how)


def is_staffed(log: EventLog) -> bool:
    """Tell whether a log knows of most work when it began and who did it.

    Else waiting would be counted twice: in the time work is taken to last, and in the queues for
    people of whom few are known.
    """
    known = np.isfinite(log.start) & (log.resource != UNKNOWN)
    return bool(len(log)) and float(known.mean()) >= KNOWN


def computed(asked: Question) -> dict[str, Any]:
    """Return what a log tells as it is kept. Raises Invalid."""
    told = found(asked)
    over = asked.laid
    return {
        "procedure": over.procedure if over else None,
        "version": over.version if over else None,
        "matches": dict(asked.matches),
        "timezone": str(asked.zone),
        "report": report_of(told, asked),
        "assumptions": told.assumptions(),
        "fitted": fitting.fitted(told, asked.calendar, asked.zone),
    }


def report_of(told: Calibration, asked: Question) -> dict[str, Any]:
    """Return what was found, and whether cases of other procedures were left out."""
    report = told.report()
    over = asked.laid
    if over and len(of_procedure(asked.log, over.procedure)) < len(asked.log):
        report["limits"].append(str(Limit.PROCEDURE))
    return report


def keep(work: Work, identifier: int, told: Mapping[str, Any]) -> None:
    """Keep what was found in a log. Raises NotFound, Forbidden."""
    kept = {**told, "calibrated_at": work.now.isoformat(), "calibrated_by": work.actor.name}
    procedure = told["procedure"] or ""
    about = {"procedure": procedure} if procedure else {}
    rows.change(work, identifier, "calibrated", about, calibration=kept, procedure=procedure)


def calibration(work: Work, identifier: int) -> dict[str, Any]:
    """Return what was found in a log.

    `procedure` and `version` are None where the diagram was found in the log, `report` is
    `discovery.reported`'s, `assumptions` those of a simulation, `fitted` compares the durations
    of cases that the fitted model gives with the log's: `discovery.comparison`'s, or `problem`
    where it cannot be played. Raises NotFound, NotCalibrated.
    """
    kept = rows.value(work, identifier, "calibration")
    if kept is None:
        raise NotCalibrated(log=identifier)
    return dict(kept)


def assumptions(work: Work, identifier: int) -> dict[str, Any]:
    """Return what was found as a simulation takes it. Raises NotFound, NotCalibrated."""
    return dict(calibration(work, identifier)["assumptions"])


def against(work: Work, identifier: int, simulation: int) -> dict[str, Any]:
    """Return how long a run's cases took beside those of a log: `discovery.comparison`'s, in days.

    Only what the log shows is measured of the run, and of a log that tells which cases have come
    to their end those alone. Raises NotFound, NotCalibrated, Invalid. Takes seconds.
    """
    return fitting.decided(contest(work, identifier, simulation))


def contest(work: Work, identifier: int, simulation: int) -> Contest:
    """Read what `against` compares. Raises NotFound, NotCalibrated, Invalid."""
    kept = calibration(work, identifier)
    log = of_procedure(logs.log(work, identifier), kept["procedure"])
    return fitting.contest(work, log, kept, simulation)


def heat(work: Work, identifier: int, procedure: str | None = None) -> dict[str, Any]:
    """Return what passed at each node and from node to node, to be drawn on a diagram.

    Of the procedure the log was calibrated on, if no other is asked for: then it is computed.
    Raises NotFound, NotCalibrated, Invalid.
    """
    if procedure is None or rows.row_of(work, identifier)["procedure"] == procedure:
        kept = calibration(work, identifier)
        return heated(kept["procedure"], kept["version"], kept["report"])
    over = laid(work, procedure)
    log = logs.log(work, identifier)
    told = found(Question(log, "", work.settings.zone, work.calendar, over))
    return heated(over.procedure, over.version, told.report())


def heated(procedure: str | None, version: int | None, report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a report that is drawn on a diagram."""
    about = {"procedure": procedure, "version": version}
    return {**about, "nodes": report["heat"], "flows": report["flows"]}
