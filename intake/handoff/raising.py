"""Writes the hand-off row, in the transaction of the decision, once.

One conversation has at most one open hand-off (a constraint). Raising it again with nothing new changes nothing; a
more urgent disposition raises the open one, and acknowledgement starts anew: who accepted, accepted something milder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake.protocol.model import Disposition
from intake.store import audit
from intake.store.models import Delivery, Handoff

UNDELIVERED = "TEXT_NOT_DELIVERED"  # stands among the rules: an emergency's text did not reach the patient's phone


@dataclass(frozen=True)
class Request:
    """What is handed off. All of it is JSON, so that the spool can keep it (`as_json`, `from_json`)."""

    conversation_id: str
    disposition: Disposition | None  # None: only `human`
    human: bool
    rule_ids: tuple[str, ...]
    protocol_version: str
    packet: dict[str, Any] = field(repr=False)  # intake.handoff.packet.build
    advice: str = field(default="", repr=False)  # what the patient was told, word for word
    page_again: bool = False  # a rule that is new pages anew, although the case is no more urgent and may be accepted

    @property
    def urgency(self) -> int:
        """Rank of the disposition, 0 = most urgent; a person who must continue counts as `same_day`."""
        ranks = [self.disposition.rank] if self.disposition else []
        return min(ranks + ([Disposition.same_day.rank] if self.human or not ranks else []))

    def as_json(self) -> dict[str, Any]:
        """The request as plain JSON."""
        data = {each.name: getattr(self, each.name) for each in fields(self)}  # asdict would copy the whole packet
        return {**data, "disposition": self.disposition and self.disposition.value, "rule_ids": list(self.rule_ids)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Request:
        """The request that `as_json` wrote."""
        disposition = data["disposition"] and Disposition(data["disposition"])
        return cls(**{**data, "disposition": disposition, "rule_ids": tuple(data["rule_ids"])})


@dataclass(frozen=True)
class Raised:
    """The hand-off row, and what this call did to it."""

    handoff: Handoff
    created: bool  # a new row
    raised: bool  # an open row became more urgent


def raise_handoff(session: Session, request: Request, now: datetime) -> Raised:
    """Make sure that the hand-off exists and is at least this urgent; the caller commits.

    Safe to call on every message and to replay: what an open or closed hand-off of the conversation covers already
    (urgency, rules, `human`) comes back unchanged.
    """
    for _ in range(3):
        rows = _handoffs(session, request.conversation_id)
        open_row = next((row for row in rows if row.state != "closed"), None)
        if open_row is not None:
            return _add_to(session, open_row, request, now)
        covering = next((row for row in rows if _covers(row, request)), None)
        if covering is not None:
            return Raised(covering, created=False, raised=False)
        try:
            with session.begin_nested():
                return Raised(_insert(session, request, len(rows) + 1, now), created=True, raised=False)
        except IntegrityError:  # another process raised it between our look and our write: look again
            continue
    raise RuntimeError("the hand-off could not be written beside other writers")


def _handoffs(session: Session, conversation_id: str) -> list[Handoff]:
    query = select(Handoff).where(Handoff.conversation_id == conversation_id).with_for_update()
    return list(session.scalars(query.order_by(Handoff.raised_at).execution_options(populate_existing=True)))


def _covers(row: Handoff, request: Request) -> bool:
    """Whether a hand-off says already what is to be said."""
    return (
        row.urgency <= request.urgency
        and (row.human or not request.human)
        and set(request.rule_ids) <= set(row.rule_ids)
    )


def _insert(session: Session, request: Request, episode: int, now: datetime) -> Handoff:
    row = Handoff(
        conversation_id=request.conversation_id,
        dedupe_key=f"{request.conversation_id}:{episode}",
        disposition=request.disposition and request.disposition.value,
        human=request.human,
        urgency=request.urgency,
        state="raised",
        round=1,
        rule_ids=list(request.rule_ids),
        protocol_version=request.protocol_version,
        packet=request.packet,
        advice=request.advice,
        raised_at=now,
        urgent_since=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    session.add(Delivery(handoff_id=row.id, round=1, step=0, attempt=0, due_at=now))
    audit.record(session, now, "intake", "handoff.raised", f"handoff:{row.id}", urgency=row.urgency)
    session.flush()
    return row


def _add_to(session: Session, row: Handoff, request: Request, now: datetime) -> Raised:
    """Bring an open hand-off up to date; begin a new round when it became more urgent."""
    more_urgent = request.urgency < row.urgency
    stale = now < row.changed_at  # a replay from the spool: what came later stays
    if not more_urgent and _covers(row, request) and (stale or row.packet == request.packet):
        return Raised(row, created=False, raised=False)
    again = more_urgent or (request.page_again and not set(request.rule_ids) <= set(row.rule_ids))
    row.human = row.human or request.human
    row.rule_ids = _union(row.rule_ids, request.rule_ids)
    if not stale:
        row.packet, row.advice = request.packet, request.advice or row.advice
        row.protocol_version, row.changed_at = request.protocol_version, now
    rank = Disposition(row.disposition).rank if row.disposition else len(Disposition)
    if request.disposition and request.disposition.rank < rank:
        row.disposition = request.disposition.value
    if again:
        _new_round(session, row, min(row.urgency, request.urgency), now)
    session.flush()
    return Raised(row, created=False, raised=more_urgent)


def _new_round(session: Session, row: Handoff, urgency: int, now: datetime) -> None:
    """Drop what was still to be delivered, forget who acknowledged, start paging again."""
    waiting = (Delivery.handoff_id == row.id, Delivery.sent_at.is_(None), Delivery.dropped_at.is_(None))
    session.execute(update(Delivery).where(*waiting).values(dropped_at=now))
    row.urgency, row.urgent_since, row.state = urgency, now, "raised"
    row.delivered_at = row.seen_at = row.accepted_at = row.accepted_by = None
    row.round = 1 + session.scalar(select(func.max(Delivery.round)).where(Delivery.handoff_id == row.id))
    session.add(Delivery(handoff_id=row.id, round=row.round, step=0, attempt=0, due_at=now))
    audit.record(session, now, "intake", "handoff.paged_anew", f"handoff:{row.id}", urgency=urgency)


def _union(first: Iterable[str], second: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))
