"""Messages from and to a patient. Every function works in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.store import consents
from intake.store.models import Conversation, InboxMessage, OutboxMessage
from intake.store.types import new_id


@dataclass(frozen=True)
class Received:
    """What `receive` found: the stored message, and whether it had been stored before."""

    message: InboxMessage
    duplicate: bool


def start(
    session: Session,
    channel: str,
    now: datetime,
    *,
    language: str = "en",
    address_hmac: str | None = None,
    address_sealed: str | None = None,
    id: str | None = None,
) -> Conversation:
    """Begin a conversation.

    Its `id` is made here, unless a Rasa sender id or a spool entry brings its own; with one that exists already the
    existing conversation comes back unchanged.
    """
    values = {
        "id": id or new_id(), "channel": channel, "language": language, "created_at": now,
        "address_hmac": address_hmac, "address_sealed": address_sealed,
    }
    session.execute(_insert(session, Conversation).values(**values).on_conflict_do_nothing())
    conversation: Conversation = session.get(Conversation, values["id"])
    return conversation


def by_address(session: Session, address_hmac: str) -> Conversation | None:
    """The newest conversation with this pseudonym of a phone number."""
    query = select(Conversation).where(Conversation.address_hmac == address_hmac)
    newest: Conversation | None = session.scalars(query.order_by(Conversation.created_at.desc()).limit(1)).first()
    return newest


def give_consent(session: Session, conversation_id: str, version: str, now: datetime) -> None:
    """Store which consent text was agreed to and when; the first one stays."""
    done = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.consent_at.is_(None))
        .values(consent_version=version, consent_at=now)
    )
    if done.rowcount:
        address = session.scalar(select(Conversation.address_hmac).where(Conversation.id == conversation_id))
        consents.note(session, "agreed", conversation_id, address, now, version)


def receive(
    session: Session, conversation_id: str, source: str, message_id: str, text: str, asked: str | None, now: datetime
) -> Received:
    """Store one message of the patient, once: the same `source` and `message_id` again is a duplicate.

    `source` is who numbers the messages: the conversation id for the web, the provider's name for SMS.
    """
    values = {
        "conversation_id": conversation_id, "source": source, "message_id": message_id,
        "asked": asked, "text": text, "received_at": now,
    }
    done = session.execute(_insert(session, InboxMessage).values(**values).on_conflict_do_nothing())
    query = select(InboxMessage).where(InboxMessage.source == source, InboxMessage.message_id == message_id)
    return Received(session.scalars(query).one(), duplicate=done.rowcount == 0)


def inbox(session: Session, conversation_id: str) -> list[InboxMessage]:
    """All messages of the patient in order of arrival: the turns that `intake.triage.record.fold` takes."""
    query = select(InboxMessage).where(InboxMessage.conversation_id == conversation_id)
    return list(session.scalars(query.order_by(InboxMessage.received_at, InboxMessage.id)))


def unanswered(session: Session, before: datetime | None = None) -> list[InboxMessage]:
    """Messages that no answer was stored for (after a crash: to be worked off), oldest first."""
    query = select(InboxMessage).where(InboxMessage.answered_at.is_(None))
    if before is not None:
        query = query.where(InboxMessage.received_at < before)
    return list(session.scalars(query.order_by(InboxMessage.received_at, InboxMessage.id)))


def answer(session: Session, message: InboxMessage, now: datetime) -> None:
    """Mark a message as answered; call it in the transaction that stores the reply."""
    session.execute(update(InboxMessage).where(InboxMessage.id == message.id).values(answered_at=now))


def say(
    session: Session,
    conversation_id: str,
    text: str,
    now: datetime,
    *,
    choices: list[dict[str, Any]] | None = None,
    asked: str | None = None,
    disposition: str | None = None,
    reply_to: int | None = None,
) -> OutboxMessage:
    """Store one message to the patient under the conversation's next `seq`."""
    # The row lock makes two writers count one after the other on PostgreSQL; SQLite has one writer anyway.
    row = select(Conversation.id).where(Conversation.id == conversation_id)
    session.execute(row.with_for_update(key_share=True))
    last = session.scalar(select(func.max(OutboxMessage.seq)).where(OutboxMessage.conversation_id == conversation_id))
    message = OutboxMessage(
        conversation_id=conversation_id, seq=(last or 0) + 1, text=text, choices=choices, asked=asked,
        disposition=disposition, reply_to=reply_to, created_at=now,
    )
    session.add(message)
    session.flush()
    return message


def messages_after(session: Session, conversation_id: str, seq: int = 0) -> list[OutboxMessage]:
    """Messages to the patient with a higher `seq`, in order."""
    query = select(OutboxMessage).where(OutboxMessage.conversation_id == conversation_id, OutboxMessage.seq > seq)
    return list(session.scalars(query.order_by(OutboxMessage.seq)))


def asked_last(session: Session, conversation_id: str) -> str | None:
    """What the newest message to the patient asked."""
    query = select(OutboxMessage.asked).where(OutboxMessage.conversation_id == conversation_id)
    asked: str | None = session.scalars(query.order_by(OutboxMessage.seq.desc()).limit(1)).first()
    return asked


def unsent(session: Session, channel: str) -> list[OutboxMessage]:
    """Messages of a channel that have not gone out yet, oldest first."""
    query = select(OutboxMessage).join(Conversation).where(Conversation.channel == channel)
    return list(session.scalars(query.where(OutboxMessage.sent_at.is_(None)).order_by(OutboxMessage.id)))


def sent(session: Session, message_ids: list[int], now: datetime) -> None:
    """Mark messages as gone out."""
    session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(message_ids)).values(sent_at=now))


def _insert(session: Session, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT; both databases spell it the same, SQLAlchemy does not."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
