"""Scenarios proposed, looked at by a second person, deployed as a version, or rejected."""

from __future__ import annotations

from typing import Any

import pytest

from engine.analysis.network import ActivityNetwork
from engine.analysis.reduction import equivalent
from engine.errors import Conflict, Forbidden, Invalid, Stale
from engine.rules.scenario import BaseOutdated, NotEditable, NotProposable, SecondPerson
from engine.service import deployments, procedures
from engine.service.scenarios import effects, proposals, scenarios
from engine.service.work import Actor
from tests.service.city import City
from tests.service.test_scenarios import BASE, SHORTEN, events, look, make, newer

TO_POST = {"kind": "move_to_post", "item": "IND-06", "remove_from": ["IND-10"], "id": "unlawful"}


@pytest.fixture
def ann(city: City) -> Actor:
    """An analyst, who proposes; the procedure is there."""
    city.deploy(BASE)
    return city.user("ann", ("analyst", ""))


@pytest.fixture
def ben(city: City) -> Actor:
    """Another analyst, who decides."""
    return city.user("ben", ("analyst", ""))


def proposed(city: City, by: Actor, **named: Any) -> int:
    key = make(city, [SHORTEN], by=by, **named)
    city.do(proposals.propose, key, by=by)
    return key


def test_a_second_person_deploys_it_and_it_runs_as_computed(
    city: City, ann: Actor, ben: Actor
) -> None:
    key = city.do(scenarios.create, "工业 2014", BASE, target_procedure="industrial-new", by=ann)
    city.do(proposals.propose, key, by=ann)
    assert (look(city, key).state, look(city, key).proposed_by) == ("proposed", "ann")
    version = city.do(proposals.approve, key, "核对过", by=ben)
    assert (version.procedure, version.version, version.deployed_by) == ("industrial-new", 1, "ben")
    view = look(city, key)
    assert (view.state, view.decided_by, view.decision_note) == ("approved", "ben", "核对过")
    assert view.deployed_version_id == version.id
    with city.work(read_only=True) as work:
        built = deployments.deployment(work.db, version.id)
        plan = effects.carried(work, key).played.plan
        assert equivalent(ActivityNetwork(built.activities), plan.network)
        assert proposals.files(work, key) == deployments.files(work.db, version.id)
    assert city.see(procedures.critical_path, "industrial-new")["counted_days"] == 28
    named = [event for event, _ in events(city)]
    assert named == ["scenario.created", "scenario.proposed", "scenario.approved"]


def test_deployed_under_its_own_id_it_is_the_newest_version(
    city: City, ann: Actor, ben: Actor
) -> None:
    key = proposed(city, ann)
    version = city.do(proposals.approve, key, by=ben)
    assert (version.procedure, version.version) == (BASE, 2)
    assert version.name["zh"] == "工业项目（2013）"
    assert look(city, key).outdated is False
    assert city.see(procedures.critical_path, BASE)["counted_days"] == 61


def test_nobody_decides_on_their_own_proposal(city: City, ann: Actor) -> None:
    key = proposed(city, ann)
    for verb, given in ((proposals.approve, ()), (proposals.reject, ("no",))):
        with pytest.raises(SecondPerson):
            city.do(verb, key, *given, by=ann)
    supervisor = city.user("sue", ("supervisor", ""))
    with pytest.raises(Forbidden):
        city.do(proposals.approve, key, by=supervisor)
    assert look(city, key).state == "proposed"


def test_what_is_proposed_is_not_changed_until_it_is_withdrawn(city: City, ann: Actor) -> None:
    key = proposed(city, ann)
    for verb, given in (
        (scenarios.update, ()),
        (scenarios.toggle, ("shorten", False)),
        (scenarios.rebase, ()),
    ):
        with pytest.raises(NotEditable):
            city.do(verb, key, *given)
    with pytest.raises(Conflict):
        city.do(scenarios.remove, key)
    with pytest.raises(Conflict):
        city.do(proposals.propose, key)
    with pytest.raises(Stale):
        city.do(proposals.withdraw, key, 1)
    city.do(proposals.withdraw, key, by=ann)
    city.do(scenarios.toggle, key, "shorten", False)
    assert (look(city, key).state, look(city, key).proposed_by) == ("draft", None)


def test_it_is_given_back_with_a_reason_and_may_be_mended(
    city: City, ann: Actor, ben: Actor
) -> None:
    key = proposed(city, ann)
    with pytest.raises(Invalid, match="note needs 1"):
        city.do(proposals.reject, key, " ", by=ben)
    city.do(proposals.reject, key, "先与规划局商定", by=ben)
    view = look(city, key)
    assert (view.state, view.decision_note) == ("rejected", "先与规划局商定")
    with pytest.raises(Conflict):
        city.do(proposals.approve, key, by=ben)
    city.do(scenarios.update, key, note="已商定", by=ann)
    assert look(city, key).state == "draft"
    city.do(proposals.propose, key, by=ann)
    assert look(city, key).decision_note == ""


def test_on_an_outdated_base_nothing_is_proposed_or_approved(
    city: City, ann: Actor, ben: Actor
) -> None:
    draft, waiting = make(city, [SHORTEN], by=ann), proposed(city, ann)
    newer(city)
    for verb, key in ((proposals.propose, draft), (proposals.approve, waiting)):
        with pytest.raises(BaseOutdated, match=r"stands on version 1 .* a version 2") as refused:
            city.do(verb, key, by=ben)
        detail = refused.value.detail
        assert (detail["base_version"], detail["newest_version"]) == (1, 2)
    city.do(scenarios.rebase, draft, by=ann)
    city.do(proposals.propose, draft, by=ann)
    assert city.do(proposals.approve, draft, by=ben).version == 3


def test_what_breaks_the_law_is_in_conflict_or_changes_nothing_is_not_proposed(
    city: City, ann: Actor
) -> None:
    nothing = make(city, [{**SHORTEN, "enabled": False}], by=ann)
    unlawful = make(city, [TO_POST], by=ann)
    first = {"kind": "shorten", "item": "IND-10", "days": 3, "id": "first"}
    drop = {"kind": "drop", "item": "IND-05", "id": "drop"}
    moved = {"kind": "move_to_post", "item": "IND-02", "remove_from": ["IND-07"], "id": "moved"}
    moved |= {"add_to": ["IND-11"]}
    back = {**moved, "id": "back", "remove_from": ["IND-11"], "add_to": ["IND-16"]}
    conflict = make(city, [first, drop, moved, back], by=ann)
    city.do(scenarios.toggle, conflict, "moved", False)
    for key, reason in (
        (nothing, {"message": "no operation is switched on: nothing would change"}),
        (unlawful, {"breach": "precondition", "items": ["IND-06", "IND-10"]}),
        (conflict, {"operation": "back", "cause": "waits_not"}),
    ):
        with pytest.raises(NotProposable) as refused:
            city.do(proposals.propose, key, by=ann)
        assert reason.items() <= refused.value.detail["reasons"][0].items()
        assert look(city, key).state == "draft"
    # it can be looked at nevertheless
    assert "procedure.yaml" in city.see(proposals.files, unlawful)
