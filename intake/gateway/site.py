"""The demo clinic's page with the chat on it: static files under a strict content security policy."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

PAGE = Path(__file__).resolve().parent / "page"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class Site:
    """Serves the page with the clinic's name and phone filled in."""

    def __init__(self, clinic: Any, demo: bool) -> None:
        values = {
            "clinic": clinic.name if clinic else "The clinic",
            "phone": clinic.phone if clinic else "",
            "address": clinic.address if clinic else "",
            "demo": "" if demo else "hidden",
        }
        page = (PAGE / "index.html").read_text(encoding="utf-8")
        for name, value in values.items():
            page = page.replace("{{" + name + "}}", escape(value))
        self._files = {"/": ("text/html", page)}
        for path in PAGE.iterdir():
            if path.suffix in TYPES:
                self._files[f"/page/{path.name}"] = (TYPES[path.suffix], path.read_text(encoding="utf-8"))

    def routes(self) -> list[web.RouteDef]:
        """The page and its files."""
        return [web.get(path, self._serve) for path in self._files]

    async def _serve(self, request: web.Request) -> web.Response:
        kind, text = self._files[request.path]
        return web.Response(text=text, content_type=kind, charset="utf-8", headers={"Content-Security-Policy": POLICY})
