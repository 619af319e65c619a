"""Plays a model in Prosimos; run by the interpreter of its own environment, not by ours.

`python play.py events BPMN JSON CASES FOLDER SEED …` keeps what happened in `FOLDER/SEED.npz`;
`plain` plays without files, `log` with the event log written to `FOLDER/log.csv`, and both print
the seconds of each seed as JSON. Starting and reading the model are outside of the time.
"""

from __future__ import annotations

import json
import random
import sys
from csv import writer
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from prosimos.simulation_engine import (  # type: ignore[import-not-found]
    SimBPMEnv,
    execute_full_process,
    run_simpy_simulation,
)
from prosimos.simulation_properties_parser import (  # type: ignore[import-not-found]
    parse_datetime,
)
from prosimos.simulation_setup import SimDiffSetup  # type: ignore[import-not-found]

BEGIN = "2014-01-06T00:00:00+00:00"


def setup(bpmn: str, parameters: str, cases: int, seed: int) -> Any:
    """Return a model read, its random numbers begun: it draws from both of Python's old ones."""
    random.seed(seed)  # noqa: TID251
    np.random.seed(seed)  # noqa: NPY002
    found = SimDiffSetup(bpmn, parameters, is_event_added_to_log=False, total_cases=cases)
    found.set_starting_datetime(parse_datetime(BEGIN, True))
    return found


def events(model: Any, path: Path) -> None:
    """Play once and keep what happened, in hours since the beginning."""
    played = SimBPMEnv(model, None, None)
    execute_full_process(played)
    names = sorted(model.task_resource)
    rows = [
        (case, names.index(each.task_id), each.enabled_at, each.started_at, each.completed_at)
        for case, trace in enumerate(played.log_info.trace_list)
        for each in trace.event_list
    ]
    begin = parse_datetime(BEGIN, True)
    arrived = [(each.started_at - begin).total_seconds() for each in played.log_info.trace_list]
    columns = np.array(rows).T
    np.savez(
        path,
        names=names,
        case=columns[0].astype(int),
        task=columns[1].astype(int),
        times=columns[2:] / 3600,
        arrived=np.array(arrived) / 3600,
    )


def timed(model: Any, log: Path | None) -> dict[str, float]:
    """Play once and return what it took, on the clock and of the processor."""
    began, worked = perf_counter(), process_time()
    if log is None:
        run_simpy_simulation(model, None, None)
    else:
        with log.open("w", newline="", encoding="utf-8") as file:
            run_simpy_simulation(model, None, writer(file))
    return {"clock": perf_counter() - began, "processor": process_time() - worked}


def main(what: str, bpmn: str, parameters: str, cases: str, folder: str, *seeds: str) -> None:
    """Do what is wanted once for each seed."""
    times = []
    for seed in seeds:
        model = setup(bpmn, parameters, int(cases), int(seed))
        if what == "events":
            events(model, Path(folder) / f"{seed}.npz")
        else:
            times.append(timed(model, Path(folder) / "log.csv" if what == "log" else None))
    print(json.dumps(times))


if __name__ == "__main__":
    main(*sys.argv[1:])
