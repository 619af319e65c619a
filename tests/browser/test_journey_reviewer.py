"""A reviewer, in English: claims what is free, reads, grants, refuses, and takes the list along."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import Visiting
from tests.browser.deeds import answer, entry, exported, names, sheet, take_up, told

SEND = "Submit outcome"
LATE, WANTED, REFUSED = "大龙山茶叶精深加工厂", "新河苑保障性住房", "高花电子元件厂房"
LAND_USE, WORKS = "Land-use planning permit", "Construction-works planning permit"
REASON = "The façade line oversteps the red line by two metres."


def test_a_reviewer_claims_reads_grants_and_refuses(own_city: City, visitor: Visiting) -> None:
    me = visitor(own_city, "reviewer-plan", language="en")
    me.watch.expected.add(422)
    page = me.open("/tasks")
    claim_what_a_colleague_leaves(page, visitor(own_city, "reviewer-plan-2").open("/tasks"))
    take_up(page, LAND_USE, LATE)
    read_a_paper(page)
    grant(page)
    at_the_window = visitor(own_city, "clerk-plan").open("/tasks")
    expect(entry(at_the_window, LATE)).to_contain_text("发证")
    refuse(page)
    theirs = visitor(own_city, "applicant-1").open("/projects")
    theirs.get_by_role("main").get_by_role("link", name=REFUSED).click()
    expect(entry(theirs.locator("#project-open"), "建设工程规划许可证核发")).to_contain_text(
        "不予许可"
    )


def claim_what_a_colleague_leaves(page: Page, theirs: Page) -> None:
    """Claim all that is free; of what a colleague took a moment before it is said who has it."""
    entry(theirs, WANTED).first.get_by_role("checkbox").check()
    theirs.get_by_role("button", name="认领所选").click()
    expect(told(theirs)).to_have_text("已认领 1 件。")
    page.get_by_label("Select all that can be claimed").check()
    page.get_by_role("button", name="Claim selected 4").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("3 claimed, 1 not:")
    expect(alert.get_by_role("listitem")).to_contain_text([f"{WANTED}：程立群 has claimed it."])
    expect(entry(page, LATE).get_by_text("me", exact=True)).to_be_visible()
    expect(entry(page, WANTED)).to_have_count(1)


def read_a_paper(page: Page) -> None:
    """Open a material that was handed in."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="地形图.pdf").click()
    assert coming.value.suggested_filename == "地形图.pdf"
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF-")


def grant(page: Page) -> None:
    """Grant a permit a day late; what comes next is opened."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 d overdue")
    expect(page.get_by_role("list", name="Steps")).to_contain_text("Decision day 4")
    given = {"Document number": "地字第340801201400117号", "Conditions": "Green ratio 15 %"}
    answer(page, "Grant", SEND, **given)
    expect(told(page)).to_contain_text(LATE)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{WORKS} 3 d left")


def refuse(page: Page) -> None:
    """Review the next one and refuse it: with reasons and by law, else it is not taken."""
    answer(page, "Pass the review", SEND, Opinion="Refusal proposed")
    expect(told(page)).to_contain_text(REFUSED)
    page.get_by_label("Main").get_by_role("link", name="Tasks").click()
    expect(entry(page, REFUSED)).to_contain_text("Decision")
    take_up(page, WORKS, REFUSED)
    expect(page.get_by_role("region", name="So far")).to_contain_text("Refusal proposed")
    answer(page, "Refused", SEND, Reasons=REASON)
    expect(page.get_by_role("alert")).to_be_visible()
    answer(page, send=SEND, **{"Legal basis": "城乡规划法第四十条"})
    paper = sheet(page, "Decision of refusal")
    for part in (REASON, "城乡规划法第四十条", "安庆振风精密机械有限公司", "LS2014-0018"):
        expect(paper).to_contain_text(part)
    expect(paper).to_contain_text("This is a translation; the Chinese text is the document.")


def test_the_list_that_is_taken_along_is_the_one_that_is_seen(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city, "reviewer-plan", language="en").open("/tasks?scope=department")
    assert len(names(page)) == 7
    page.get_by_label("Items").select_option(label=f"{WORKS} 2")
    expect(entry(page)).to_have_count(2)
    shown = names(page)
    for kind in ("csv", "xlsx"):
        rows = exported(page, kind)
        assert [row["Items"] for row in rows] == shown == [WORKS, WORKS]
        assert {row["Projects"] for row in rows} == {"滨江中药饮片生产线", REFUSED}
        # what stands still is due at no date, and comes last
        assert [row["Promised by"][:10] for row in rows] == ["2014-10-21", "2014-09-29"]
