"""The desk as an aiohttp application. Everything that blocks runs in a thread; no script runs in the browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import UndefinedError
from sqlalchemy.exc import SQLAlchemyError

from intake.desk import guard, views
from intake.desk.sessions import LENGTH, NAME_LENGTH, Brake, Session, Sessions, same
from intake.handoff import acknowledge
from intake.handoff.render import environment, page
from intake.protocol.clinic import Clinic
from intake.protocol.load import Protocol
from intake.settings import Settings
from intake.store import Store
from intake.store.types import utc_now

FOLDER = Path(__file__).resolve().parent
STYLE = (FOLDER / "static" / "style.css").read_text(encoding="utf-8")
REFRESH_SECONDS = 15
BODY_BYTES = 8192
ERRORS = {
    400: "That request cannot be understood.",
    403: "This page had expired. Go back, reload it and try again.",
    404: "There is nothing here.",
    503: "The database does not answer. New hand-offs are kept and will appear when it does. Until then watch the "
         "pager and the clinic's phone.",
}
Result = TypeVar("Result")


class Desk:
    """The handlers and what they need.

    `protocol` is None when it could not be loaded: staff must still see what has been handed off.
    """

    def __init__(
        self, settings: Settings, store: Store, clinic: Clinic, protocol: Protocol | None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings, self.store, self.clinic, self.protocol, self.clock = settings, store, clinic, protocol, clock
        self.zone = ZoneInfo(clinic.timezone)
        self.sessions, self.brake = Sessions(settings.secret, clock), Brake(clock)
        self.cookie = "desk" if settings.demo else "__Host-desk"  # the prefix needs TLS
        self.templates = environment(FOLDER / "templates")

    def application(self) -> web.Application:
        """The application with all routes."""
        middlewares = guard.middlewares(self.sessions, self.cookie, self.error_page)
        app = web.Application(middlewares=middlewares, client_max_size=BODY_BYTES)
        app.add_routes([
            web.get("/", self.handoffs),
            web.get("/handoffs/{id}", self.handoff),
            web.post("/handoffs/{id}/accept", self.accept),
            web.post("/handoffs/{id}/close", self.close),
            web.get("/week", self.week),
            web.get("/login", self.login_page),
            web.post("/login", self.login),
            web.post("/logout", self.logout),
            web.get("/style.css", self.style),
            web.get("/health", self.health),
        ])
        return app

    def render(self, request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page with the banners that every page carries."""
        rules = self.protocol.rules.values() if self.protocol else ()
        unsigned = [rule.id for rule in rules if not rule.signed_by]
        text = self.templates.get_template(template).render(
            clinic=self.clinic, session=request.get(guard.SESSION), demo=self.settings.demo or self.clinic.demo,
            protocol=self.protocol, unsigned=unsigned, tz=self.clinic.timezone, now=self.clock(), **values,
        )
        return web.Response(text=text, status=status, content_type="text/html")

    def error_page(self, request: web.Request, status: int) -> web.Response:
        """A kind page for an error."""
        message = ERRORS.get(status, "Something went wrong here. Please try again.")
        return self.render(request, "error.html", status, message=message)

    async def read(self, work: Callable[..., Result], *args: Any) -> Result:
        """Run `work(session, *args)` in a thread; it only reads."""
        def run() -> Result:
            with self.store.reading() as session:
                return work(session, *args)
        return await asyncio.to_thread(run)

    async def write(self, work: Callable[..., Result], *args: Any) -> Result:
        """Run `work(session, *args)` in a transaction of its own, in a thread."""
        def run() -> Result:
            with self.store.transaction() as session:
                return work(session, *args)
        return await asyncio.to_thread(run)

    def _session(self, request: web.Request) -> Session:
        """Who asks; the guard lets nobody else through."""
        session: Session | None = request[guard.SESSION]
        if session is None:
            raise web.HTTPForbidden
        return session

    async def handoffs(self, request: web.Request) -> web.Response:
        """All open hand-offs, most urgent first."""
        rows, late = await self.read(views.open_list, self.clinic, self.protocol, self.clock())
        refresh = None if "still" in request.query else REFRESH_SECONDS
        return self.render(request, "handoffs.html", rows=rows, paging_late=late, refresh=refresh)

    async def handoff(self, request: web.Request) -> web.Response:
        """One packet; opening it counts as seen."""
        handoff_id, who = request.match_info["id"], self._session(request).name
        try:
            await self.write(acknowledge.see, handoff_id, who, self.clock())
        except SQLAlchemyError as error:  # a disk that is full must not hide the packet
            guard.log.error("could not note that a packet was opened (%s)", type(error).__name__)
        case = await self.read(views.case, handoff_id, self.clock(), self.settings.secret)
        if case is None:
            raise web.HTTPNotFound
        try:
            packet = page(case.handoff.packet, self.clinic.timezone)
        except (UndefinedError, KeyError, TypeError):  # a packet of another version: staff must see it all the same
            packet = None
        return self.render(request, "handoff.html", case=case, packet=packet, reasons=views.REASONS)

    async def accept(self, request: web.Request) -> web.Response:
        """Take the case."""
        return await self._act(request, acknowledge.accept)

    async def close(self, request: web.Request) -> web.Response:
        """End the case."""
        return await self._act(request, acknowledge.close)

    async def _act(self, request: web.Request, act: Callable[..., Any]) -> web.Response:
        handoff_id, number = request.match_info["id"], (await request.post()).get("round", "")
        if not isinstance(number, str) or not number.isdecimal():
            raise web.HTTPBadRequest
        row = await self.write(act, handoff_id, self._session(request).name, self.clock(), int(number))
        if row is None:
            raise web.HTTPNotFound
        raise web.HTTPSeeOther("/" if row.state == "closed" else f"/handoffs/{row.id}")

    async def week(self, request: web.Request) -> web.Response:
        """The booked appointments of one week; `start` is any day of it."""
        try:
            today = self.clock().astimezone(self.zone).date()
            day = date.fromisoformat(request.query["start"]) if "start" in request.query else today
            monday = day - timedelta(days=day.weekday())
            first, last = (self._midnight(monday + timedelta(days=number)) for number in (0, 7))
            before, after = monday - timedelta(days=7), monday + timedelta(days=7)
        except (ValueError, OverflowError) as error:
            raise web.HTTPBadRequest from error
        days = await self.read(views.week, self.clinic, monday, first, last)
        return self.render(request, "week.html", days=days, monday=monday, before=before, after=after)

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(timezone.utc)

    async def login_page(self, request: web.Request) -> web.Response:
        """The sign-in form."""
        if request[guard.SESSION] is not None:
            raise web.HTTPSeeOther("/")
        return self.render(request, "login.html", problem=None)

    async def login(self, request: web.Request) -> web.Response:
        """Check the password; the name goes into the audit list."""
        form, address = await request.post(), request.remote or "?"
        name, password = (str(form.get(field, "")).strip() for field in ("name", "password"))
        if self.brake.blocked(address):
            return self.render(request, "login.html", 429, problem="Too many tries. Wait a minute and try again.")
        if not same(password, self.settings.desk_password):
            self.brake.wrong(address)
            return self.render(request, "login.html", 401, problem="That password is not right.")
        if not name or len(name) > NAME_LENGTH or not name.isprintable():
            return self.render(request, "login.html", 400, problem="Please enter your name.")
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(
            self.cookie, self.sessions.start(name).token, max_age=int(LENGTH.total_seconds()), path="/",
            httponly=True, samesite="Strict", secure=not self.settings.demo,
        )
        return response

    async def logout(self, request: web.Request) -> web.Response:
        """Sign out."""
        self.sessions.end(self._session(request))
        response = web.Response(status=303, headers={"Location": "/login"})
        response.del_cookie(self.cookie, path="/", secure=not self.settings.demo, httponly=True, samesite="Strict")
        return response

    async def style(self, request: web.Request) -> web.Response:
        """The one style sheet."""
        return web.Response(text=STYLE, content_type="text/css")

    async def health(self, request: web.Request) -> web.Response:
        """200 when the desk and its database answer."""
        try:
            await asyncio.to_thread(self.store.ping)
        except Exception as error:
            guard.log.error("the database does not answer (%s)", type(error).__name__)
            return web.json_response({"status": "database down"}, status=503)
        return web.json_response({"status": "ok"})
