"""The appointment as a calendar file (RFC 5545), from the stored row. It holds nothing about the patient's health."""

from __future__ import annotations

from datetime import timezone

from icalendar import Calendar, Event

from intake.protocol.clinic import Clinic
from intake.scheduling.wording import NotCommitted, booked, cancelled
from intake.store.models import Appointment

__all__ = ["NotCommitted", "calendar_file"]


def calendar_file(row: Appointment, clinic: Clinic) -> bytes:
    """A booked or cancelled appointment; times in UTC, which every calendar shows in the reader's zone.

    The same appointment keeps its UID; SEQUENCE grows with each change, so that a later file replaces an earlier one.
    """
    (cancelled if row.status == "cancelled" else booked)(row, clinic)  # refuses what is not committed
    calendar = Calendar()
    calendar.add("prodid", "-//intake//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if row.status == "cancelled" else "PUBLISH")
    event = Event()
    event.add("uid", f"{row.id}@intake")
    event.add("sequence", row.version)
    event.add("dtstamp", row.changed_at.astimezone(timezone.utc))
    event.add("dtstart", row.starts_at.astimezone(timezone.utc))
    event.add("dtend", row.ends_at.astimezone(timezone.utc))
    event.add("status", "CANCELLED" if row.status == "cancelled" else "CONFIRMED")
    event.add("summary", f"Visit at {clinic.name}")
    event.add("location", "Video visit" if row.mode == "video" else clinic.address)
    event.add("description", f"To change or cancel, call {clinic.phone}.")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
