"""People who act at the same moment: they queue, one wins, nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from engine.errors import Conflict
from engine.service import attachments, procedures, projects, tasks
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import little
from tests.service.test_tasks import wide


def at_once(moves: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run moves in threads that start together; an error is its answer."""
    barrier = Barrier(len(moves))

    def run(move: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return move()
        except Exception as error:  # noqa: BLE001 - the answer
            return error

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(run, moves))


def kinds(answers: Sequence[Any]) -> Counter[str]:
    """How many answers there are of each kind."""
    return Counter(type(each).__name__ for each in answers)


def test_of_two_who_complete_a_task_one_wins(city: City) -> None:
    city.deploy(little())
    project = city.start("little")
    for element in ("receive", "review", "decide"):
        task = city.task(project, "A-1")
        assert task.element == element
        complete = lambda task=task: city.do(tasks.complete, task.id, None)  # noqa: E731
        answers = at_once([complete] * 3)
        assert kinds(answers) == {"TaskView": 1, "TaskEnded": 2}
    assert city.events(project).count("B-1: item.received") == 1


def test_departments_complete_in_parallel_and_the_join_fires_once(city: City) -> None:
    city.deploy(wide(6))
    project = city.start("wide-6")
    for element in ("receive", "review", "decide"):
        found = city.open_tasks(project)
        assert {each.element for each in found} == {element}
        moves = [lambda task=task: city.do(tasks.complete, task.id, None) for task in found]
        assert kinds(at_once(moves)) == {"TaskView": 6}
    assert city.events(project).count("OPEN: milestone.reached") == 1
    view = city.project(project)
    assert view.opened_on == city.today
    assert {each.state for each in view.items} == {"delivering", "reached"}


def test_four_writers_lose_nothing(city: City) -> None:
    city.deploy(wide(40))
    projects_of = [city.start("wide-40") for _ in range(2)]
    found = [task for project in projects_of for task in city.open_tasks(project)]
    before = {each: city.project(each).version for each in projects_of}

    def work_through(part: int) -> int:
        for task in found[part::4]:
            city.do(tasks.complete, task.id, None)
        return len(found[part::4])

    answers = at_once([lambda part=part: work_through(part) for part in range(4)])  # type: ignore[misc]
    assert answers == [20] * 4
    for project in projects_of:
        assert city.project(project).version == before[project] + 40
        elements = Counter(each.element for each in city.open_tasks(project))
        assert elements == {"review": 40}
        assert city.events(project).count("project.started") == 1


def test_a_claim_and_an_end_of_the_project_queue(city: City) -> None:
    city.deploy(little())
    clerk = city.user("clerk", ("clerk", "PLAN"))
    for _ in range(3):
        project = city.start("little")
        task = city.task(project, "A-1")
        answers = at_once(
            [
                lambda task=task: city.do(tasks.complete, task.id, None, by=clerk),  # type: ignore[misc]
                lambda project=project: city.do(projects.close, project),  # type: ignore[misc]
            ]
        )
        assert not isinstance(answers[1], Exception)
        assert isinstance(answers[0], Conflict) or answers[0].state == "completed"
        assert city.open_tasks(project) == []
        assert city.rows(t.process_instance, project_id=project, status="running") == []


def test_services_that_start_at_once_deploy_the_same_version(city: City) -> None:
    answers = at_once([lambda: city.do(procedures.deploy, little())] * 4)
    assert {(each.id, each.version) for each in answers} == {(answers[0].id, 1)}
    assert sum(each.new for each in answers) == 1


def test_versions_of_a_file_are_numbered_without_a_gap(city: City) -> None:
    city.deploy(little())
    found = [city.start("little") for _ in range(2)]

    def attach(project: int, number: int) -> Any:
        content = f"%PDF-{number % 2}".encode()
        return city.do(attachments.add, project, "", "plan.pdf", "application/pdf", content)

    moves = [
        lambda project=project, number=number: attach(project, number)
        for number in range(4)
        for project in found
    ]
    at_once(moves)
    for project in found:
        listed = city.see(attachments.find, project)
        assert [each.version for each in listed] == [4, 3, 2, 1]
