"""What the gateway writes to and reads from the store. Entries are plain JSON, so that the spool can keep them.

Every write may be repeated: messages are known by their source and id, messages to the patient by their `seq`,
hand-offs by their conversation.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.gateway.state import Conversation, Message, Pending
from intake.handoff import Request, raise_handoff
from intake.protocol.model import Disposition
from intake.store import Store, conversations
from intake.store.models import Conversation as Row
from intake.store.models import InboxMessage, OutboxMessage
from intake.triage.record import Turn


@dataclass(frozen=True)
class Written:
    """What a write found and did."""

    duplicate: bool = False
    handoff: str | None = None  # id of the hand-off row


@dataclass(frozen=True)
class Stored:
    """A conversation as the store knows it."""

    turns: list[tuple[str, Turn]]  # with the ids of the messages
    messages: list[Message]
    address: dict[str, str] | None
    muted: bool  # opted out of texts
    channel: str  # where the patient is now


def received(
    conversation: Conversation,
    source: str,
    message_id: str,
    turn: Turn,
    said: Iterable[Message],
    request: Request | None = None,
    consent: str | None = None,
) -> dict[str, Any]:
    """The entry for a patient's message, the advice it got at once, and the hand-off it calls for.

    `consent` is the version of the text that the patient has agreed to, once that has happened.
    """
    return {
        **_entry("received", conversation, said, request, turn.at),
        "source": source,
        "message_id": message_id,
        "text": turn.text,
        "asked": turn.asked,
        "address": conversation.address,
        "consent": consent,
    }


def replied(
    conversation: Conversation,
    said: Iterable[Message],
    at: datetime,
    answers: Pending | None = None,
    request: Request | None = None,
) -> dict[str, Any]:
    """The entry for messages to the patient, and for the message that they answer for good."""
    entry = _entry("replied", conversation, said, request, at)
    return {**entry, "answers": answers and [answers.source, answers.message_id]}


def _entry(
    kind: str, conversation: Conversation, said: Iterable[Message], request: Request | None, at: datetime
) -> dict[str, Any]:
    return {
        "kind": kind,
        "conversation": conversation.id,
        "channel": conversation.channel,
        "said": [_said(each) for each in said],
        "request": request and request.as_json(),
        "at": at.isoformat(),
    }


_one_writer = (
    threading.Lock()
)  # SQLite lets one write at a time and is unfair to those who wait: up to seconds, measured


def write(store: Store, entry: dict[str, Any]) -> Written:
    """Write an entry in one transaction."""
    with _one_writer if store.engine.dialect.name == "sqlite" else nullcontext(), store.transaction() as session:
        return _write(session, entry)


def _write(session: Session, entry: dict[str, Any]) -> Written:
    at = datetime.fromisoformat(entry["at"])
    address = entry.get("address") or {}
    conversations.start(
        session,
        entry["channel"],
        at,
        id=entry["conversation"],
        address_hmac=address.get("hmac"),
        address_sealed=address.get("sealed"),
    )
    reply_to = None
    if entry["kind"] == "received":
        got = conversations.receive(
            session, entry["conversation"], entry["source"], entry["message_id"], entry["text"], entry["asked"], at
        )
        if got.duplicate:
            return Written(duplicate=True)
        reply_to = got.message.id
        if entry["consent"]:
            conversations.give_consent(session, entry["conversation"], entry["consent"], at)
    elif entry["answers"]:
        source, message_id = entry["answers"]
        row = (InboxMessage.source == source, InboxMessage.message_id == message_id)
        reply_to = session.scalar(select(InboxMessage.id).where(*row))
        session.execute(update(InboxMessage).where(*row).values(answered_at=at))
    _say(session, entry["conversation"], entry["said"], reply_to)
    if not entry["request"]:
        return Written()
    return Written(handoff=raise_handoff(session, Request.from_json(entry["request"]), at).handoff.id)


def _say(session: Session, conversation: str, said: list[dict[str, Any]], reply_to: int | None) -> None:
    """Store messages to the patient under the `seq` that they were shown with."""
    if not said:
        return
    rows = [
        {
            **each,
            "conversation_id": conversation,
            "reply_to": reply_to,
            "created_at": datetime.fromisoformat(each["created_at"]),
        }
        for each in said
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(OutboxMessage).values(rows).on_conflict_do_nothing())


def load(store: Store, conversation: str) -> Stored | None:
    """A conversation, or None when the store does not know it."""
    with store.reading() as session:
        row = session.get(Row, conversation)
        if row is None:
            return None
        turns = [
            (each.message_id, Turn(each.asked, each.text, each.received_at))
            for each in conversations.inbox(session, conversation)
        ]
        messages = [
            Message(
                each.seq,
                each.text,
                each.created_at,
                each.choices,
                each.asked,
                each.disposition and Disposition(each.disposition),
            )
            for each in conversations.messages_after(session, conversation)
        ]
        address = {"hmac": row.address_hmac, "sealed": row.address_sealed} if row.address_hmac else None
        return Stored(turns, messages, address, row.opted_out_at is not None, row.channel)


def unanswered(store: Store, since: datetime, before: datetime) -> list[tuple[str, str, Pending]]:
    """Messages that a crash left without an answer, oldest first: conversation, channel, message."""
    with store.reading() as session:
        rows = [each for each in conversations.unanswered(session, before) if each.received_at >= since]
        channels = {id: session.get(Row, id).channel for id in {each.conversation_id for each in rows}}
        return [
            (each.conversation_id, channels[each.conversation_id], Pending(each.message_id, each.source, each.text))
            for each in rows
        ]


def _said(message: Message) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "text": message.text,
        "choices": message.choices,
        "asked": message.asked,
        "disposition": message.disposition and message.disposition.value,
        "created_at": message.at.isoformat(),
    }
