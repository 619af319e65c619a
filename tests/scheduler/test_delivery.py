"""Letters reach a real mail server: once each, again after a failure, never after a final no."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from engine import delivery
from engine.clock import FrozenClock
from engine.errors import Conflict, Invalid
from engine.scheduler import Scheduler
from engine.service import post as outbox
from engine.service import smtp
from engine.service.post import MOST_ATTEMPTS
from engine.settings import Settings
from engine.store import tables as t
from tests.scheduler.mailing import Post, certified, free_port, knows, serving
from tests.service.city import City
from tests.service.meeting_city import person, planned, projects

TO = "met@met.example.cn"


@pytest.fixture
def post() -> Post:
    return Post()


def sends_to(city: City, port: int, scheme: str = "smtp+plain", user: str = "") -> None:
    url = f"{scheme}://{user}127.0.0.1:{port}"
    sender = "联审系统 <lianshen@anqing.example.cn>"
    city.settings = replace(city.settings, smtp_url=url, mail_from=sender)


def invited(city: City, *people: str) -> None:
    """Plan a meeting to which people of one department are invited."""
    for each in people or ("met",):
        person(city, each, "MET")
    [project] = projects(city, 1)
    planned(city, project)


def deliver(city: City, **more: Any) -> int:
    return delivery.deliver(city.engine, city.now, city.settings, **more)


def states(city: City) -> list[tuple[str, int]]:
    return [(row["state"], row["attempts"]) for row in city.rows(t.mail)]


def test_an_invitation_arrives_as_clients_want_it(city: City, post: Post) -> None:
    with serving(post) as port:
        sends_to(city, port)
        invited(city)
        assert deliver(city) == 1
        assert deliver(city) == 0
    [message] = post.taken
    [row] = city.rows(t.mail)
    assert (row["state"], row["sent_at"], row["error"]) == ("sent", city.now, "")
    assert message["Message-ID"] == row["message_id"]
    assert row["message_id"].endswith("@anqing.example.cn>")
    assert message["From"] == "联审系统 <lianshen@anqing.example.cn>"
    assert message["To"] == TO
    assert message["Subject"] == "会议邀请：设计方案联审会（2014-09-04 09:00—10:00）"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    plain, calendar = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert "请派员参加联合审查会" in plain.get_content()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    # with a disposition Thunderbird shows no buttons
    assert calendar["Content-Disposition"] is None
    raw = calendar.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert raw.decode() == row["calendar"]
    parsed = Calendar.from_ical(raw)
    assert parsed["METHOD"] == "REQUEST"
    assert str(parsed.walk("VEVENT")[0]["ATTENDEE"]) == f"mailto:{TO}"


def test_two_workers_send_every_letter_once(city: City, post: Post) -> None:
    names = [f"reviewer{number}" for number in range(12)]
    with serving(post) as port:
        sends_to(city, port)
        invited(city, *names)
        together = threading.Barrier(2)

        def worker(_: int) -> int:
            together.wait()
            return deliver(city)

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(worker, range(2))) == len(names)
    assert sorted(str(each["To"]) for each in post.taken) == sorted(
        f"{name}@met.example.cn" for name in names
    )
    assert set(states(city)) == {("sent", 1)}


def test_a_server_that_is_down_is_tried_again_later(city: City, post: Post) -> None:
    port = free_port()
    sends_to(city, port)
    invited(city)
    assert deliver(city) == 0
    [row] = city.rows(t.mail)
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert row["next_at"] == city.now + timedelta(minutes=1)
    assert "refused" in row["error"].lower()
    with serving(post, port):
        assert deliver(city) == 0, "not before its time"
        city.now += timedelta(minutes=1)
        assert deliver(city) == 1
    assert states(city) == [("sent", 2)]
    assert len(post.taken) == 1


def test_a_passing_no_is_tried_again_and_a_final_one_is_not(city: City, post: Post) -> None:
    post.refuse = {TO: "451 try later", "gone@met.example.cn": "550 no such user"}
    with serving(post) as port:
        sends_to(city, port)
        invited(city, "met", "gone", "third")
        assert deliver(city) == 1, "the others keep nobody waiting"
        found = {row["to"]: row for row in city.rows(t.mail)}
        assert (found[TO]["state"], found[TO]["error"]) == ("waiting", "451 try later")
        gone = found["gone@met.example.cn"]
        assert (gone["state"], gone["error"]) == ("failed", "550 no such user")
        assert gone["next_at"] is None
        post.refuse = {}
        city.now += timedelta(hours=1)
        assert deliver(city) == 1
        assert post.asked == {TO: 2, "gone@met.example.cn": 1, "third@met.example.cn": 1}
        # an administrator mended the mailbox
        assert city.do(outbox.retry, gone["id"]).state == "waiting"
        assert deliver(city) == 1
        with pytest.raises(Conflict, match="sent"):
            city.do(outbox.retry, gone["id"])


def test_pauses_double_until_a_letter_is_given_up(city: City) -> None:
    sends_to(city, free_port())
    invited(city)
    pauses = []
    for _ in range(MOST_ATTEMPTS - 1):
        deliver(city)
        [row] = city.rows(t.mail)
        pauses.append(int((row["next_at"] - city.now).total_seconds()) // 60)
        city.now = row["next_at"]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    deliver(city)
    [row] = city.rows(t.mail)
    assert (row["state"], row["attempts"], row["next_at"]) == ("failed", MOST_ATTEMPTS, None)
    assert row["error"]


def test_a_worker_that_died_keeps_its_letter_for_a_while_only(city: City, post: Post) -> None:
    with serving(post) as port:
        sends_to(city, port)
        invited(city)
        [key] = city.see(outbox.waiting, 10)
        assert city.do(outbox.take, key) is not None
        assert city.do(outbox.take, key) is None
        assert deliver(city) == 0
        city.now += outbox.LEASE
        assert deliver(city) == 1
    assert states(city) == [("sent", 2)]


def test_a_worker_that_comes_back_late_changes_nothing(city: City) -> None:
    sends_to(city, free_port())
    invited(city)
    [key] = city.see(outbox.waiting, 10)
    late = city.do(outbox.take, key)
    city.now += outbox.LEASE
    assert city.do(outbox.take, key) is not None
    assert late is not None
    city.do(outbox.note_refused, late, "late", for_good=True)
    assert states(city) == [("waiting", 2)]


def test_no_transaction_is_open_while_the_server_is_spoken_to(city: City, post: Post) -> None:
    with serving(post) as port:
        sends_to(city, port)
        invited(city)
        taking = smtp.hand_over

        def checked(connection: Any, message: Any) -> None:
            # somebody else writes meanwhile; on SQLite there is one writer at a time
            person(city, "meanwhile", "MET")
            taking(connection, message)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(smtp, "hand_over", checked)
            assert deliver(city) == 1


def test_without_a_server_letters_are_kept_and_not_sent_later(city: City, post: Post) -> None:
    invited(city)
    assert states(city) == [("kept", 0)]
    assert deliver(city) == 0
    [key] = [row["id"] for row in city.rows(t.mail)]
    with pytest.raises(Conflict, match="no mail server"):
        city.do(outbox.retry, key)
    with serving(post) as port:
        sends_to(city, port)
        assert deliver(city) == 0
        city.do(outbox.retry, key)
        assert deliver(city) == 1


def test_who_is_to_stop_stops_between_two_letters(city: City, post: Post) -> None:
    with serving(post) as port:
        sends_to(city, port)
        invited(city, "one", "two", "three")
        assert deliver(city, go_on=lambda: not post.taken) == 1


def test_the_worker_delivers_beside_its_sweep(city: City, post: Post) -> None:
    with serving(post) as port:
        sends_to(city, port)
        city.settings = replace(city.settings, sweep_seconds=1)
        invited(city)
        scheduler = Scheduler(city.engine, FrozenClock(city.now), city.settings)
        scheduler.start()
        arrived = threading.Event()
        for _ in range(200):
            if post.taken or arrived.wait(0.05):
                break
        scheduler.stop()
    assert states(city) == [("sent", 1)]
    assert len(post.taken) == 1


# -- who may read along ------------------------------------------------------------------------


openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes certificates")


@openssl
def test_tls_is_demanded_and_verified(small_city: City, post: Post, tmp_path: Path) -> None:
    shown, trusted = certified(tmp_path)
    check = knows(b"li@x", b"p:w/d")
    login = {"authenticator": check, "auth_required": True}
    with serving(post, tls_context=shown, require_starttls=True, **login) as port:
        sends_to(small_city, port, "smtp", "li%40x:p%3Aw%2Fd@")
        invited(small_city)
        assert deliver(small_city) == 0, "whoever shows this certificate is a stranger"
        [row] = small_city.rows(t.mail)
        assert "certificate" in row["error"].lower()
        small_city.now += timedelta(hours=1)
        assert deliver(small_city, trust=trusted) == 1
    assert len(post.taken) == 1


@openssl
def test_tls_from_the_start(small_city: City, post: Post, tmp_path: Path) -> None:
    shown, trusted = certified(tmp_path)
    port = free_port()
    with serving_over_tls(post, port, shown):
        sends_to(small_city, port, "smtps")
        invited(small_city)
        assert deliver(small_city) == 0
        small_city.now += timedelta(hours=1)
        assert deliver(small_city, trust=trusted) == 1


def serving_over_tls(post: Post, port: int, shown: Any) -> Any:
    return serving(post, port, ssl_context=shown)


def test_no_password_goes_over_a_line_without_tls(small_city: City, post: Post) -> None:
    with serving(post) as port:
        sends_to(small_city, port, "smtp")
        invited(small_city)
        assert deliver(small_city) == 0
    [row] = small_city.rows(t.mail)
    assert "STARTTLS" in row["error"]


@pytest.mark.parametrize(
    "setting",
    [
        {"LIANSHEN_SMTP_URL": "http://mail.example.cn"},
        {"LIANSHEN_SMTP_URL": "mail.example.cn"},
        {"LIANSHEN_MAIL_FROM": "<>"},
    ],
)
def test_a_setting_that_names_no_server_stops_the_start(setting: dict[str, str]) -> None:
    [name] = setting
    with pytest.raises(Invalid, match=name):
        Settings.from_env(setting)


def test_addresses_of_servers_are_read() -> None:
    assert smtp.Server.of("smtp://mail.example.cn").port == 587
    assert smtp.Server.of("smtps://a:b@mail.example.cn:4650").port == 4650
    assert smtp.Server.of("smtp://li%40x:a%3Ab@h").password == "a:b"
    for wrong in ("smtp://", "smtp://h:99999", "ftp://h"):
        with pytest.raises(Invalid):
            smtp.Server.of(wrong)
