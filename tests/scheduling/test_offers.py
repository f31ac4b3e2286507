from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from intake.protocol.model import Disposition
from intake.scheduling import hold, offers, parse_wish, window
from intake.scheduling.offers import LEAD, offer_for
from intake.store import Store, conversations
from tests.scheduling.clinics import make_clinic

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)  # Tuesday, 9:00 in New York
CLINIC = make_clinic()
EMERGENCIES = [Disposition.call_911, Disposition.crisis, Disposition.er_now, Disposition.same_day]


def found(store: Store, disposition: Disposition = Disposition.routine, **more):
    with store.reading() as session:
        return offers(session, CLINIC, NOW, disposition, **more)


def wished(store: Store, text: str, **more):
    return found(store, wish=parse_wish(text, NOW.date()), **more)


def test_offers_are_spread_over_half_days(sqlite_store: Store) -> None:
    assert [offer.label for offer in found(sqlite_store)] == [
        "Tue, Nov 24, 11:20 AM EST, Dr. Ana Rivera", "Tue, Nov 24, 1:00 PM EST, Dr. Ana Rivera",
        "Wed, Nov 25, 8:00 AM EST, Dr. Ana Rivera",
    ]


@pytest.mark.parametrize("disposition", EMERGENCIES)
def test_a_red_flag_gets_a_call_and_never_a_time_to_choose(sqlite_store: Store, disposition: Disposition) -> None:
    assert window(disposition) is None
    assert found(sqlite_store, disposition) == []


@pytest.mark.parametrize("disposition", [each for each in Disposition if each not in EMERGENCIES])
def test_offers_lie_within_the_disposition_s_window_and_not_too_soon(sqlite_store: Store, disposition) -> None:
    all_offers = found(sqlite_store, disposition, limit=10_000)
    assert all_offers
    assert all(NOW + LEAD <= offer.starts_at <= NOW + window(disposition) for offer in all_offers)
    assert not any(offer.local_start.date().isoformat() == "2026-11-26" for offer in all_offers)


@pytest.mark.parametrize(("text", "labels"), [
    ("tuesday after 3", ["Tue, Nov 24, 3:00 PM EST, Dr. Ana Rivera", "Tue, Dec 1, 3:00 PM EST, Dr. Ana Rivera",
                         "Tue, Dec 8, 3:00 PM EST, Dr. Ana Rivera"]),
    ("video next week morning", ["Mon, Nov 30, 8:00 AM EST, Dr. Ana Rivera, video",
                                 "Tue, Dec 1, 8:00 AM EST, Dr. Ana Rivera, video",
                                 "Wed, Dec 2, 8:00 AM EST, Dr. Ana Rivera, video"]),
    ("thanksgiving, nov 26", []),
    ("sunday", []),
])
def test_a_wish_narrows_the_offers(sqlite_store: Store, text: str, labels: list[str]) -> None:
    assert [offer.label for offer in wished(sqlite_store, text)] == labels


def test_one_visit_type_is_offered_when_it_is_asked_for(sqlite_store: Store) -> None:
    assert {offer.kind for offer in found(sqlite_store, kind="video", limit=50)} == {"video"}
    assert {offer.mode for offer in wished(sqlite_store, "by video", kind="new_patient")} == {"video"}
    assert found(sqlite_store, kind="surgery") == []


def test_a_taken_time_is_offered_with_the_other_clinician_then_not_at_all(sqlite_store: Store) -> None:
    first = found(sqlite_store)[0]
    for clinician in ("Dr. Sam Okafor", None):
        with sqlite_store.transaction() as session:
            taken = offers(session, CLINIC, NOW, Disposition.routine)[0]
            conversation = conversations.start(session, "web", NOW).id
            hold(session, CLINIC, taken, conversation, taken.key, NOW)
        left = found(sqlite_store, limit=50)
        assert {offer.clinician_name for offer in left if offer.starts_at == first.starts_at} == {clinician} - {None}


def test_a_hold_that_has_run_out_is_free_again(sqlite_store: Store) -> None:
    with sqlite_store.transaction() as session:
        conversation = conversations.start(session, "web", NOW).id
        first = offers(session, CLINIC, NOW, Disposition.routine)[0]
        hold(session, CLINIC, first, conversation, "a", NOW, length=timedelta(minutes=5))
    with sqlite_store.reading() as session:
        assert offers(session, CLINIC, NOW + timedelta(minutes=4), Disposition.routine)[0] != first
        assert offers(session, CLINIC, NOW + timedelta(minutes=5), Disposition.routine)[0] == first


def test_a_key_from_a_client_gives_the_offer_back(sqlite_store: Store) -> None:
    for offer in found(sqlite_store, limit=20):
        assert offer_for(CLINIC, offer.key, NOW) == offer


@pytest.mark.parametrize("key", [
    "", "nonsense", "20261125T1300Z.rivera.surgery", "20261125T1300Z.nobody.video", "20261125T1305Z.rivera.video",
    "20261126T1300Z.rivera.video", "20261124T1300Z.rivera.video", "99991231T1300Z.rivera.video", "20261125T1300Z",
    "20261125T1300Z.rivera.video'; --", "20261128T1300Z.rivera.video",
])
def test_a_key_that_was_never_offered_gives_nothing(key: str) -> None:
    assert offer_for(CLINIC, key, NOW) is None
