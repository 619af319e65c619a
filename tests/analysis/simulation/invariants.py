"""What holds of every simulated log, whatever was simulated."""

from __future__ import annotations

import numpy as np

from engine.analysis.simulation.hours import before
from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.replication import Played, play

CLOSE = 1e-6


def checked(model: Model, plan: Plan) -> Played:
    """Play a replication and check that nothing was lost, doubled or done off hours."""
    played = play(Layout(model), plan, 0, log=True)
    nobody_is_lost(played)
    nobody_is_in_two_places(played)
    nobody_works_off_hours(model, played)
    work_is_conserved(played)
    return played


def nobody_is_lost(played: Played) -> None:
    """Every case that arrived has ended, not before it came."""
    outcomes = played.state.outcomes
    assert np.isfinite(outcomes["ended"]).all()
    arrived = np.maximum(outcomes["arrived"], 0.0)
    assert (outcomes["ended"] >= arrived - CLOSE).all()
    opened = np.isfinite(outcomes["opened"])
    assert (outcomes["opened"][opened] <= outcomes["ended"][opened] + CLOSE).all()


def nobody_is_in_two_places(played: Played) -> None:
    """A person ends one piece of work before beginning the next."""
    rows = played.state.log[: played.logged]
    for person in np.unique(rows["person"][rows["person"] >= 0]):
        own = np.sort(rows[rows["person"] == person], order=["start", "end"])
        assert (own["start"][1:] >= own["end"][:-1] - CLOSE).all()


def nobody_works_off_hours(model: Model, played: Played) -> None:
    """Work begins within a person's hours."""
    rows = played.state.log[: played.logged]
    assert (rows["start"] >= rows["ready"] - CLOSE).all()
    assert (rows["end"] >= rows["start"] - CLOSE).all()
    for place, person in enumerate(model.people):
        if person.absence.share:
            continue
        calendar = model.calendars[person.calendar]
        own = rows[rows["person"] == place]
        # the moment after a start is worked: an office that is closed would not count it
        moment = before(calendar, own["start"] + CLOSE) - before(calendar, own["start"])
        assert (moment > CLOSE / 2).all()


def work_is_conserved(played: Played) -> None:
    """Of every measured visit: waiting, work and closed hours make up the time it took."""
    rows, coming = played.state.log[: played.logged], played.arriving
    measured = (rows["case"] >= coming.before) & (rows["case"] < coming.before + coming.measured)
    rows, sums = rows[measured], played.state.sums
    for node in np.unique(rows["node"]):
        own = rows[rows["node"] == node]
        took = (own["end"] - own["ready"]).sum()
        parts = sum(sums[node][name] for name in ("waiting", "working", "closed"))
        assert parts == np.float64(took) or abs(parts - took) < CLOSE * max(1.0, took)
        assert sums[node]["visits"] == len(own)
        assert min(sums[node][name] for name in ("waiting", "working", "closed")) > -CLOSE * max(
            1.0, took
        )
