"""The lab: scenarios listed, looked at, changed, compared, and proposed to a second person."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import event

from api.web.views import lab_page
from engine.service import procedures
from engine.service.scenarios import effects, kept, scenarios
from tests.api.conftest import Service
from tests.service.drawn import little
from tests.web.city import deploy
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

BASE, GOAL = "industrial-2013", "industrial-2014"
MOST_STATEMENTS = 12
#: a procedure of which the city knows no law
LITTLE = "little"
BARRED = "commit-IND-11"


@pytest.fixture
def lab(service: Service, enter: Enter) -> Visitor:
    """An analyst before the published scenario of the industrial procedure, /lab/1."""
    deploy(service, BASE)
    deploy(service, GOAL)
    analyst = enter("analyst")
    analyst.get("/lab/new")
    analyst.send("/lab/new", name="公布方案", procedure=BASE, begin="published")
    return analyst


def counted(shown: Shown) -> str:
    """The days before and after, as the first headline says them."""
    return shown.all("//section[contains(@class,'lab-strip')]//p[contains(@class,'key ')]")[0]


def options(shown: Shown, chart: str) -> Any:
    """What a chart is told."""
    return json.loads(shown.tree.xpath(f"//*[@data-chart='{chart}']/@data-chart-options")[0])


def do(visitor: Visitor, what: str, scenario: int = 1) -> Shown:
    """Press a button of an operation."""
    visitor.get(f"/lab/{scenario}")
    return visitor.send(f"/lab/{scenario}/operations", do=what)


# -- what it shows -----------------------------------------------------------------------------


def test_the_published_operations_are_verified_to_make_the_goal(lab: Visitor) -> None:
    shown = lab.get("/lab/1")
    assert counted(shown) == "63 → 28"
    assert f"已核验：与 {GOAL} 一致" in shown.text
    assert "违反规定" not in shown.text
    bars = options(shown, "waterfall")["bars"]
    assert (bars[0]["to"], bars[-1]["to"]) == (63, 28)
    assert sum(each["from"] - each["to"] for each in bars) == 35
    assert [each["text"] for each in bars if each["kind"] == "saved"][:2] == ["−2", "−10"]


def test_both_gantt_charts_are_on_one_scale_and_end_where_construction_starts(
    lab: Visitor,
) -> None:
    shown = lab.get("/lab/1")
    twenty = shown.tree.xpath("//svg//text[@class='gantt-tick'][.='20']/@x")
    assert len(twenty) == 2
    assert len(set(twenty)) == 1
    flags = shown.all("//svg//text[@class='gantt-flag-words']")
    assert flags == ["开工 第 63 天", "开工 第 28 天"]
    assert "不计时" not in " ".join(shown.all("//svg"))
    elapsed = lab.get("/lab/1?view=elapsed")
    assert elapsed.all("//svg//text[@class='gantt-flag-words']") == [
        "开工 第 80 天",
        "开工 第 59 天",
    ]


def test_who_must_do_what_is_told_by_department_in_both_languages(
    lab: Visitor, enter: Enter
) -> None:
    path = "//section[@id='changes']//section[h3='%s']//p"
    assert "并入企业投资项目备案办理，不再单独受理。" in lab.get("/lab/1").all(path % "发改委")
    told = enter("analyst", "en").get("/lab/1").all("//section[@id='changes']//p")
    assert "Handled within Project filing; no longer accepted by itself." in told
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in "".join(told))


def test_a_page_takes_few_statements(lab: Visitor, service: Service) -> None:
    found: list[str] = []
    event.listen(service.engine, "before_cursor_execute", lambda *given: found.append(given[2]))
    for path in ("/lab/1", "/lab", "/lab/1/diagrams"):
        found.clear()
        assert lab.get(path).status == 200
        assert len(found) <= MOST_STATEMENTS, (path, found)


def test_what_nothing_is_known_of_is_not_called_kept(service: Service, enter: Enter) -> None:
    service.act(procedures.deploy, little())
    analyst = enter("analyst")
    analyst.get("/lab/new")
    shown = analyst.send("/lab/new", name="外来", procedure=LITTLE, begin="empty")
    told = shown.all("//section[@id='legality']//li[contains(@class,'is-unknown')]")
    assert len(told) == 4
    assert all("不能判定" in each for each in told)
    assert not shown.tree.xpath("//*[@class='key-ok']")
    assert "未见违反" in shown.one("//*[@class='key-unknown']")


# -- operations --------------------------------------------------------------------------------


def test_a_switch_changes_all_that_is_shown(lab: Visitor) -> None:
    shown = do(lab, "off:post-IND-02")
    assert counted(shown) == "63 → 35"
    assert shown.tree.xpath("//*[@id='switch-post-IND-02']/@aria-checked") == ["false"]
    assert "已核验" not in shown.text
    assert options(shown, "waterfall")["bars"][-1]["to"] == 35
    assert counted(do(lab, "on:post-IND-02")) == "63 → 28"


def test_what_the_law_bars_cannot_be_switched_on_and_says_why(lab: Visitor) -> None:
    shown = lab.get("/lab/1")
    [switch] = shown.tree.xpath(f"//*[@id='switch-{BARRED}']")
    assert switch.get("aria-disabled") == "true"
    assert "不适用告知承诺" in switch.get("data-reason")
    assert "国办发〔2020〕42号" in shown.one(f"//*[@id='why-{BARRED}']")
    refused = lab.send("/lab/1/operations", do=f"on:{BARRED}")
    assert refused.status == 409
    assert "不能启用" in refused.one("//*[@role='alert']")
    assert counted(refused) == "63 → 28"


def test_an_operation_that_conflicts_says_with_what(lab: Visitor) -> None:
    do(lab, "off:drop-IND-05")
    do(lab, "down:drop-IND-05")
    lab.get("/lab/1/operations/new?kind=drop&item=IND-03")
    refused = lab.send("/lab/1/operations/new?kind=drop&item=IND-03", enabled="1")
    assert refused.status == 409
    assert "已被前面的措施并入" in refused.one("//*[@role='alert']")


def test_operations_are_moved_and_taken_out(lab: Visitor) -> None:
    ids = "//li[@data-key]/@data-key"
    assert do(lab, "down:merge-IND-03").tree.xpath(ids)[:2] == ["shorten-IND-01", "merge-IND-03"]
    assert do(lab, "up:merge-IND-03").tree.xpath(ids)[:2] == ["merge-IND-03", "shorten-IND-01"]
    shown = do(lab, "remove:merge-IND-03")
    assert "merge-IND-03" not in shown.tree.xpath(ids)
    assert counted(shown) == "63 → 28"


def test_an_operation_is_added_with_a_name_of_its_own_and_changed(lab: Visitor) -> None:
    lab.get("/lab/new")
    lab.send("/lab/new", name="空白", procedure=BASE, begin="empty")
    address = "/lab/2/operations/new?kind=shorten&item=IND-11"
    assert "现承诺 10 天" in lab.get(address).text
    shown = lab.send(address, days="6", effort="3", legal="1")
    assert shown.one("//span[@class='op-name']") == "1 消防设计审核 10→6 天"
    assert counted(shown) == "63 → 59"
    lab.get("/lab/2/operations/shorten-IND-11")
    lab.send("/lab/2/operations/shorten-IND-11", days="5", name_zh="消防提速")
    assert counted(lab.last) == "63 → 58"
    assert lab.last.one("//span[@class='op-name']") == "1 消防提速"


def test_what_was_typed_is_kept_where_an_operation_is_refused(lab: Visitor) -> None:
    address = "/lab/1/operations/new?kind=move_to_post&item=IND-07"
    near = lab.get(address).all("//fieldset[legend[contains(.,'不再卡住')]]/div//label")
    assert near == ["建设工程设计方案(总平面)审查 IND-08"]
    refused = lab.send(address, effort="4", add_to="IND-16")
    assert refused.status == 422
    assert refused.tree.xpath("//input[@name='add_to'][@checked]/@value") == ["IND-16"]
    assert refused.tree.xpath("//input[@name='effort']/@value") == ["4"]


def test_a_stale_list_is_not_overwritten(lab: Visitor, enter: Enter) -> None:
    lab.get("/lab/1")
    do(enter("admin"), "off:post-IND-02")
    refused = lab.send("/lab/1/operations", do="up:shorten-IND-01")
    assert refused.status == 412
    assert counted(refused) == "63 → 35"


# -- the cheapest ------------------------------------------------------------------------------


def test_the_cheapest_set_is_marked_and_applied_here_or_in_a_copy(lab: Visitor) -> None:
    assert lab.get("/lab/1").tree.xpath("//*[@data-merge][@hx-trigger='load']")
    shown = lab.get("/lab/1?optimum=1")
    assert shown.one("//*[@class='lab-answer']/h3") == "28 天的最低成本：33 分"
    assert len(shown.tree.xpath("//*[@class='op-best']")) == 9
    points = options(shown, "front")["points"]
    assert (points[0]["days"], points[-1]["days"]) == (63, 26)
    copied = lab.send("/lab/1/optimum?optimum=1", where="copy")
    assert counted(copied) == "63 → 28"
    assert "28 天最低成本" in copied.one("//h1")
    assert counted(lab.get("/lab/1")) == "63 → 28"
    lab.get("/lab/1?optimum=1&target=30")
    applied = lab.send("/lab/1/optimum?target=30&optimum=1", where="here")
    assert counted(applied) == "63 → 30"


def test_a_target_beyond_reach_and_a_target_of_nothing_say_so(lab: Visitor) -> None:
    assert "10 天达不到：最少 26 天" in lab.get("/lab/1?target=10&optimum=1").text


@pytest.mark.parametrize("target", ["0", "-1", "abc", "99999", "1" * 5000])
def test_what_is_no_target_is_refused(lab: Visitor, target: str) -> None:
    for more in ("", "&optimum=1"):
        assert "目标须为 1 至 9999 个工作日" in lab.get(f"/lab/1?target={target}{more}").text
    assert lab.last.tree.xpath("//*[@id='target']/@value") == ["28"]
    refused = lab.post(
        f"/lab/1/optimum?target={target}&optimum=1", lab.form("/lab/1/copy") | {"where": "here"}
    )
    assert refused.status == 422


def test_too_many_operations_are_not_compared_in_a_request(
    lab: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_OPTIMA", kept.Kept())
    monkeypatch.setattr(effects, "AT_ONCE", 5)
    for path in ("/lab/1", "/lab/1?optimum=1"):
        shown = lab.get(path)
        assert "lianshen scenario optimise" in shown.one("//section[@id='front']")
        assert not shown.tree.xpath("//section[@id='front']//*[@class='lab-answer']")
    assert (
        lab.post("/lab/1/optimum?optimum=1", lab.form("/lab/1/copy") | {"where": "here"}).status
        == 422
    )
    for form in ("docx", "xlsx"):
        assert zipfile.ZipFile(io.BytesIO(lab.get(f"/lab/1/report.{form}").body)).testzip() is None


def test_what_takes_long_is_asked_for_and_says_that_it_computes(
    lab: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_OPTIMA", kept.Kept())
    monkeypatch.setattr(lab_page, "MOST_CHOICES", 5)
    shown = lab.get("/lab/1")
    [button] = shown.tree.xpath("//a[@data-merge][contains(@hx-get,'optimum=1')]")
    assert not shown.tree.xpath("//*[@data-merge][@hx-trigger='load']")
    assert "正在比较全部组合" in shown.one(f"//*[@id='{button.get('hx-indicator')[1:]}']")


# -- its life ----------------------------------------------------------------------------------


def test_a_second_person_approves_and_the_version_is_deployed(
    lab: Visitor, enter: Enter, service: Service
) -> None:
    lab.get("/lab/1")
    shown = lab.send("/lab/1/propose")
    assert "提请人不能审核自己的方案" in shown.text
    assert not shown.tree.xpath("//form[contains(@action,'approve')]")
    assert "方案现在不能改动" in shown.tree.xpath("//*[@id='switch-merge-IND-03']/@data-reason")
    second = enter("admin")
    second.get("/lab/1")
    second.send("/lab/1/approve")
    assert "批准，已部署为" in second.last.text
    assert [each.version for each in service.act(procedures.find, BASE)] == [2, 1]


def test_who_wrote_last_is_not_offered_the_approval_of_anothers_proposal(
    lab: Visitor, enter: Enter
) -> None:
    writer = enter("admin")
    do(writer, "off:merge-IND-03")
    lab.get("/lab/1")
    assert lab.send("/lab/1/propose").status == 200
    shown = writer.get("/lab/1")
    assert "提请人不能审核自己的方案" in shown.text
    assert not shown.tree.xpath("//form[contains(@action,'approve')]")


def test_a_rejected_proposal_shows_the_reason(lab: Visitor, enter: Enter) -> None:
    lab.get("/lab/1")
    lab.send("/lab/1/propose")
    second = enter("admin")
    second.get("/lab/1")
    second.send("/lab/1/reject", reason="先征求消防意见")
    assert "先征求消防意见" in lab.get("/lab/1").one("//*[contains(@class,'alert-red')]")


def test_an_outdated_base_is_told_and_changed_only_on_wish(lab: Visitor, service: Service) -> None:
    deploy_again(service)
    shown = lab.get("/lab/1")
    assert "基础流程已有第 2 版，本方案还在第 1 版上。" in shown.text
    [propose] = shown.tree.xpath("//form[contains(@action,'propose')]/button")
    assert propose.get("aria-disabled") == "true"
    assert "还在第 1 版" not in lab.send("/lab/1/rebase").text


def test_a_new_scenario_says_what_of_the_published_list_does_not_fit(
    lab: Visitor, service: Service
) -> None:
    files = dict(procedures.named(BASE, service.settings))
    shorter = files["procedure.yaml"].replace(
        b"IND-01: {promised_days: 3", b"IND-01: {promised_days: 1"
    )
    service.act(procedures.deploy, {**files, "procedure.yaml": shorter})
    lab.get("/lab/new")
    shown = lab.send("/lab/new", name="再来", procedure=BASE, begin="published")
    assert "shorten-IND-01" in shown.one("//p[@class='lab-note']")
    assert shown.tree.xpath("//*[@id='switch-shorten-IND-01']/@aria-checked") == ["false"]


def deploy_again(service: Service) -> None:
    """Deploy another version of the base."""
    files = dict(procedures.named(BASE, service.settings))
    told = files["procedure.yaml"].replace(
        b"IND-25: {promised_days: 5}", b"IND-25: {promised_days: 4}"
    )
    service.act(procedures.deploy, {**files, "procedure.yaml": told})


# -- lists, comparisons, files -----------------------------------------------------------------


def test_the_list_tells_what_each_comes_to_and_exports_it(lab: Visitor) -> None:
    shown = lab.get("/lab")
    assert "63 → 28" in shown.one("//tr[@data-key='1']")
    assert shown.tree.xpath("//tr[@data-key='1']//*[@class='lab-bar-after']/@width") == ["35"]
    [head, row] = csv.reader(io.StringIO(lab.get("/lab?format=csv").body.decode("utf-8-sig")))
    told = dict(zip(head, row, strict=True))
    assert (told["再造前计时天数"], told["再造后计时天数"], told["实施成本"]) == ("63", "28", "74")
    assert "没有这样的方案" in lab.get("/lab?state=approved").text


def test_a_city_without_scenarios_offers_the_first(service: Service, enter: Enter) -> None:
    deploy(service, BASE)
    assert "还没有方案" in enter("analyst").get("/lab").text
    assert enter("analyst").get("/lab").tree.xpath("//a[@href='/lab/new']")
    assert not enter("supervisor").get("/lab").tree.xpath("//a[@href='/lab/new']")


def test_scenarios_stand_side_by_side(lab: Visitor) -> None:
    lab.get("/lab/1?optimum=1")
    lab.send("/lab/1/optimum?optimum=1", where="copy")
    shown = lab.get("/lab/compare?ids=1&ids=2")
    assert shown.all("//table[1]//tr[th='实施成本（分）'][1]/td") == ["74", "33"]
    [row] = shown.all("//tr[contains(th,'抗震设防要求')]")
    assert row.endswith("0 未启用")
    assert len({options["max"] for options in charts(shown)}) == 1


def charts(shown: Shown) -> list[Any]:
    """What all waterfalls are told."""
    return [json.loads(each) for each in shown.tree.xpath("//*[@data-chart]/@data-chart-options")]


def test_the_diagrams_bear_marks(lab: Visitor) -> None:
    shown = lab.get("/lab/1/diagrams?stage=construction")
    [row] = [each for each in shown.all("//tbody/tr") if "IND-13" in each]
    assert "并入消防设计审核办理" in row
    at = "/lab/1/diagrams/construction"
    before = json.loads(lab.get(f"{at}/before/states").body)["elements"]
    states = {each["state"] for each in before.values()}
    assert {"removed", "moved", "changed", "same"} <= states
    after = lab.get(f"{at}/after/drawing").body
    assert b"IND-13" not in after
    assert etree.fromstring(after).xpath("//*[local-name()='BPMNShape']")


def test_files_and_reports_are_taken_along(lab: Visitor) -> None:
    packed = zipfile.ZipFile(io.BytesIO(lab.get("/lab/1/files").body))
    assert f"{BASE}/construction.bpmn" in packed.namelist()
    assert zipfile.ZipFile(io.BytesIO(lab.get("/lab/1/report.docx").body)).testzip() is None
    assert zipfile.ZipFile(io.BytesIO(lab.get("/lab/1/report.xlsx").body)).testzip() is None


@pytest.mark.usefixtures("lab")
def test_readers_see_and_change_nothing_others_see_nothing(enter: Enter) -> None:
    reader = enter("supervisor")
    shown = reader.get("/lab/1")
    assert counted(shown) == "63 → 28"
    assert not shown.tree.xpath("//a[contains(@href,'operations/new')]")
    assert reader.post("/lab/1/operations", {"do": "off:post-IND-02"}).status == 403
    assert enter("clerk").get("/lab/1").status == 403


def test_drafts_are_removed_after_a_question(lab: Visitor, service: Service) -> None:
    assert "删除后不能恢复" in lab.get("/lab/1/remove").text
    lab.send("/lab/1/remove")
    assert service.act(scenarios.find).items == []
