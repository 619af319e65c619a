"""Simulations over REST; every answer is held to the OpenAPI document."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from rich.console import Console
from sqlalchemy import select, update

from api.commands.simulated import differences, told
from engine.analysis.simulation.model import Node
from engine.rules.flow import FlowKind
from engine.service import procedures
from engine.service.scenarios import scenarios
from engine.service.simulations import claims, frozen, playing
from engine.service.simulations.playing import Job
from engine.service.work import Work
from engine.store import tables as t
from tests.api.conftest import Service

PROCEDURE = "industrial-2014"
PLAN = {"cases": 20, "replications": 2, "warm_up_days": 20.0, "cool_down_days": 5.0}
CHANCE = {"items": {"IND-16": {"days": "pert(3, 5, 20)"}}}


@pytest.fixture
def city(both: Service) -> Service:
    """A service with a procedure, on both databases."""
    both.act(procedures.deploy, procedures.named(PROCEDURE, both.settings))
    return both


@pytest.fixture
def single(service: Service) -> Service:
    """The same on SQLite alone."""
    service.act(procedures.deploy, procedures.named(PROCEDURE, service.settings))
    return service


def make(service: Service, **more: Any) -> dict[str, Any]:
    body = {"name": "试算", "source": {"procedure": PROCEDURE}, "plan": PLAN, **more}
    answer = service("analyst").post("/simulations", body)
    assert answer.status_code == 202, answer.json
    assert answer.headers["Location"] == f"/api/v1/simulations/{answer.json['id']}"
    return dict(answer.json)


def play(service: Service, identifier: int) -> None:
    """Play a run as a worker does."""
    run = service.act(claims.claim, identifier, "test", service.clock.now())
    job = Job(run.model, run.plan, run.sensitivity, 1)
    content = playing.played(job, lambda _done, _of: True)
    assert service.act(claims.finish, run, content)


def done(service: Service, **more: Any) -> int:
    """A run that is done."""
    key = int(make(service, **more)["id"])
    play(service, key)
    return key


def test_a_run_is_accepted_watched_and_read(city: Service) -> None:
    analyst = city("analyst")
    found = make(city, assumptions=CHANCE, sensitivity=True)
    path = f"/simulations/{found['id']}"
    assert (found["state"], found["done"], found["result"]) == ("queued", 0, None)
    assert (found["assumptions"], found["plan"]["cases"]) == (CHANCE, 20)
    early = analyst.get(f"{path}/result")
    assert (early.status_code, early.json["code"], early.json["state"]) == (
        *(409, "simulation_not_done"),
        "queued",
    )
    play(city, found["id"])
    view = city("supervisor").get(path).json
    assert (view["state"], view["result"]) == ("done", f"/api/v1{path}/result")
    result = city("coordinator").get(view["result"]).json
    assert result["measures"]["counted"]["mean"]["value"] > 28
    assert result["promise"]["days"] == 28
    assert len(result["items"]) > 10
    assert {each["kind"] for each in result["sensitivity"]} >= {"item"}
    rows = city("supervisor").get(f"/simulations?procedure={PROCEDURE}&state=done").json["items"]
    assert [each["id"] for each in rows] == [found["id"]]
    assert analyst.delete(path).status_code == 204
    assert analyst.get(path).status_code == 404


def test_the_same_request_with_its_key_queues_one_run(single: Service) -> None:
    body = {"name": "试算", "source": {"procedure": PROCEDURE}}
    headers = {"Idempotency-Key": "once"}
    first, again = (single("analyst").post("/simulations", body, headers=headers) for _ in range(2))
    assert first.json == again.json
    assert first.json["plan"] == {
        "cases": 3000,
        "seed": 1,
        "replications": 30,
        "warm_up_days": 365.0,
        "cool_down_days": 120.0,
    }
    assert len(single("analyst").get("/simulations").json["items"]) == 1


def test_a_run_is_cancelled_once(single: Service) -> None:
    path = f"/simulations/{make(single)['id']}"
    assert single("analyst").post(f"{path}/cancel").json["state"] == "cancelled"
    again = single("analyst").post(f"{path}/cancel")
    assert (again.status_code, again.json["state"]) == (409, "cancelled")
    assert single("analyst").get(f"{path}/result").status_code == 409
    assert single("analyst").delete(path).status_code == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"source": {}}, "source"),
        ({"source": {"procedure": "none"}}, "procedure"),
        ({"source": {"procedure": PROCEDURE, "scenario": 1}}, "source"),
        ({"source": {"portfolio": PROCEDURE}}, "source.portfolio"),
        ({"plan": {"cases": 0}}, "plan.cases"),
        ({"plan": {"hours": 1}}, "plan.hours"),
        ({"assumptions": {"itms": {}}}, "assumptions.itms"),
        ({"assumptions": {"items": {"IND-99": {"days": 3}}}}, "assumptions.items.IND-99"),
    ],
)
def test_what_cannot_be_played_is_refused(
    single: Service, body: dict[str, Any], field: str | None
) -> None:
    given = {"name": "试算", "source": {"procedure": PROCEDURE}, **body}
    answer = single("analyst").post("/simulations", given)
    assert answer.status_code == 422
    assert field is None or answer.json["field"] == field
    assert single("analyst").get("/simulations").json["items"] == []


def test_runs_of_one_plan_are_compared(single: Service) -> None:
    slow = {"items": {"IND-16": {"days": "pert(3, 8, 30)"}}}
    first, second = done(single, assumptions=CHANCE), done(single, assumptions=slow)
    path = f"/simulations/compare?first={first}"
    found = single("supervisor").get(f"{path}&second={second}").json
    assert [each["id"] for each in found["runs"]] == [first, second]
    assert found["figures"]["mean"]["difference"]["value"] > 0
    other = done(single, plan={**PLAN, "seed": 9})
    refused = single("analyst").get(f"{path}&second={other}")
    assert (refused.status_code, refused.json["code"]) == (409, "not_paired")
    assert refused.json["differ"] == ["seed"]
    assert single("analyst").get(f"{path}&second=99").status_code == 404
    waiting = make(single)["id"]
    assert single("analyst").get(f"{path}&second={waiting}").status_code == 409


def without_a_start(work: Work, identifier: int) -> None:
    """Let nothing that a run plays come to construction start."""
    table = t.simulation
    query = select(table.c.model).where(table.c.id == identifier)
    model = frozen.unpacked(work.db.execute(query).scalar_one())
    nodes = (*model.nodes, Node("never", FlowKind.END, brings="NEVER"))
    changed = frozen.packed(replace(model, nodes=nodes, opens="NEVER"))
    work.db.execute(update(table).where(table.c.id == identifier).values(model=changed))


def test_where_nothing_comes_to_construction_start_figures_are_null(single: Service) -> None:
    said = single("analyst").get(f"/simulations/assumptions?procedure={PROCEDURE}").json
    key = int(make(single, assumptions=said["assumptions"])["id"])
    single.act(without_a_start, key)
    play(single, key)
    result = single("analyst").get(f"/simulations/{key}/result").json
    assert (result["measures"]["counted"], result["unopened"]) == (None, PLAN["cases"])
    unknown = {"mean": [None, None], "p90": [None, None], "low": 0.5, "high": 1.5}
    inputs = [{"input": "decision", "name": "decision", "kind": "share", **unknown}]
    shown = Console(width=80, file=io.StringIO(), record=True)
    shown.print(told({**result, "sensitivity": inputs}))
    assert "no case came to construction start" in shown.export_text()
    beside = single("analyst").get(f"/simulations/compare?first={key}&second={key}")
    assert (beside.status_code, beside.json["figures"]["mean"]) == (200, None)
    shown.print(differences(beside.json))


def test_the_id_of_a_removed_run_does_not_come_again(city: Service) -> None:
    first = make(city)["id"]
    assert city("analyst").delete(f"/simulations/{first}").status_code == 204
    assert make(city)["id"] > first


def test_with_sensitivity_its_inputs_are_counted_too(single: Service) -> None:
    alone, more = (make(single, sensitivity=each)["of"] for each in (False, True))
    assert alone == PLAN["replications"] < more


def test_a_scenario_is_played(service: Service) -> None:
    service.act(procedures.deploy, procedures.named("industrial-2013", service.settings))
    scenario = service.act(scenarios.create, "从 63 天到 28 天", "industrial-2013")
    key = done(service, source={"scenario": scenario})
    result = service("analyst").get(f"/simulations/{key}/result").json
    assert result["measures"]["counted"]["mean"]["value"] == pytest.approx(28)
    rows = service("analyst").get(f"/simulations?scenario={scenario}").json["items"]
    assert [each["source"]["scenario_name"] for each in rows] == ["从 63 天到 28 天"]


def test_events_come_as_xes_and_csv(single: Service) -> None:
    path = f"/simulations/{make(single, assumptions=CHANCE)['id']}"
    xes = single("supervisor").get(f"{path}/events.xes?replication=1")
    assert (xes.status_code, xes.mimetype) == (200, "application/xml")
    assert "simulation-1-1.xes" in xes.headers["Content-Disposition"]
    log = etree.fromstring(xes.data)
    names = {each.get("value") for each in log.iterfind(".//{*}event/{*}string")}
    assert "IND-16/review" in names
    again = single("analyst").get(f"{path}/events.xes?replication=1")
    assert again.data == xes.data
    table = single("analyst").get(f"{path}/events.csv")
    assert (table.status_code, table.mimetype) == (200, "text/csv")
    rows = list(csv.DictReader(io.StringIO(table.get_data(as_text=True))))
    assert len(rows) > 100
    wrong = single("analyst").get(f"{path}/events.csv?replication=2")
    assert (wrong.status_code, wrong.json["field"]) == (422, "replication")
    assert single("analyst").get("/simulations/99/events.xes").status_code == 404


def test_the_citys_assumptions_are_there_to_be_changed(single: Service) -> None:
    found = single("analyst").get(f"/simulations/assumptions?procedure={PROCEDURE}").json
    assert found["procedure"] == PROCEDURE
    make(single, assumptions=found["assumptions"])
    unknown = single("analyst").get("/simulations/assumptions?procedure=none")
    assert (unknown.status_code, unknown.json["field"]) == (422, "procedure")


def test_only_analysts_start_runs_and_only_overseers_see_them(single: Service) -> None:
    path = f"/simulations/{make(single)['id']}"
    body = {"name": "试算", "source": {"procedure": PROCEDURE}}
    for name in ("supervisor", "coordinator"):
        assert single(name).get(path).status_code == 200
        assert single(name).post("/simulations", body).status_code == 403
        assert single(name).post(f"{path}/cancel").status_code == 403
        assert single(name).delete(path).status_code == 403
    for name in ("applicant", "clerk", "reviewer", "head"):
        assert single(name).get(path).status_code == 403
        assert single(name).get(f"{path}/events.csv").status_code == 403
        assert single(name).get("/simulations").status_code == 403
    assert single().get(path).status_code == 401
