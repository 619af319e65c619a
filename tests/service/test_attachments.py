"""Attachments: versions, limits, names, where they lie, who sees them, and power cuts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Forbidden, Invalid, NotFound
from engine.service import attachments, projects
from engine.service.work import Work
from engine.store import tables as t
from tests.service.city import ADMIN, City
from tests.service.drawn import little

PDF = b"%PDF-1.7 the plan"


@pytest.fixture(params=["disk", "database"])
def place(request: pytest.FixtureRequest, city: City) -> str:
    """Where the city keeps its files."""
    city.settings = replace(city.settings, attachment_store=request.param, attachment_max_bytes=100)
    return str(request.param)


def attach(city: City, project: int, item: str = "", name: str = "plan.pdf", **more: Any) -> Any:
    """Attach a file."""
    kind, content = more.get("kind", "application/pdf"), more.get("content", PDF)
    by, material = more.get("by", ADMIN), more.get("material", "")
    return city.do(attachments.add, project, item, name, kind, content, material, by=by)


@pytest.fixture
def project(city: City) -> int:
    """A project of the little procedure."""
    city.deploy(little())
    return city.start("little")


@pytest.fixture
def filing(city: City) -> int:
    """A project whose IND-01 asks for three materials."""
    city.deploy("industrial-2014")
    return city.start("industrial-2014")


def test_a_file_is_for_one_of_the_items_materials(city: City, filing: int) -> None:
    """The same name for another material is another file, with versions of its own."""
    made = [
        attach(city, filing, "IND-01", "scan.pdf", material=material)
        for material in ("备案表", "营业执照", "备案表", "")
    ]
    assert [(each.material, each.version) for each in made] == [
        *(("备案表", 1), ("营业执照", 1), ("备案表", 2), ("", 1)),
    ]
    assert city.see(attachments.get, made[0].id).material == "备案表"
    newest = city.see(attachments.latest, filing, "IND-01")
    assert [each.id for each in newest] == [made[3].id, made[2].id, made[1].id]
    attach(city, filing, name="plan.pdf")
    assert len(city.see(attachments.latest, filing)) == 4
    events = [row["data"] for row in city.rows(t.history, event="attachment.added")]
    assert [each.get("material") for each in events] == ["备案表", "营业执照", "备案表", None, None]


@pytest.mark.parametrize(("item", "material"), [("IND-01", "施工图"), ("", "备案表")])
def test_a_material_nobody_asks_for_is_refused(
    city: City, filing: int, item: str, material: str
) -> None:
    with pytest.raises(Invalid) as refused:
        attach(city, filing, item, material=material)
    assert refused.value.detail["field"] == "material"
    assert city.rows(t.attachment) == []


@pytest.mark.usefixtures("place")
def test_the_same_name_again_is_the_next_version(city: City, project: int) -> None:
    first = attach(city, project)
    second = attach(city, project, content=b"%PDF-2")
    other = attach(city, project, item="A-1")
    assert [first.version, second.version, other.version] == [1, 2, 1]
    assert [each.id for each in city.see(attachments.find, project)] == [
        other.id,
        second.id,
        first.id,
    ]
    assert [each.id for each in city.see(attachments.find, project, "A-1")] == [other.id]
    assert city.see(attachments.content, first.id) == PDF
    assert city.see(attachments.content, second.id) == b"%PDF-2"
    assert first.sha256 == hashlib.sha256(PDF).hexdigest()
    assert city.events(project)[-1] == "A-1: attachment.added"


def test_the_same_content_is_stored_once(city: City, project: int, place: str) -> None:
    for name in ("a.pdf", "b.pdf"):
        attach(city, project, name=name)
    files = [each for each in city.settings.data_dir.rglob("*") if each.is_file()]
    rows = city.rows(t.attachment_content)
    assert (len(files), len(rows)) == ((1, 0) if place == "disk" else (0, 1))


def test_what_is_not_accepted_is_refused_by_its_field(city: City, project: int, place: str) -> None:
    refused: list[tuple[str, dict[str, Any]]] = [
        ("content", {"content": b""}),
        ("content", {"content": b"%PDF-" + b"x" * 100}),
        ("content", {"content": b"MZ this is a program"}),
        ("content", {"kind": "image/png"}),
        ("content_type", {"kind": "text/html", "content": b"<script>"}),
        ("content_type", {"kind": ""}),
        *(
            ("name", {"name": name})
            for name in (
                *("", " ", ".", "..", ".htaccess", "a/b.pdf", "..\\b.pdf", "a\0.pdf", "a\n.pdf"),
                *(
                    "x" * 256,
                    "a:b.pdf",
                    "\u202efdp.exe",
                    "a\u200b.pdf",
                    "C:\\plan.pdf",
                    "a\x7f.pdf",
                ),
            )
        ),
    ]
    for field, given in refused:
        with pytest.raises(Invalid) as refusal:
            attach(city, project, **given)
        assert refusal.value.detail["field"] == field, given
    with pytest.raises(NotFound):
        attach(city, project, item="Z-9")
    with pytest.raises(NotFound):
        attach(city, 999)
    assert city.rows(t.attachment) == []
    assert place


def test_plain_names_in_any_language_are_accepted(city: City, project: int) -> None:
    decomposed = "re\u0301sume\u0301.pdf"
    for name in ("总平面图（第二版）.pdf", "plan 2.pdf", "a.b.c.pdf", "x" * 255, decomposed):
        attach(city, project, name=name)
    assert attach(city, project, name="r\u00e9sum\u00e9.pdf").version == 2
    kind = "Application/PDF; charset=binary"
    assert attach(city, project, kind=kind).content_type == "application/pdf"


def test_a_project_shows_its_files_to_its_applicant_and_to_the_departments(city: City) -> None:
    city.deploy(little())
    mine, other = (city.user(name, ("applicant", "")) for name in ("mine", "other"))
    clerk = city.user("clerk", ("clerk", "PLAN"))
    supervisor = city.user("supervisor", ("supervisor", ""))
    project = city.start("little", by=mine)
    found = attach(city, project, by=mine)
    attach(city, project, by=clerk)
    with pytest.raises(Forbidden):
        attach(city, project, by=supervisor)
    for who in (mine, clerk, supervisor):
        assert city.see(attachments.content, found.id, by=who) == PDF
    with pytest.raises(NotFound):
        attach(city, project, by=other)
    for verb in (attachments.get, attachments.content):
        with pytest.raises(NotFound):
            city.see(verb, found.id, by=other)
    with pytest.raises(NotFound):
        city.see(attachments.find, project, by=other)


def test_a_missing_file_is_told_as_such(city: City, project: int) -> None:
    found = attach(city, project)
    file = next(each for each in city.settings.data_dir.rglob("*") if each.is_file())
    file.unlink()
    with pytest.raises(NotFound) as refusal:
        city.see(attachments.content, found.id)
    assert refusal.value.detail["sha256"] == found.sha256
    assert city.see(attachments.get, found.id) == found
    # the same file once more mends it
    attach(city, project)
    assert city.see(attachments.content, found.id) == PDF


def test_what_is_rolled_back_leaves_no_row_and_a_file_nobody_asks_for(
    city: City, project: int
) -> None:
    def add_and_fail(work: Work) -> None:
        attachments.add(work, project, "", "plan.pdf", "application/pdf", PDF)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        city.do(add_and_fail)
    assert city.rows(t.attachment) == []
    assert attach(city, project).version == 1


def test_a_row_is_never_without_its_file(
    city: City, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk is full there is no row either, and no half file."""

    def full(_: Path, __: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "hardlink_to", full)
    with pytest.raises(OSError, match="space"):
        attach(city, project)
    assert city.rows(t.attachment) == []
    assert [each for each in city.settings.data_dir.rglob("*") if each.is_file()] == []


def test_an_items_files_are_its_departments_and_end_with_the_project(city: City) -> None:
    city.deploy(little())
    mine = city.user("mine", ("applicant", ""))
    project = city.start("little", by=mine)
    item = city.item(project, "A-1")
    own = city.user("own", ("clerk", item.department))
    foreign = city.user("foreign", ("clerk", "GREEN"))
    attach(city, project, item="A-1", by=own)
    with pytest.raises(Forbidden):
        attach(city, project, item="A-1", by=foreign)
    city.do(projects.cancel, project)
    for who in (mine, own):
        with pytest.raises(attachments.ProjectEnded):
            attach(city, project, item="A-1", by=who)
