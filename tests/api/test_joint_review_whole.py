"""A meeting of seven departments on two projects, from its invitation to the reply, over REST.

One agrees, one with conditions, one disagrees with its basis, one needs a supplement, one is
absent, one is late, one answers on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from icalendar import Calendar

from engine.scheduler import sweep
from engine.service import procedures
from engine.service.review.replay import Replayed, replay
from tests.api.conftest import Client, Service

SEVEN = ("CAD", "EPB", "FIRE", "GREEN", "HOUS", "MET", "SEIS")
MEETING_ON = "2014-03-06"
DISAGREES = {
    "kind": "disagree",
    "legal_basis": "《城市绿化条例》第九条",
    "required": "绿地率不低于10%",
}
BOUND: dict[str, Any] = {
    "kind": "agree_with_conditions",
    "conditions": [{"text": "出入口移至北侧", "owner": "建设单位", "due_on": "2014-03-31"}],
}
NEEDS = {"kind": "need_supplement", "materials": ["消防设计说明", "总平面图"]}
PAPER = {"kind": "agree", "source": "paper", "given_by": "李明"}


@pytest.fixture
def city(both: Service) -> Service:
    """The departments, each with a reviewer, and the lead's; the procedures deployed."""
    for name in (*SEVEN, "PLAN", "WATER"):
        both.add_user(name.lower(), ("reviewer", name))
    both.act(procedures.deploy, procedures.named("industrial-2014", both.settings))
    return both


def started(city: Service) -> int:
    """A project whose scheme is to be reviewed."""
    body = {"name": "水泵厂迁建", "procedure": "industrial-2014", "applicant": "applicant"}
    project = int(city("coordinator").post("/projects", body).json["id"])
    assert city("coordinator").post(f"/projects/{project}/start").status_code == 200
    return project


def meeting(on: str, *projects: int) -> dict[str, Any]:
    agenda = [
        {
            "project": each,
            "stage": "planning",
            "items": ["IND-08"],
            "departments": ["SEIS", "GREEN"],
        }
        for each in projects
    ]
    times = {"starts_at": f"{on}T09:00:00+08:00", "ends_at": f"{on}T10:30:00+08:00"}
    return {"title": "设计方案联审会", "place": "三楼会议室", "agenda": agenda, **times}


def at(city: Service, day: int, hour: int) -> None:
    """Let it be an hour of a day in March, and let what fell due happen."""
    city.clock.set(datetime(2014, 3, day, hour, tzinfo=city.settings.zone).astimezone(UTC))
    sweep(city.engine, city.clock.now(), city.settings)


def refused(answer: Any, status: int, code: str, reason: str) -> None:
    """The answer is a problem with this code and reason."""
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert reason in answer.json["detail"]
    assert answer.json["remedy"]


def given(client: Client, identifier: int, department: str, said: Mapping[str, Any]) -> Any:
    return client.post(f"/joint-reviews/{identifier}/opinions", {"department": department, **said})


def opinion_task(client: Client, project: int, department: str) -> str:
    found = client.get(f"/tasks?project={project}&department={department}").json["items"]
    [task] = [each["id"] for each in found if each["element"] == "give-opinion"]
    return str(task)


def hold(city: Service, key: int, disputed: int, agreed: int, project: int) -> None:
    """Hold the meeting, and let the last day pass; the sweep speaks for the late one."""
    lead = city("plan")
    assert lead.post(f"/meetings/{key}/hold").status_code == 200
    came = lead.post(f"/joint-reviews/{disputed}/applicant", {"state": "present"})
    assert came.status_code == 200
    task = opinion_task(city("cad"), project, "CAD")
    done = city("cad").post(f"/tasks/{task}/complete", {"outcome": "agree"})
    assert done.json["outcome"] == "agree"
    here = {"source": "meeting", "given_by": "王芳"}
    spoken: dict[str, dict[str, Any]] = {"HOUS": BOUND, "EPB": DISAGREES, "FIRE": NEEDS}
    for name, said in spoken.items():
        assert given(lead, disputed, name, {**said, **here}).status_code == 200
    away = {"department": "MET", "state": "absent"}
    assert lead.post(f"/joint-reviews/{disputed}/attendance", away).status_code == 200
    assert given(lead, disputed, "SEIS", PAPER).status_code == 200
    for name in SEVEN:
        assert given(city(name.lower()), agreed, name, {"kind": "agree"}).status_code == 200
    at(city, 7, 9)


def finish(city: Service, identifier: int, conclusion: str, reasons: str) -> dict[str, Any]:
    """Conclude, have the minutes signed by all, reply; returns the round as it is then."""
    lead, where = city("plan"), f"/joint-reviews/{identifier}"
    body = {"conclusion": conclusion, "reasons": reasons}
    assert lead.post(f"{where}/conclude", body).status_code == 200
    assert lead.post(f"{where}/minutes/send", {"discussion": "重点讨论出入口。"}).status_code == 200
    sign(city, identifier)
    assert lead.post(f"{where}/reply", {"text": "请按意见修改。"}).status_code == 200
    return dict(lead.get(where).json)


def sign(city: Service, identifier: int) -> None:
    """Have the minutes signed by all, the last of whom seals them."""
    where = f"/joint-reviews/{identifier}/minutes"
    for name in city("plan").get(where).json["missing"]:
        signed = city(name.lower()).post(f"{where}/sign", {"department": name})
        assert signed.status_code == 200, signed.json
    minutes = city("plan").get(where).json
    assert (minutes["state"], minutes["missing"]) == ("sealed", [])


def supplemented(city: Service, identifier: int, project: int) -> dict[str, Any]:
    """Ask for the material in one notice, have the minutes signed while it is supplied."""
    lead, applicant, where = city("plan"), city("applicant"), f"/joint-reviews/{identifier}"
    assert lead.post(f"{where}/conclude", {"conclusion": "supplement"}).status_code == 200
    [notice] = [
        each
        for each in applicant.get(f"/projects/{project}/notices").json["items"]
        if each["materials"] == ["消防设计说明", "总平面图"]
    ]
    assert notice["issued_on"] == "2014-03-07"
    steps = open_steps(city, identifier, project)
    assert set(steps) == {"supplement", "minutes"}
    assert steps["minutes"]["promised_due_on"] == "2014-03-10"
    assert lead.get(where).json["task"]["element"] == "supplement"
    sent = {"discussion": "重点讨论消防与绿地。"}
    assert lead.post(f"{where}/minutes/send", sent).status_code == 200
    # the applicant waits for no signature
    done = applicant.post(f"/tasks/{steps['supplement']['id']}/complete", {"outcome": "submit"})
    assert done.status_code == 200, done.json
    assert lead.get(where).json["state"] == "closed"
    sign(city, identifier)
    assert lead.get(f"{where}/reply").status_code == 404
    assert open_steps(city, identifier, project) == {}
    return dict(lead.get(where).json)


def open_steps(city: Service, identifier: int, project: int) -> dict[str, Any]:
    """The open tasks of a round but those that ask departments for opinions, by their step."""
    found = city("plan").get(f"/tasks?project={project}").json["items"]
    mine = [each for each in found if each["round_id"] == identifier]
    return {each["element"]: each for each in mine if "opinion" not in each["element"]}


def test_a_meeting_of_seven_departments_on_two_projects(city: Service) -> None:
    coordinator, lead = city("coordinator"), city("plan")
    projects = (started(city), started(city))
    refused(coordinator.post("/meetings", meeting("2014-03-08", *projects)), 422, "invalid", "day")
    refused(
        coordinator.post("/meetings", meeting("2014-03-04", *projects)),
        422,
        "invalid",
        "2014-03-05",
    )
    planned = coordinator.post("/meetings", meeting(MEETING_ON, *projects)).json
    disputed, agreed = (each["round"] for each in planned["agenda"])
    where = f"/joint-reviews/{disputed}"
    before = lead.get(where).json
    assert [each["department"] for each in before["participants"]] == list(SEVEN)
    assert before["meeting"]["starts_at"] == "2014-03-06T01:00:00Z"
    assert (before["due_on"], before["light"], before["possible"]) == (MEETING_ON, "green", [])
    comes = {"user": "cad"}
    city("cad").post(f"{where}/participants/CAD/representative", comes)
    assert city("cad").post(f"{where}/participants/CAD/receipt").status_code == 200
    invited = lead.post(f"{where}/applicant", {"state": "invited"})
    assert (invited.status_code, invited.json["guest"]) == (200, "invited")
    refused(lead.post(f"{where}/applicant", {"state": "present"}), 409, "not_begun", "begins")
    [told] = city("applicant").get(f"/projects/{projects[0]}/invitations").json["items"]
    assert (told["state"], told["starts_at"]) == ("invited", "2014-03-06T01:00:00Z")
    assert city("applicant").get(where).status_code == 404
    check_calendars(city, planned["id"])

    at(city, 6, 9)
    check_bad_opinions(city, disputed)
    hold(city, planned["id"], disputed, agreed, projects[0])
    check_opinions(lead.get(where).json)
    body = {"conclusion": "approved", "reasons": "as discussed"}
    refused(lead.post(f"{where}/conclude", body), 409, "not_concludable", "material")
    body = {"conclusion": "suspended"}
    refused(lead.post(f"{where}/conclude", body), 422, "invalid", "reasons")

    ended = supplemented(city, disputed, projects[0])
    assert (ended["state"], ended["conclusion"]) == ("closed", "supplement")
    assert finish(city, agreed, "approved", "")["conclusion"] == "approved"
    refused(given(city("cad"), disputed, "CAD", {"kind": "agree"}), 409, "round_closed", "closed")
    check_minutes(city, disputed)
    for identifier in (disputed, agreed):
        check_replay(city, identifier)
    check_year(city)
    check_applicant(city, disputed)
    replied = city("applicant").get(f"/joint-reviews/{agreed}/reply").json
    assert replied["text"] == "请按意见修改。"


def check_calendars(city: Service, key: int) -> None:
    """The invitation and each department's feed show the meeting."""
    text = city("coordinator").get(f"/meetings/{key}/invitation.ics").get_data()
    event: Any
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert event.start.astimezone(UTC) == datetime(2014, 3, 6, 1, tzinfo=UTC)
    assert event["LOCATION"] == "三楼会议室"
    for name in SEVEN:
        address = city(name.lower()).get(f"/departments/{name}/calendar-feed").json["url"]
        feed = city().get(address[address.index("/api") :]).get_data()
        [entry] = Calendar.from_ical(feed).walk("VEVENT")
        assert entry["UID"] == event["UID"]


def check_bad_opinions(city: Service, identifier: int) -> None:
    """What is no opinion, and whose it is not."""
    cad = city("cad")
    refused(given(cad, identifier, "CAD", {"kind": "perhaps"}), 422, "invalid", "kind")
    refused(given(cad, identifier, "CAD", {"kind": "deemed_agree"}), 422, "invalid", "kind")
    silent = {"kind": "disagree", "required": "more green"}
    refused(given(cad, identifier, "CAD", silent), 422, "reasons_missing", "legal_basis")
    refused(given(cad, identifier, "EPB", {"kind": "agree"}), 403, "forbidden", "coordinator")
    foreign = given(city("water"), identifier, "WATER", {"kind": "agree"})
    refused(foreign, 403, "forbidden", "does not take part")
    refused(given(cad, identifier, "CAD", PAPER), 403, "forbidden", "PLAN")
    late = {**BOUND, "conditions": [{**BOUND["conditions"][0], "due_on": "2014-03-01"}]}
    refused(given(cad, identifier, "CAD", late), 422, "invalid", "before today")
    assert city("plan").get(f"/joint-reviews/{identifier}/opinions").json["items"] == []


def check_opinions(view: Mapping[str, Any]) -> None:
    """Each department's word is there as it came; silence is marked for what it was."""
    asked = {each["department"]: each for each in view["participants"]}
    assert {name: each["opinion"]["kind"] for name, each in asked.items()} == {
        "CAD": "agree",
        "HOUS": "agree_with_conditions",
        "EPB": "disagree",
        "FIRE": "need_supplement",
        "MET": "deemed_agree",
        "GREEN": "deemed_agree",
        "SEIS": "agree",
    }
    deemed = {name: each["deemed"] for name, each in asked.items() if each["deemed"]}
    assert deemed == {"MET": "absent", "GREEN": "timeout"}
    paper = asked["SEIS"]["opinion"]
    assert (paper["source"], paper["given_by"], paper["recorded_by"]) == ("paper", "李明", "plan")
    assert asked["CAD"]["opinion"]["source"] == "system"
    assert (asked["CAD"]["receipt_by"], asked["CAD"]["representative"]) == ("cad", "cad")
    assert asked["EPB"]["opinion"]["legal_basis"] == "《城市绿化条例》第九条"
    [condition] = view["conditions"]
    assert (condition["owner"], condition["due_on"]) == ("建设单位", "2014-03-31")
    assert view["materials"] == ["消防设计说明", "总平面图"]
    points = {each["department"]: each["what"] for each in view["missing"]}
    assert points == {"EPB": "dispute", "FIRE": "material"}
    assert view["possible"] == ["refused", "suspended", "supplement"]
    assert view["task"]["element"] == "conclude"


def check_minutes(city: Service, identifier: int) -> None:
    """They hold every opinion and are as they were signed."""
    where = f"/joint-reviews/{identifier}/minutes"
    content = city("plan").get(where).json["content"]
    assert [each["state"] for each in content["guests"]] == ["present"]
    assert {each["department"]: each["kind"] for each in content["opinions"]} == {
        "CAD": "agree",
        "HOUS": "agree_with_conditions",
        "EPB": "disagree",
        "FIRE": "need_supplement",
        "MET": "deemed_agree",
        "GREEN": "deemed_agree",
        "SEIS": "agree",
    }
    assert content["conclusion"]["kind"] == "supplement"
    [condition] = content["conditions"]
    said = (condition["owner"], condition["due_on"], condition["department"])
    assert said == ("建设单位", "2014-03-31", "HOUS")
    assert content["materials"] == ["消防设计说明", "总平面图"]
    assert city("supervisor").post(f"{where}/verify").json["intact"] is True
    document = Document(BytesIO(city("plan").get(f"{where}.docx").get_data()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(each.text for each in document.paragraphs), *cells])
    for each in (
        *("水泵厂迁建", "出入口移至北侧", "《城市绿化条例》第九条", "消防设计说明"),
        *("一次性补正", "已一次性告知申请人补正。", "重点讨论消防与绿地。"),
    ):
        assert each in text


def check_replay(city: Service, identifier: int) -> None:
    """Nothing but its history rebuilds the round."""
    lead, where = city("plan"), f"/joint-reviews/{identifier}"
    events = lead.get(f"{where}/history?limit=200").json["items"]
    assert events[0]["event"] == "review.launched"
    told = replay((each["event"], each["data"]) for each in events)
    view = lead.get(where).json
    versions = lead.get(f"{where}/opinions").json["items"]
    plain = ("state", "stage", "mode", "papers", "opinion_due_on", "conclusion", "reasons")
    assert {name: getattr(told, name) for name in plain} == {name: view[name] for name in plain}
    assert told.items == [each["id"] for each in view["items"]]
    check_people(told, view)
    fields = [*("department", "version", "kind", "text", "legal_basis", "required", "materials")]
    fields += ["cause", "source", "given_by", "recorded_by"]
    rebuilt = [each for every in told.opinions.values() for each in every]
    assert sorted(str([each[name] for name in fields]) for each in rebuilt) == sorted(
        str([each[name] for name in fields]) for each in versions
    )
    conditions = [(each["department"], each["text"], each["state"]) for each in view["conditions"]]
    assert [(each["department"], each["text"], each["state"]) for each in told.conditions] == (
        conditions
    )


def check_people(told: Replayed, view: Mapping[str, Any]) -> None:
    asked = {each["department"]: each for each in view["participants"]}
    assert told.participants == {name: each["state"] for name, each in asked.items()}
    assert told.received == {name for name, each in asked.items() if each["receipt_at"]}
    comes = {name: each["representative"] for name, each in asked.items() if each["representative"]}
    assert told.representatives == comes


def check_year(city: Service) -> None:
    """The statistics of the year count what was."""
    year = city("supervisor").get("/joint-reviews/statistics?year=2014").json
    counted = {name: year[name] for name in ("meetings", "rounds", "projects", "projects_met")}
    assert counted == {"meetings": 1, "rounds": 2, "projects": 2, "projects_met": 2}
    assert year["conclusions"] == {"approved": 1, "supplement": 1}
    assert year["days"] == {"number": 1, "mean": 4.0, "p50": 4, "p90": 4}
    city_wide = year["city"]
    assert (city_wide["asked"], city_wide["given"], city_wide["on_time"]) == (14, 12, 12)
    assert (city_wide["absent"], city_wide["timeout"]) == (1, 1)


def check_applicant(city: Service, identifier: int) -> None:
    """The applicant is told what came of it, and not what departments said."""
    applicant, where = city("applicant"), f"/joint-reviews/{identifier}"
    view = applicant.get(where)
    assert (view.json["conclusion"], view.json["participants"]) == ("supplement", [])
    assert applicant.get(f"{where}/minutes").status_code == 403
    assert applicant.get(f"{where}/opinions").status_code == 403
    told = applicant.get(f"/projects/{view.json['project']}/history?limit=200").get_data(
        as_text=True
    )
    assert "《城市绿化条例》第九条" not in told
