"""Appointments: times on offer, holds, bookings. What says "booked" is made from a committed row only."""

from intake.scheduling.booking import cancel, confirm, current, hold, reschedule
from intake.scheduling.offers import Offer, offers, window
from intake.scheduling.results import Booked, Cancelled, Held, HoldExpired, NotFound, SlotTaken
from intake.scheduling.wish import Wish, parse_wish

__all__ = [
    "Booked", "Cancelled", "Held", "HoldExpired", "NotFound", "Offer", "SlotTaken", "Wish",
    "cancel", "confirm", "current", "hold", "offers", "parse_wish", "reschedule", "window",
]
