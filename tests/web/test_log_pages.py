"""Event logs: brought in, looked through, laid over a procedure, drawn; and what is refused."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.web import log_against, log_charts, log_notes, log_report
from api.web.views import log_match
from engine.analysis.discovery.fit import Reason
from engine.analysis.discovery.limits import Limit
from engine.analysis.discovery.match import By
from engine.analysis.discovery.subset import part
from engine.analysis.eventlog import xes
from engine.analysis.eventlog.notes import Note
from engine.analysis.simulation.distribution import Shape
from tests.api.conftest import Service
from tests.web.city import answer, deploy, started
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

RECEIPT = Path(__file__).parents[1] / "data" / "receipt.xes.gz"
INDUSTRIAL = "industrial-2014"
HEAD = "案件编号,环节,完成时间,办理人"


def table(*rows: str, head: str = HEAD) -> bytes:
    """A CSV file of two cases, or of these rows."""
    usual = (
        "A1,收件,2014-03-03 09:00,甲",
        "A1,审查,2014-03-04 10:00,乙",
        "A2,收件,2014-03-05 09:30,甲",
        "A2,审查,2014-03-07 16:00,乙",
    )
    return "\n".join((head, *(rows or usual))).encode()


def bring(visitor: Visitor, content: bytes, file: str, /, **fields: str) -> Shown:
    """Send a file."""
    visitor.get("/logs/new")
    data: dict[str, Any] = visitor.form("/logs/new") | fields
    data["file"] = (io.BytesIO(content), file)
    return visitor.post("/logs/new", data)


def choose(visitor: Visitor, do: str = "bring", /, **fields: str) -> Shown:
    """Fill in the form of the columns that is shown, and send it."""
    [form] = [each for each in visitor.last.tree.forms if each.get("id") == "map"]
    return visitor.send(form.get("action"), do=do, **fields)


def told(shown: Shown) -> dict[str, str]:
    """What a mapping would give, by the words above the numbers."""
    cells = shown.tree.xpath("//section[@id='check']/div")
    return {each[0].text_content(): " ".join(each[1].text_content().split()) for each in cells}


@pytest.fixture
def analyst(enter: Enter) -> Visitor:
    return enter("analyst")


# -- bringing in -------------------------------------------------------------------------------


def test_without_a_log_the_list_says_what_to_do(analyst: Visitor, enter: Enter) -> None:
    shown = analyst.get("/logs")
    assert "还没有日志" in shown.text
    assert {"/logs/new", "/logs/new#own"} <= set(shown.tree.xpath("//main//a/@href"))
    assert "导入日志" not in enter("supervisor").get("/logs").text
    assert enter("clerk").get("/logs").status == 403


def test_xes_is_read_as_it_is(analyst: Visitor) -> None:
    shown = bring(analyst, RECEIPT.read_bytes(), "receipt.xes.gz")
    assert "已导入 8,577 个事件。" in shown.text
    assert shown.one("//h1").startswith("receipt")
    assert "每个事件只有一个时刻，分不清等待和办理。" in shown.text
    listed = analyst.get("/logs").all("//tr[@data-key]/td")
    assert {"1,434", "8,577", "27"} <= set(listed)


def test_columns_are_guessed_shown_and_read(analyst: Visitor) -> None:
    shown = bring(analyst, table(), "办件.csv", name="窗口")
    assert told(shown) == {
        "办件": "2",
        "事件": "4",
        "活动": "2",
        "人员": "2",
        "读不出的日期": "0",
        "起止": "2014-03-03 至 2014-03-07",
    }
    picked = shown.tree.xpath("//select[@id='f-case']/option[@selected]/@value")
    assert picked == ["案件编号"]
    assert "结束时间完成时间" in "".join(shown.all("//div[@class='log-preview']//thead//th"))
    read = choose(analyst)
    assert read.one("//h1").startswith("窗口")
    assert "已导入 4 个事件。" in read.text


def test_a_choice_is_checked_before_it_is_kept(analyst: Visitor) -> None:
    """With scripts by a GET at every change, without by the button."""
    bring(analyst, table(), "办件.csv")
    shown = choose(analyst, "check", activity="办理人", resource="")
    assert told(shown)["人员"] == "0"
    assert shown.tree.xpath("//select[@id='f-activity']/option[@selected]/@value") == ["办理人"]
    [url] = shown.tree.xpath("//*[@data-merge]/@hx-get")
    again = analyst.get(f"{url}?case=环节&activity=办理人&end=完成时间")
    assert told(again)["办件"] == "2"
    assert analyst.get("/logs").all("//tr[@data-key]") == []


def test_what_cannot_be_read_is_named_by_row_and_column(analyst: Visitor) -> None:
    rows = ("A1,收件,2014-03-03 09:00,甲", "A1,审查,见附页,乙")
    shown = bring(analyst, table(*rows), "办件.csv")
    assert told(shown)["读不出的日期"] == "1"
    assert "第 3 行“完成时间”列的 '见附页'" in shown.text
    assert shown.all("//td[@class='is-wrong']") == ["见附页"]


def test_where_no_row_can_be_read_everything_is_kept(analyst: Visitor) -> None:
    bring(analyst, table("A1,收件,见附页,甲"), "办件.csv", name="坏的")
    shown = choose(analyst, group="办理人")
    assert shown.status == 422
    alert = shown.one("//*[@role='alert']")
    assert "第 2 行“完成时间”列的“见附页”不是时间" in alert
    assert shown.tree.xpath("//select[@id='f-group']/option[@selected]/@value") == ["办理人"]
    assert shown.tree.xpath("//input[@id='f-name']/@value") == ["坏的"]


def test_a_column_that_is_missing_is_asked_for_in_its_place(analyst: Visitor) -> None:
    bring(analyst, table(), "办件.csv")
    shown = choose(analyst, case="")
    assert shown.one("//p[@id='h-case']").startswith("请选择哪一列是办件。")
    twice = choose(analyst, case="环节")
    assert "“环节”列不能既是办件又是活动。" in twice.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04", "压缩包或工作簿"),
        (b"<log><trace>", "不是完整的 XML"),
        (b"<bpmn/>", "不是 XES 日志"),
        (b"\x1f\x8b\x08\x00", "解不开"),
    ],
)
def test_other_files_are_refused_in_words(analyst: Visitor, content: bytes, sentence: str) -> None:
    shown = bring(analyst, content, "log.xes", name="我的")
    assert shown.status == 422
    assert sentence in shown.one("//*[@role='alert']")
    assert shown.tree.xpath("//input[@id='f-name']/@value") == ["我的"]


def test_columns_can_be_chosen_anew(analyst: Visitor) -> None:
    bring(analyst, table(), "办件.csv")
    choose(analyst)
    analyst.get("/logs/1/columns")
    shown = choose(analyst, activity="办理人", resource="")
    assert "已按新的列读入" in shown.text
    assert shown.all("//b[@class='log-name']") == ["甲", "乙"]


def test_a_name_and_an_end(analyst: Visitor) -> None:
    bring(analyst, RECEIPT.read_bytes(), "receipt.xes.gz")
    analyst.get("/logs/1/name")
    assert analyst.send("/logs/1/name", name="荷兰").one("//h1").startswith("荷兰")
    analyst.get("/logs/1/remove")
    assert "已删除日志。" in analyst.send("/logs/1/remove").text
    assert analyst.get("/logs/1").status == 404


# -- looking -----------------------------------------------------------------------------------


@cache
def some(cases: int = 250) -> bytes:
    """The first cases of the receipt log."""
    log = xes.read(RECEIPT.read_bytes())
    return b"".join(xes.parts(part(log, log.case < cases)))


@pytest.fixture
def receipt(analyst: Visitor) -> Visitor:
    """An analyst before a part of the receipt log, /logs/1."""
    bring(analyst, some(), "receipt.xes")
    return analyst


def options(shown: Shown, chart: str) -> Any:
    """What the first chart of a kind is told."""
    return json.loads(shown.tree.xpath(f"//*[@data-chart='{chart}']/@data-chart-options")[0])


def test_a_log_shows_what_was_done_how_and_when(receipt: Visitor) -> None:
    log = xes.read(some())
    shown = receipt.get("/logs/1")
    names = shown.all("//section[@aria-labelledby='activities-title']//b[@class='log-name']")
    assert names[0] == "Confirmation of receipt"
    assert "最常见的 12 种" in shown.text
    months = json.loads(shown.one("//div[@class='log-arrivals']/@data-chart-options"))
    assert sum(months["series"][0]["values"]) == len(set(log.case.tolist()))
    cells = shown.all("//table[@class='week']//td")
    assert len(cells) == 7 * 24
    assert sum(int(each) for each in cells if each) == len(log)


def test_events_go_out_in_both_forms(receipt: Visitor) -> None:
    log = xes.read(some())
    table_ = receipt.get("/logs/1/events.csv")
    assert table_.headers["Content-Type"].startswith("text/csv")
    assert len(table_.body.splitlines()) == len(log) + 1
    again = bring(receipt, receipt.get("/logs/1/events.xes").body, "again.xes")
    assert f"已导入 {len(log):,} 个事件。" in again.text


# -- what is found in it -----------------------------------------------------------------------


@pytest.fixture
def calibrated(receipt: Visitor) -> Visitor:
    """The same with a diagram found in it."""
    receipt.get("/logs/1")
    receipt.send("/logs/1/calibrate", timezone="Europe/Amsterdam")
    return receipt


def test_before_that_the_page_says_so(receipt: Visitor) -> None:
    assert "未校准" in receipt.get("/logs/1/calibration").one("//h1")
    assert receipt.get("/logs/1/assumptions.yaml").status == 409


def test_what_was_found_is_told_with_how_well_it_fits(calibrated: Visitor) -> None:
    shown = calibrated.get("/logs/1/calibration")
    assert len(shown.tree.xpath("//div[@class='fits-list table-wrap']//tbody/tr")) >= 6
    assert "每个事件只有一个时刻" in shown.one("//section[@id='limits']")
    assert "周一、周二、周三、周四、周五" in shown.text
    # what was found in the log is not deployed: it cannot be simulated, and says so
    assert shown.tree.xpath("//button[@aria-disabled='true']/@data-reason")
    assert "Confirmation of receipt之后" in shown.all("//section[@id='shares']//tbody")[0]
    [url] = shown.tree.xpath("//a[starts-with(., 'T05')]/@href")
    one = calibrated.get(f"/logs/1/calibration{url}")
    assert one.one("//div[@id='fit']/h3").startswith("T05")
    assert len(options(one, "fit")["shares"]) == len(options(one, "fit")["curve"] or [0] * 40)
    assert len(options(one, "qq")["points"]) == 50
    assert len(one.tree.xpath("//div[@id='fit']//details[last()]//tbody/tr")) == 40
    found = yaml.safe_load(calibrated.get("/logs/1/assumptions.yaml").body)
    assert {"calendars", "steps", "arrivals"} <= set(found)
    whole = json.loads(calibrated.get("/logs/1/calibration.json").body)
    assert whole["timezone"] == "Europe/Amsterdam"


def test_a_found_diagram_is_drawn_with_counts_on_its_flows(calibrated: Visitor) -> None:
    shown = calibrated.get("/logs/1/diagram")
    assert shown.all("//h2")[0] == "由日志发现的流程图"
    states = json.loads(calibrated.get("/logs/1/diagram/states").body)
    drawn = calibrated.get("/logs/1/diagram/drawing").body.decode()
    assert all(f'id="{each}"' in drawn for each in (*states["elements"], *states["flows"]))
    first = states["elements"]["Confirmation-of-receipt"]
    assert first["badge"] == states["flows"]["START--Confirmation-of-receipt"]["text"]
    assert states["flows"]["START--Confirmation-of-receipt"]["state"] == "weight-5"
    assert "等待" not in shown.one("//nav[@aria-label='看什么']")
    slow = json.loads(calibrated.get("/logs/1/diagram/states?measure=p90_hours").body)
    assert slow["elements"]["Confirmation-of-receipt"]["state"] == "cool-0"


def test_a_time_zone_that_is_none_is_refused(receipt: Visitor) -> None:
    receipt.get("/logs/1")
    assert receipt.send("/logs/1/calibrate", timezone="Mars/Olympus").status == 422


def test_whatever_the_engine_says_of_a_log_has_words() -> None:
    assert set(Limit) == set(log_report.LIMITS)
    assert set(Note) <= set(log_notes.WORDS)
    assert set(Reason) == {*log_report.SIGNS, "best"} == set(log_report.SAID)
    assert set(Shape) == set(log_report.FAMILIES)
    assert set(By) == set(log_match.BY)


def test_a_found_diagram_can_be_deployed(calibrated: Visitor) -> None:
    calibrated.get("/logs/1/diagram")
    shown = calibrated.send("/logs/1/deployment")
    assert shown.one("//h1") == "receipt 可以部署"
    assert not shown.tree.xpath("//button[@aria-disabled='true']")


# -- over a procedure --------------------------------------------------------------------------


@pytest.fixture
def own(service: Service, analyst: Visitor) -> Visitor:
    """An analyst before a log of the city's own history, /logs/1."""
    deploy(service)
    for _number in range(2):
        project = started(service)
        answer(service, project, "IND-01", "accept", "done", "approve")
        answer(service, project, "IND-06", "accept", "done", "approve")
    analyst.get("/logs/new")
    analyst.send("/logs/own", procedure=INDUSTRIAL, level="step")
    return analyst


def test_the_citys_own_history_is_a_log(own: Visitor) -> None:
    shown = own.get("/logs/1")
    assert shown.one("//h1").startswith("本市记录 工业项目")
    assert "人员以账户编号代替，管理员可以查到" in shown.text
    assert "IND-06/review" in shown.all("//b[@class='log-name']")


def test_activities_are_recognised_and_put_right(own: Visitor) -> None:
    shown = own.get(f"/logs/1/match?procedure={INDUSTRIAL}")
    rows = shown.tree.xpath("//table[contains(@class,'log-match')]/tbody/tr")
    told = {row[0].text_content(): row.xpath(".//option[@selected]/@value") for row in rows}
    assert told["IND-06/review"] == ["IND-06/review"]
    assert "没有对上 0 个" in shown.text
    fields = own.form("/logs/1/calibrate")
    names = shown.tree.xpath("//input[@name='activity']/@value")
    nodes = ["" if name == "IND-06/deliver" else name for name in names]
    done = own.post("/logs/1/calibrate", {**fields, "activity": names, "node": nodes})
    assert "已校准。" in done.text
    assert done.one("//span[.='对照流程 industrial-2014']")
    kept = own.get(f"/logs/1/match?procedure={INDUSTRIAL}")
    assert "选了不用" in kept.text or "IND-06/deliver" not in names


def test_a_procedures_diagram_shows_items_and_their_steps(own: Visitor) -> None:
    own.get(f"/logs/1/match?procedure={INDUSTRIAL}")
    own.send("/logs/1/calibrate", activity=None, node=None)
    shown = own.get("/logs/1/diagram")
    rows = shown.all("//section[@aria-labelledby='rows-title']//tbody//a")
    assert "国有土地使用权登记" in rows
    states = json.loads(own.get("/logs/1/diagram/states?stage=approval").body)
    assert any(each.get("badge") == "2" for each in states["elements"].values())
    steps = own.get("/logs/1/diagram?item=IND-06")
    assert steps.all("//h2")[0] == "国有土地使用权登记的步骤"
    of_item = json.loads(own.get("/logs/1/diagram/states?item=IND-06").body)
    assert of_item["elements"]["review"]["badge"] == "2"
    assert of_item["flows"]["received--accepted"]["text"] == "2"


def test_a_log_that_fits_no_procedure_says_so(service: Service, receipt: Visitor) -> None:
    deploy(service)
    receipt.get(f"/logs/1/match?procedure={INDUSTRIAL}")
    shown = receipt.send("/logs/1/calibrate")
    assert shown.status == 422
    assert shown.tree.xpath("//*[@role='alert']")
    assert shown.tree.xpath("//table[contains(@class,'log-match')]")


@pytest.mark.usefixtures("own")
def test_pages_speak_english(enter: Enter) -> None:
    shown = enter("analyst", "en").get(f"/logs/1/match?procedure={INDUSTRIAL}")
    nodes = shown.all("//option[@value='IND-06/review']")
    assert nodes
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in "".join(nodes))


def compared(mean: float, p90: float, ks: float) -> dict[str, Any]:
    observed = {"n": 1_000, "mean": 10.0, "quantiles": {"0.9": 20.0}}
    simulated = {"n": 1_000, "mean": mean, "quantiles": {"0.9": p90}}
    sides = {"observed": observed, "simulated": simulated}
    return {"sides": sides, "ks": ks, "p": 0.0}


@pytest.mark.parametrize(
    ("mean", "p90", "ks", "said"),
    [
        (10.5, 19.5, 0.04, "看不出差别"),
        (11.5, 19.5, 0.04, "大体像"),
        (11.5, 19.5, 0.12, "大体像"),
        (7.8, 20.0, 0.12, "差得多"),
        (10.0, 26.0, 0.04, "差得多"),
        (10.0, 20.0, 0.3, "差得多"),
    ],
)
def test_how_far_a_model_is_apart(mean: float, p90: float, ks: float, said: str) -> None:
    assert said in log_against.verdict(compared(mean, p90, ks))


def test_a_cumulative_curve_begins_at_its_share_of_nothing() -> None:
    points = [(0.5, 0.0), (1.0, 0.0), (1.0, 0.0), (2.0, 2.0)]
    observed = log_charts.ecdf(points, "")["series"][0]["points"]
    assert observed == [[0.5, 75.0], [2.0, 87.5]]


def test_a_first_activity_has_been_visited(calibrated: Visitor) -> None:
    shown = calibrated.get("/logs/1/calibration")
    assert "0 次" not in {
        each.split(" · ")[0] for each in shown.all("//td//span[@class='sub num']")
    }


def test_a_log_without_a_files_name_is_no_history_of_the_city(
    service: Service, analyst: Visitor
) -> None:
    sent = service("analyst").post("/event-logs?name=x", data=table(), content_type="text/csv")
    assert sent.status_code == 201
    shown = analyst.get("/logs/1")
    assert "导入的文件" in shown.text
    assert "导入的文件" in analyst.get("/logs").text


def test_long_names_are_cut(analyst: Visitor) -> None:
    name = "很长的活动" * 60
    rows = [f"A1,{name},2014-03-03 09:00,甲", "A1,审查,2014-03-04 10:00,乙"]
    bring(analyst, table(*rows), "长.csv")
    choose(analyst)
    shown = analyst.get("/logs/1")
    assert name in shown.tree.xpath("//b[@class='log-name']/@title")
    assert name not in shown.tree.xpath("//main")[0].text_content()
    analyst.send("/logs/1/calibrate", timezone="Asia/Shanghai")
    for page in ("calibration", "diagram"):
        assert name not in analyst.get(f"/logs/1/{page}").tree.xpath("//main")[0].text_content()
    [node] = [
        each
        for each, word in json.loads(analyst.get("/logs/1/diagram/labels").body).items()
        if word.startswith("很长")
    ]
    assert node
