"""What the desk's pages show, read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from intake.handoff import UNDELIVERED, acknowledge, sla
from intake.protocol.clinic import Clinic
from intake.protocol.load import Protocol
from intake.scheduling import booking
from intake.store import privacy, texts
from intake.store.models import Appointment, Conversation, Delivery, Handoff

# Providers' codes for texts that did not arrive, in words; any other is shown as it is.
REASONS = {
    "30003": "phone off or out of reach", "30004": "blocked by the phone", "30005": "no such number",
    "30006": "landline", "30007": "filtered by the carrier", "30034": "our number is not registered with the carriers",
    "21610": "opted out", "21211": "no such number", "21614": "cannot get texts", "muted": "opted out",
    "dlr2": "the network could not deliver it", "dlr16": "refused by the network",
}


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: str
    level: str  # disposition id, for the colour
    label: str
    human: bool
    reasons: tuple[str, ...]
    since: datetime
    waiting: str  # "12 min"
    state: str
    accepted_by: str | None
    changed: bool  # after it was accepted
    overdue: bool  # nobody has accepted in time
    undelivered: bool  # an emergency's text did not reach the phone


@dataclass(frozen=True)
class Case:
    """One hand-off with what happened to it."""

    handoff: Handoff
    pages: list[Delivery]
    appointment: Appointment | None
    phone: str | None  # the number that the patient texts from
    not_delivered: list[texts.NotDelivered]
    opted_out: bool


@dataclass(frozen=True)
class Visit:
    """One appointment of the week."""

    start: datetime  # on the clinic's clock
    end: datetime
    clinician: str
    kind: str
    mode: str
    handoff_id: str | None


def open_list(session: Session, clinic: Clinic, protocol: Protocol | None, now: datetime) -> tuple[list[Row], bool]:
    """The open hand-offs, and whether pages are late."""
    rows = [_row(each, clinic, protocol, now) for each in acknowledge.open_handoffs(session)]
    return rows, acknowledge.paging_is_late(session, now)


def _row(each: Handoff, clinic: Clinic, protocol: Protocol | None, now: datetime) -> Row:
    level = sla.level_of(each.urgency)
    infos = protocol.dispositions if protocol else None
    deadline = sla.due(level, 1, each.urgent_since, clinic, sla.sla_of(level, infos))
    rules = [rule for rule in each.packet.get("rules", ()) if rule.get("disposition")]
    titles = [rule.get("title") or rule.get("id", "") for rule in rules]
    return Row(
        id=each.id, level=level.value, label=str(each.packet.get("label") or level.value.replace("_", " ")),
        human=each.human, reasons=tuple(titles or each.rule_ids)[:3], since=each.urgent_since,
        waiting=_waiting(now - each.urgent_since), state=each.state, accepted_by=each.accepted_by,
        changed=each.accepted_at is not None and each.changed_at > each.accepted_at,
        overdue=each.state not in ("accepted", "closed") and now > deadline and sla.is_paged(clinic, level),
        undelivered=UNDELIVERED in each.rule_ids,
    )


def _waiting(time: timedelta) -> str:
    hours, minutes = divmod(max(int(time.total_seconds() // 60), 0), 60)
    if hours >= 24:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def case(session: Session, handoff_id: str, now: datetime, secret: str) -> Case | None:
    """One hand-off with its pages, the patient's next appointment, and how texting goes; `secret` opens the number."""
    row = session.get(Handoff, handoff_id)
    if row is None:
        return None
    pages = select(Delivery).where(Delivery.handoff_id == row.id, Delivery.sent_at.is_not(None))
    talk = session.get(Conversation, row.conversation_id)
    return Case(
        row, list(session.scalars(pages.order_by(Delivery.sent_at))),
        booking.current(session, row.conversation_id, now), _phone(talk, secret),
        texts.not_delivered(session, row.conversation_id), talk.opted_out_at is not None,
    )


def _phone(talk: Conversation, secret: str) -> str | None:
    """The number, or None when there is none or it was sealed under a secret that has been changed since."""
    try:
        return privacy.unseal(secret, talk.address_sealed) if talk.address_sealed else None
    except InvalidToken:
        return None


def week(
    session: Session, clinic: Clinic, monday: date, first: datetime, last: datetime
) -> list[tuple[date, str | None, list[Visit]]]:
    """Seven days: the date, why it is closed if it is, and its visits."""
    zone = ZoneInfo(clinic.timezone)
    closed = {closure.day: closure.reason for closure in clinic.closures}
    visits = [_visit(session, clinic, row, zone) for row in booking.between(session, first, last)]
    days = [monday + timedelta(days=number) for number in range(7)]
    return [(day, closed.get(day), [visit for visit in visits if visit.start.date() == day]) for day in days]


def _visit(session: Session, clinic: Clinic, row: Appointment, zone: ZoneInfo) -> Visit:
    clinician = next((each for each in clinic.clinicians if each.id == row.clinician), None)
    kind = next((each.label for each in clinician.visits if each.id == row.kind), row.kind) if clinician else row.kind
    query = select(Handoff.id).where(Handoff.conversation_id == row.conversation_id).order_by(Handoff.raised_at.desc())
    return Visit(
        row.starts_at.astimezone(zone), row.ends_at.astimezone(zone), clinician.name if clinician else row.clinician,
        kind, row.mode.replace("_", " "), session.scalars(query.limit(1)).first(),
    )
