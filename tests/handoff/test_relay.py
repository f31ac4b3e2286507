from __future__ import annotations

import json
import logging
import multiprocessing
import os
import random
import signal
import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import func, select

from intake.handoff import UNDELIVERED, acknowledge, raise_handoff
from intake.handoff.pagers import FilePager, Page, WebhookPager
from intake.handoff.relay import LEASE, Relay
from intake.protocol.model import Disposition
from intake.store import Store, conversations, open_store
from intake.store.models import Delivery, Handoff
from tests.handoff.cases import NOW, request
from tests.scheduling.clinics import make_clinic

CLINIC = make_clinic()
URL = "http://desk.example"


class Pager:
    """Remembers pages; fails while `broken`."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.tried: list[str] = []
        self.broken = False

    def send(self, page: Page) -> None:
        self.tried.append(page.name)
        if self.broken:
            raise ConnectionError("555-555-0142 numb")
        self.pages.append(page)


class World:
    """A relay on a clock that only moves when told."""

    def __init__(self, store: Store, clinic=CLINIC) -> None:
        self.now, self.store, self.pager = NOW, store, Pager()
        self.relay = Relay(store, clinic, self.pager, URL, clock=lambda: self.now)

    def raise_(self, level: Disposition | None = Disposition.er_now, **more) -> str:
        with self.store.transaction() as session:
            conversation = conversations.start(session, "web", self.now).id
            return raise_handoff(session, request(conversation, level, **more), self.now).handoff.id

    def run_for(self, minutes: float, step: int = 1) -> list[tuple[float, str]]:
        """Run every `step` seconds; give back when (minutes) who was paged."""
        before, begin, found = len(self.pager.pages), self.now, []
        while self.now <= begin + timedelta(minutes=minutes):
            self.relay.run_once()
            for page in self.pager.pages[before + len(found):]:
                found.append(((self.now - begin) / timedelta(minutes=1), page.name))
            self.now += timedelta(seconds=step)
        return found


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def row(store: Store, id: str) -> Handoff:
    with store.reading() as session:
        return session.get(Handoff, id)


def test_an_emergency_goes_from_person_to_person_until_somebody_accepts(world: World) -> None:
    id = world.raise_()
    assert world.run_for(16, step=20) == [(0, "Dr. One"), (5, "Dr. Two"), (10, "Director"), (15, "Dr. One")]
    with world.store.transaction() as session:
        acknowledge.accept(session, id, "Ann", world.now)
    assert world.run_for(30, step=60) == []
    assert row(world.store, id).state == "accepted"


def test_escalation_fires_within_5_seconds_of_its_deadline(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    world.raise_()
    times = [minute for minute, _ in world.run_for(5.2)]
    assert times == [0, pytest.approx(5, abs=5 / 60)]


def test_the_page_says_that_the_patients_phone_was_not_reached(world: World) -> None:
    world.raise_(rule_ids=("R101", UNDELIVERED))
    world.run_for(0.1)
    assert "did not reach the phone: call the patient" in world.pager.pages[0].text


def test_looking_does_not_stop_the_pages(world: World) -> None:
    id = world.raise_()
    world.relay.run_once()
    assert row(world.store, id).state == "delivered"
    with world.store.transaction() as session:
        acknowledge.see(session, id, "Ann", world.now)
    world.now += timedelta(minutes=5)
    assert world.relay.run_once() == 1


def test_a_case_that_becomes_more_urgent_is_paged_anew_at_once(world: World) -> None:
    id = world.raise_(Disposition.same_day)
    world.relay.run_once()
    with world.store.transaction() as session:
        acknowledge.accept(session, id, "Ann", world.now)
        conversation = session.get(Handoff, id).conversation_id
        raise_handoff(session, request(conversation, Disposition.call_911), world.now)
    world.relay.run_once()
    assert [page.name for page in world.pager.pages] == ["Nurse", "Dr. One"]
    assert world.pager.pages[0].key != world.pager.pages[1].key


def test_the_most_urgent_goes_first(world: World) -> None:
    for level in (Disposition.within_3_days, Disposition.same_day, Disposition.call_911):
        world.raise_(level)
    world.relay.run_once()
    assert [page.text.split(":")[0] for page in world.pager.pages] == ["CALL 911", "SAME DAY", "WITHIN 3 DAYS"]


def test_a_failed_emergency_page_goes_to_the_next_person_within_seconds(world: World) -> None:
    world.raise_()
    world.pager.broken = True
    world.run_for(0.2)
    assert world.pager.tried[:3] == ["Dr. One", "Dr. Two", "Director"]
    world.pager.broken = False
    assert world.run_for(1)[0][0] < 0.5


def test_an_outage_of_hours_neither_loses_the_page_nor_piles_pages_up(world: World) -> None:
    id = world.raise_()
    world.pager.broken = True
    world.run_for(120, step=30)
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1
    world.pager.broken = False
    assert len(world.run_for(2, step=10)) in (1, 2)
    assert row(world.store, id).state == "delivered"


def test_a_relay_that_was_down_catches_up_without_a_volley(world: World) -> None:
    world.raise_()
    world.now += timedelta(minutes=12)
    assert world.run_for(2.5, step=10) == [(0, "Dr. One"), (1, "Dr. Two"), (2, "Director")]


def test_same_day_at_night_is_paged_when_the_clinic_opens(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    world.now = datetime(2026, 11, 25, 2, 0, tzinfo=NOW.tzinfo)
    world.raise_(Disposition.same_day)
    assert world.run_for(1, step=30) == []
    world.now = datetime(2026, 11, 25, 13, 0, tzinfo=NOW.tzinfo)
    assert world.run_for(1, step=30) == [(0, "Nurse")]


def test_a_routine_case_waits_on_the_desk_s_list(world: World) -> None:
    id = world.raise_(Disposition.routine)
    assert world.run_for(2, step=30) == []
    assert row(world.store, id).state == "raised"
    with world.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1
        assert not acknowledge.paging_is_late(session, world.now)


def test_an_emergency_without_anybody_on_call_stays_due(sqlite_store: Store) -> None:
    world = World(sqlite_store, make_clinic(on_call=[]))
    world.raise_()
    assert world.run_for(3, step=30) == []
    world.relay.clinic = CLINIC
    assert world.run_for(1, step=10)[0][1] == "Dr. One"


def test_a_hand_off_without_a_delivery_gets_one(world: World) -> None:
    world.raise_()
    with world.store.transaction() as session:
        session.query(Delivery).delete()
    assert world.relay.run_once() == 1


def test_a_relay_that_dies_between_sending_and_writing_it_off_sends_again(world: World, monkeypatch) -> None:
    world.raise_()
    monkeypatch.setattr(world.relay, "_sent", lambda job: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        world.relay.run_once()
    monkeypatch.undo()
    assert world.relay.run_once() == 0  # the lease still holds
    world.now += LEASE
    assert world.relay.run_once() == 1
    assert len({page.key for page in world.pager.pages}) == 1  # the receiver can tell


def test_a_page_carries_no_health_data_and_fits(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    id = world.raise_(packet={"label": "x", "rules": [], "words": "numb between my legs", "contact": "555-555-0142",
                              "initials": "J.D."})
    world.run_for(5, step=60)
    for page in world.pager.pages:
        assert len(page.text) <= 1000
        assert f"{URL}/handoffs/{id}" in page.text
        assert "J.D." in page.text
        assert not any(word in page.text for word in ("numb", "0142", "R101"))
    assert "Page 2" in world.pager.pages[1].text


def test_the_log_names_no_patient_when_a_page_fails(sqlite_store: Store, caplog) -> None:
    world = World(sqlite_store)
    world.raise_()
    world.pager.broken = True
    with caplog.at_level(logging.DEBUG, "intake"):
        world.relay.run_once()
    assert "ConnectionError" in caplog.text
    assert "numb" not in caplog.text


def test_the_demo_s_pager_writes_a_line_for_each_page(tmp_path: Path) -> None:
    pager = FilePager(tmp_path / "var" / "pages.log")
    for key in ("a", "b"):
        pager.send(Page(key, "Dr. One", "555-555-0111", None, "ER NOW: open", NOW))
    lines = (tmp_path / "var" / "pages.log").read_text().splitlines()
    assert lines[0] == "2026-11-24T14:00:00+00:00 a to Dr. One 555-555-0111: ER NOW: open"
    assert len(lines) == 2


def test_the_webhook_is_signed_and_a_refusal_is_a_failure() -> None:
    got: list = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["X-Signature"], self.headers["Idempotency-Key"], body))
            self.send_response(204 if len(got) == 1 else 503)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pager = WebhookPager(f"http://127.0.0.1:{server.server_port}/", "secret")
    page = Page("key", "Dr. One", "555-555-0111", "one@clinic.example", "ER NOW", NOW)
    pager.send(page)
    with pytest.raises(OSError):
        pager.send(page)
    server.shutdown()
    import hashlib
    import hmac

    signature, key, body = got[0]
    stamp, digest = (part.partition("=")[2] for part in signature.split(","))
    assert digest == hmac.new(b"secret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert (key, json.loads(body)["text"]) == ("key", "ER NOW")


class SlowFilePager(FilePager):
    """Long enough to be killed in the middle."""

    def send(self, page: Page) -> None:
        time.sleep(random.random() * 0.02)
        super().send(page)
        time.sleep(random.random() * 0.02)


def _relay(url: str, log: Path, shift: Path) -> None:
    def clock() -> datetime:
        return NOW + timedelta(seconds=int(shift.read_text() or 0))

    relay = Relay(open_store(url), CLINIC, SlowFilePager(log), URL, clock=clock)
    while True:
        relay.run_once()
        time.sleep(0.01)


def test_no_hand_off_is_lost_when_relays_are_killed_again_and_again(url: str, store: Store, tmp_path: Path) -> None:
    shift, log, wanted = tmp_path / "shift", tmp_path / "pages.log", 40
    shift.write_text("0")
    world = World(store)
    ids = [world.raise_() for _ in range(wanted)]
    context = multiprocessing.get_context("fork")

    def relay() -> multiprocessing.Process:
        process = context.Process(target=_relay, args=(url, log, shift), daemon=True)
        process.start()
        return process

    store.close()
    relays, kills, deadline = [relay() for _ in range(2)], 0, time.monotonic() + 30
    while time.monotonic() < deadline:
        time.sleep(random.uniform(0.05, 0.2))
        if kills < 8:
            victim = relays.pop(0)
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()
            relays.append(relay())
            kills += 1
            shift.write_text(str(kills * 31))  # leases of the dead run out; no escalation is due before 5 minutes
        with store.reading() as session:
            left = session.scalar(select(func.count()).select_from(Handoff).where(Handoff.state == "raised"))
        if not left and kills == 8:
            break
    for process in relays:
        process.kill()
        process.join()
    keys = [line.split()[1] for line in log.read_text().splitlines()]
    assert {f"{id}.1.0" for id in ids} <= set(keys)
    assert kills == 8
