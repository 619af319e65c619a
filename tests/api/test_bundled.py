"""The city's own procedures are deployed at the start, and again only where they changed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.service import bundled, procedures
from engine.service.work import SYSTEM, Work
from engine.store.database import transaction
from tests.api.conftest import Service

ROOT = Path(__file__).parents[2]
FOLDER = "procedures/industrial-2014"


@pytest.fixture
def city(bare: Service, tmp_path: Path) -> Service:
    """A service with diagrams of its own that may be edited."""
    shutil.copytree(ROOT / "bpmn", tmp_path / "bpmn")
    for other in ("industrial-2013", "real-estate-2013", "real-estate-2014"):
        shutil.rmtree(tmp_path / "bpmn" / "procedures" / other)
    bare.settings = replace(bare.settings, bpmn_dir=tmp_path / "bpmn")
    return bare


def deployed(city: Service) -> list[int]:
    """The numbers of the versions that a start deploys."""
    return [view.version for view in city.act(bundled.deploy)]


def edit(city: Service, name: str, old: str, new: str) -> None:
    path = city.settings.bpmn_dir / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_did_not_change_is_not_deployed_again(city: Service) -> None:
    assert deployed(city) == [1]
    assert deployed(city) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (f"{FOLDER}/procedure.yaml", "IND-02: {promised_days: 7}", "IND-02: {promised_days: 6}"),
        (f"{FOLDER}/approval.bpmn", "</bpmn:definitions>", "<!-- 1 --></bpmn:definitions>"),
        ("shared/item.bpmn", "</bpmn:definitions>", "<!-- edited --></bpmn:definitions>"),
        ("catalogue.yaml", "企业投资项目备案", "企业投资项目的备案"),
    ],
)
def test_what_changed_is_deployed_as_a_new_version(
    city: Service, name: str, old: str, new: str
) -> None:
    deployed(city)
    edit(city, name, old, new)
    assert deployed(city) == [2]


def test_an_entry_of_the_catalogue_that_no_diagram_names_changes_nothing(city: Service) -> None:
    deployed(city)
    entry = "items:\n  NEW-01: {name: {zh: 新事项}, department: LAND}"
    edit(city, "catalogue.yaml", "items:", entry)
    assert deployed(city) == []


def test_it_agrees_with_a_full_deployment(city: Service) -> None:
    with transaction(city.engine) as db:
        work = Work(db, city.clock.now(), SYSTEM, city.settings)
        [folder] = (city.settings.bpmn_dir / "procedures").iterdir()
        view = procedures.deploy(work, procedures.bundle(folder, city.settings))
        assert view.new
        assert bundled.deploy(work) == []


def test_a_city_without_procedures_starts_as_well(city: Service) -> None:
    shutil.rmtree(city.settings.bpmn_dir / "procedures")
    assert deployed(city) == []
