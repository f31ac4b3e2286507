"""What stands before every page of the desk: sign-in, the token of posts, security headers, kind errors."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from intake.desk.sessions import Session, Sessions

log = logging.getLogger("intake.desk")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SESSION: web.RequestKey[Session | None] = web.RequestKey("session", Session)  # None when nobody is signed in
OPEN_PATHS = {"/login", "/health", "/style.css"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
                               "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def middlewares(sessions: Sessions, cookie: str, error_page: Callable[[web.Request, int], web.Response]) -> list[Any]:
    """The desk's middlewares, outermost first."""

    @web.middleware
    async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers.update(HEADERS)
        return response

    @web.middleware
    async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
        """A page instead of a stack trace; the log names the kind of error only, never what was in it."""
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return error_page(request, error.status)
        except SQLAlchemyError as error:
            log.error("the database does not answer (%s)", type(error).__name__)
            return error_page(request, 503)
        except Exception as error:
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
            log.error("%s at %s", type(error).__name__, place)
            return error_page(request, 500)

    @web.middleware
    async def signed_in(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Everything but the sign-in page needs a session; every post needs its token and our own origin."""
        session = sessions.check(request.cookies.get(cookie))
        request[SESSION] = session
        if request.method not in ("GET", "HEAD") and not _own_origin(request):
            raise web.HTTPForbidden
        if request.path in OPEN_PATHS:
            return await handler(request)
        if session is None:
            raise web.HTTPSeeOther("/login")
        if request.method not in ("GET", "HEAD") and not await _has_token(request, session):
            raise web.HTTPForbidden
        return await handler(request)

    async def redirects(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Redirects are raised; as responses they get the headers, too."""
        try:
            return await handler(request)
        except web.HTTPRedirection as redirect:
            return web.Response(status=redirect.status, headers={"Location": redirect.headers["Location"]})

    return [headers, web.middleware(redirects), errors, signed_in]


def _own_origin(request: web.Request) -> bool:
    """Whether a post comes from one of our pages. Browsers say so; what says nothing has no cookie to abuse."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin.rpartition("//")[2] == request.host


async def _has_token(request: web.Request, session: Session) -> bool:
    token = (await request.post()).get("csrf")
    return isinstance(token, str) and hmac.compare_digest(token.encode(), session.csrf.encode())
