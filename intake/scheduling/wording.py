"""What the patient is told about an appointment. Each sentence is made from a row that the database has committed.

Nothing else in the project may say that something is booked, moved or cancelled: stock Rasa says "booked" from a rule
step although nothing is (the reliability notes 0.2).
"""

from __future__ import annotations

from sqlalchemy import inspect

from intake.protocol.clinic import Clinic
from intake.scheduling.offers import Offer, moment
from intake.store.models import Appointment

SMS_LENGTH = 160  # characters of one plain text message


class NotCommitted(ValueError):
    """The row is still part of a transaction that may fail: commit first, then tell the patient."""


def booked(row: Appointment, clinic: Clinic, sms: bool = False) -> str:
    """Confirmation of a booking."""
    _require(row, "booked")
    lead = f"{clinic.sms_name}: booked." if sms else "Your visit is booked:"
    return _fitting(f"{lead} {{what}}. To change or cancel, write here or call {clinic.phone}.", row, clinic, sms)


def held(row: Appointment, clinic: Clinic, sms: bool = False) -> str:
    """A time that is kept, and until when; it is not booked yet."""
    _require(row, "held")
    until = moment(row.hold_expires_at, row.tz).rpartition(", ")[2]
    question = "Reply YES to book it." if sms else "Shall we book it?"
    return _fitting(f"We keep {{what}} for you until {until}. {question}", row, clinic, sms)


def cancelled(row: Appointment, clinic: Clinic, sms: bool = False) -> str:
    """A cancellation."""
    _require(row, "cancelled")
    lead = f"{clinic.sms_name}: your" if sms else "Your"
    when = moment(row.starts_at, row.tz)
    return f"{lead} visit on {when} is cancelled. For a new time, write here or call {clinic.phone}."


def choices(offers: list[Offer]) -> list[dict[str, str]]:
    """Offers as choices of a message: `id` comes back, `text` is shown."""
    return [{"id": offer.key, "text": offer.label} for offer in offers]


def _fitting(text: str, row: Appointment, clinic: Clinic, sms: bool) -> str:
    """The text with the visit filled in; by SMS without the clinician's name when it would need a second message."""
    name = next((each.name for each in clinic.clinicians if each.id == row.clinician), None)
    mode = {"video": " by video", "phone": " by phone"}.get(row.mode, "")
    when = moment(row.starts_at, row.tz)
    full = text.format(what=f"{when} with {name}{mode}" if name else f"{when}{mode}")
    return full if not sms or len(full) <= SMS_LENGTH else text.format(what=f"{when}{mode}")


def _require(row: Appointment, status: str) -> None:
    # Rows leave their session when it closes after the commit; a rolled-back row is transient or has lost its values.
    state = inspect(row)
    if not state.detached or state.expired_attributes:
        raise NotCommitted("this row has not been committed yet")
    if row.status != status:
        raise ValueError(f"the appointment is {row.status}, not {status}")
