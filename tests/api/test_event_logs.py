"""Event logs over REST, on both databases; every answer is held to the OpenAPI document."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest

from tests.api.conftest import Client, Service

CSV = """案件编号,环节,完成时间,科室
一,受理,2014-03-03 09:00,窗口
一,审查,2014-03-05 16:00,规划处
二,受理,2014-03-04 10:00,窗口
"""
MAPPING = {"case": "案件编号", "activity": "环节", "end": "完成时间"}
XES = (
    '<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="1"/>'
    '<event><string key="concept:name" value="receive"/>'
    '<date key="time:timestamp" value="2014-03-03T09:00:00+08:00"/></event></trace></log>'
)


def send(client: Client, content: str | bytes, kind: str = "text/csv", query: str = "") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"/event-logs{query}", data=data, content_type=kind)


def add(service: Service, name: str = "log") -> int:
    answer = send(service("analyst"), CSV, query=f"?name={name}")
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


def test_a_table_from_its_preview_to_its_removal(both: Service) -> None:
    analyst = both("analyst")
    content = CSV.encode("gb18030")
    seen = analyst.post("/event-logs/preview", data=content, content_type="text/csv").json
    assert seen["columns"] == ["案件编号", "环节", "完成时间", "科室"]
    named = analyst.post("/event-logs/preview?name=log", data=content, content_type="text/csv")
    assert named.status_code == 200
    assert seen["dialect"] == {"encoding": "gb18030", "delimiter": ",", "header": True}
    assert (seen["rows"][0][0], seen["guess"]["end"]) == ("一", "完成时间")

    form = {"file": (io.BytesIO(content), "许可.csv", "text/csv"), "mapping": json.dumps(MAPPING)}
    made = analyst.post("/event-logs", data=form, content_type="multipart/form-data")
    assert made.status_code == 201, made.json
    found = made.json
    path = f"/event-logs/{found['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert (found["name"], found["source_name"], found["events"]) == ("许可", "许可.csv", 3)
    assert (found["cases"], found["one_timestamp"], found["calibrated"]) == (2, True, False)
    assert found["first_at"] == "2014-03-03T01:00:00Z"

    renamed = analyst.patch(path, {"name": "许可受理"}).json
    assert renamed["name"] == "许可受理"
    mapped = analyst.call("PUT", f"{path}/mapping", json={**MAPPING, "activity": "科室"})
    assert (mapped.json["activities"], mapped.json["mapping"]["activity"]) == (2, "科室")
    sent = both("supervisor").get(f"{path}/events.csv")
    assert "规划处" in sent.get_data(as_text=True)
    assert sent.content_type == "text/csv; charset=utf-8"
    assert analyst.delete(path).status_code == 204
    assert analyst.get(path).status_code == 404


@pytest.mark.parametrize("packed", [False, True])
def test_xes_is_known_by_its_content_whatever_it_is_sent_as(
    service: Service,
    packed: bool,  # noqa: FBT001
) -> None:
    content = gzip.compress(XES.encode()) if packed else XES.encode()
    kind = "application/gzip" if packed else "application/xml"
    answer = send(service("analyst"), content, kind, "?file_name=receipt.xes.gz")
    assert answer.status_code == 201, answer.json
    assert (answer.json["name"], answer.json["events"]) == ("receipt", 1)
    sent = service("analyst").get(f"/event-logs/{answer.json['id']}/events.xes")
    assert sent.content_type == "application/xml"
    assert b'value="receive"' in sent.get_data()


def test_the_list_comes_in_parts(service: Service) -> None:
    keys = [add(service, f"log-{n}") for n in range(3)]
    first = service("supervisor").get("/event-logs?limit=2&text=log").json
    rest = service("supervisor").get(f"/event-logs?limit=2&cursor={first['next']}").json
    assert [each["id"] for each in first["items"] + rest["items"]] == keys[::-1]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("content", "query", "field", "says"),
    [
        ("", "", "file", "empty"),
        ("<log><trace></log>", "", "file", "line 1"),
        ("a,b\n1,2\n", "", "mapping.end", "which column tells"),
        (CSV, "?mapping=nonsense", "mapping", "no JSON"),
        (CSV, "?mapping=[]", "mapping", "JSON object"),
        (CSV, "?mapping={%22kase%22:%22x%22}", "mapping.kase", "no kase"),
        (XES, "?mapping={%22case%22:%22x%22}", "mapping", "no columns"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    service: Service, content: str, query: str, field: str, says: str
) -> None:
    answer = send(service("analyst"), content, query=query)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert says in answer.json["detail"]
    assert answer.json["remedy"]


def test_two_files_are_not_one(service: Service) -> None:
    files = {f"file{n}": (io.BytesIO(CSV.encode()), f"{n}.csv", "text/csv") for n in range(2)}
    answer = service("analyst").post("/event-logs", data=files, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["field"]) == (422, "file")


def test_the_citys_own_history_goes_out_and_is_kept(both: Service) -> None:
    project = both.project()
    task = both.task(project)
    both("reviewer").post(f"/tasks/{task['id']}/claim")
    done = both("reviewer").post(f"/tasks/{task['id']}/complete", {})
    assert done.status_code == 200, done.json
    supervisor, analyst = both("supervisor"), both("analyst")
    table = supervisor.get("/event-logs/own/events.csv").get_data(as_text=True)
    lines = table.lstrip("\ufeff").splitlines()
    assert len(lines) == 2
    assert "reviewer" not in table
    named = supervisor.get("/event-logs/own/events.csv?anonymous=false").get_data(as_text=True)
    assert "reviewer" in named
    assert supervisor.get("/event-logs/own/events.xes?procedure=other").get_data()
    kept = analyst.post("/event-logs/own", {"name": "own", "since": "2014-01-01"})
    assert (kept.status_code, kept.json["events"]) == (201, 1)
    none = analyst.post("/event-logs/own", {"name": "own", "until": "2013-01-01"})
    assert (none.status_code, none.json["code"]) == (422, "invalid_log")


def test_others_see_nothing_and_supervisors_change_nothing(service: Service) -> None:
    key = add(service)
    for name in ("clerk", "coordinator", "applicant"):
        assert service(name).get(f"/event-logs/{key}").status_code == 403
        assert service(name).get("/event-logs/own/events.csv").status_code == 403
    supervisor = service("supervisor")
    assert supervisor.get(f"/event-logs/{key}").status_code == 200
    assert supervisor.delete(f"/event-logs/{key}").status_code == 403
    assert send(supervisor, CSV).status_code == 403


def test_a_log_is_calibrated_and_its_findings_are_kept(both: Service) -> None:
    key = add(both)
    path, analyst, supervisor = f"/event-logs/{key}", both("analyst"), both("supervisor")
    before = supervisor.get(f"{path}/assumptions")
    assert (before.status_code, before.json["code"]) == (409, "not_calibrated")
    answer = analyst.post(f"{path}/calibration", {"timezone": "Asia/Shanghai"})
    assert answer.status_code == 200, answer.json
    assert answer.json["procedure"] is None
    assert answer.json["calibrated_by"] == "analyst"
    assert supervisor.get(f"{path}/calibration").json == answer.json
    assert supervisor.get(f"{path}/assumptions").json == answer.json["assumptions"]
    heat = supervisor.get(f"{path}/heat").json
    assert sorted(each["count"] for each in heat["nodes"].values()) == [1, 2]
    assert analyst.get(path).json["calibrated"] is True
    diagram = supervisor.get(f"{path}/diagram")
    assert diagram.content_type == "application/xml"
    deployed = analyst.post(
        "/process-definitions?dry_run=true", data=diagram.data, content_type="application/xml"
    )
    assert deployed.json["runnable"] is True
    assert supervisor.post(f"{path}/calibration", {}).status_code == 403


def test_what_is_no_work_of_the_procedure_is_refused(service: Service) -> None:
    path, analyst = f"/event-logs/{add(service)}", service("analyst")
    answer = analyst.post(f"{path}/calibration", {"procedure": "small"})
    assert (answer.status_code, answer.json["field"]) == (422, "mapping")
    assert answer.json["activities"] == ["受理", "审查"]
    lost = analyst.post(f"{path}/calibration", {"timezone": "Nowhere"})
    assert (lost.status_code, lost.json["field"]) == (422, "timezone")
    assert analyst.post("/event-logs/99/calibration", {}).status_code == 404


def test_the_citys_history_and_a_run_are_set_side_by_side(service: Service) -> None:
    project = service.project()
    service("reviewer").post(f"/tasks/{service.task(project)['id']}/complete", {})
    analyst = service("analyst")
    key = analyst.post("/event-logs/own", {"name": "own"}).json["id"]
    path = f"/event-logs/{key}"
    laid = analyst.post(f"{path}/calibration", {"procedure": "small"})
    assert (laid.status_code, laid.json["version"]) == (200, 1)
    assert analyst.get(f"{path}/diagram").status_code == 404
    run = analyst.post(
        "/simulations",
        {
            "name": "as it was",
            "source": {"procedure": "small"},
            "assumptions": laid.json["assumptions"],
            "plan": {"cases": 5, "replications": 1},
        },
    )
    assert run.status_code == 202, run.json
    told = service("supervisor").get(f"{path}/comparison?simulation={run.json['id']}")
    assert told.status_code == 200, told.json
    assert told.json["simulation"]["name"] == "as it was"
    assert told.json["sides"]["observed"]["n"] == 1
    assert analyst.get(f"{path}/comparison?simulation=99").status_code == 404
