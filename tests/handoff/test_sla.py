from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from intake.handoff import sla
from intake.protocol.model import Disposition
from tests.scheduling.clinics import make_clinic, person

UTC = timezone.utc
CLINIC = make_clinic()
TUESDAY_9 = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FRIDAY_1640 = datetime(2026, 11, 27, 21, 40, tzinfo=UTC)
EMERGENCY = sla.sla_of(Disposition.er_now)


def minutes(level: Disposition, since: datetime, steps: int) -> list[float]:
    limit = sla.sla_of(level)
    return [(sla.due(level, step, since, CLINIC, limit) - since) / timedelta(minutes=1) for step in range(steps)]


@pytest.mark.parametrize("since", [TUESDAY_9, TUESDAY_NIGHT])
@pytest.mark.parametrize("level", [Disposition.call_911, Disposition.crisis, Disposition.er_now])
def test_an_emergency_is_paged_at_0_5_10_15_and_every_5_minutes_day_and_night(level, since) -> None:
    assert minutes(level, since, 7) == [0, 5, 10, 15, 20, 25, 30]


def test_same_day_is_paged_at_once_and_every_60_minutes_of_clinic_hours() -> None:
    assert minutes(Disposition.same_day, TUESDAY_9, 3) == [0, 60, 120]
    eleven_thirty = TUESDAY_9 + timedelta(hours=2, minutes=30)
    assert minutes(Disposition.same_day, eleven_thirty, 2) == [0, 120]  # an hour of lunch in between


def test_same_day_at_night_waits_for_the_opening_when_nobody_is_on_call() -> None:
    opening = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    assert sla.due(Disposition.same_day, 0, TUESDAY_NIGHT, CLINIC, sla.sla_of(Disposition.same_day)) == opening


def test_time_runs_on_after_the_weekend() -> None:
    second = sla.due(Disposition.same_day, 1, FRIDAY_1640, CLINIC, sla.sla_of(Disposition.same_day))
    assert CLINIC.local(second).strftime("%a %H:%M") == "Mon 08:40"


def test_an_urgent_visit_is_paged_again_when_the_next_business_day_opens() -> None:
    second = sla.due(Disposition.within_3_days, 1, TUESDAY_9, CLINIC, sla.sla_of(Disposition.within_3_days))
    assert CLINIC.local(second).strftime("%a %H:%M") == "Wed 08:00"
    wednesday = TUESDAY_9 + timedelta(days=1)  # Thursday is a holiday
    second = sla.due(Disposition.within_3_days, 1, wednesday, CLINIC, sla.sla_of(Disposition.within_3_days))
    assert CLINIC.local(second).strftime("%a %H:%M") == "Fri 08:00"


def test_a_clinic_without_hours_still_pages() -> None:
    never = make_clinic(hours={})
    since = TUESDAY_9
    assert sla.due(Disposition.same_day, 0, since, never, sla.sla_of(Disposition.same_day)) == since


def who(level: Disposition, after: int, last: str | None, clinic=CLINIC, now=TUESDAY_9, **more) -> str | None:
    found = sla.person_for(clinic, level, now - timedelta(minutes=after), now, last, **more)
    return found and found.name


def test_pages_go_round_among_those_whose_time_has_come() -> None:
    one, two, director = (sla.address(person) for person in CLINIC.on_call[:3])
    assert who(Disposition.er_now, 0, None) == "Dr. One"
    assert who(Disposition.er_now, 5, one) == "Dr. Two"
    assert who(Disposition.er_now, 10, two) == "Director"
    assert who(Disposition.er_now, 15, director) == "Dr. One"
    assert who(Disposition.er_now, 20, "Somebody who has gone home, 555-555-0199") == "Dr. One"


def test_nobody_is_paged_before_their_time_unless_a_page_has_failed() -> None:
    two = sla.address(CLINIC.on_call[1])
    assert who(Disposition.er_now, 1, two) == "Dr. One"
    assert who(Disposition.er_now, 1, two, everybody=True) == "Director"


def test_the_hours_of_the_people_on_call_count() -> None:
    assert who(Disposition.same_day, 0, None) == "Nurse"
    assert who(Disposition.same_day, 0, None, now=TUESDAY_NIGHT) is None
    assert who(Disposition.routine, 0, None) is None


def test_an_emergency_finds_somebody_who_is_on_call_for_another_emergency() -> None:
    clinic = make_clinic(on_call=[person("Only", "555-555-0119", ["crisis"])])
    assert who(Disposition.call_911, 0, None, clinic) == "Only"
    assert who(Disposition.call_911, 0, None, make_clinic(on_call=[])) is None


def test_the_protocol_s_times_are_used_where_it_names_them() -> None:
    from types import SimpleNamespace

    infos = {Disposition.same_day: SimpleNamespace(sla_minutes=30, always=True)}
    assert sla.sla_of(Disposition.same_day, infos) == sla.Sla(30, True)
    assert sla.sla_of(Disposition.within_7_days, infos) == sla.Sla(1440, False)
