from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.handoff import UNDELIVERED, Raised, Request, acknowledge, raise_handoff
from intake.protocol.model import Disposition
from intake.store import Store, conversations, open_store
from intake.store.models import Delivery, Handoff
from tests.handoff.cases import NOW, request
from tests.store.databases import race

LATER = NOW + timedelta(minutes=1)


def start(store: Store) -> str:
    with store.transaction() as session:
        return conversations.start(session, "web", NOW).id


def raised(store: Store, wanted: Request, now=NOW) -> Raised:
    with store.transaction() as session:
        return raise_handoff(session, wanted, now)


def accept(store: Store, id: str, who: str = "Ann") -> Handoff:
    with store.transaction() as session:
        return acknowledge.accept(session, id, who, NOW)


def close(store: Store, id: str) -> Handoff:
    with store.transaction() as session:
        return acknowledge.close(session, id, "Ann", NOW)


def pages(store: Store) -> list[tuple[int, int, bool]]:
    with store.reading() as session:
        found = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        return [(each.round, each.step, each.dropped_at is not None) for each in found]


def test_a_hand_off_and_its_first_page_are_written_together(store: Store) -> None:
    result = raised(store, request(start(store)))
    assert (result.created, result.handoff.state, result.handoff.urgency) == (True, "raised", 2)
    assert pages(store) == [(1, 0, False)]


def test_neither_is_written_when_the_transaction_fails(store: Store) -> None:
    conversation = start(store)
    with pytest.raises(RuntimeError), store.transaction() as session:
        raise_handoff(session, request(conversation), NOW)
        raise RuntimeError
    assert pages(store) == []


def test_raising_it_again_changes_nothing(store: Store) -> None:
    wanted = request(start(store))
    first = raised(store, wanted)
    accept(store, first.handoff.id)
    again = [raised(store, wanted, LATER) for _ in range(3)]
    assert {each.handoff.id for each in again} == {first.handoff.id}
    assert not any(each.created or each.raised for each in again)
    assert again[-1].handoff.state == "accepted"
    assert pages(store) == [(1, 0, True)]


def test_a_more_urgent_level_starts_acknowledgement_anew(store: Store) -> None:
    conversation = start(store)
    first = raised(store, request(conversation, Disposition.same_day, rule_ids=("R200",)))
    accept(store, first.handoff.id)
    result = raised(store, request(conversation, Disposition.call_911, rule_ids=("R001",)), LATER)
    row = result.handoff
    assert (row.id, result.raised, row.state, row.round) == (first.handoff.id, True, "raised", 2)
    assert (row.disposition, row.rule_ids, row.accepted_by) == ("call_911", ["R200", "R001"], None)
    assert (row.raised_at, row.urgent_since) == (NOW, LATER)
    assert pages(store) == [(1, 0, True), (2, 0, False)]


def test_a_milder_level_never_lowers_it(store: Store) -> None:
    conversation = start(store)
    raised(store, request(conversation, Disposition.er_now))
    row = raised(store, request(conversation, Disposition.routine, rule_ids=("R307",)), LATER).handoff
    assert (row.disposition, row.urgency, row.rule_ids) == ("er_now", 2, ["R101", "R307"])


def test_a_wish_for_a_person_makes_a_routine_hand_off_urgent(store: Store) -> None:
    conversation = start(store)
    raised(store, request(conversation, Disposition.routine))
    result = raised(store, request(conversation, Disposition.routine, human=True), LATER)
    assert (result.raised, result.handoff.human, result.handoff.disposition) == (True, True, "routine")
    assert result.handoff.urgency == Disposition.same_day.rank


def test_a_hand_off_may_be_only_a_wish_for_a_person(store: Store) -> None:
    row = raised(store, request(start(store), None, human=True)).handoff
    assert (row.disposition, row.urgency) == (None, Disposition.same_day.rank)


def test_new_answers_at_the_same_level_reach_the_packet_and_keep_the_acceptance(store: Store) -> None:
    conversation = start(store)
    first = raised(store, request(conversation)).handoff
    accept(store, first.id)
    row = raised(store, request(conversation, packet={"label": "new", "rules": []}), LATER).handoff
    assert (row.packet["label"], row.state, row.changed_at) == ("new", "accepted", LATER)


def test_a_closed_case_is_not_raised_again_without_anything_new(store: Store) -> None:
    conversation = start(store)
    first = raised(store, request(conversation)).handoff
    accept(store, first.id)
    close(store, first.id)
    again = raised(store, request(conversation), LATER)
    assert (again.handoff.id, again.created) == (first.id, False)
    milder = raised(store, request(conversation, Disposition.routine), LATER)
    assert not milder.created


@pytest.mark.parametrize("new", [
    {"disposition": Disposition.call_911}, {"rule_ids": ("R101", "R004")}, {"human": True},
])
def test_anything_new_after_closing_is_a_new_hand_off(store: Store, new: dict) -> None:
    conversation = start(store)
    first = raised(store, request(conversation)).handoff
    accept(store, first.id)
    close(store, first.id)
    result = raised(store, request(conversation, **new), LATER)
    assert result.created
    assert result.handoff.id != first.id
    assert pages(store) == [(1, 0, True), (1, 0, False)]


def test_an_old_request_from_the_spool_does_not_overwrite_a_newer_packet(store: Store) -> None:
    conversation = start(store)
    raised(store, request(conversation, packet={"label": "new"}), LATER)
    row = raised(store, request(conversation, packet={"label": "old"}), NOW).handoff
    assert row.packet == {"label": "new"}


def test_a_request_survives_the_spool(store: Store) -> None:
    import json

    wanted = request(start(store), human=True)
    assert Request.from_json(json.loads(json.dumps(wanted.as_json()))) == wanted
    assert "ER" not in repr(wanted)


def _raise(barrier, url: str, conversation: str, levels: list[str]) -> None:
    store = open_store(url)
    barrier.wait(30)
    for level in levels:
        raised(store, request(conversation, Disposition(level)))
    store.close()


def test_processes_that_raise_at_once_make_one_hand_off_at_the_worst_level(url: str, store: Store) -> None:
    conversation = start(store)
    levels = ["routine", "same_day", "er_now", "call_911", "within_7_days"]
    race(_raise, [(url, conversation, levels[number:] + levels[:number]) for number in range(5)])
    with store.reading() as session:
        row = session.scalars(select(Handoff)).one()
        waiting = session.scalars(select(Delivery).where(Delivery.dropped_at.is_(None))).all()
    assert row.disposition == "call_911"
    assert [each.round for each in waiting] == [row.round]


def test_two_people_who_accept_at_once_do_not_both_have_it(store: Store) -> None:
    row = raised(store, request(start(store))).handoff
    assert accept(store, row.id, "Ann").accepted_by == "Ann"
    assert accept(store, row.id, "Bob").accepted_by == "Ann"


def test_nothing_is_accepted_that_has_become_more_urgent_since_it_was_read(store: Store) -> None:
    conversation = start(store)
    row = raised(store, request(conversation, Disposition.same_day)).handoff
    raised(store, request(conversation, Disposition.call_911), LATER)
    with store.transaction() as session:
        assert acknowledge.accept(session, row.id, "Ann", LATER, round=1).state == "raised"
        assert acknowledge.accept(session, row.id, "Ann", LATER, round=2).state == "accepted"


def test_only_an_accepted_case_can_be_closed_and_looking_at_it_is_not_accepting(store: Store) -> None:
    row = raised(store, request(start(store))).handoff
    assert close(store, row.id).state == "raised"
    with store.transaction() as session:
        assert acknowledge.see(session, row.id, "Ann", NOW).state == "seen"
    assert pages(store) == [(1, 0, False)]
    accept(store, row.id)
    assert close(store, row.id).state == "closed"
    with store.reading() as session:
        assert acknowledge.open_handoffs(session) == []


def test_open_hand_offs_come_by_urgency_and_age_the_accepted_ones_last(sqlite_store: Store) -> None:
    levels = [Disposition.routine, Disposition.er_now, Disposition.call_911, Disposition.er_now]
    ids = [raised(sqlite_store, request(start(sqlite_store), level), NOW + timedelta(minutes=n)).handoff.id
           for n, level in enumerate(levels)]
    accept(sqlite_store, ids[2])
    with sqlite_store.reading() as session:
        assert [each.id for each in acknowledge.open_handoffs(session)] == [ids[1], ids[3], ids[0], ids[2]]


def test_the_desk_is_told_when_no_relay_sends_pages(sqlite_store: Store) -> None:
    raised(sqlite_store, request(start(sqlite_store)))
    with sqlite_store.reading() as session:
        assert not acknowledge.paging_is_late(session, NOW + acknowledge.LATE)
        assert acknowledge.paging_is_late(session, NOW + acknowledge.LATE + timedelta(seconds=1))


def test_a_text_that_did_not_arrive_starts_acknowledgement_anew_at_the_same_level_and_once(store: Store) -> None:
    conversation = start(store)
    first = raised(store, request(conversation))
    accept(store, first.handoff.id)
    wanted = request(conversation, rule_ids=("R101", UNDELIVERED), page_again=True)
    for _ in range(2):
        row = raised(store, wanted, NOW + timedelta(minutes=1)).handoff
        assert (row.state, row.accepted_by, row.round, row.disposition) == ("raised", None, 2, "er_now")
    accept(store, row.id, "Bob")
    assert raised(store, wanted, NOW + timedelta(minutes=2)).handoff.accepted_by == "Bob"
    assert raised(store, request(conversation), NOW + timedelta(minutes=3)).handoff.round == 2
