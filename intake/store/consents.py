"""The ledger of consent: who agreed to which text, who wants no more texts, and since when. Entries are only added.

An opt-out belongs to the number, not to a conversation: it stays when conversations are erased.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.store.models import Consent

Kind = Literal["agreed", "opted_out", "opted_in"]


def note(
    session: Session, kind: Kind, conversation_id: str, address_hmac: str | None, now: datetime,
    version: str | None = None,
) -> None:  # fmt: skip
    """Add an entry in the caller's transaction; `version` is that of the text that was agreed to."""
    session.add(
        Consent(kind=kind, conversation_id=conversation_id, address_hmac=address_hmac, version=version, at=now)
    )


def opted_out(session: Session, address_hmac: str) -> bool:
    """Whether a number wants no texts: its last word on that counts."""
    query = select(Consent.kind).where(
        Consent.address_hmac == address_hmac, Consent.kind.in_(("opted_out", "opted_in"))
    )
    last: str | None = session.scalars(query.order_by(Consent.id.desc()).limit(1)).first()
    return last == "opted_out"
