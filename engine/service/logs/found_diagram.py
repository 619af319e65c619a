"""A diagram that was found in a log: drawn, deployable, and how often each of its ways was gone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from engine.analysis.discovery.follows import START, Move, entry, flow_of, ways
from engine.errors import NotFound
from engine.rules.flow import ControlFlow
from engine.service import procedures
from engine.service.logs import calibrating, logs
from engine.service.work import Work
from engine.workflow.discovered import BEGIN, Findings, discovered

Moves = tuple[Move, ...]


def diagram(work: Work, identifier: int) -> bytes:
    """Return the diagram that was found in a log as BPMN 2.0 with its drawing.

    Raises NotFound, also where the log was laid over a procedure; NotCalibrated.
    """
    return drawn(calibrating.calibration(work, identifier), logs.get(work, identifier).name)


def deployable(work: Work, identifier: int) -> dict[str, bytes]:
    """Return the files of the procedure that was found in a log: it is deployed and runs.

    The log's `assumptions` are those of a simulation of it. Raises as `diagram` does.
    """
    files = {f"log-{identifier}.bpmn": diagram(work, identifier)}
    return dict(procedures.with_shared(files, work.settings.bpmn_dir))


def drawn(kept: Mapping[str, Any], name: str) -> bytes:
    """Return the diagram of a calibration. Raises NotFound where it was of a procedure."""
    return discovered(flow(kept["report"]), findings(kept), identifier=name, name=name)


def flow(report: Mapping[str, Any]) -> ControlFlow:
    """Return the control flow that was found. Raises NotFound where none was."""
    nodes, moves = found(report)
    return flow_of(nodes, moves)


def found(report: Mapping[str, Any]) -> tuple[dict[str, str], Moves]:
    """Return the activities with their nodes and the moves of a report. Raises NotFound."""
    told = report["found"]
    if told is None:
        raise NotFound("no diagram was found in the log: it was laid over a procedure")
    return dict(told["nodes"]), tuple(Move(**each) for each in told["moves"])


def findings(kept: Mapping[str, Any]) -> Findings:
    """Return what is known beside the flow: shares, who does what, days nine of ten took."""
    report = kept["report"]
    day, activities = report["day_hours"], report["activities"]
    lanes = {each["node"]: each["pool"] for each in activities if each["pool"]}
    heat = report["heat"]
    days = {node: math.ceil((each["p90_hours"] or 0) / day) for node, each in heat.items()}
    return Findings(kept["assumptions"]["shares"], lanes, days)


def counted(report: Mapping[str, Any]) -> dict[str, int]:
    """Return how often each flow of a found diagram was gone, by its id."""
    _nodes, moves = found(report)
    counts: dict[str, int] = {}
    for move in moves:
        for each in gone(move, moves):
            counts[each] = counts.get(each, 0) + move.count
    return counts


def gone(move: Move, moves: Moves) -> Iterator[str]:
    """Yield the flows over which a move goes: through the gateways behind and before activities."""
    out, into = ways(moves)
    parted = f"{move.source}-out" if len(out[move.source]) > 1 else move.source
    joined = entry(move.target, into)
    yield from parting(move.source, parted)
    yield f"{parted}--{joined}"
    if joined != move.target:
        yield f"{joined}--{move.target}"


def parting(source: str, gateway: str) -> Iterator[str]:
    """Yield the flows up to a gateway; from the start, over the work that says how to begin."""
    if source == START != gateway:
        yield from (f"{source}--{BEGIN}", f"{BEGIN}--{gateway}")
    elif source != gateway:
        yield f"{source}--{gateway}"
