"""The list of who did what. It holds ids and states, never what a patient said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from intake.store.models import AuditEntry


def record(session: Session, now: datetime, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Add one entry in the caller's transaction.

    `actor` (patient, relay, a staff member's name) did `action` (handoff.accepted) to `subject` (handoff:<id>);
    `detail` holds ids, states and numbers only.
    """
    session.add(AuditEntry(at=now, actor=actor, action=action, subject=subject, detail=detail or None))
