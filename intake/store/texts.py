"""What became of text messages that a provider was given. Every function works in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.store.models import OutboxMessage, TextReceipt

NOT_DELIVERED = ("undelivered", "failed")
LONGEST_CODE = 32  # characters


@dataclass(frozen=True)
class NotDelivered:
    """A text that did not reach the phone."""

    text: str = field(repr=False)
    at: datetime
    code: str | None  # the provider's reason


Key = tuple[str, int, int, int]  # conversation, seq, part, attempt


def note(session: Session, key: Key, state: str, code: str | None, now: datetime) -> bool:
    """Note a state; reports come twice and out of order, so only `sent` gives way to another. True when it is news."""
    row = session.get(TextReceipt, key, with_for_update=True)
    if row is None:
        row = TextReceipt(**dict(zip(("conversation_id", "seq", "part", "attempt"), key, strict=True)))
        session.add(row)
    elif row.state != "sent" or state == "sent":
        return False
    row.state, row.code, row.changed_at = state, code and code[:LONGEST_CODE], now
    session.flush()
    return True


def not_delivered(session: Session, conversation_id: str) -> list[NotDelivered]:
    """The conversation's texts that did not arrive in the end, oldest first."""
    query = (
        select(TextReceipt, OutboxMessage.text)
        .outerjoin(
            OutboxMessage,
            (OutboxMessage.conversation_id == TextReceipt.conversation_id) & (OutboxMessage.seq == TextReceipt.seq),
        )
        .where(TextReceipt.conversation_id == conversation_id)
        .order_by(TextReceipt.seq, TextReceipt.part, TextReceipt.attempt)
    )
    last = {(receipt.seq, receipt.part): (receipt, text) for receipt, text in session.execute(query)}
    return [
        NotDelivered(text or "", receipt.changed_at, receipt.code)
        for receipt, text in last.values()
        if receipt.state in NOT_DELIVERED
    ]


def reachable(session: Session, conversation_id: str) -> bool:
    """Whether the last text that anything is known of was not refused by the phone or its network."""
    query = select(TextReceipt.state).where(TextReceipt.conversation_id == conversation_id)
    newest = (TextReceipt.seq.desc(), TextReceipt.part.desc(), TextReceipt.attempt.desc())
    last = session.scalars(query.order_by(*newest).limit(1)).first()
    return last not in NOT_DELIVERED
