"""One clinic's settings (`clinic.yml`): names, phones, hours, people. Texts fill {clinic} and {phone} from here."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError, validator

from .explain_errors import explain
from .model import Disposition, Strict
from .source import ProtocolError, read
from .wording import GSM7

PATH = Path(__file__).resolve().parents[2] / "clinic.yml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
VisitKind = Literal["in_person", "video"]


class Span(Strict):
    """One stretch of opening hours on a day, local time; `closes` is not included."""

    opens: time
    closes: time

    @validator("closes")
    def after_opening(cls, closes: time, values: dict[str, time]) -> time:
        """A span ends after it begins."""
        if "opens" in values and closes <= values["opens"]:
            raise ValueError('closes before it opens: write 24-hour times in quotes, such as opens: "08:00"')
        return closes


class Closure(Strict):
    """A day on which the clinic is closed."""

    day: date
    reason: str


class VisitType(Strict):
    """One kind of visit a clinician offers."""

    id: str
    label: str
    kind: VisitKind
    minutes: int


class Clinician(Strict):
    """Somebody whose visits can be booked."""

    id: str
    name: str
    specialty: str
    visits: list[VisitType]


class OnCall(Strict):
    """Somebody who is paged, and when."""

    name: str
    role: str
    phone: str
    email: str | None = None
    dispositions: list[Disposition]
    hours: Literal["always", "open", "closed"] = "always"
    after_minutes: int = 0  # paged when nobody has acknowledged for this long


class Clinic(Strict):
    """Everything that differs between clinics and is no clinical content."""

    name: str
    sms_name: str  # at most 15 characters, so that texts fit
    phone: str  # at most 12 characters
    address: str
    timezone: str
    locale: str
    demo: bool = False  # True shows DEMO on every page and allows the fictional phone number
    hours: dict[Weekday, list[Span]]
    closures: list[Closure] = []
    clinicians: list[Clinician]
    on_call: list[OnCall] = []

    @validator("sms_name", "phone")
    def fits_a_text_message(cls, value: str, field: object) -> str:
        """Short enough, and in the alphabet of a plain text message."""
        limit = 15 if field.name == "sms_name" else 12  # type: ignore[attr-defined]
        if len(value) > limit:
            raise ValueError(f"has {len(value)} characters, at most {limit} fit into the text messages")
        if not set(value) <= GSM7:
            raise ValueError("holds characters that a plain text message cannot carry")
        return value

    @validator("phone")
    def is_a_phone_number(cls, value: str) -> str:
        """Looks like a phone number."""
        if not re.fullmatch(r"[+\d][\d -]+\d", value):
            raise ValueError("is no phone number; write it as 555-555-0100")
        return value

    @validator("timezone")
    def is_known(cls, value: str) -> str:
        """A time zone of the IANA list."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone {value!r}; write it as America/New_York") from error
        return value

    def local(self, at: datetime) -> datetime:
        """The clinic's wall clock; a time without zone is taken as the clinic's own."""
        zone = ZoneInfo(self.timezone)
        return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)

    def is_open(self, at: datetime) -> bool:
        """Whether the clinic is open at a moment."""
        local = self.local(at)
        if any(closure.day == local.date() for closure in self.closures):
            return False
        spans = self.hours.get(WEEKDAYS[local.weekday()], [])  # type: ignore[call-overload]
        return any(span.opens <= local.time() < span.closes for span in spans)

    def pages(self, disposition: Disposition, at: datetime | None = None) -> list[OnCall]:
        """Who is paged for a disposition (at a moment), first to last; empty: no text may promise a call."""
        now = None if at is None else "open" if self.is_open(at) else "closed"
        people = [
            person
            for person in self.on_call
            if disposition in person.dispositions and (now is None or person.hours in ("always", now))
        ]
        return sorted(people, key=lambda person: person.after_minutes)

    def fill(self, text: str, sms: bool = False) -> str:
        """A text with {clinic} and {phone} filled in; the short name on SMS."""
        return text.replace("{clinic}", self.sms_name if sms else self.name).replace("{phone}", self.phone)


def load(path: Path | None = None) -> Clinic:
    """Load a clinic file (default: the project's own).

    Raises:
        ProtocolError: with file, line, field and fix for each mistake.
    """
    return _load(Path(path or PATH).resolve())


@lru_cache(maxsize=8)
def _load(path: Path) -> Clinic:
    data = read(path)
    try:
        return Clinic.parse_obj(data)
    except ValidationError as error:
        raise ProtocolError(explain(error, Clinic, path, ())) from error


load.cache_clear = _load.cache_clear  # type: ignore[attr-defined]
