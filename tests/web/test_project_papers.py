"""What is written of a project: its history, its files, its notices, each also as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pytest
from openpyxl import load_workbook

from engine.service import attachments, projects
from tests.api.conftest import Service
from tests.web import city
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

PDF = b"%PDF-1.7 a plan"


def rows(shown: Shown) -> list[list[str]]:
    return list(csv.reader(io.StringIO(shown.body.decode("utf-8-sig"))))


def upload(visitor: Visitor, project: int, to: str, name: str, content: bytes = PDF) -> Shown:
    address = f"/projects/{project}/documents"
    visitor.get(address)
    data = visitor.form(address) | {"to": to, "file": (io.BytesIO(content), name)}
    return visitor.post(address, data)


# -- history ---------------------------------------------------------------------------------------


def test_the_history_is_told_backwards_in_parts(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    for item in ("IND-01", "IND-06"):
        city.answer(service, project, item, "accept", "done", "approve")
    every = service.act(projects.history, project, limit=500).items
    visitor = enter("supervisor")
    shown = visitor.get(f"/projects/{project}/history")
    assert f"全部 {len(every)}" in shown.all("//nav[@class='switch']/a")
    keys = shown.tree.xpath("//ol[@class='history']/li/@data-key")
    assert keys == [each.id for each in reversed(every)][: len(keys)]
    assert "项目登记" in shown.all("//ol[@class='history']/li")[-1]


@pytest.mark.parametrize("kind", ["major", "item", "task", "project", "nonsense"])
def test_the_history_is_filtered_by_kind_and_item(
    service: Service, enter: Enter, kind: str
) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "approve")
    visitor = enter("supervisor")
    shown = visitor.get(f"/projects/{project}/history?kind={kind}&item=IND-01&format=csv")
    told = {row[7] for row in rows(shown)[1:]}
    begins = {"major": ("item.", "task.overdue"), "nonsense": ("item.", "task.")}
    assert all(each.startswith(begins.get(kind, (f"{kind}.",))) for each in told)
    assert bool(told) == (kind != "project")


def test_the_history_is_a_file_with_every_row(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "approve")
    visitor = enter("supervisor")
    every = service.act(projects.history, project, limit=500).items
    shown = visitor.get(f"/projects/{project}/history?format=csv")
    assert len(rows(shown)) == len(every) + 1
    book = load_workbook(io.BytesIO(visitor.get(f"/projects/{project}/history?format=xlsx").body))
    [sheet] = book.worksheets
    cells: Iterable[tuple[object, ...]] = sheet.iter_rows(values_only=True)
    assert [str(row[0]) for row in cells] == [row[0] for row in rows(shown)]


def test_sentences_name_the_item_the_step_and_the_answer(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept")
    shown = enter("supervisor").get(f"/projects/{project}/history?item=IND-01")
    assert "企业投资项目备案：收件，受理" in shown.text
    assert "代 发改委 办理" in shown.text


# -- files -----------------------------------------------------------------------------------------


def test_a_file_is_sent_for_a_material_and_the_next_one_is_its_next_version(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    visitor = enter("applicant")
    assert "已上传 表.pdf，第 1 版。" in upload(visitor, project, "IND-01|备案表", "表.pdf").text
    shown = upload(visitor, project, "IND-01|备案表", "表.pdf", PDF + b"2")
    assert "第 2 版" in shown.text
    found = service.act(attachments.find, project)
    assert [(each.item, each.material, each.version) for each in found] == [
        ("IND-01", "备案表", 2),
        ("IND-01", "备案表", 1),
    ]
    [address] = shown.tree.xpath("//li[@class='material']/div/p/a/@href")
    assert visitor.get(address).body == PDF + b"2"
    assert "以前的 1 个文件" in shown.text


def test_missing_materials_are_named_where_they_are_due(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    shown = enter("coordinator").get(f"/projects/{project}/documents")
    group = shown.one("//section[@aria-labelledby='group-IND-01']")
    assert "备案表 未交" in group
    chosen = enter("coordinator").get(f"/projects/{project}/documents?to=IND-01%7C备案表")
    assert chosen.tree.xpath("//option[@selected]/@value") == ["IND-01|备案表"]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("x.exe", b"MZ", 422),
        ("x.pdf", b"", 422),
        ("x.pdf", b"not a pdf", 422),
        ("", b"", 422),
    ],
)
def test_a_file_that_is_not_accepted_is_refused_with_the_reason(
    service: Service, enter: Enter, name: str, content: bytes, status: int
) -> None:
    city.deploy(service)
    project = city.started(service)
    shown = upload(enter("coordinator"), project, "IND-01|备案表", name, content)
    assert shown.status == status
    assert shown.all("//section[@id='upload']//div[@role='alert']")
    assert shown.tree.xpath("//option[@selected]/@value") == ["IND-01|备案表"]
    assert service.act(attachments.find, project) == []


def test_a_file_for_nothing_is_refused(service: Service, enter: Enter) -> None:
    project = service.project()
    assert upload(enter("clerk"), project, "", "x.pdf").status == 422
    assert upload(enter("clerk"), project, "NOWHERE|", "x.pdf").status == 404


def test_files_are_listed_as_a_file(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    visitor = enter("coordinator")
    upload(visitor, project, "|", "简介.pdf")
    [heading, row] = rows(visitor.get(f"/projects/{project}/documents?format=csv"))
    assert heading[2:4] == ["文件名", "版本"]
    assert row[2:4] == ["简介.pdf", "1"]


def test_who_may_not_send_files_sees_them_all_the_same(service: Service, enter: Enter) -> None:
    project = service.project()
    upload(enter("clerk"), project, "|", "简介.pdf")
    shown = enter("supervisor").get(f"/projects/{project}/documents")
    assert "简介.pdf" in shown.text
    assert not shown.tree.xpath("//input[@type='file']")


def test_files_of_the_newest_date_are_on_the_projects_page(service: Service, enter: Enter) -> None:
    project = service.project()
    upload(enter("coordinator"), project, "SURVEY|", "图.pdf")
    shown = enter("coordinator").get(f"/projects/{project}")
    assert "图.pdf" in shown.one("//section[@id='project-files']//li")
    assert "共 1 份" in shown.one("//section[@id='project-files']/header")


# -- notices ---------------------------------------------------------------------------------------


def test_notices_are_listed_and_lead_to_the_paper(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "refuse", reason="不符合")
    visitor = enter("applicant")
    listed = visitor.get(f"/projects/{project}").all("//section[@id='project-notices']//li")
    assert "不予许可决定书" in listed[0]
    assert "受理通知书" in listed[1]
    shown = visitor.get(f"/projects/{project}/notices")
    addresses = shown.tree.xpath("//tbody//a/@href")
    assert len(addresses) == 2
    assert all(visitor.get(each).status == 200 for each in addresses)
    assert len(rows(visitor.get(f"/projects/{project}/notices?format=csv"))) == 3
