from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from intake.protocol.model import Disposition
from intake.scheduling import Booked, Cancelled, Held, HoldExpired, NotFound, SlotTaken, booking, offers
from intake.scheduling.offers import offer_for, offer_key
from intake.scheduling.results import KeyReused
from intake.store import Store, conversations, open_store
from intake.store.models import Appointment
from tests.scheduling.clinics import make_clinic
from tests.store.databases import race

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)
LATER = NOW + timedelta(hours=1)
CLINIC = make_clinic()


def start(store: Store) -> str:
    with store.transaction() as session:
        return conversations.start(session, "web", NOW).id


def free(store: Store, now: datetime = NOW, limit: int = 6):
    with store.reading() as session:
        return offers(session, CLINIC, now, Disposition.routine, limit=limit)


def hold(store: Store, offer, conversation: str, key: str = "key", now: datetime = NOW, **more):
    with store.transaction() as session:
        return booking.hold(session, CLINIC, offer, conversation, key, now, **more)


def confirm(store: Store, id: str, conversation: str, now: datetime = NOW):
    with store.transaction() as session:
        return booking.confirm(session, CLINIC, id, conversation, now)


def book(store: Store, offer, conversation: str, key: str = "key") -> Appointment:
    return confirm(store, hold(store, offer, conversation, key).appointment.id, conversation).appointment


def move(store: Store, id: str, offer, conversation: str, key: str = "move"):
    with store.transaction() as session:
        return booking.reschedule(session, CLINIC, id, offer, conversation, key, NOW)


def rows(store: Store, **where) -> list[str]:
    with store.reading() as session:
        found = session.scalars(select(Appointment).filter_by(**where).order_by(Appointment.created_at)).all()
        return [row.status for row in found]


def test_a_time_is_held_then_booked(store: Store) -> None:
    conversation, offer = start(store), free(store)[0]
    held = hold(store, offer, conversation)
    assert isinstance(held, Held)
    assert held.appointment.hold_expires_at == NOW + booking.HOLD_WEB
    row = confirm(store, held.appointment.id, conversation).appointment
    assert (row.status, row.starts_at, row.tz, row.local_start, row.hold_expires_at) == (
        "booked", offer.starts_at, "America/New_York", "2026-11-24T11:20", None)


def test_doing_it_twice_does_it_once(store: Store) -> None:
    conversation, offer = start(store), free(store)[0]
    first, again = hold(store, offer, conversation), hold(store, offer, conversation)
    assert first.appointment.id == again.appointment.id
    booked = [confirm(store, first.appointment.id, conversation) for _ in range(3)]
    assert {each.appointment.id for each in booked} == {first.appointment.id}
    assert isinstance(hold(store, offer, conversation), Held)  # the old message once more
    assert rows(store) == ["booked"]


def test_a_key_is_for_one_time_only(store: Store) -> None:
    conversation, (one, two, *_) = start(store), free(store)
    hold(store, one, conversation)
    with pytest.raises(KeyReused):
        hold(store, two, conversation)


def test_who_comes_second_gets_other_times(store: Store) -> None:
    offer = free(store)[0]
    book(store, offer, start(store))
    result = hold(store, offer, start(store), "second")
    assert isinstance(result, SlotTaken)
    assert len(result.alternatives) == 3
    assert offer not in result.alternatives


def test_a_conversation_holds_one_time_and_keeps_it_when_the_next_is_taken(store: Store) -> None:
    conversation, (one, two, three, *_) = start(store), free(store)
    hold(store, one, conversation, "one")
    hold(store, two, conversation, "two")
    assert sorted(rows(store, conversation_id=conversation)) == ["cancelled", "held"]
    book(store, three, start(store), "three")
    assert isinstance(hold(store, three, conversation, "three again"), SlotTaken)
    assert rows(store, conversation_id=conversation, idem_key="two") == ["held"]


def test_a_hold_runs_out_and_the_patient_is_offered_the_time_again(store: Store) -> None:
    conversation, offer = start(store), free(store)[0]
    held = hold(store, offer, conversation)
    result = confirm(store, held.appointment.id, conversation, held.appointment.hold_expires_at)
    assert isinstance(result, HoldExpired)
    assert result.alternatives[0] == offer
    assert rows(store) == ["expired"]
    assert isinstance(hold(store, offer, conversation), Held)  # the same key: the patient wants it again


def test_a_hold_that_has_run_out_goes_to_the_next_patient_in_one_step(store: Store) -> None:
    first, second, offer = start(store), start(store), free(store, LATER)[0]
    held = hold(store, offer, first)
    assert isinstance(hold(store, offer, second, "second", LATER), Held)
    result = confirm(store, held.appointment.id, first, LATER)
    assert isinstance(result, HoldExpired)
    assert offer not in result.alternatives


def test_nobody_can_touch_another_conversation_s_appointment(store: Store) -> None:
    offer, other = free(store)[0], start(store)
    row = book(store, offer, start(store))
    assert isinstance(confirm(store, row.id, other), NotFound)
    assert isinstance(move(store, row.id, free(store)[1], other), NotFound)
    with store.transaction() as session:
        assert isinstance(booking.cancel(session, row.id, other, NOW), NotFound)
    assert rows(store) == ["booked"]


def test_cancelling_frees_the_time_once(store: Store) -> None:
    conversation, offer = start(store), free(store)[0]
    row = book(store, offer, conversation)
    for _ in range(2):
        with store.transaction() as session:
            result = booking.cancel(session, row.id, conversation, NOW)
        assert isinstance(result, Cancelled)
        assert result.appointment.version == 3
    assert free(store)[0] == offer
    assert isinstance(confirm(store, row.id, conversation), HoldExpired)
    assert isinstance(hold(store, offer, conversation), Held)


def test_moving_books_the_new_time_and_frees_the_old_one(store: Store) -> None:
    conversation, (one, two, *_) = start(store), free(store)
    old = book(store, one, conversation)
    for _ in range(2):  # the message may come twice
        result = move(store, old.id, two, conversation)
        assert isinstance(result, Booked)
        assert (result.appointment.starts_at, result.appointment.replaces) == (two.starts_at, old.id)
    assert sorted(rows(store)) == ["booked", "cancelled"]
    assert isinstance(hold(store, one, start(store), "next patient"), Held)


def test_moving_to_an_overlapping_time_of_the_same_clinician_works(store: Store) -> None:
    conversation, offer = start(store), free(store)[0]
    old = book(store, offer, conversation)
    with store.reading() as session:
        videos = offers(session, CLINIC, NOW, Disposition.routine, "video", limit=100)
    assert not any(each.starts_at < offer.ends_at and offer.starts_at < each.ends_at for each in videos)
    video = offer_for(CLINIC, offer_key(offer.starts_at + timedelta(minutes=10), "rivera", "video"), NOW)
    assert isinstance(move(store, old.id, video, conversation), Booked)


def test_the_old_time_stays_when_the_new_one_is_taken(store: Store) -> None:
    conversation, (one, two, *_) = start(store), free(store)
    old = book(store, one, conversation)
    book(store, two, start(store), "other")
    result = move(store, old.id, two, conversation)
    assert isinstance(result, SlotTaken)
    assert rows(store, id=old.id) == ["booked"]
    with store.reading() as session:
        assert booking.current(session, conversation, NOW).id == old.id


def test_an_error_half_way_through_a_move_leaves_the_old_booking(store: Store, monkeypatch) -> None:
    conversation, (one, two, *_) = start(store), free(store)
    old = book(store, one, conversation)
    monkeypatch.setattr(booking.audit, "record", lambda *args, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        move(store, old.id, two, conversation)
    assert rows(store) == ["booked"]


def test_a_time_in_the_past_cannot_be_held(store: Store) -> None:
    conversation, offer = start(store), free(store)[0]
    assert isinstance(hold(store, offer, conversation, now=offer.starts_at), HoldExpired)


def test_the_week_lists_bookings_and_nothing_else(store: Store) -> None:
    (one, two, *_), conversation = free(store), start(store)
    book(store, two, conversation, "two")
    hold(store, one, conversation, "one")
    with store.reading() as session:
        assert [each.starts_at for each in booking.between(session, NOW, NOW + timedelta(days=7))] == [two.starts_at]


def _race(barrier, url: str, number: int, keys: list[str]) -> None:
    store = open_store(url)
    conversation = start(store)
    for round, key in enumerate(keys):
        offer = offer_for(CLINIC, key, NOW)
        barrier.wait(30)
        result = hold(store, offer, conversation, f"{round}.{number}")
        if isinstance(result, Held):
            confirm(store, result.appointment.id, conversation)
        else:
            assert isinstance(result, SlotTaken), result
            assert result.alternatives
    store.close()


def test_a_time_that_many_want_at_once_is_booked_once(url: str, store: Store) -> None:
    keys = [offer.key for offer in free(store, limit=8)]
    race(_race, [(url, number, keys) for number in range(12)])
    assert rows(store, status="booked") == ["booked"] * len(keys)


def _swap(barrier, url: str, id: str, conversation: str, key: str) -> None:
    store = open_store(url)
    barrier.wait(30)
    for number in range(10):
        move(store, id, offer_for(CLINIC, key, NOW), conversation, f"{conversation}.{number}")
    store.close()


def test_two_patients_who_swap_times_never_share_one_and_never_lock_each_other_out(url: str, store: Store) -> None:
    start_at = free(store)[0].starts_at
    one, two = (offer_for(CLINIC, offer_key(start_at, name, "new_patient"), NOW) for name in ("rivera", "okafor"))
    patients = [start(store), start(store)]
    ids = [book(store, offer, who, who).id for offer, who in zip((one, two), patients, strict=True)]
    race(_swap, [(url, ids[0], patients[0], two.key), (url, ids[1], patients[1], one.key)])
    assert rows(store, status="booked") == ["booked"] * 2
