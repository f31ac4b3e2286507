"""Clinics for tests, independent of the project's clinic.yml."""

from __future__ import annotations

from typing import Any

from intake.protocol.clinic import Clinic

WEEK = {day: [{"opens": "08:00", "closes": "12:00"}, {"opens": "13:00", "closes": "17:00"}]
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
VISITS = [
    {"id": "new_patient", "label": "First visit", "kind": "in_person", "minutes": 40},
    {"id": "video", "label": "Video visit", "kind": "video", "minutes": 30},
]


def person(name: str, phone: str, dispositions: list[str], **more: Any) -> dict[str, Any]:
    return {"name": name, "role": "clinician", "phone": phone, "dispositions": dispositions, **more}


def make_clinic(**changes: Any) -> Clinic:
    """A clinic with two clinicians, a lunch break and one closed day; any field may be changed."""
    values: dict[str, Any] = {
        "name": "Spine Clinic", "sms_name": "Spine Clinic", "phone": "555-555-0100", "address": "1 Example Street",
        "timezone": "America/New_York", "locale": "en-US", "hours": WEEK,
        "closures": [{"day": "2026-11-26", "reason": "Thanksgiving"}],
        "clinicians": [
            {"id": "rivera", "name": "Dr. Ana Rivera", "specialty": "Spine", "visits": VISITS},
            {"id": "okafor", "name": "Dr. Sam Okafor", "specialty": "Pain", "visits": VISITS[:1]},
        ],
        "on_call": [
            person("Dr. One", "555-555-0111", ["call_911", "crisis", "er_now"]),
            person("Dr. Two", "555-555-0112", ["call_911", "crisis", "er_now"]),
            person("Director", "555-555-0113", ["call_911", "crisis", "er_now"], after_minutes=10),
            person("Nurse", "555-555-0114", ["same_day", "within_3_days"], hours="open"),
        ],
    }
    return Clinic.parse_obj({**values, **changes})
