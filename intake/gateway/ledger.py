"""Phones and their consent: which conversation a number (as a pseudonym) belongs to, and whether it wants texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from intake.store import Store, audit, consents, conversations
from intake.store.models import Conversation, InboxMessage, OutboxMessage

EXPIRES = timedelta(hours=24)  # without a message for this long, the next one begins a new conversation
RESEND = timedelta(minutes=15)  # a text that a crash kept from going out is sent later only if it is not older


@dataclass(frozen=True)
class Phone:
    """What the store knows of a number."""

    conversation: str | None  # None: begin a new one
    opted_out: bool


def find(store: Store, pseudonym: str, now: datetime) -> Phone:
    """The conversation of a number. An opt-out outlasts conversations."""
    with store.reading() as session:
        row, opted_out = conversations.by_address(session, pseudonym), consents.opted_out(session, pseudonym)
        if row is None:
            return Phone(None, opted_out)
        query = select(func.max(InboxMessage.received_at)).where(InboxMessage.conversation_id == row.id)
        last = session.scalar(query) or row.created_at
        return Phone(row.id if opted_out or now - last < EXPIRES else None, opted_out)


def opt(store: Store, conversation: str, pseudonym: str, out: bool, now: datetime) -> None:
    """Write an opt-out or its end into the ledger and the audit list."""
    with store.transaction() as session:
        row = (Conversation.address_hmac == pseudonym,) if out else (Conversation.id == conversation,)
        session.execute(update(Conversation).where(*row).values(opted_out_at=now if out else None))
        consents.note(session, "opted_out" if out else "opted_in", conversation, pseudonym, now)
        audit.record(
            session, now, "patient", "sms.opted_out" if out else "sms.opted_in", f"conversation:{conversation}"
        )


def sent(store: Store, conversation: str, seq: int, now: datetime) -> bool:
    """Note that a message has gone out; False while its row is not there yet."""
    with store.transaction() as session:
        row = (OutboxMessage.conversation_id == conversation, OutboxMessage.seq == seq)
        return bool(session.execute(update(OutboxMessage).where(*row).values(sent_at=now)).rowcount)


def unsent(store: Store, now: datetime) -> list[tuple[str, int]]:
    """Conversation and seq of texts that have not gone out, and are recent enough to still go."""
    with store.reading() as session:
        return [
            (each.conversation_id, each.seq)
            for each in conversations.unsent(session, "sms")
            if now - each.created_at < RESEND
        ]
