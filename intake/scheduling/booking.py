"""Holds, bookings, cancellations and moves, each in the caller's transaction.

The database refuses double bookings (`store/migrations`); nothing here checks first and writes afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake.protocol.clinic import Clinic
from intake.protocol.model import Disposition
from intake.scheduling.offers import Offer, alternatives, offer_for, offer_key
from intake.scheduling.results import Booked, Cancelled, Held, HoldExpired, KeyReused, NotFound, SlotTaken
from intake.store import audit
from intake.store.models import Appointment, Conversation

# the reliability notes S3 proposes 5 minutes on the web; ten, since many of our patients type slowly.
HOLD_WEB = timedelta(minutes=10)
HOLD_SMS = timedelta(minutes=30)


def hold(
    session: Session,
    clinic: Clinic,
    offer: Offer,
    conversation_id: str,
    idem_key: str,
    now: datetime,
    disposition: Disposition = Disposition.routine,
    length: timedelta = HOLD_WEB,
) -> Held | SlotTaken | HoldExpired:
    """Keep a time for a conversation; an earlier hold of the same conversation is given up.

    `idem_key` names the patient's message that chose the time: the same key again gives the same row. `disposition`
    bounds the alternatives when the time is taken.
    """
    _lock(session, conversation_id, [offer.clinician], now)
    known = _by_key(session, idem_key, conversation_id, offer)
    if known is not None:
        return Held(known)
    if offer.starts_at <= now:
        return HoldExpired(alternatives(session, clinic, now, disposition, offer))
    own = (Appointment.conversation_id == conversation_id, Appointment.status == "held")
    row = _row(offer, conversation_id, idem_key, now)
    row.status, row.hold_expires_at = "held", now + length
    try:
        with session.begin_nested():  # the earlier hold stays when the new one fails
            session.execute(update(Appointment).where(*own).values(status="cancelled", changed_at=now))
            session.add(row)
            session.flush()
    except IntegrityError:
        return SlotTaken(alternatives(session, clinic, now, disposition, offer))
    return Held(row)


def confirm(
    session: Session,
    clinic: Clinic,
    appointment_id: str,
    conversation_id: str,
    now: datetime,
    disposition: Disposition = Disposition.routine,
) -> Booked | HoldExpired | NotFound:
    """Turn a hold into a booking. Confirming twice is booking once."""
    row = _locked(session, appointment_id, conversation_id, [], now)
    if row is None:
        return NotFound()
    if row.status == "held":
        _change(session, row, "booked", now)
    if row.status == "booked":
        return Booked(row)
    return HoldExpired(alternatives(session, clinic, now, disposition, _offer_of(clinic, row, now), row.kind))


def cancel(session: Session, appointment_id: str, conversation_id: str, now: datetime) -> Cancelled | NotFound:
    """Free the time of a hold or a booking. Cancelling twice is cancelling once."""
    row = _locked(session, appointment_id, conversation_id, [], now)
    if row is None:
        return NotFound()
    if row.status in ("held", "booked"):
        _change(session, row, "cancelled", now)
    return Cancelled(row)


def reschedule(
    session: Session,
    clinic: Clinic,
    appointment_id: str,
    offer: Offer,
    conversation_id: str,
    idem_key: str,
    now: datetime,
    disposition: Disposition = Disposition.routine,
) -> Booked | SlotTaken | NotFound:
    """Book the new time and free the old one, both or neither."""
    old = _locked(session, appointment_id, conversation_id, [offer.clinician], now)
    if old is None:
        return NotFound()
    known = _by_key(session, idem_key, conversation_id, offer)
    if known is not None:
        return Booked(known)
    if old.status != "booked":
        return NotFound()
    if offer.starts_at <= now:
        return SlotTaken(alternatives(session, clinic, now, disposition, offer))
    row = _row(offer, conversation_id, idem_key, now)
    row.status, row.replaces = "booked", old.id
    try:
        with session.begin_nested():
            _change(session, old, "cancelled", now)  # first: the new time may overlap the old one
            session.add(row)
            session.flush()
            audit.record(session, now, "patient", "appointment.moved", f"appointment:{row.id}", replaces=old.id)
    except IntegrityError:
        return SlotTaken(alternatives(session, clinic, now, disposition, offer))
    return Booked(row)


def current(session: Session, conversation_id: str, now: datetime) -> Appointment | None:
    """The conversation's next booked appointment that has not begun."""
    query = select(Appointment).where(
        Appointment.conversation_id == conversation_id, Appointment.status == "booked", Appointment.starts_at > now
    )
    row: Appointment | None = session.scalars(query.order_by(Appointment.starts_at).limit(1)).first()
    return row


def between(session: Session, first: datetime, last: datetime) -> list[Appointment]:
    """All booked appointments that start in [first, last), in order: the desk's week."""
    query = select(Appointment).where(
        Appointment.status == "booked", Appointment.starts_at >= first, Appointment.starts_at < last
    )
    return list(session.scalars(query.order_by(Appointment.starts_at, Appointment.clinician)))


def _lock(session: Session, conversation_id: str, clinicians: Iterable[str], now: datetime) -> None:
    """Make writers about the same conversation or clinician wait for each other; free the holds that have run out.

    Always in this order (conversation, clinicians by name, rows), so that no two writers wait for each other forever.
    """
    names = sorted(set(clinicians))
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        conversation = select(Conversation.id).where(Conversation.id == conversation_id)
        session.execute(conversation.with_for_update(key_share=True))
        for name in names:
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"clinician:{name}"})
    ran_out = (Appointment.clinician.in_(names), Appointment.status == "held", Appointment.hold_expires_at <= now)
    session.execute(update(Appointment).where(*ran_out).values(status="expired", changed_at=now))


def _locked(
    session: Session, appointment_id: str, conversation_id: str, clinicians: list[str], now: datetime
) -> Appointment | None:
    """The conversation's appointment as it stands once other writers are kept out; None when it is not theirs."""
    query = select(Appointment).where(
        Appointment.id == appointment_id, Appointment.conversation_id == conversation_id
    )
    row: Appointment | None = session.scalars(query).first()
    if row is not None:
        _lock(session, conversation_id, [row.clinician, *clinicians], now)
        session.refresh(row)
    return row


def _by_key(session: Session, idem_key: str, conversation_id: str, offer: Offer) -> Appointment | None:
    """The live row that this key made; `KeyReused` when it is about something else.

    A cancelled or expired row gives the key up: the patient may want the same time again.
    """
    query = select(Appointment).where(Appointment.idem_key == idem_key)
    row: Appointment | None = session.scalars(query.execution_options(populate_existing=True)).first()
    if row is not None and row.status in ("cancelled", "expired"):
        row.idem_key = row.id
        session.flush()
        row = None
    if row is None:
        return None
    wanted = (conversation_id, offer.clinician, offer.kind, offer.starts_at)
    if (row.conversation_id, row.clinician, row.kind, row.starts_at) != wanted:
        raise KeyReused("this idempotency key was used for another appointment")
    return row


def _row(offer: Offer, conversation_id: str, idem_key: str, now: datetime) -> Appointment:
    return Appointment(
        conversation_id=conversation_id, clinician=offer.clinician, starts_at=offer.starts_at, ends_at=offer.ends_at,
        tz=offer.tz, local_start=offer.local_start.replace(tzinfo=None).isoformat(timespec="minutes"),
        kind=offer.kind, mode=offer.mode, idem_key=idem_key, version=1, created_at=now, changed_at=now,
    )


def _change(session: Session, row: Appointment, status: str, now: datetime) -> None:
    row.status, row.hold_expires_at, row.version, row.changed_at = status, None, row.version + 1, now
    audit.record(session, now, "patient", f"appointment.{status}", f"appointment:{row.id}")
    session.flush()


def _offer_of(clinic: Clinic, row: Appointment, now: datetime) -> Offer | None:
    """The offer that a row was made from; None when the clinic no longer offers it or it is past."""
    return offer_for(clinic, offer_key(row.starts_at, row.clinician, row.kind), now)
