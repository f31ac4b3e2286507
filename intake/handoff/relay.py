"""Delivers hand-offs to people until somebody accepts: `python -m intake.handoff.relay`.

Each due delivery is leased in one transaction, sent outside of any, and written off in a second one that also plans the
next step. A relay that dies in between leaves the lease to run out, and the page goes out once more: at least once.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from intake.handoff import sla
from intake.handoff.pagers import FilePager, Page, Pager, WebhookPager
from intake.handoff.raising import UNDELIVERED
from intake.handoff.render import pager_text
from intake.protocol.clinic import Clinic
from intake.protocol.clinic import load as load_clinic
from intake.protocol.load import load as load_protocol
from intake.protocol.model import Disposition
from intake.protocol.source import ProtocolError
from intake.settings import Settings, SettingsError
from intake.store import Store, audit, open_store
from intake.store.models import Delivery, Handoff
from intake.store.types import utc_now

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # longer than any pager may take
POLL_SECONDS = 1.0
LONGEST_RETRY = {True: timedelta(seconds=60), False: timedelta(minutes=5)}  # by "is an emergency"
CATCH_UP = timedelta(minutes=1)  # between steps when the relay was down and several are overdue
OPEN = ("raised", "delivered", "seen")


@dataclass(frozen=True)
class Job:
    """One leased delivery."""

    delivery_id: int
    handoff_id: str
    page: Page


class Relay:
    """Works off deliveries. Several relays may run beside each other on one database."""

    def __init__(
        self,
        store: Store,
        clinic: Clinic,
        pager: Pager,
        desk_url: str,
        infos: Mapping[Disposition, Any] | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.store, self.clinic, self.pager, self.desk_url = store, clinic, pager, desk_url
        self.infos, self.clock = infos, clock

    def run_once(self) -> int:
        """Send everything that is due, most urgent first; give back how many pages went out."""
        sent = 0
        self._restore()
        while (job := self._lease()) is not None:
            try:
                self.pager.send(job.page)
            except Exception as error:  # whatever a pager does, the page stays due
                log.warning("page %s did not go out (%s)", job.page.key, type(error).__name__)
                self._failed(job)
            else:
                self._sent(job)
                sent += 1
        return sent

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; a database that does not answer is tried again."""
        while not stop.is_set():
            try:
                self.run_once()
            except SQLAlchemyError as error:
                log.error("the database does not answer (%s); trying again", type(error).__name__)
            stop.wait(POLL_SECONDS)

    def _restore(self) -> None:
        """Give a delivery to every open hand-off that has none waiting, whatever the reason."""
        paged = [level.rank for level in Disposition if sla.is_paged(self.clinic, level)]
        waiting = select(Delivery.id).where(
            Delivery.handoff_id == Handoff.id, Delivery.round == Handoff.round,
            Delivery.sent_at.is_(None), Delivery.dropped_at.is_(None),
        )
        query = select(Handoff.id).where(Handoff.state.in_(OPEN), Handoff.urgency.in_(paged), ~waiting.exists())
        with self.store.reading() as session:
            stranded = session.scalars(query).all()
        for handoff_id in stranded:
            with self.store.transaction() as session:
                row = session.get(Handoff, handoff_id, with_for_update=True)
                if session.scalar(query.where(Handoff.id == handoff_id)):  # no other relay has done it meanwhile
                    self._plan(session, row, self.clock())

    def _lease(self) -> Job | None:
        """Take the most urgent due delivery; None when nothing is due."""
        now = self.clock()
        query = (
            select(Delivery, Handoff).join(Handoff, Delivery.handoff_id == Handoff.id)
            .where(
                Delivery.sent_at.is_(None), Delivery.dropped_at.is_(None), Delivery.due_at <= now,
                or_(Delivery.lease_until.is_(None), Delivery.lease_until <= now),
            )
            .order_by(Handoff.urgency, Delivery.due_at, Delivery.id).limit(1)
            .with_for_update(skip_locked=True, of=Delivery)
        )
        while True:
            with self.store.transaction() as session:
                found = session.execute(query).first()
                if found is None:
                    return None
                job = self._prepare(session, found[0], found[1], now)
            if job is not None:
                return job

    def _prepare(self, session: Session, delivery: Delivery, handoff: Handoff, now: datetime) -> Job | None:
        """Fill in the recipient and the lease; None when the delivery is no longer wanted or has to wait."""
        level = sla.level_of(handoff.urgency)
        if handoff.state not in OPEN or delivery.round != handoff.round:
            delivery.dropped_at = now
            return None
        last, failed = self._paged_last(session, handoff), level.is_emergency and delivery.attempt > 0
        person = sla.person_for(self.clinic, level, handoff.urgent_since, now, last, everybody=failed)
        if person is None:
            self._nobody(delivery, handoff, level, now)
            return None
        delivery.recipient, delivery.lease_until = sla.address(person), now + LEASE
        delivery.attempt += 1
        info = (self.infos or {}).get(level)
        text = pager_text(
            info.label if info else level.value.replace("_", " "), self.clinic.name, handoff.urgent_since,
            self.clinic.timezone, f"{self.desk_url}/handoffs/{handoff.id}", delivery.step,
            handoff.packet.get("initials"), UNDELIVERED in handoff.rule_ids,
        )
        page = Page(f"{handoff.id}.{handoff.round}.{delivery.step}", person.name, person.phone, person.email, text, now)
        return Job(delivery.id, handoff.id, page)

    def _nobody(self, delivery: Delivery, handoff: Handoff, level: Disposition, now: datetime) -> None:
        """Nobody is on call at this moment: look again soon, or leave it to the desk when nobody is ever paged."""
        if not sla.is_paged(self.clinic, level):
            delivery.dropped_at = now
            return
        log.warning("nobody is on call for hand-off %s at this moment", handoff.id)
        soon = now + timedelta(minutes=1)
        delivery.due_at = soon if level.is_emergency else sla.next_open(self.clinic, soon)

    def _paged_last(self, session: Session, handoff: Handoff) -> str | None:
        query = select(Delivery.recipient).where(
            Delivery.handoff_id == handoff.id, Delivery.round == handoff.round, Delivery.recipient.is_not(None)
        )
        recipient: str | None = session.scalars(query.order_by(Delivery.step.desc()).limit(1)).first()
        return recipient

    def _sent(self, job: Job) -> None:
        """Write the delivery off and plan the next step, in one transaction."""
        now = self.clock()
        with self.store.transaction() as session:
            handoff = session.get(Handoff, job.handoff_id, with_for_update=True)
            done = update(Delivery).where(Delivery.id == job.delivery_id, Delivery.sent_at.is_(None))
            session.execute(done.values(sent_at=now, lease_until=None))
            audit.record(session, now, "relay", "handoff.paged", f"handoff:{handoff.id}", page=job.page.key,
                         recipient=f"{job.page.name}, {job.page.phone}")
            if handoff.state not in OPEN:
                return
            if handoff.state == "raised":
                handoff.state, handoff.delivered_at = "delivered", now
            self._plan(session, handoff, now)

    def _failed(self, job: Job) -> None:
        """Try again soon; the next try goes to the next person on call, if there is one (`person_for`)."""
        now = self.clock()
        with self.store.transaction() as session:
            delivery = session.get(Delivery, job.delivery_id)
            urgency = session.get(Handoff, job.handoff_id).urgency
            wait = timedelta(seconds=2 ** min(delivery.attempt, 10))
            delivery.due_at = now + min(wait, LONGEST_RETRY[sla.level_of(urgency).is_emergency])
            delivery.lease_until = None

    def _plan(self, session: Session, handoff: Handoff, now: datetime) -> None:
        """Plan the step after the last one of this round."""
        query = select(func.max(Delivery.step)).where(
            Delivery.handoff_id == handoff.id, Delivery.round == handoff.round
        )
        last = session.scalar(query)
        step = 0 if last is None else last + 1
        level = sla.level_of(handoff.urgency)
        planned = sla.due(level, step, handoff.urgent_since, self.clinic, sla.sla_of(level, self.infos))
        due_at = max(planned, now + CATCH_UP) if step else now
        session.add(Delivery(handoff_id=handoff.id, round=handoff.round, step=step, attempt=0, due_at=due_at))


def main() -> None:
    """Entry point of the relay process."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        settings = Settings.from_env()
        clinic = load_clinic()
    except (SettingsError, ProtocolError) as error:
        sys.exit(f"relay: {error}")
    if settings.pager_url:
        pager: Pager = WebhookPager(settings.pager_url, settings.secret)
    elif settings.demo:
        pager = FilePager(settings.var / "pages.log")
    else:
        sys.exit("relay: PAGER_URL is missing: set it to where pages to people on call are posted (https://...).")
    relay = Relay(_open(settings.database_url), clinic, pager, settings.desk_url, _infos())
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    log.info("relay is running; pages go to %s", "the webhook" if settings.pager_url else settings.var / "pages.log")
    relay.run(stop)


def _open(url: str) -> Store:
    """Open the store; wait for a database that is not up yet."""
    while True:
        try:
            return open_store(url)
        except OperationalError as error:
            log.error("the database does not answer (%s); trying again", type(error).__name__)
            time.sleep(POLL_SECONDS)


def _infos() -> Mapping[Disposition, Any] | None:
    """Times to acknowledge from the protocol; pages go out by the built-in ones when it has mistakes."""
    try:
        return load_protocol().dispositions
    except ProtocolError:
        log.error("protocol/ has mistakes (make protocol lists them); built-in times are used")
        return None


if __name__ == "__main__":
    main()
