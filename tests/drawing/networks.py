"""Random procedures and random processes to compose and draw."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.workflow.compose import Captions, StagePlan
from engine.workflow.diagram import Diagram, Flow, Lane, Node

DEPARTMENTS = {
    "NDRC": "发改委",
    "PLAN": "规划局",
    "HOUS": "建委",
    "CAD": "人防办",
    "APPL": "建设单位",
}
STAGES = (
    StagePlan("approval", "项目审批", "NDRC"),
    StagePlan("planning", "规划许可", "PLAN"),
    StagePlan("construction", "施工许可", "HOUS"),
    StagePlan("acceptance", "竣工验收", "HOUS"),
)
CAPTIONS = Captions(DEPARTMENTS, "交地")
KINDS = (Kind.APPROVAL, Kind.APPROVAL, Kind.APPROVAL, Kind.APPLICANT)


@st.composite
def procedures(draw: st.DrawFn, most: int = 14) -> list[Activity]:
    """Activities over four stages; each waits for up to four earlier ones, in any stage.

    As in a real procedure, what lies before OPEN waits for nothing of the acceptance.
    """
    made: list[Activity] = []
    before: list[str] = [START]
    for number in range(draw(st.integers(1, most))):
        stage = draw(st.sampled_from(STAGES[:3])).id
        made.append(_activity(draw, number, stage, before))
        before.append(made[-1].id)
    waits = draw(st.lists(st.sampled_from(before), min_size=1, max_size=4, unique=True))
    made.append(Activity(OPEN, "开工", "construction", "", Kind.MILESTONE, 0, tuple(waits)))
    after = [OPEN]
    for number in range(draw(st.integers(0, 5))):
        made.append(_activity(draw, 50 + number, "acceptance", after))
        after.append(made[-1].id)
    return made


def _activity(draw: st.DrawFn, number: int, stage: str, earlier: list[str]) -> Activity:
    waits = draw(st.lists(st.sampled_from(earlier), max_size=4, unique=True))
    kind = draw(st.sampled_from(KINDS))
    department = "APPL" if kind is Kind.APPLICANT else draw(st.sampled_from(list(DEPARTMENTS)))
    name = draw(st.sampled_from(["备案", "设计方案审查", "国有土地使用权登记", "fire review"]))
    return Activity(f"X-{number:02}", name, stage, department, kind, number % 7, tuple(waits))


TAGS = ("userTask", "exclusiveGateway", "intermediateThrowEvent", "callActivity")


@st.composite
def processes(draw: st.DrawFn) -> Diagram:
    """Processes as others draw them: loops, implicit forks and joins, named flows."""
    lanes = tuple(Lane(f"lane-{n}", f"部门{n}") for n in range(draw(st.integers(0, 3))))
    size = draw(st.integers(2, 9))
    nodes = [Node("n0", "startEvent", "开始", _lane(draw, lanes))]
    for number in range(1, size):
        tag = "endEvent" if number == size - 1 else draw(st.sampled_from(TAGS))
        nodes.append(
            Node(f"n{number}", tag, draw(st.sampled_from(["", "审查"])), _lane(draw, lanes))
        )
    pairs = {(f"n{n - 1}", f"n{n}") for n in range(1, size)}
    ends = st.integers(0, size - 1)
    pairs |= {
        (f"n{a}", f"n{b}")
        for a, b in draw(st.lists(st.tuples(ends, ends), max_size=5))
        if a != size - 1 and b != 0
    }
    names = st.sampled_from(["", "", "补正"])
    flows = tuple(Flow(f"f-{a}-{b}", a, b, draw(names)) for a, b in sorted(pairs))
    return Diagram("random", "随机流程", lanes, tuple(nodes), flows)


def _lane(draw: st.DrawFn, lanes: tuple[Lane, ...]) -> str:
    return draw(st.sampled_from(lanes)).id if lanes else ""
