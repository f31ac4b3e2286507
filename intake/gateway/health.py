"""For whoever watches the gateway: is it up, can it work, how much does it do. Nothing here is about a patient."""

from __future__ import annotations

import asyncio

from aiohttp import web

from intake.gateway.guard import Guard
from intake.gateway.keeper import Keeper
from intake.gateway.metrics import Metrics
from intake.gateway.rasa import Rasa


class Health:
    """`/health` (the process answers), `/ready` (and everything behind it), `/metrics`."""

    def __init__(self, guard: Guard, keeper: Keeper, rasa: Rasa, metrics: Metrics) -> None:
        self._guard, self._keeper, self._rasa, self._metrics = guard, keeper, rasa, metrics

    def routes(self) -> list[web.RouteDef]:
        """Three routes."""
        return [web.get("/health", self.health), web.get("/ready", self.ready), web.get("/metrics", self.metrics)]

    async def health(self, request: web.Request) -> web.Response:
        """Say that the process answers."""
        return web.json_response({"status": "up"})

    async def ready(self, request: web.Request) -> web.Response:
        """Say which parts work; 503 when one does not. Patients get advice either way."""
        store, rasa = await asyncio.gather(self._store(), self._rasa.ready())
        parts = {"reader": self._guard.complete, "store": store, "rasa": rasa, "spool": self._keeper.waiting == 0}
        return web.json_response(parts, status=200 if all(parts.values()) else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """Counters for Prometheus."""
        return web.Response(
            text=self._metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def _store(self) -> bool:
        try:
            await self._keeper.read(lambda store: store.ping(), 1.0, urgent=True)
            return True
        except Exception:  # noqa: BLE001 - whatever it is, the store does not work
            return False
