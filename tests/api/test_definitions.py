"""Diagrams over REST: BPMN in, problems out."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.api import small
from tests.api.conftest import Service

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "bpmn" / "procedures" / "industrial-2014"
PATH = "/process-definitions"
XML = {"content_type": "application/xml"}


def archive(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return target.getvalue()


def test_a_diagram_is_deployed_once(both: Service) -> None:
    content = small.diagram(process="other")
    made = both("analyst").post(PATH, data=content, **XML)
    assert made.status_code == 201
    assert (made.json["procedure"], made.json["version"]) == ("other", 1)
    again = both("analyst").post(PATH, data=content, **XML)
    assert (again.status_code, again.json["id"]) == (200, made.json["id"])
    changed = both("analyst").post(PATH, data=content.replace(b'"3"', b'"4"'), **XML)
    assert (changed.status_code, changed.json["version"]) == (201, 2)
    found = both("clerk").get(f"{PATH}?procedure=other").json["items"]
    assert [each["version"] for each in found] == [2, 1]


def test_what_is_deployed_can_be_got_back(service: Service) -> None:
    content = small.diagram(process="other")
    place = service("analyst").post(PATH, data=content, **XML).headers["Location"]
    assert service("clerk").get(place).json["procedure"] == "other"
    got = service("clerk").get(f"{place}/files/diagram.bpmn")
    assert (got.data, got.mimetype) == (content, "application/xml")
    assert service("clerk").get(f"{place}/files/none.bpmn").status_code == 404


def test_a_diagram_that_cannot_run_is_refused_with_every_problem(service: Service) -> None:
    content = small.diagram().replace(b'targetRef="merge"', b'targetRef="nowhere"')
    refused = service("analyst").post(PATH, data=content, **XML)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_definition")
    problems = refused.json["problems"]
    assert problems
    assert {"code", "message", "element", "line", "severity"} <= set(problems[0])


def test_a_dry_run_says_what_is_wrong_and_deploys_nothing(service: Service) -> None:
    good = service("analyst").post(f"{PATH}?dry_run=true", data=small.diagram(process="o"), **XML)
    assert (good.status_code, good.json) == (200, {"runnable": True, "problems": []})
    bad = service("analyst").post(f"{PATH}?dry_run=true", data=b"<x/>", **XML)
    assert (bad.status_code, bad.json["runnable"]) == (200, False)
    names = {each["procedure"] for each in service("clerk").get(PATH).json["items"]}
    assert names == {"small"}


def test_a_folder_can_be_sent_as_an_archive_or_as_a_form(service: Service) -> None:
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    packed = archive({f"industrial-2014/{name}": content for name, content in files.items()})
    made = service("analyst").post(PATH, data=packed, content_type="application/zip")
    assert (made.status_code, made.json["procedure"]) == (201, "industrial-2014")
    form = {"file": [(BytesIO(content), name) for name, content in files.items()]}
    again = service("analyst").post(PATH, data=form, content_type="multipart/form-data")
    assert (again.status_code, again.json["id"]) == (200, made.json["id"])
    report = service("clerk").get("/procedures/industrial-2014/critical-path").json
    assert report["counted_days"] == 28


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"no archive", 400),
        (archive({}), 422),
        (archive({"readme.txt": b"x"}), 422),
        (archive({"a/x.bpmn": b"1", "b/x.bpmn": b"2"}), 422),
        (archive({"x.bpmn": b"0" * 2_000_001}), 413),
        (archive({f"{number}.bpmn": b"0" * 1_900_000 for number in range(6)}), 413),
        (archive({f"{number}.bpmn": b"" for number in range(101)}), 413),
    ],
)
def test_an_archive_is_read_with_care(service: Service, content: bytes, status: int) -> None:
    answer = service("analyst").post(PATH, data=content, content_type="application/zip")
    assert answer.status_code == status, answer.json


def test_what_is_no_diagram_is_refused(service: Service) -> None:
    assert service("analyst").post(PATH, {"xml": "x"}).status_code == 415
    form = {"file": (BytesIO(b"x"), "evil.sh")}
    answer = service("analyst").post(PATH, data=form, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["field"]) == (422, "evil.sh")


def test_entities_and_the_servers_files_stay_closed(service: Service) -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    content = small.diagram().replace(b"?>", b"?>" + doctype, 1)
    answer = service("analyst").post(PATH, data=content, **XML)
    assert answer.status_code == 422
    assert answer.json["problems"][0]["code"] == "doctype"


def test_the_critical_path_of_what_is_not_deployed_is_not_found(service: Service) -> None:
    assert service("clerk").get("/procedures/none/critical-path").status_code == 404
    assert service("clerk").get("/procedures/small/critical-path").json["counted_days"] == 6


def test_the_items_of_a_version_say_what_is_promised_and_what_the_law_allows(
    service: Service,
) -> None:
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    made = service("analyst").post(PATH, data=archive(files), content_type="application/zip").json
    found = service("clerk").get(f"{PATH}/{made['id']}/items").json["items"]
    works = next(each for each in found if each["id"] == "IND-10")
    assert works["name"] == {
        "zh": "建设工程规划许可证核发",
        "en": "construction-works planning permit",
    }
    assert (works["stage"], works["department"]) == ("planning", "PLAN")
    assert (works["promised_days"], works["statutory_days"], works["unit"]) == (5, 20, "working")
    assert works["reduction"] == 0.75
    assert service("clerk").get(f"{PATH}/999/items").status_code == 404


def test_two_versions_are_compared(service: Service) -> None:
    content = small.diagram()
    old = service("analyst").post(PATH, data=content, **XML).json
    new = service("analyst").post(PATH, data=content.replace(b'"3"', b'"4"', 1), **XML).json
    found = service("clerk").get(f"{PATH}/{new['id']}/differences?before={old['id']}").json
    assert (found["before"]["counted_days"], found["after"]["counted_days"]) == (6, 7)
    [item] = found["items"]
    assert (item["id"], item["how"]) == ("SURVEY", "changed")
    assert item["changes"] == [{"field": "promised_days", "before": 3, "after": 4}]
    assert found["flows"] == []
    assert [each["name"] for each in found["files"]] == ["diagram.bpmn"]
    assert service("clerk").get(f"{PATH}/{new['id']}/differences").status_code == 422


def test_departments_tell_staff_what_waits_there(service: Service) -> None:
    service.project()
    found = service("supervisor").get("/departments/workload").json["items"]
    land = next(each for each in found if each["id"] == "LAND")
    assert (land["users"], land["open"], land["overdue"]) == (1, 1, 0)
    assert [each["id"] for each in land["items"]] == ["SURVEY"]
    assert service("applicant").get("/departments/workload").status_code == 403
