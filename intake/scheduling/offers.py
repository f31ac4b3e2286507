"""Which appointments can be offered to a patient, worked out when asked, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intake.protocol.clinic import Clinic, Clinician, VisitType
from intake.protocol.model import Disposition
from intake.scheduling.hours import starts
from intake.scheduling.wish import Wish
from intake.store.models import Appointment

Taken = dict[str, list[tuple[datetime, datetime]]]  # by clinician

LEAD = timedelta(hours=2)  # nobody is offered a visit that starts sooner [P]
# Latest start after now. Source: 2.0 (U3, U7, U14; R is two to six weeks). The levels above are called
# back: a red flag never gets a time to choose.
WINDOWS = {
    Disposition.within_3_days: timedelta(days=3),
    Disposition.within_7_days: timedelta(days=7),
    Disposition.within_14_days: timedelta(days=14),
    Disposition.routine: timedelta(days=42),
    Disposition.self_care: timedelta(days=42),
}


@dataclass(frozen=True)
class Offer:
    """One free time of one clinician for one kind of visit."""

    clinician: str  # id in clinic.yml
    clinician_name: str
    kind: str  # visit type id in clinic.yml
    kind_label: str
    mode: str  # in_person | video
    starts_at: datetime  # UTC
    ends_at: datetime  # UTC
    tz: str  # IANA name

    @property
    def local_start(self) -> datetime:
        """The start on the clinic's clock, aware."""
        return self.starts_at.astimezone(ZoneInfo(self.tz))

    @property
    def key(self) -> str:
        """A text that `offer_for` turns back into the offer; holds no patient data."""
        return offer_key(self.starts_at, self.clinician, self.kind)

    @property
    def label(self) -> str:
        """How the offer reads in a list: "Tue, Dec 1, 9:20 AM EST, Dr. Ana Rivera, video"."""
        return f"{moment(self.starts_at, self.tz)}, {self.clinician_name}{', video' if self.mode == 'video' else ''}"


def offer_key(starts_at: datetime, clinician: str, kind: str) -> str:
    """`Offer.key` from its parts; `starts_at` in UTC."""
    return f"{starts_at:%Y%m%dT%H%MZ}.{clinician}.{kind}"


def moment(at: datetime, tz: str) -> str:
    """A time as a patient reads it, always with the zone: "Tue, Dec 1, 9:20 AM EST"."""
    local = at.astimezone(ZoneInfo(tz))
    return f"{local:%a, %b} {local.day}, {local.hour % 12 or 12}:{local:%M %p %Z}"


def window(disposition: Disposition | None) -> timedelta | None:
    """How far ahead visits are offered at a disposition; None: no visit to choose, a person calls."""
    return WINDOWS.get(disposition) if disposition else None


def offers(
    session: Session,
    clinic: Clinic,
    now: datetime,
    disposition: Disposition,
    kind: str | None = None,
    wish: Wish | None = None,
    limit: int = 3,
) -> list[Offer]:
    """Free times within the disposition's window that fit the wish, in order, spread over days and half-days.

    `kind` is a visit type id; None = any kind that the wish's mode allows, first visits first. When nothing fits the
    `wish` the list is empty, and the caller asks again without it. At most `limit` offers; none at a disposition that
    is called back.
    """
    ahead = window(disposition)
    if ahead is None:
        return []
    return _spread(_free(session, clinic, now, now + ahead, kind, wish or Wish()), limit)


def alternatives(
    session: Session, clinic: Clinic, now: datetime, disposition: Disposition, wanted: Offer | None,
    kind: str | None = None,
) -> tuple[Offer, ...]:
    """Three free times for somebody who could not get `wanted`; `wanted` itself comes first when it is free by now."""
    found = offers(session, clinic, now, disposition, wanted.kind if wanted else kind)
    if wanted is not None and wanted.starts_at > now and not _overlaps(wanted, _taken(session, now, wanted.ends_at)):
        found = [wanted, *(offer for offer in found if offer != wanted)]
    return tuple(found[:3])


def _free(
    session: Session, clinic: Clinic, now: datetime, last: datetime, kind: str | None, wish: Wish
) -> Iterator[Offer]:
    taken = _taken(session, now, last + timedelta(days=1))
    earliest = None
    # At the same time the clinician with fewer appointments comes first.
    clinicians = sorted(clinic.clinicians, key=lambda each: len(taken.get(each.id, ())))
    visits = [(each, visit) for each in clinicians if (visit := _visit(each, kind, wish.mode))]
    lines = [_line(clinic, each, visit, now + LEAD, last) for each, visit in visits]
    for offer in merge(*lines, key=lambda offer: offer.starts_at):
        if offer.starts_at != earliest and wish.fits(offer) and not _overlaps(offer, taken):
            earliest = offer.starts_at  # one clinician for each time is enough
            yield offer


def _overlaps(offer: Offer, taken: Taken) -> bool:
    return any(begin < offer.ends_at and offer.starts_at < end for begin, end in taken.get(offer.clinician, ()))


def _line(
    clinic: Clinic, clinician: Clinician, visit: VisitType, first: datetime, last: datetime
) -> Iterator[Offer]:
    for at in starts(clinic, visit.minutes, first, last):
        yield _offer(clinic, clinician, visit, at)


def _visit(clinician: Clinician, kind: str | None, mode: str | None) -> VisitType | None:
    """The first visit type of a clinician that fits; a wish for video finds the video visit whatever the kind."""
    fitting = [visit for visit in clinician.visits if mode in (None, visit.kind)]
    named = [visit for visit in fitting if visit.id == kind]
    return next(iter(named or (fitting if kind is None or mode else [])), None)


def _offer(clinic: Clinic, clinician: Clinician, visit: VisitType, at: datetime) -> Offer:
    return Offer(
        clinician.id, clinician.name, visit.id, visit.label, visit.kind,
        at, at + timedelta(minutes=visit.minutes), clinic.timezone,
    )


def _taken(session: Session, now: datetime, last: datetime) -> Taken:
    """Booked and held times by clinician; a hold that has run out counts as free."""
    query = select(Appointment.clinician, Appointment.starts_at, Appointment.ends_at).where(
        Appointment.ends_at > now,
        Appointment.starts_at < last,
        or_(
            Appointment.status == "booked",
            (Appointment.status == "held") & (Appointment.hold_expires_at > now),
        ),
    )
    taken: Taken = {}
    for clinician, begin, end in session.execute(query):
        taken.setdefault(clinician, []).append((begin, end))
    return taken


def _spread(candidates: Iterable[Offer], limit: int) -> list[Offer]:
    """The first time of each half-day until there are enough; filled up with the earliest others."""
    chosen: list[Offer] = []
    others: list[Offer] = []
    half_days = set()
    for offer in candidates:
        half_day = (offer.local_start.date(), offer.local_start.hour < 12)
        (others if half_day in half_days else chosen).append(offer)
        half_days.add(half_day)
        if len(chosen) == limit:
            break
    return sorted((chosen + others)[:limit], key=lambda offer: offer.starts_at)


def offer_for(clinic: Clinic, key: str, now: datetime) -> Offer | None:
    """The offer behind a key that came back from a client; None when it could not have been offered."""
    begin, _, rest = key.partition(".")
    clinician_id, _, kind = rest.partition(".")
    try:
        at = datetime.strptime(begin + "+0000", "%Y%m%dT%H%MZ%z")
    except ValueError:
        return None
    if not now < at <= now + max(WINDOWS.values()):
        return None
    for clinician in clinic.clinicians:
        for visit in clinician.visits:
            named = (clinician.id, visit.id) == (clinician_id, kind)
            if named and at in starts(clinic, visit.minutes, at, at):
                return _offer(clinic, clinician, visit, at)
    return None

