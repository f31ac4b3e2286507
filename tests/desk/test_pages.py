from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from intake.desk.app import Desk
from intake.handoff import packet, raise_handoff
from intake.protocol.model import Disposition
from intake.scheduling import booking, offers
from intake.store import Store, conversations
from intake.store.models import AuditEntry, Handoff
from tests.desk.conftest import Browser, Clock, settings
from tests.handoff.cases import ASSESSMENT, NOW, PROTOCOL, RECORD, request
from tests.scheduling.clinics import make_clinic

PAYLOADS = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'", "{{ 7 * 7 }}", "</title><script>",
    "<meta http-equiv=refresh content=0;url=//evil>", "javascript:alert(1)", "&#60;script&#62;",
]


def rows(html: str) -> list[str]:
    return [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)) for row in re.findall(r"<tr class=.*?</tr>", html, re.S)]


async def test_the_list_shows_the_most_urgent_first_and_reloads(signed_in: Browser, clock: Clock) -> None:
    for level in (Disposition.routine, Disposition.er_now, Disposition.call_911):
        signed_in.raise_(level, packet={"label": level.value, "rules": []})
    clock.forward(minutes=3)
    status, html = await signed_in.get("/")
    assert status == 200
    assert [re.search(r"call_911|er_now|routine", row)[0] for row in rows(html)] == ["call_911", "er_now", "routine"]
    assert "(3) Hand-offs" in html
    assert 'http-equiv="refresh" content="15"' in html
    assert 'http-equiv="refresh"' not in (await signed_in.get("/?still"))[1]
    assert "3 min" in html
    assert "Possible" not in html


async def test_an_emergency_that_nobody_accepts_is_marked_overdue(signed_in: Browser, clock: Clock) -> None:
    signed_in.raise_()
    assert "overdue" not in (await signed_in.get("/"))[1]
    clock.forward(minutes=6)
    assert "overdue" in (await signed_in.get("/"))[1]


async def test_the_list_warns_when_no_relay_is_running(signed_in: Browser, clock: Clock) -> None:
    signed_in.raise_()
    assert "Pages are not going out" not in (await signed_in.get("/"))[1]
    clock.forward(minutes=3)
    assert "Pages are not going out" in (await signed_in.get("/"))[1]


async def test_a_case_is_opened_accepted_and_closed(signed_in: Browser, sqlite_store: Store) -> None:
    id = signed_in.raise_()
    _, html = await signed_in.get(f"/handoffs/{id}")
    for expected in ("Emergency now - ER", "Numb groin or saddle", "numb between my legs", "Go to the ER now",
                     "555-555-0142", "Letter for the emergency department", ">Accept<", "Identity not verified"):
        assert expected in html
    assert "seen" in rows((await signed_in.get("/"))[1])[0]
    assert (await signed_in.act(id, "accept")).headers["Location"] == f"/handoffs/{id}"
    _, html = await signed_in.get(f"/handoffs/{id}")
    assert "Accepted by <strong>Ann Nurse</strong>" in html
    assert ">Close<" in html
    assert "accepted by Ann Nurse" in rows((await signed_in.get("/"))[1])[0]
    assert (await signed_in.act(id, "close")).headers["Location"] == "/"
    assert "Nobody is waiting" in (await signed_in.get("/"))[1]
    with sqlite_store.reading() as session:
        done = [each.action for each in session.query(AuditEntry).filter_by(actor="Ann Nurse")]
    assert done == ["handoff.seen", "handoff.accepted", "handoff.seen", "handoff.closed"]


async def test_new_answers_after_accepting_are_pointed_out(signed_in: Browser, clock: Clock) -> None:
    id = signed_in.raise_()
    await signed_in.act(id, "accept")
    clock.forward(minutes=1)
    with signed_in.store.transaction() as session:
        conversation = session.get(Handoff, id).conversation_id
        raise_handoff(session, request(conversation, packet={"label": "x", "rules": []}), clock.now)
    assert "new answers" in (await signed_in.get("/"))[1]


async def test_a_case_that_became_more_urgent_is_not_accepted_by_an_old_page(signed_in: Browser, clock: Clock) -> None:
    id = signed_in.raise_(Disposition.same_day)
    with signed_in.store.transaction() as session:
        conversation = session.get(Handoff, id).conversation_id
        raise_handoff(session, request(conversation, Disposition.call_911), clock.now)
    await signed_in.act(id, "accept", round=1)
    assert ">Accept<" in (await signed_in.get(f"/handoffs/{id}"))[1]
    await signed_in.act(id, "accept", round=2)
    assert ">Close<" in (await signed_in.get(f"/handoffs/{id}"))[1]


@pytest.mark.parametrize("path", ["/handoffs/unknown", "/nothing", "/handoffs/../../etc/passwd"])
async def test_what_does_not_exist_is_said_kindly(signed_in: Browser, path: str) -> None:
    status, html = await signed_in.get(path)
    assert status == 404
    assert "There is nothing here" in html


@pytest.mark.parametrize("round", ["", "x", "-1", "1.5"])
async def test_a_form_that_was_tampered_with_is_refused(signed_in: Browser, round: str) -> None:
    id = signed_in.raise_()
    response = await signed_in.post(f"/handoffs/{id}/accept", {"csrf": await signed_in.token(), "round": round})
    assert response.status == 400


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_whatever_a_patient_types_stays_text(signed_in: Browser, payload: str) -> None:
    found = packet.minimal(Disposition.er_now, False, payload, told=[(payload, NOW)], contact=payload)
    id = signed_in.raise_(packet={**found, "label": payload, "initials": payload}, advice=payload, rule_ids=(payload,))
    await signed_in.sign_in(name=payload[:60])
    for path in ("/", f"/handoffs/{id}"):
        status, html = await signed_in.get(path)
        assert status == 200
        body = html.replace('<meta http-equiv="refresh" content="15">', "")
        assert not re.search(r"<(script|img|meta http-equiv)", body)
        assert "49" not in re.findall(r"<h1>(.*?)</h1>", html, re.S)[0]


async def test_a_packet_of_another_version_is_still_shown(signed_in: Browser) -> None:
    id = signed_in.raise_(packet={"complaint": "<b>numb</b>"})
    status, html = await signed_in.get(f"/handoffs/{id}")
    assert status == 200
    assert "another version" in html
    assert "<b>numb" not in html
    assert "numb" in html
    assert (await signed_in.get("/"))[0] == 200


async def test_the_week_shows_appointments_on_the_clinic_s_clock(signed_in: Browser, sqlite_store: Store) -> None:
    clinic = make_clinic()
    with sqlite_store.transaction() as session:
        conversation = conversations.start(session, "web", NOW).id
        offer = offers(session, clinic, NOW, Disposition.routine, "video")[0]
        held = booking.hold(session, clinic, offer, conversation, "key", NOW).appointment
        booking.confirm(session, clinic, held.id, conversation, NOW)
        wanted = request(conversation, Disposition.routine, packet=packet.build(RECORD, ASSESSMENT, PROTOCOL))
        id = raise_handoff(session, wanted, NOW).handoff.id
    status, html = await signed_in.get("/week")
    assert status == 200
    for expected in ("Week of November 23, 2026", "<strong>11:00</strong> to 11:30 EST", "Dr. Ana Rivera",
                     "Video visit", "closed: Thanksgiving", f"/handoffs/{id}"):
        assert expected in html
    assert "Appointment:" in (await signed_in.get(f"/handoffs/{id}"))[1]
    assert "Dr. Ana Rivera" not in (await signed_in.get("/week?start=2026-12-02"))[1]


@pytest.mark.parametrize("start", ["nonsense", "9999-12-31", "0001-01-01", "2026-13-01", "%00"])
async def test_an_odd_week_is_refused(signed_in: Browser, start: str) -> None:
    assert (await signed_in.get(f"/week?start={start}"))[0] == 400


async def test_every_page_says_demo_and_that_the_protocol_is_unsigned(signed_in: Browser) -> None:
    id = signed_in.raise_()
    for path in ("/", f"/handoffs/{id}", "/week", "/nothing"):
        _, html = await signed_in.get(path)
        assert "<strong>DEMO</strong>" in html
        assert "Protocol unsigned" in html


@pytest.mark.parametrize(("protocol", "shown"), [(PROTOCOL, "Protocol unsigned"), (None, "Protocol not loaded")])
async def test_production_shows_no_demo_and_works_without_a_protocol(
    sqlite_store: Store, clock: Clock, protocol, shown: str
) -> None:
    app = Desk(settings("production"), sqlite_store, make_clinic(), protocol, clock).application()
    async with TestClient(TestServer(app)) as client:
        html = await (await client.get("/login")).text()
    assert "DEMO" not in html
    assert shown in html


async def test_health_says_whether_the_database_answers(browser: Browser, sqlite_store: Store) -> None:
    assert (await browser.get("/health"))[0] == 200
    with sqlite_store.transaction() as session:
        session.execute(text("ALTER TABLE conversations RENAME TO gone"))
    assert (await browser.get("/health"))[0] == 503


async def test_a_database_that_fails_gives_a_page_and_a_log_without_patient_data(
    signed_in: Browser, sqlite_store: Store, caplog
) -> None:
    id = signed_in.raise_()
    with sqlite_store.transaction() as session:
        session.execute(text("ALTER TABLE deliveries RENAME TO gone"))
    with caplog.at_level(logging.DEBUG):
        status, html = await signed_in.get(f"/handoffs/{id}")
    assert status == 503
    assert "The database does not answer" in html
    assert not any(word in caplog.text + html for word in ("numb", "0142", "SELECT"))


async def test_a_packet_opens_even_when_nothing_can_be_written(signed_in: Browser, sqlite_store: Store) -> None:
    id = signed_in.raise_()
    with sqlite_store.transaction() as session:
        session.execute(text("CREATE TRIGGER full BEFORE UPDATE ON handoffs BEGIN SELECT RAISE(ABORT, 'full'); END"))
    status, html = await signed_in.get(f"/handoffs/{id}")
    assert status == 200
    assert "numb between my legs" in html


async def test_urls_hold_random_ids_only(signed_in: Browser, clock: Clock) -> None:
    id = signed_in.raise_()
    clock.now += timedelta(seconds=1)
    pages = [(await signed_in.get(path))[1] for path in ("/", f"/handoffs/{id}", "/week")]
    urls = {url for page in pages for url in re.findall(r'(?:href|action)="([^"]+)"', page)}
    known = rf"/|/\?still|#main|/(login|logout|week|style\.css)(\?start=[\d-]+)?|/handoffs/{id}(/\w+)?"
    assert [url for url in urls if not re.fullmatch(known, url)] == []
