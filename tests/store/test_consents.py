from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy import delete, select

from intake.store import Store, consents, conversations
from intake.store.models import Consent, Conversation

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)
PHONE = "a" * 64


def test_an_opt_out_belongs_to_the_number_and_outlives_the_conversation(store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "sms", NOW, address_hmac=PHONE).id
        consents.note(session, "opted_out", id, PHONE, NOW)
    with store.transaction() as session:
        session.execute(delete(Conversation))
    with store.reading() as session:
        assert consents.opted_out(session, PHONE) and not consents.opted_out(session, "b" * 64)


def test_the_last_word_counts(store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "sms", NOW, address_hmac=PHONE).id
        for kind, out in (("opted_out", True), ("opted_in", False), ("agreed", False), ("opted_out", True)):
            consents.note(session, kind, id, PHONE, NOW)
            session.flush()
            assert consents.opted_out(session, PHONE) is out


def test_consent_is_noted_once_with_the_version_of_its_text(store: Store) -> None:
    with store.transaction() as session:
        id = conversations.start(session, "sms", NOW, address_hmac=PHONE).id
        for version in ("1.0", "1.1"):
            conversations.give_consent(session, id, version, NOW)
        rows = session.execute(select(Consent.kind, Consent.version, Consent.address_hmac)).all()
    assert [tuple(row) for row in rows] == [("agreed", "1.0", PHONE)]
