"""One-time codes that take a web chat to a phone. Every function works in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from intake.store import audit
from intake.store.models import Conversation, HandOver


def offer(session: Session, conversation_id: str, code_hmac: str, expires_at: datetime, now: datetime) -> None:
    """Keep the hash of a new code; an earlier one of the conversation is void from now on."""
    void = (HandOver.conversation_id == conversation_id) | (HandOver.expires_at <= now)
    session.execute(delete(HandOver).where(void))
    session.add(HandOver(code_hmac=code_hmac, conversation_id=conversation_id, expires_at=expires_at))


def take(session: Session, code_hmac: str, address_hmac: str, address_sealed: str, now: datetime) -> str | None:
    """Use a code up: its conversation is the phone's from now on. None when it is unknown, used or too old."""
    query = select(HandOver).where(HandOver.code_hmac == code_hmac, HandOver.expires_at > now).with_for_update()
    found = session.scalars(query).first()
    if found is None:
        return None
    id = str(found.conversation_id)
    session.delete(found)
    # What this phone talked about before keeps its number for staff, but the next text belongs to this conversation.
    session.execute(update(Conversation).where(Conversation.address_hmac == address_hmac).values(address_hmac=None))
    session.execute(
        update(Conversation)
        .where(Conversation.id == id)
        .values(channel="sms", address_hmac=address_hmac, address_sealed=address_sealed)
    )
    audit.record(session, now, "patient", "sms.moved_here", f"conversation:{id}")
    return id
