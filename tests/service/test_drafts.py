"""Checked files wait for a word to be deployed; versions are compared."""

from __future__ import annotations

import yaml

from engine.rules.catalogue import Name
from engine.service import differences, drafts, plans, procedures
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import ITEM, little


def test_what_was_checked_is_kept_deployed_and_forgotten(city: City) -> None:
    analyst = city.user("ana", ("analyst", ""))
    draft = city.do(drafts.keep, drafts.check(little(), city.settings), by=analyst)
    assert (draft.procedure, draft.runnable, draft.problems) == ("little", True, [])
    assert city.see(drafts.get, draft.id, by=analyst) == draft
    version = city.do(drafts.deploy, draft, 0, by=analyst)
    assert (version.version, version.hash) == (1, draft.hash)
    assert city.rows(t.draft_deployment) == city.rows(t.draft_file) == []


def test_old_drafts_are_forgotten_with_their_files(city: City) -> None:
    analyst = city.user("ana", ("analyst", ""))
    checked = drafts.check(little(), city.settings)
    city.do(drafts.keep, checked, by=analyst)
    city.wait(1)
    kept = city.do(drafts.keep, checked, by=analyst)
    assert city.do(drafts.forget, city.now) == 1
    assert [row["id"] for row in city.rows(t.draft_deployment)] == [kept.id]
    assert {row["draft_id"] for row in city.rows(t.draft_file)} == {kept.id}


def test_problems_are_placed_in_their_files(small_city: City) -> None:
    """A call that leads nowhere is known by its element; several files have elements."""
    files = dict(little())
    del files["item.bpmn"]
    checked = drafts.check(files, small_city.settings)
    found = {(each.element, each.file) for each in checked.problems}
    assert found == {
        *(("A-1", "approval.bpmn"), ("A-2", "approval.bpmn")),
        ("B-1", "construction.bpmn"),
    }
    assert checked.hash == ""


def test_two_procedures_are_compared_to_the_day(small_city: City) -> None:
    """The figures are those of the published comparison of 2013 with 2014."""
    for each in ("industrial-2013", "industrial-2014"):
        small_city.deploy(each)
    before, after = (
        small_city.see(procedures.latest, each) for each in ("industrial-2013", "industrial-2014")
    )
    found = small_city.see(differences.between, before, after)
    assert (found.before.counted_days, found.after.counted_days) == (63, 28)
    assert (found.before.elapsed_days, found.after.elapsed_days) == (80, 59)
    removed = [each.id for each in found.items if each.how == differences.REMOVED]
    assert removed == ["IND-03", "IND-05", "IND-13", "IND-15"]
    flows = {each.id: each for each in found.flows}
    assert (flows["IND-07"].added, flows["IND-07"].removed) == (("IND-01",), ("IND-02",))
    assert "IND-13" not in flows
    assert found.names["START"] == Name("交地", "land hand-over")
    assert found.steps == ()


def test_the_steps_of_an_item_are_compared_too(small_city: City) -> None:
    files = dict(little())
    old = small_city.do(procedures.deploy, files).id
    other = ITEM.replace('name="收件受理"'.encode(), 'name="收件"'.encode())
    new = small_city.do(procedures.deploy, {**files, "item.bpmn": other}).id
    found = small_city.see(differences.between, old, new)
    [step] = found.steps
    assert (step.process, step.id, step.how) == ("item", "receive", differences.CHANGED)
    assert step.changes == (differences.Change("name", "收件受理", "收件"),)
    assert not found.items
    assert not found.flows


def test_a_promise_is_set_against_the_law_where_both_count_the_same(small_city: City) -> None:
    files = dict(little())
    catalogue = yaml.safe_load(files["catalogue.yaml"])
    catalogue["items"]["A-1"].update(statutory_days=20)
    catalogue["items"]["A-2"].update(statutory_days=30, unit="calendar")
    files["catalogue.yaml"] = yaml.safe_dump(catalogue).encode()
    built = drafts.read(drafts.check(files, small_city.settings).files)
    shares = {each.id: each.reduction for each in plans.catalogue(built)}
    promised = {each.id: each.promised_days or 0 for each in plans.catalogue(built)}
    assert shares == {"A-1": (20 - promised["A-1"]) / 20, "A-2": None, "B-1": None}
    total = plans.reduction(plans.catalogue(built))
    assert (total.items, total.statutory_days) == (1, 20)
