"""What staff do with a hand-off: look, accept, close. Each works in the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from intake.store import audit
from intake.store.models import Delivery, Handoff

LATE = timedelta(minutes=2)  # a page that is overdue for longer means that no relay is running


def open_handoffs(session: Session) -> list[Handoff]:
    """Everything that is not closed: not yet accepted first, then by urgency and age."""
    query = select(Handoff).where(Handoff.state != "closed")
    return sorted(session.scalars(query), key=lambda row: (row.state == "accepted", row.urgency, row.urgent_since))


def see(session: Session, handoff_id: str, who: str, now: datetime) -> Handoff | None:
    """Somebody has opened the packet; paging goes on until somebody accepts."""
    row = _locked(session, handoff_id)
    if row is not None and row.state in ("raised", "delivered"):
        row.state, row.seen_at = "seen", now
    if row is not None:
        audit.record(session, now, who, "handoff.seen", f"handoff:{row.id}")
    return row


def accept(session: Session, handoff_id: str, who: str, now: datetime, round: int | None = None) -> Handoff | None:
    """Somebody takes the case: paging ends. A second person does not take it away from the first.

    `round` is the one that `who` had on the screen: when the case has become more urgent since, nothing is accepted.
    """
    row = _locked(session, handoff_id)
    if row is None or row.state in ("accepted", "closed") or round not in (None, row.round):
        return row
    row.state, row.accepted_at, row.accepted_by = "accepted", now, who
    _stop_paging(session, row, now)
    audit.record(session, now, who, "handoff.accepted", f"handoff:{row.id}", round=row.round)
    return row


def close(session: Session, handoff_id: str, who: str, now: datetime, round: int | None = None) -> Handoff | None:
    """The case is done. Only an accepted one can be closed."""
    row = _locked(session, handoff_id)
    if row is None or row.state != "accepted" or round not in (None, row.round):
        return row
    row.state, row.closed_at = "closed", now
    _stop_paging(session, row, now)
    audit.record(session, now, who, "handoff.closed", f"handoff:{row.id}")
    return row


def paging_is_late(session: Session, now: datetime) -> bool:
    """Whether a page should have gone out minutes ago: the desk then says that the relay is not running."""
    query = select(func.count()).select_from(Delivery).where(
        Delivery.sent_at.is_(None), Delivery.dropped_at.is_(None), Delivery.due_at < now - LATE
    )
    return bool(session.scalar(query))


def _locked(session: Session, handoff_id: str) -> Handoff | None:
    row: Handoff | None = session.get(Handoff, handoff_id, with_for_update=True, populate_existing=True)
    return row


def _stop_paging(session: Session, row: Handoff, now: datetime) -> None:
    waiting = (Delivery.handoff_id == row.id, Delivery.sent_at.is_(None), Delivery.dropped_at.is_(None))
    session.execute(update(Delivery).where(*waiting).values(dropped_at=now))
