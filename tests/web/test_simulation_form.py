"""What is assumed as a form's fields and back; distributions and heats as they are drawn."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.ctx import RequestContext
from flask_babel import Babel

from api.web import heat, simulation_charts, simulation_form, simulation_words
from api.web.heat import Heat
from api.web.simulation_durations import HANDS, Main, offered
from engine.analysis.simulation.distribution import InvalidDistribution

CITY: dict[str, Any] = {
    "calendars": {"office": {"hours": ["08:30-12:00", "14:00-17:30"], "days": "business"}},
    "durations": {"approval": "fixed(1)", "applicant": "pert(0.8, 1, 1.8)"},
    "items": {"IND-02": {"days": "pert(3, 5, 9)", "pool": "EPB", "priority": 1}},
    "steps": {"receive": {"hours": "pert(0.2, 0.5, 1)", "pool": "{department}-window"}},
    "pools": {"EPB": {"department": "EPB", "people": 2, "absence": {"share": 0.03, "days": 3}}},
    "shares": {"received": {"received--supplement": 0.16}},
    "arrivals": {"per_year": 82, "classes": [[0, 0.15], [1, 0.85]]},
}
PLAN = {"cases": 3000, "seed": 1, "replications": 30, "warm_up_days": 365.0}
MAINS = {
    "IND-01": Main("approval", ("IND-01/review", "review")),
    "IND-02": Main("approval", ("IND-02/review", "review")),
    "IND-17": Main("applicant", ("IND-17",)),
}
#: as a calibrated log has it: steps of their own, named people, shares of single items
LOG: dict[str, Any] = {
    "start": "2014-01-06",
    "calendars": {
        "office": {"hours": ["09:00-17:00"], "days": ["mon", "tue"]},
        "week": {"hours": ["08:00-10:00"], "days": ["sat"]},
    },
    "clock": "office",
    "steps": {
        "IND-01/receive": {"hours": "fixed(0.3)", "pool": "A"},
        "IND-01/review": {"hours": "lognormal(5, 2)", "pool": "A"},
        "IND-17": {"hours": "gamma(30, 8)"},
    },
    "shares": {"IND-01/received": {"received--taken": 0.75, "received--supplement": 0.25}},
    "arrivals": {"per_year": 123.456, "by_month": [1.5] * 12, "backlog": 0},
    "pools": {"A": {"name": "A", "department": "EPB", "people": 0, "calendar": "week"}},
    "people": [{"id": "张", "pools": ["A"], "calendar": "week"}],
}


def words() -> RequestContext:
    """In which texts of pages are told, in Chinese."""
    app = Flask("words")
    Babel(app)
    return app.test_request_context()


def shown(data: dict[str, Any] | None = None) -> dict[str, str]:
    return simulation_form.fields(CITY if data is None else data, PLAN, MAINS, sensitivity=True)


def read(base: dict[str, Any] | None = None, **typed: str) -> dict[str, Any]:
    """What the form gives with some fields typed otherwise."""
    given = CITY if base is None else base
    return simulation_form.assumptions(given, CITY, {**shown(given), **typed}, MAINS)


@pytest.mark.parametrize("base", [CITY, LOG, {}, {"items": {}, "arrivals": {"per_year": 0}}])
def test_what_nobody_changes_stays_as_it_was(base: dict[str, Any]) -> None:
    assert read(base) == base


def test_what_a_log_says_of_steps_is_shown_as_kept_until_another_factor_is_chosen() -> None:
    fields = shown(LOG)
    assert fields["durations"] == "spread"
    assert fields["factor-approval"] == fields["factor-applicant"] == "kept"
    assert fields["factor-intermediary"] == "fixed(1)"
    assert fields["supplement"] == ""
    found = read(LOG, **{"factor-approval": "pert(0.8, 1, 1.5)"})
    assert found["durations"] == {"approval": "pert(0.8, 1, 1.5)"}
    assert found["steps"] == {**LOG["steps"], "IND-01/review": {"pool": "A"}}
    days = read(LOG, **{"days-IND-17": "4"})
    assert "IND-17" not in days["steps"]
    assert days["items"] == {"IND-17": {"days": "fixed(4)"}}


def test_a_share_is_set_of_single_items_too() -> None:
    found = read(LOG, supplement="40")["shares"]
    assert found["received"] == {"received--supplement": 0.4}
    assert found["IND-01/received"]["received--supplement"] == 0.4
    assert sum(found["IND-01/received"].values()) == pytest.approx(1)


def test_as_many_a_year_as_typed_come_without_a_gap_between_them() -> None:
    gaps = {"arrivals": {"between": "exponential(9)", "calendar": "office"}}
    assert shown(gaps)["per_year"] == ""
    assert read(gaps) == gaps
    assert read(gaps, per_year="50")["arrivals"] == {"per_year": 50.0}


def test_what_can_no_longer_be_assumed_is_left_out() -> None:
    assert simulation_form.known_today({"lapse": False, "clock": "office"}) == {"clock": "office"}


def test_hands_on_the_file_are_offered_of_departments_alone_and_factors_in_words() -> None:
    with words():
        approval = dict(offered("approval", "kept", "按日志"))
        applicant = dict(offered("applicant", "pert(0.7, 1, 1.8)", ""))
    assert approval["kept"] == "按日志"
    assert HANDS in approval
    assert HANDS not in applicant
    assert applicant["pert(0.7, 1, 1.8)"] == "0.7 至 1.8 倍，多为 1 倍"


def test_exactly_as_promised_leaves_no_spread() -> None:
    found = read(durations="promised", supplement="0", refused="")
    assert set(found["durations"].values()) == {"fixed(1)"}
    assert found["items"] == {"IND-02": {"pool": "EPB", "priority": 1}}
    assert found["steps"] == {"receive": {"pool": "{department}-window"}}
    assert "shares" not in found


def test_without_staff_nobody_has_a_window() -> None:
    found = read(staffing="none")
    assert "pools" not in found
    assert found["items"]["IND-02"] == {"days": "pert(3, 5, 9)", "priority": 1}
    assert found["steps"] == {"receive": {"hours": "pert(0.2, 0.5, 1)"}}


def test_windows_come_back_from_the_city_with_what_was_typed() -> None:
    bare = {"arrivals": {"per_year": 10}}
    assert shown(bare)["staffing"] == "none"
    found = read(bare, **{"staffing": "staffed", "people-EPB": "5", "away-EPB": "4"})
    assert found["pools"]["EPB"] == {
        "department": "EPB",
        "people": 5,
        "absence": {"share": 0.04, "days": 3},
    }
    assert found["items"]["IND-02"] == {"pool": "EPB"}
    assert found["calendars"] == CITY["calendars"]


def test_items_have_a_distribution_or_days_of_their_own() -> None:
    found = read(None, **{"days-IND-01": "4", "days-IND-02": ""})
    assert found["items"] == {
        "IND-02": {"pool": "EPB", "priority": 1},
        "IND-01": {"days": "fixed(4)"},
    }


@pytest.mark.parametrize(
    ("field", "text", "error"),
    [
        ("days-IND-01", "pert(9, 5, 3)", InvalidDistribution),
        ("days-IND-01", "soon", InvalidDistribution),
        ("supplement", "120", simulation_form.NotANumber),
        ("people-EPB", "1.5", simulation_form.NotANumber),
        ("per_year", "many", simulation_form.NotANumber),
        ("month-3", "-1", simulation_form.NotANumber),
    ],
)
def test_what_cannot_be_names_its_field(field: str, text: str, error: type[Exception]) -> None:
    with pytest.raises(error) as refused:
        read(None, **{field: text})
    assert refused.value.detail["field"] == field  # type: ignore[attr-defined]


def test_an_empty_plan_has_its_defaults() -> None:
    assert simulation_form.plan({"cases": " 1,000 ", "seed": ""}) == {"cases": 1000}
    with pytest.raises(simulation_form.NotANumber):
        simulation_form.plan({"replications": "0"})


# -- drawn -----------------------------------------------------------------------------------------


def histogram(origin: float, width: float, *counts: int) -> dict[str, Any]:
    return {"from": origin, "width": width, "counts": list(counts)}


def test_a_long_distribution_has_few_bins_and_no_endless_tail() -> None:
    found = simulation_charts.bins(histogram(10.0, 0.5, *[100] * 200, *[0] * 900, 1))
    assert len(found.shares) <= simulation_charts.MOST_BINS
    assert found.edge(len(found.shares)) < 115
    long = {"histogram": histogram(10.0, 0.5, *[100] * 200, *[0] * 900, 1), "most": 560.5}
    with words():
        assert simulation_charts.tail(long, found).startswith("横轴只到 ")
        assert not simulation_charts.tail({**long, "most": 109.9}, found)
    assert sum(found.shares) == pytest.approx(1, abs=0.001)


def test_the_bin_of_the_promise_goes_with_most_of_its_projects() -> None:
    found = simulation_charts.bins(histogram(27.0, 0.5, 10, 20, 60, 10))
    kept = {"days": 28, "chance": {"value": 0.88}}
    assert simulation_charts.past(found, kept) == [False, False, False, True]
    lost = {"days": 28, "chance": {"value": 0.31}}
    assert simulation_charts.past(found, lost) == [False, False, True, True]


def test_two_distributions_are_on_one_grid() -> None:
    def told(each: dict[str, Any]) -> dict[str, Any]:
        measures = {"elapsed": {"histogram": each}}
        return {"measures": measures, "promise": None, "window": None}

    first, second = told(histogram(10.0, 0.5, 4, 4)), told(histogram(12.5, 1.0, 1, 3))
    found = simulation_charts.overlaid(first, second, ("一", "二"), "elapsed")
    one, other = (each["shares"] for each in found["sides"])
    assert (found["from"], found["width"]) == (10, 1)
    assert one == [100, 0, 0, 0, 0]
    assert other == [0, 0, 0, 25, 75]


def test_figures_are_written_as_they_are_read() -> None:
    assert simulation_words.number(-1234.56) == "−1,234.6"
    assert simulation_words.number(-0.01) == "0.0"
    assert simulation_words.percent(0.614) == "61%"
    assert simulation_words.percent(0.9987) == "99.9%"
    assert simulation_words.percent(None) == "–"
    assert [simulation_words.percent(each) for each in (0, 0.0001, 0.99999, 1)] == [
        "0%",
        "<0.1%",
        ">99.9%",
        "100%",
    ]
    estimate = {"value": 0.61, "low": 0.59, "high": 0.63}
    assert simulation_words.between(estimate, simulation_words.percent) == "59–63%"
    assert simulation_words.between({"value": 1.0, "low": None, "high": None}) == ""


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [(-3.6, -2.6, "less"), (0.1, 0.4, "more"), (-0.2, 0.3, ""), (None, None, "unknown")],
)
def test_a_difference_is_real_where_its_interval_holds_no_zero(
    low: float | None, high: float | None, told: str
) -> None:
    assert simulation_words.real({"value": 0.0, "low": low, "high": high}) == told


def test_shades_go_from_nothing_to_the_most() -> None:
    levels = [heat.level(amount, 10.0) for amount in (0, 0.01, 2, 2.01, 9.99, 10)]
    assert levels == [0, 1, 1, 2, 5, 5]
    assert heat.level(3.0, 0.0) == 0
    heats = [Heat(1.2, 4.0, None), Heat(3.0, 8.0)]
    assert heat.most(heats, heat.WAITING) == 8
    assert heat.most(heats, heat.WORKING) == 0
