"""What can come out of holding, booking, moving and cancelling. Never an exception for what a patient may cause."""

from __future__ import annotations

from dataclasses import dataclass

from intake.scheduling.offers import Offer
from intake.store.models import Appointment


@dataclass(frozen=True)
class Held:
    """The time is kept for the patient until `appointment.hold_expires_at`. Nothing is booked yet."""

    appointment: Appointment


@dataclass(frozen=True)
class Booked:
    """The row says booked; the patient may be told once the transaction is committed (`wording.confirmation`)."""

    appointment: Appointment


@dataclass(frozen=True)
class Cancelled:
    """The row says cancelled; the time is free again."""

    appointment: Appointment


@dataclass(frozen=True)
class SlotTaken:
    """Somebody was faster; what had been booked before still is."""

    alternatives: tuple[Offer, ...]


@dataclass(frozen=True)
class HoldExpired:
    """The hold had run out; `alternatives` begins with the same time when it is still free."""

    alternatives: tuple[Offer, ...]


@dataclass(frozen=True)
class NotFound:
    """This conversation has no such appointment."""


class KeyReused(ValueError):
    """The same idempotency key came with another appointment: a programming mistake of the caller."""
