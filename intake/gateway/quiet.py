"""Quiet hours: what we start goes out from 8 in the morning to 9 at night where the patient may be.

A number's area code only suggests where its owner is, so the hours must fit in every time zone of the area and in the
clinic's. Replies and safety texts never wait.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

FROM, UNTIL = time(8), time(21)  # 47 CFR 64.1200(c)(1), the recipient's local time


def may_start(number: str, now: datetime, clinic_zone: str) -> bool:
    """Whether a text that nobody asked for may go to an E.164 number at this moment."""
    return all(FROM <= now.astimezone(zone).time() < UNTIL for zone in _zones(number, clinic_zone))


def _zones(number: str, clinic_zone: str) -> list[ZoneInfo]:
    names = {clinic_zone}
    with suppress(phonenumbers.NumberParseException):
        names.update(time_zones_for_number(phonenumbers.parse(number)))
    found = []
    for name in names:
        with suppress(ZoneInfoNotFoundError, ValueError):  # "Etc/Unknown": the clinic's own must do
            found.append(ZoneInfo(name))
    return found
