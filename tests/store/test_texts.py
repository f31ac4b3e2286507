from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import permutations

import pytest

from intake.store import Store, conversations, texts

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)


@pytest.fixture
def talk(store: Store) -> str:
    with store.transaction() as session:
        id = conversations.start(session, "sms", NOW).id
        conversations.say(session, id, "Go to the ER now.", NOW)
        return str(id)


def note(store: Store, talk: str, state: str, code: str | None = None, attempt: int = 0) -> bool:
    with store.transaction() as session:
        return texts.note(session, (talk, 1, 0, attempt), state, code, NOW + timedelta(seconds=1))


def failed(store: Store, talk: str) -> list[tuple[str, str | None]]:
    with store.reading() as session:
        return [(each.text, each.code) for each in texts.not_delivered(session, talk)]


@pytest.mark.parametrize("order", permutations(["sent", "sent", "undelivered"]))
def test_whatever_the_order_a_failure_is_kept_and_is_news_once(store: Store, talk: str, order: tuple[str, ...]) -> None:
    news = [state for state in order if note(store, talk, state, "30006" if state != "sent" else None)]
    assert news.count("undelivered") == 1 and news.count("sent") <= 1
    assert failed(store, talk) == [("Go to the ER now.", "30006")]


def test_a_final_state_stays(store: Store, talk: str) -> None:
    assert note(store, talk, "delivered") and not note(store, talk, "undelivered", "30003")
    assert failed(store, talk) == []


def test_a_second_attempt_that_arrives_makes_good_the_first(store: Store, talk: str) -> None:
    note(store, talk, "undelivered", "30003")
    with store.reading() as session:
        assert not texts.reachable(session, talk)
    note(store, talk, "delivered", attempt=1)
    assert failed(store, talk) == []
    with store.reading() as session:
        assert texts.reachable(session, talk)
