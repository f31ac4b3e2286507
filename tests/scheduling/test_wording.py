from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from icalendar import Calendar

from intake.protocol.clinic import GSM7
from intake.protocol.model import Disposition
from intake.scheduling import booking, offers, wording
from intake.scheduling.ics import calendar_file
from intake.store import Store, conversations
from intake.store.models import Appointment
from tests.scheduling.clinics import VISITS, make_clinic

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)
CLINIC = make_clinic(sms_name="Spine & Pain NY", clinicians=[
    {"id": "rivera", "name": "Dr. Maria-Magdalena Rivera Santos", "specialty": "Spine", "visits": VISITS}])


@pytest.fixture
def row(sqlite_store: Store) -> Appointment:
    with sqlite_store.transaction() as session:
        conversation = conversations.start(session, "web", NOW).id
        offer = offers(session, CLINIC, NOW, Disposition.routine, "video")[0]
        held = booking.hold(session, CLINIC, offer, conversation, "key", NOW).appointment
        return booking.confirm(session, CLINIC, held.id, conversation, NOW).appointment


def test_a_booking_is_told_with_day_zone_and_person(row: Appointment) -> None:
    assert wording.booked(row, CLINIC) == (
        "Your visit is booked: Tue, Nov 24, 11:00 AM EST with Dr. Maria-Magdalena Rivera Santos by video. "
        "To change or cancel, write here or call 555-555-0100.")


@pytest.mark.parametrize("sms", [True, False])
def test_texts_fit_one_plain_text_message(row: Appointment, sms: bool) -> None:
    told = [wording.booked(row, CLINIC, sms)]
    row.status = "cancelled"
    told.append(wording.cancelled(row, CLINIC, sms))
    row.status, row.hold_expires_at = "held", NOW + timedelta(minutes=10)
    told.append(wording.held(row, CLINIC, sms))
    for text in told:
        assert set(text) <= GSM7
        assert len(text) <= 160 or not sms, text


@pytest.mark.parametrize("tell", [wording.booked, wording.cancelled, wording.held, calendar_file])
def test_nothing_is_said_of_a_row_that_is_not_committed(sqlite_store: Store, row: Appointment, tell) -> None:
    new = Appointment(status="booked")
    with pytest.raises(wording.NotCommitted):
        tell(new, CLINIC)
    with sqlite_store.transaction() as session:
        inside = session.get(Appointment, row.id)
        with pytest.raises(wording.NotCommitted):
            tell(inside, CLINIC)


def test_nothing_is_said_of_a_row_whose_transaction_failed(sqlite_store: Store, row: Appointment) -> None:
    with pytest.raises(RuntimeError), sqlite_store.transaction() as session:
        kept = session.get(Appointment, row.id)
        kept.version += 1
        session.flush()
        raise RuntimeError
    with pytest.raises(wording.NotCommitted):
        wording.booked(kept, CLINIC)


@pytest.mark.parametrize("status", ["held", "cancelled", "expired"])
def test_booked_is_only_said_of_a_booking(row: Appointment, status: str) -> None:
    row.status = status
    with pytest.raises(ValueError, match=status):
        wording.booked(row, CLINIC)


def test_the_calendar_file_is_made_from_the_row_and_says_nothing_about_health(row: Appointment) -> None:
    data = calendar_file(row, CLINIC)
    calendar = Calendar.from_ical(data)
    event = calendar.walk("VEVENT")[0]
    assert event["dtstart"].dt == row.starts_at
    assert event["dtend"].dt == row.ends_at
    assert (str(event["uid"]), event["sequence"]) == (f"{row.id}@intake", row.version)
    assert str(event["status"]) == "CONFIRMED"
    assert str(calendar["method"]) == "PUBLISH"
    assert b"pain" not in data.lower()


def test_a_cancelled_visit_is_taken_out_of_the_calendar(row: Appointment) -> None:
    before = Calendar.from_ical(calendar_file(row, CLINIC)).walk("VEVENT")[0]
    row.status, row.version = "cancelled", row.version + 1
    calendar = Calendar.from_ical(calendar_file(row, CLINIC))
    event = calendar.walk("VEVENT")[0]
    assert (str(calendar["method"]), str(event["status"])) == ("CANCEL", "CANCELLED")
    assert event["uid"] == before["uid"]
    assert event["sequence"] > before["sequence"]


def test_a_name_cannot_break_out_of_the_calendar_file(row: Appointment) -> None:
    odd = make_clinic(name="Spine\r\nATTENDEE:mailto:x@example.com", address="1; Street, \\ Town")
    event = Calendar.from_ical(calendar_file(row, odd)).walk("VEVENT")[0]
    assert "attendee" not in event
    assert str(event["location"]) in ("Video visit", "1; Street, \\ Town")
