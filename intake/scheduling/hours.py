"""The times at which a visit could begin: clinic hours minus closures, across changes of daylight saving time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from intake.protocol.clinic import WEEKDAYS, Clinic


def starts(clinic: Clinic, minutes: int, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield every start (UTC, in order) of a visit of `minutes` that lies wholly within one stretch of opening hours.

    `first` and `last` are the earliest and the latest start. Steps are taken in UTC: a local time that does not exist
    in spring cannot come out, and the hour that exists twice in autumn gives two different moments.
    """
    zone = ZoneInfo(clinic.timezone)
    length = timedelta(minutes=minutes)
    closed = {closure.day for closure in clinic.closures}
    day, last_day = first.astimezone(zone).date(), last.astimezone(zone).date()
    while day <= last_day:
        if day not in closed:
            yield from (at for at in _of_day(clinic, zone, day, length) if first <= at <= last)
        day += timedelta(days=1)


def _of_day(clinic: Clinic, zone: ZoneInfo, day: date, length: timedelta) -> Iterator[datetime]:
    spans = clinic.hours.get(WEEKDAYS[day.weekday()], [])  # type: ignore[call-overload]
    for span in sorted(spans, key=lambda span: span.opens):
        opens, closes = datetime.combine(day, span.opens), datetime.combine(day, span.closes)
        at = opens.replace(tzinfo=zone).astimezone(timezone.utc)
        # The last moment of the wall clock's closing time; where it exists twice, the second one.
        end = closes.replace(tzinfo=zone, fold=1).astimezone(timezone.utc)
        while at + length <= end:
            if opens <= wall(at, zone) and wall(at + length, zone) <= closes:
                yield at
            at += length


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows at a moment, without zone."""
    return at.astimezone(zone).replace(tzinfo=None)
