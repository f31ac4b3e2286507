from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.protocol.clinic import WEEKDAYS
from intake.scheduling.hours import starts
from tests.scheduling.clinics import make_clinic

UTC = timezone.utc


def clocks(clinic, minutes: int, day: date) -> list[str]:
    zone = ZoneInfo(clinic.timezone)
    first = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    found = starts(clinic, minutes, first, first + timedelta(hours=23))
    return [f"{at.astimezone(zone):%H:%M %Z}" for at in found]


def test_visits_lie_within_hours_and_leave_the_lunch_break_free() -> None:
    assert clocks(make_clinic(), 40, date(2026, 11, 24)) == [
        "08:00 EST", "08:40 EST", "09:20 EST", "10:00 EST", "10:40 EST", "11:20 EST",
        "13:00 EST", "13:40 EST", "14:20 EST", "15:00 EST", "15:40 EST", "16:20 EST",
    ]


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2026, 11, 28)])
def test_a_closed_day_and_a_weekend_have_no_visits(day: date) -> None:
    assert clocks(make_clinic(), 40, day) == []


def at_night(zone: str, opens: str, closes: str):
    hours = {day: [{"opens": opens, "closes": closes}] for day in WEEKDAYS}
    return make_clinic(timezone=zone, hours=hours, closures=[])


@pytest.mark.parametrize(("zone", "day", "expected"), [
    # 02:00 to 03:00 does not exist
    ("America/New_York", date(2027, 3, 14), ["01:00 EST", "01:30 EST", "03:00 EDT", "03:30 EDT"]),
    ("Europe/London", date(2027, 3, 28), ["02:00 BST", "02:30 BST", "03:00 BST", "03:30 BST"]),
    # 01:00 to 02:00 exists twice
    ("America/New_York", date(2026, 11, 1),
     ["01:00 EDT", "01:30 EDT", "01:00 EST", "01:30 EST", "02:00 EST", "02:30 EST", "03:00 EST", "03:30 EST"]),
    # no daylight saving, odd offset
    ("Asia/Kathmandu", date(2026, 11, 1),
     ["01:00 +0545", "01:30 +0545", "02:00 +0545", "02:30 +0545", "03:00 +0545", "03:30 +0545"]),
    # midnight itself is skipped in spring
    ("America/Havana", date(2027, 3, 14),
     ["01:00 CDT", "01:30 CDT", "02:00 CDT", "02:30 CDT", "03:00 CDT", "03:30 CDT"]),
])
def test_no_local_time_that_does_not_exist_and_both_of_one_that_exists_twice(zone: str, day: date, expected) -> None:
    assert clocks(at_night(zone, "01:00", "04:00"), 30, day) == expected


@pytest.mark.parametrize(("opens", "closes", "expected"), [
    ("02:00", "03:00", []),  # the whole stretch falls into the gap
    ("02:30", "04:00", ["03:30 EDT"]),
    ("01:00", "02:30", ["01:00 EST"]),
])
def test_hours_that_begin_or_end_in_the_gap(opens: str, closes: str, expected: list) -> None:
    found = clocks(at_night("America/New_York", opens, closes), 30, date(2027, 3, 14))
    assert [each for each in found if each in expected] == expected
    assert all(each.endswith("EDT") or each < "02" for each in found)


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 14), 23), (date(2026, 11, 1), 25), (date(2026, 11, 2), 24)])
def test_a_day_has_as_many_hours_as_it_has(day: date, hours: int) -> None:
    clinic = at_night("America/New_York", "00:00", "23:59")
    zone = ZoneInfo(clinic.timezone)
    first = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    found = [at for at in starts(clinic, 59, first, first + timedelta(hours=26)) if at.astimezone(zone).date() == day]
    assert len(found) == hours


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
hours = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda pair: pair[0] < pair[1])


@given(moments, hours, st.integers(5, 120), st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe",
                                                              "Asia/Kathmandu", "America/St_Johns", "UTC"]))
@settings(max_examples=60, deadline=None)
def test_every_start_lies_within_opening_hours_minus_closures(now, span, minutes, zone_name) -> None:
    opens, closes = span
    clinic = make_clinic(
        timezone=zone_name,
        hours={day: [{"opens": f"{opens:02}:00", "closes": f"{closes:02}:00"}] for day in WEEKDAYS[:6]},
        closures=[{"day": (now + timedelta(days=2)).date().isoformat(), "reason": "x"}],
    )
    found = list(starts(clinic, minutes, now, now + timedelta(days=4)))
    zone = ZoneInfo(zone_name)
    for at in found:
        local, end = at.astimezone(zone), (at + timedelta(minutes=minutes)).astimezone(zone)
        assert local.astimezone(UTC) == at  # exists, and is this moment
        assert clinic.is_open(at)
        assert clinic.is_open(at + timedelta(minutes=minutes, seconds=-1))
        assert end.replace(tzinfo=None) <= datetime.combine(local.date(), end.time()).replace(hour=closes, minute=0)
    assert found == sorted(set(found))
    assert all(later - earlier >= timedelta(minutes=minutes) for earlier, later in zip(found, found[1:], strict=False))
