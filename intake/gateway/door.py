"""What every request passes: origin check, security headers, errors that neither show nor log anything of a patient."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from intake.gateway import fallback, log
from intake.gateway.metrics import Metrics

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Problem(Exception):
    """A request that is refused: status, a short code, and a text for the patient."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text


class Door:
    """Decides which web pages may talk to the gateway.

    Args:
        origins: allowed origins such as `https://clinic.example`.
    """

    def __init__(self, origins: frozenset[str], metrics: Metrics) -> None:
        self._origins, self._metrics = origins, metrics

    def origin(self, request: web.Request, *, required: bool) -> str | None:
        """The origin that the browser names; raises `Problem` when it is not on the list.

        Browsers name none in a GET request to the page's own server; another page cannot read the answer to such a one.
        """
        origin = request.headers.get("Origin")
        if origin is None and not required:
            return None
        if origin not in self._origins:
            self._metrics.count("refused", "origin")
            raise Problem(403, "foreign_origin", "This page may not use the clinic's chat.")
        return origin

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn problems into answers and put the headers on."""
        try:
            response = await handler(request)
        except Problem as problem:
            response = web.json_response({"error": problem.code, "text": problem.text}, status=problem.status)
        except web.HTTPException as error:
            response = web.json_response({"error": error.reason}, status=error.status)
        except Exception as error:  # noqa: BLE001 - its message may quote a patient
            log.failure("request.failed", error)
            text = f"Something went wrong on our side. Please call {fallback.PHONE}. Emergency? Call 911."
            response = web.json_response({"error": "failed", "text": text}, status=500)
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            response.headers.setdefault("Cache-Control", "no-store")
            origin = request.headers.get("Origin")
            if origin in self._origins:
                response.headers["Access-Control-Allow-Origin"] = str(origin)
            response.headers["Vary"] = "Origin"
        return response


def number(text: str) -> int:
    """A `seq` from a client."""
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Problem(400, "malformed", "after must be a number.")
    return int(text)
