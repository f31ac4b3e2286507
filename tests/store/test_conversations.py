from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from intake.store import Store, conversations, privacy
from intake.store.models import Conversation
from tests.store.databases import race

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)


def test_a_message_is_stored_once_however_often_it_arrives(store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "sms", NOW).id
    found = []
    for _ in range(3):
        with store.transaction() as session:
            found.append(conversations.receive(session, id, "twilio", "SM1", "my back hurts", "Q2", NOW))
    assert [each.duplicate for each in found] == [False, True, True]
    assert len({each.message.id for each in found}) == 1


def test_two_conversations_may_use_the_same_message_id(store: Store) -> None:
    with store.transaction() as session:
        for _ in range(2):
            id = conversations.start(session, "web", NOW).id
            assert not conversations.receive(session, id, id, "1", "hello", None, NOW).duplicate


def test_messages_come_back_in_the_order_of_arrival_even_when_stored_late(store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "web", NOW).id
        conversations.receive(session, id, id, "2", "second", None, NOW + timedelta(seconds=5))
        conversations.receive(session, id, id, "1", "first", None, NOW)
        assert [each.text for each in conversations.inbox(session, id)] == ["first", "second"]


def test_unanswered_messages_are_found_until_they_are_answered(store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "web", NOW).id
        message = conversations.receive(session, id, id, "1", "hello", None, NOW).message
        assert [each.id for each in conversations.unanswered(session)] == [message.id]
        assert conversations.unanswered(session, before=NOW) == []
        conversations.answer(session, message, NOW)
        assert conversations.unanswered(session) == []


def _say(barrier: object, url: str, id: str, writer: int) -> None:
    from intake.store import open_store

    store = open_store(url)
    barrier.wait()  # type: ignore[attr-defined]
    for number in range(5):
        with store.transaction() as session:
            conversations.say(session, id, f"{writer}.{number}", NOW)
    store.close()


def test_messages_to_the_patient_are_numbered_without_gaps_by_several_writers(url: str, store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "web", NOW).id
    race(_say, [(url, id, writer) for writer in range(4)])
    with store.reading() as session:
        said = conversations.messages_after(session, id)
        assert [each.seq for each in said] == list(range(1, 21))
        assert [each.seq for each in conversations.messages_after(session, id, 18)] == [19, 20]
        for writer in range(4):
            assert [each.text for each in said if each.text[0] == str(writer)] == [f"{writer}.{n}" for n in range(5)]


def test_messages_wait_until_they_are_sent_and_keep_their_choices(store: Store) -> None:
    choices = [{"id": "yes", "text": "Yes"}]
    with store.transaction() as session:
        sms, web = (conversations.start(session, channel, NOW).id for channel in ("sms", "web"))
        message = conversations.say(session, sms, "Going?", NOW, choices=choices, asked="able", disposition="er_now")
        conversations.say(session, web, "Hello", NOW)
        assert conversations.asked_last(session, sms) == "able"
        assert [each.choices for each in conversations.unsent(session, "sms")] == [choices]
        conversations.sent(session, [message.id], NOW)
        assert conversations.unsent(session, "sms") == []


def test_the_first_consent_stays(store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "web", NOW).id
        conversations.give_consent(session, id, "1", NOW)
        conversations.give_consent(session, id, "2", NOW + timedelta(days=1))
    with store.reading() as session:
        row = session.get(Conversation, id)
        assert (row.consent_version, row.consent_at) == ("1", NOW)


def test_starting_a_known_conversation_gives_it_back(store: Store) -> None:
    with store.transaction() as session:
        first = conversations.start(session, "rasa", NOW, id="sender")
        again = conversations.start(session, "web", NOW + timedelta(days=1), id="sender")
        assert (again.id, again.channel, again.created_at) == (first.id, "rasa", NOW)


def test_ids_are_made_here_and_cannot_be_guessed(store: Store) -> None:
    with store.transaction() as session:
        ids = {conversations.start(session, "web", NOW).id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(id) >= 32 for id in ids)


def test_the_newest_conversation_of_a_number_is_found_by_its_pseudonym(store: Store) -> None:
    known = privacy.pseudonym("secret", "+15555550142")
    with store.transaction() as session:
        conversations.start(session, "sms", NOW - timedelta(days=30), address_hmac=known)
        newest = conversations.start(session, "sms", NOW, address_hmac=known).id
        assert conversations.by_address(session, known).id == newest
        assert conversations.by_address(session, privacy.pseudonym("secret", "+15555550143")) is None


def test_a_number_is_not_stored_in_the_clear() -> None:
    from cryptography.fernet import InvalidToken

    sealed = privacy.seal("secret", "+15555550142")
    assert "5555550142" not in sealed
    assert privacy.unseal("secret", sealed) == "+15555550142"
    with pytest.raises(InvalidToken):
        privacy.unseal("another", sealed)


@pytest.mark.parametrize(("text", "stored"), [
    ("numb\0 legs", "numb legs"), ("half \ud83d", "half ?"), ("'); DROP TABLE inbox; --", "'); DROP TABLE inbox; --"),
    ("x" * 20_000, "x" * 20_000), ("😀 ñ ﷽", "😀 ñ ﷽"), ("", ""),
])
def test_no_text_is_too_odd_to_be_stored(store: Store, text: str, stored: str) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "web", NOW).id
        conversations.receive(session, id, id, "1", text, None, NOW)
        conversations.say(session, id, text, NOW, choices=[{"text": text}])
    with store.reading() as session:
        assert conversations.inbox(session, id)[0].text == stored
        assert conversations.messages_after(session, id)[0].choices == [{"text": stored}]
