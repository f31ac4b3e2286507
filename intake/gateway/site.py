"""Static files: the widget that clinics load, and the demo clinic's page with the widget on it.

Both come with the strictest headers that a clinic's own page may have, so that the demo proves them.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake.protocol.clinic import WEEKDAYS

HERE = Path(__file__).resolve().parent
PAGE, WIDGET = HERE / "page", HERE / "widget"
TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)
# A version of the widget never changes, and every page may load it: it holds nothing of a clinic or a patient.
FOR_EVERYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=31536000, immutable",
}


def newest(folder: Path = WIDGET) -> Path:
    """The widget's file with the highest version: `intake-chat-1.10.0.js` comes after `intake-chat-1.9.0.js`."""
    return max(folder.glob("intake-chat-*.js"), key=lambda path: [int(part) for part in path.stem[12:].split(".")])


def integrity(path: Path) -> str:
    """The value of a script tag's `integrity` attribute: the browser refuses a file that is not this one."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


class Site:
    """Serves the demo page, filled in from clinic.yml, and every version of the widget."""

    def __init__(self, clinic: Any, demo: bool) -> None:
        pages = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined)
        widget = newest()
        page = pages.get_template("index.html").render(
            clinic=clinic, days=WEEKDAYS, demo=demo, widget=widget.name, integrity=integrity(widget)
        )
        self._files = {"/": ("text/html", page, {"Content-Security-Policy": POLICY})}
        for path in PAGE.iterdir():
            if path.suffix in TYPES:
                self._files[f"/page/{path.name}"] = (TYPES[path.suffix], path.read_text(encoding="utf-8"), {})
        for path in WIDGET.glob("*.js"):
            self._files[f"/widget/{path.name}"] = ("text/javascript", path.read_text(encoding="utf-8"), FOR_EVERYBODY)

    def routes(self) -> list[web.RouteDef]:
        """The page, its files and the widget."""
        return [web.get(path, self._serve) for path in self._files]

    async def _serve(self, request: web.Request) -> web.Response:
        kind, text, headers = self._files[request.path]
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)
