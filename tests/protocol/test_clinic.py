"""clinic.yml: hours, people, and what must not be wrong."""

from datetime import datetime, timezone

import pytest

from intake.protocol import clinic
from intake.protocol.model import Disposition
from intake.protocol.source import ProtocolError


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 11, 23, 7, 59), False),  # a Monday
        (datetime(2026, 11, 23, 8, 0), True),
        (datetime(2026, 11, 23, 16, 59), True),
        (datetime(2026, 11, 23, 17, 0), False),
        (datetime(2026, 11, 21, 12, 0), False),  # a Saturday
        (datetime(2026, 11, 26, 12, 0), False),  # Thanksgiving
        (datetime(2026, 11, 23, 14, 0, tzinfo=timezone.utc), True),  # 9:00 in New York
        (datetime(2026, 7, 6, 12, 30, tzinfo=timezone.utc), True),  # 8:30, daylight saving time
        (datetime(2026, 7, 6, 21, 30, tzinfo=timezone.utc), False),
    ],
)
def test_opening_hours_are_the_clinics_own_time(the_clinic, at, is_open):
    assert the_clinic.is_open(at) is is_open


def test_every_emergency_level_pages_somebody_at_any_time(the_clinic):
    for level in (Disposition.call_911, Disposition.crisis, Disposition.er_now, Disposition.same_day):
        for at in (datetime(2026, 11, 23, 12, 0), datetime(2026, 11, 22, 3, 0)):
            assert the_clinic.pages(level, at)


def test_people_are_paged_in_their_order(the_clinic):
    waits = [person.after_minutes for person in the_clinic.pages(Disposition.er_now)]

    assert waits == sorted(waits)
    assert len(waits) > 1


def test_nobody_is_paged_for_self_care(the_clinic):
    assert the_clinic.pages(Disposition.self_care) == []


def test_texts_are_filled_with_the_short_name_on_sms(the_clinic):
    other = the_clinic.copy(update={"name": "Spine Clinic of Springfield", "sms_name": "Spine Clinic"})

    assert other.fill("{clinic}: {phone}", sms=True) == "Spine Clinic: 555-555-0100"
    assert other.fill("{clinic}") == "Spine Clinic of Springfield"


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("sms_name: Spine Clinic ", "sms_name: Spine Clinic of Springfield ", "sms_name", "at most 15"),
        ("phone: 555-555-0100 ", "phone: +1 (555) 555-0100 ", "phone", "at most 12"),
        ("phone: 555-555-0100 ", "phone: call us ", "phone", "no phone number"),
        ("timezone: America/New_York", "timezone: New York", "timezone", "no time zone"),
        ("locale: en-US", "language: en-US", "language", "unknown key"),
        ("  monday: [", "  mondag: [", "hours.mondag", "unknown key"),
        (
            'opens: "08:00", closes: "19:00"',
            'opens: "19:00", closes: "08:00"',
            "hours.thursday.0.closes",
            "closes before it opens",
        ),
        (
            "kind: video, minutes: 20",
            "kind: phone, minutes: 20",
            "clinicians.rivera.visits.video.kind",
            "not an allowed value",
        ),
        (
            "dispositions: [same_day, within_3_days",
            "dispositions: [sameday, within_3_days",
            "on_call.0.dispositions.0",
            "not an allowed value",
        ),
    ],
)
def test_a_mistake_is_explained(tmp_path, old, new, field, says):
    text = clinic.PATH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "clinic.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ProtocolError) as error:
        clinic.load(path)

    problem = next(one for one in error.value.problems if one.field == field)
    assert problem.file == path
    assert says in problem.message
    assert problem.fix
    assert path.read_text(encoding="utf-8").splitlines()[problem.line - 1] != text.splitlines()[problem.line - 1]
