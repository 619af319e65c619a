"""Deploying: versions by content, projects keep theirs, and what cannot run is refused."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.errors import Forbidden, Invalid, InvalidDefinition, NotFound
from engine.service import bundled, procedures
from engine.service.work import Work
from engine.store import tables as t
from tests.service.city import PROCEDURES, City
from tests.service.drawn import (
    approval,
    call,
    chain,
    diagram,
    files,
    gate,
    little,
    node,
    one_stage,
    work,
)
from tests.service.driving import run_on_time


def changed(base: dict[str, bytes], item: str, **days: int) -> dict[str, bytes]:
    """The files with other days for an item."""
    plan = yaml.safe_load(base["procedure.yaml"])
    plan["items"][item].update(days)
    return {**base, "procedure.yaml": yaml.safe_dump(plan).encode()}


def refusal(city: City, given: Any) -> list[dict[str, Any]]:
    """The problems for which files are refused; nothing is stored then."""
    with pytest.raises(InvalidDefinition) as refused:
        city.do(procedures.deploy, given)
    assert city.rows(t.procedure_version) == city.rows(t.procedure_file) == []
    problems: list[dict[str, Any]] = refused.value.detail["problems"]
    return problems


def test_the_same_files_are_the_same_version(city: City) -> None:
    first = city.do(procedures.deploy, little())
    assert (first.version, first.new) == (1, True)
    again = city.do(procedures.deploy, dict(reversed(list(little().items()))))
    assert (again.id, again.version, again.new) == (first.id, 1, False)
    assert len(city.rows(t.procedure_version)) == 1


def test_a_running_project_keeps_its_version_and_a_new_one_gets_the_newest(city: City) -> None:
    base = dict(little())
    city.deploy(base)
    old = city.start("little")
    second = city.do(procedures.deploy, changed(base, "A-2", promised_days=9))
    assert (second.version, second.new) == (2, True)
    assert run_on_time(city, old, until_open=True).day == 6
    new = city.start("little")
    assert [city.project(each).procedure_version for each in (old, new)] == [1, 2]
    assert [city.project(each).counted_days for each in (old, new)] == [6, 9]
    assert run_on_time(city, new, until_open=True).day == 9


def test_going_back_to_old_files_finds_the_old_version(city: City) -> None:
    """The newest by number stays the newest: an old version is not renumbered."""
    base = dict(little())
    city.deploy(base)
    city.deploy(changed(base, "A-2", promised_days=9))
    back = city.do(procedures.deploy, base)
    assert (back.version, back.new) == (1, False)
    listed = city.see(procedures.find, "little")
    assert [each.version for each in listed] == [2, 1]


def test_only_what_the_procedure_names_is_kept_of_the_catalogue(city: City) -> None:
    base = dict(little())
    catalogue = yaml.safe_load(base["catalogue.yaml"])
    catalogue["items"]["Z-9"] = {"kind": "approval", "department": "HOUS"}
    more = {**base, "catalogue.yaml": yaml.safe_dump(catalogue).encode()}
    first, second = city.do(procedures.deploy, base), city.do(procedures.deploy, more)
    assert first.id == second.id
    kept = city.see(procedures.files, first.id)
    assert "Z-9" not in kept["catalogue.yaml"].decode()
    assert kept["approval.bpmn"] == base["approval.bpmn"]


def test_the_citys_own_procedures_are_deployed_once(city: City) -> None:
    first = city.do(bundled.deploy)
    assert [(each.procedure, each.version, each.new) for each in first] == [
        (each, 1, True) for each in PROCEDURES
    ]
    assert all(each.problems == [] for each in first)
    assert city.do(bundled.deploy) == []
    totals = [city.see(procedures.critical_path, each)["counted_days"] for each in PROCEDURES]
    assert totals == [63, 28, 66, 29]


def test_gates_that_form_a_cycle_are_refused(small_city: City) -> None:
    stages = {
        stage: diagram(
            stage,
            gate(after),
            call(item),
            node("endEvent", f"{stage}-end"),
            chain("START", f"wait-{after}", item, f"{stage}-end"),
            awaits=(after,),
        )
        for stage, item, after in (("approval", "A-1", "B-1"), ("planning", "B-1", "A-1"))
    }
    rows = {"A-1": approval(1), "B-1": approval(1)}
    problems = refusal(small_city, files("circle", stages, rows))
    assert [each["code"] for each in problems] == ["invalid_network"]
    assert "A-1 -> B-1" in problems[0]["message"] or "B-1 -> A-1" in problems[0]["message"]


def test_every_problem_is_told_at_once_with_its_element(small_city: City) -> None:
    base = dict(little())
    stage = diagram(
        "approval",
        gate("Z-9"),
        call("A-1"),
        call("A-2"),
        node("endEvent", "end"),
        chain("START", "wait-Z-9", "A-1", "A-2", "end"),
        awaits=("Z-9",),
    )
    problems = refusal(small_city, {**base, "approval.bpmn": stage})
    assert {(each["code"], each["element"]) for each in problems} >= {("unknown_gate", "wait-Z-9")}
    assert refusal(small_city, {**base, "procedure.yaml": b"{"})[0]["code"] == "malformed_yaml"
    assert refusal(small_city, {**base, "approval.bpmn": b"<no"})[0]["file"] == "approval.bpmn"
    without = {name: content for name, content in base.items() if name != "item.bpmn"}
    assert {each["element"] for each in refusal(small_city, without)} == {"A-1", "A-2", "B-1"}


@pytest.mark.parametrize(
    ("days", "says"), [(21, "20"), ("x", "whole number"), (-1, "whole number")]
)
def test_an_invalid_promise_is_refused(small_city: City, days: Any, says: str) -> None:
    """A-1 may take 20 days by law: a promise cannot be longer."""
    problems = refusal(small_city, changed(dict(little()), "A-1", promised_days=days))
    errors = [each for each in problems if each["severity"] == "error"]
    assert [(each["element"], says in each["message"]) for each in errors] == [("A-1", True)]


def test_names_too_long_to_be_kept_are_refused_before_they_run(small_city: City) -> None:
    end = node("endEvent", "end")
    for spoilt in (
        work("W-1", outcomes="x" * 51),
        work("W-1", department="D" * 31),
        node("userTask", "W-1", name="名" * 301),
    ):
        given = one_stage("long", spoilt, end, chain("START", "W-1", "end"), W_1=approval(1))
        refused = [each for each in refusal(small_city, given) if each["severity"] == "error"]
        assert [each["code"] for each in refused] == ["too_long"]
    fine = one_stage("i" * 101, work("W-1"), end, chain("START", "W-1", "end"), W_1=approval(1))
    assert [each["code"] for each in refusal(small_city, fine)] == ["too_long"]


def test_only_analysts_deploy(city: City) -> None:
    with pytest.raises(Forbidden):
        city.do(procedures.deploy, little(), by=city.user("boss", ("coordinator", "")))
    version = city.do(procedures.deploy, little(), by=city.user("ana", ("analyst", "")))
    assert version.deployed_by == "ana"


def test_what_is_not_there_is_told(small_city: City) -> None:
    with pytest.raises(NotFound):
        small_city.see(procedures.get, 9)
    with pytest.raises(NotFound):
        small_city.see(procedures.files, 9)
    with pytest.raises(NotFound):
        procedures.named("no-such-procedure", small_city.settings)
    with pytest.raises(Invalid) as unknown:
        small_city.start("no-such-procedure")
    assert "none" in unknown.value.message


def test_a_version_rolled_back_is_not_remembered(city: City) -> None:
    """Its number is given again on SQLite: the next version must not run as the first."""

    def deploy_and_fail(unit: Work) -> None:
        assert procedures.deploy(unit, little()).version == 1
        assert procedures.critical_path(unit, "little")["counted_days"] == 6
        raise RuntimeError

    with pytest.raises(RuntimeError):
        city.do(deploy_and_fail)
    city.deploy(changed(dict(little()), "A-2", promised_days=9))
    assert city.see(procedures.critical_path, "little")["counted_days"] == 9


def test_a_department_the_city_does_not_have_is_a_warning(city: City) -> None:
    drawn = (call("A-1"), node("endEvent", "end"), chain("START", "A-1", "end"))
    odd = {"A-1": approval(1, department="NOPE")}
    found = procedures.check(
        files("odd", {"approval": diagram("approval", *drawn)}, odd), city.settings
    )
    assert [(each.code, each.severity, each.element) for each in found] == [
        ("unknown_department", "warning", "A-1")
    ]
