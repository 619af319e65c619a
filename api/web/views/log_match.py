"""A log is laid over a procedure: which step each activity is, then its numbers are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import numpy as np
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web import log_nodes, log_report, log_words
from api.web.labels import Labels
from api.web.log_nodes import Nodes
from api.web.log_words import LOG, SECTION
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views import log_page
from api.web.views.lab_list import procedures
from api.web.visit import Visit
from engine.analysis.discovery.match import Matched, matched
from engine.analysis.eventlog.log import EventLog
from engine.errors import Invalid
from engine.service.logs import calibrating, logs
from engine.service.work import Work
from engine.store.database import transaction

#: how an activity was recognised
BY: Labels = {
    "given": _l("人工选定"),
    "id": _l("编号相同"),
    "item": _l("事项名称相同"),
    "step": _l("事项和环节名称相同"),
    "name": _l("环节名称相同"),
}


def find(visit: Visit) -> Answer:
    """Show which node each activity seems to be."""
    frame = log_words.frame(visit)
    procedure = visit.text("procedure") or visit.argument("procedure")
    over = calibrating.laid(visit.work, procedure)
    log = logs.log(visit.work, visit.path["log"])
    given = chosen(visit) or before(visit, procedure)
    found = matched(log.activities, over.flow, given, over.names)
    nodes = log_nodes.of_procedure(visit, procedure)
    counts = np.bincount(log.activity, minlength=len(log.activities))
    values = {
        **frame,
        **log_words.words(),
        "procedure": procedure,
        "zone": visit.text("timezone") or visit.argument("timezone"),
        "procedure_name": dict(procedures(visit)).get(procedure, procedure),
        "nodes": options(nodes),
        "rows": rows(log, counts.tolist(), found),
        "found": len(found.nodes),
        "covered": covered(log, found),
    }
    return Shown("logs/match.html.jinja", values)


def options(nodes: Nodes) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the nodes to choose among, item by item."""
    return [
        (group, [(node, nodes.names[node]) for node in members])
        for group, members in groupby(nodes.names, key=lambda node: nodes.groups[node])
    ]


def rows(log: EventLog, counts: Iterable[int], found: Matched) -> list[dict[str, Any]]:
    """Return the activities, the most frequent first, with the node each seems to be."""
    made = [
        {
            "name": name,
            "events": count,
            "node": found.nodes.get(name, ""),
            "how": str(BY[found.by[name]]) if name in found.by else "",
            "why": log_report.why(found.missing.get(name, "")),
        }
        for name, count in zip(log.activities, counts, strict=True)
    ]
    return sorted(made, key=lambda row: -row["events"])


def covered(log: EventLog, found: Matched) -> float:
    """Return the share of events whose activity is a node."""
    known = np.array([each in found.nodes for each in log.activities], dtype=bool)
    return float(known[log.activity].mean()) if len(log) else 0.0


def chosen(visit: Visit) -> dict[str, str] | None:
    """Return the nodes that were chosen, by activity; None where nobody was asked."""
    names, nodes = (visit.form.getlist(each) for each in ("activity", "node"))
    if len(names) != len(nodes):
        raise Invalid("a node for each activity", field="node")
    return dict(zip(names, nodes, strict=True)) or None


def before(visit: Visit, procedure: str) -> dict[str, str] | None:
    """Return what was chosen the last time the log was laid over this procedure."""
    found = logs.get(visit.work, visit.path["log"])
    if not found.calibrated or found.procedure != procedure:
        return None
    kept: Mapping[str, str] = calibrating.calibration(visit.work, found.id)["matches"]
    return dict(kept) or None


def compute(visit: Visit) -> dict[str, Any]:
    """Find the numbers of a log, in a transaction that keeps nobody waiting."""
    service = visit.service
    with transaction(service.engine, read_only=True) as db:
        work = Work(db, service.clock.now(), visit.actor, service.settings)
        procedure = visit.text("procedure") or None
        zone = visit.text("timezone") or None
        asked = calibrating.question(work, visit.path["log"], procedure, chosen(visit), zone)
    return calibrating.computed(asked)


def calibrate(visit: Visit) -> Answer:
    """Keep what was found in a log."""
    identifier = visit.path["log"]
    calibrating.keep(visit.work, identifier, visit.prepared)
    return Redirect(f"{SECTION}/{identifier}/calibration", _("已校准。"))


def again(visit: Visit) -> Answer:
    """Show the form that was refused: that of the procedure, or the log's own."""
    return find(visit) if visit.text("procedure") else log_page.find(visit)


def home(visit: Visit) -> Answer:
    """Lead back to the log: a form that was refused was shown at its own address."""
    return Redirect(f"{SECTION}/{visit.path['log']}")


PAGES = (
    show("log_match", f"{LOG}/match", find, "calibrate_event_log"),
    act(
        "log_calibrate",
        f"{LOG}/calibrate",
        calibrate,
        "calibrate_event_log",
        form=again,
        prepare=compute,
    ),
    show("log_calibrate_back", f"{LOG}/calibrate", home, "get_event_log"),
)
