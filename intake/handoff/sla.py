"""When somebody is paged about a hand-off, and who.

Emergencies: at once, then at 5, 10 and 15 minutes and every 5 minutes from there, day and night (3I, S13:
all minutes count from when the urgency was reached). The rest: at once when somebody is on call, then again each time
the level's time for acknowledging has run out in clinic hours. It never stops before somebody has accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from intake.protocol.clinic import Clinic, OnCall
from intake.protocol.model import Disposition

EMERGENCY_MINUTES = (0, 5, 10, 15)
EMERGENCY_EVERY = 5  # minutes, from the last of those
SAME_DAY_MINUTES = 60
DAY_MINUTES = 1440  # from here on an SLA counts days on which the clinic is open
LOOK_AHEAD = timedelta(days=30)  # a clinic that is closed for longer than this pages all the same


@dataclass(frozen=True)
class Sla:
    """How long people have to acknowledge."""

    minutes: int
    always: bool  # the clock also runs when the clinic is closed


def sla_of(level: Disposition, infos: Mapping[Disposition, Any] | None = None) -> Sla:
    """The level's SLA from `protocol/dispositions.yml`; that of 3I where the protocol names none or cannot be read."""
    info = (infos or {}).get(level)
    if level.is_emergency:
        return Sla(EMERGENCY_EVERY, True)
    if info is not None and info.sla_minutes:
        return Sla(info.sla_minutes, info.always)
    return Sla(SAME_DAY_MINUTES if level is Disposition.same_day else DAY_MINUTES, False)


def is_paged(clinic: Clinic, level: Disposition) -> bool:
    """Whether people are paged about a level at all; the desk lists what nobody is paged about."""
    return level.is_emergency or bool(clinic.pages(level))


def level_of(urgency: int) -> Disposition:
    """The disposition that an urgency stands for."""
    return list(Disposition)[urgency]


def due(level: Disposition, step: int, since: datetime, clinic: Clinic, sla: Sla) -> datetime:
    """When step number `step` (0 = the first page) is due; `since` is when the present urgency was reached."""
    if level.is_emergency:
        last = len(EMERGENCY_MINUTES) - 1
        minutes = EMERGENCY_MINUTES[min(step, last)] + EMERGENCY_EVERY * max(step - last, 0)
        return since + timedelta(minutes=minutes)
    at = since if sla.always or clinic.pages(level, since) else next_open(clinic, since)
    for _ in range(step):
        at = at + timedelta(minutes=sla.minutes) if sla.always else _add_open(clinic, at, sla.minutes)
    return at


def next_open(clinic: Clinic, at: datetime) -> datetime:
    """The moment itself when the clinic is open then, else the next opening (to the minute)."""
    moment = at
    while moment < at + LOOK_AHEAD:
        if clinic.is_open(moment):
            return moment
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return at


def _add_open(clinic: Clinic, at: datetime, minutes: int) -> datetime:
    """`minutes` of clinic hours later; from a day on, the opening of that many business days later."""
    if minutes >= DAY_MINUTES:
        moment = at
        for _ in range(minutes // DAY_MINUTES):
            midnight = clinic.local(moment).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            moment = next_open(clinic, midnight.astimezone(timezone.utc))
        return moment
    moment, left = next_open(clinic, at), minutes
    while left:
        moment += timedelta(minutes=1)
        if not clinic.is_open(moment):
            moment = next_open(clinic, moment)
        left -= 1
    return moment


def person_for(
    clinic: Clinic, level: Disposition, since: datetime, now: datetime, last: str | None, everybody: bool = False
) -> OnCall | None:
    """Who is paged next: in turn, those whose time has come.

    `last` is the `address` of the person paged last in this round; `everybody` counts those in whose `after_minutes`
    have not passed yet, since a page has failed. None when nobody is on call for the level at this moment; an emergency
    always finds somebody if the clinic names anybody for any emergency.
    """
    people = clinic.pages(level, now)
    if not people and level.is_emergency:
        people = [person for person in clinic.on_call if any(each.is_emergency for each in person.dispositions)]
    if not people:
        return None
    waited = (now - since) / timedelta(minutes=1)
    eligible = [person for person in people if everybody or person.after_minutes <= waited] or people[:1]
    place = next((number for number, person in enumerate(eligible) if address(person) == last), -1)
    return eligible[(place + 1) % len(eligible)]


def address(person: OnCall) -> str:
    """How a person on call is written into the delivery: name and number, both from `clinic.yml`."""
    return f"{person.name}, {person.phone}"
