"""The window's form where the law leaves one notice, and the notice of an acceptance by silence."""

from __future__ import annotations

from datetime import timedelta

from engine.scheduler import sweep
from engine.service import procedures, projects, tasks
from tests.api.conftest import Service
from tests.service.city import REASONS
from tests.service.drawn import little
from tests.web.conftest import Enter


def started(service: Service) -> int:
    service.act(procedures.deploy, little())
    project = service.act(projects.create, "水泵厂迁建", "little", "applicant").id
    service.act(projects.start, project)
    return int(project)


def receive(service: Service, project: int) -> str:
    found = service.act(tasks.find, project=project, item="A-1").items
    return str(found[0].id)


def test_the_notice_to_supplement_can_be_chosen_once(service: Service, enter: Enter) -> None:
    project = started(service)
    told = service.act(
        tasks.complete, receive(service, project), "supplement", REASONS["supplement"]
    )
    service.act(tasks.complete, receive(service, project), "submit")
    admin = enter("admin")
    shown = admin.get(f"/tasks/{receive(service, project)}")
    [choice] = shown.tree.xpath("//input[@name='outcome' and @value='supplement']")
    assert choice.get("disabled") is not None
    assert "法律只许告知一次" in shown.text
    form = admin.form(f"/tasks/{receive(service, project)}")
    form |= {"outcome": "supplement", "materials_more": "营业执照"}
    shown = admin.post(f"/tasks/{receive(service, project)}", form)
    assert (shown.status, "已于 2014-03-03 告知过" in shown.text) == (409, True)
    assert "营业执照" in shown.text, "what was typed stays"
    assert told.outcome == "supplement"


def test_silence_is_told_on_the_task_and_in_the_notice(service: Service, enter: Enter) -> None:
    project = started(service)
    task = receive(service, project)
    service.clock.set(service.clock.now() + timedelta(days=12))
    sweep(service.engine, service.clock.now(), service.settings)
    admin = enter("admin")
    shown = admin.get(f"/tasks/{task}")
    assert "视为自收到之日起受理 2014-03-03" in shown.text
    [document] = set(shown.tree.xpath("//a[contains(@href, '/notices/')]/@href"))
    notice = admin.get(document)
    assert "第（四）项，自收到申请材料之日起即为受理" in notice.text
    assert "2014年3月3日" in notice.one("//table[@class='sheet-table']//tr[1]/td")
