"""Puts the gateway together and runs it."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from intake.gateway import log
from intake.gateway.arrivals import Arrivals
from intake.gateway.door import Door
from intake.gateway.guard import Guard
from intake.gateway.handover import HandOver
from intake.gateway.health import Health
from intake.gateway.keeper import Keeper
from intake.gateway.limits import LARGEST_READ
from intake.gateway.metrics import Metrics
from intake.gateway.nudge import Nudges
from intake.gateway.options import Options
from intake.gateway.outbound import Outbound
from intake.gateway.present import Presenter
from intake.gateway.providers import Provider
from intake.gateway.providers.kannel import Kannel
from intake.gateway.providers.twilio import Twilio
from intake.gateway.queue import Queue
from intake.gateway.rasa import Rasa
from intake.gateway.receipts import Receipts
from intake.gateway.site import Site
from intake.gateway.sms import Sms
from intake.gateway.socket import Socket
from intake.gateway.state import Registry
from intake.gateway.text import LONGEST, no_payload
from intake.gateway.tokens import Tokens
from intake.gateway.web import WebChat
from intake.settings import Settings, SettingsError
from intake.store import Store, open_store
from intake.store.spool import Spool
from intake.store.turn import Turn

SHUTDOWN_SECONDS = 5.0
STAND_BY_SECONDS = 0.5
SWITCH_SECONDS = 0.0005  # between threads: among busy ones the event loop would else wait 5 ms for each of its steps
RECOVERY_SECONDS = 3.0  # new messages come after what a crash left behind, but do not wait longer for a slow store
PARTS: web.AppKey[dict[str, Any]] = web.AppKey("parts", dict)


@dataclass
class Parts:
    """What the gateway is made of; tests put in their own.

    Without protocol or reader the guard has only its keywords, and the gateway still runs.
    """

    protocol: Any
    reader: Any
    clinic: Any
    open_store: Callable[[], Store]
    spool: Spool
    timing: dict[str, Any] = field(default_factory=dict)  # keyword arguments for `Queue` and `Keeper`, by class name


def parts(settings: Settings) -> Parts:
    """The real parts. A protocol that cannot be loaded is reported, and the guard falls back to its keywords."""
    from intake.language.reader import Reader
    from intake.protocol import clinic as clinics
    from intake.protocol.load import load

    protocol = reader = clinic = None
    try:
        clinic = clinics.load()
        protocol = load()
        reader = Reader(protocol)
    except Exception as error:  # noqa: BLE001
        log.failure("protocol.unusable", error)
    settings.var.mkdir(parents=True, exist_ok=True)
    return Parts(protocol, reader, clinic, lambda: open_store(settings.database_url), Spool(settings.var / "spool"))


def build(settings: Settings, options: Options, made_of: Parts) -> web.Application:
    """The aiohttp application."""
    metrics = Metrics()
    tokens, registry, door = Tokens(settings.secret), Registry(), Door(options.origins, metrics)
    guard = Guard(made_of.protocol, made_of.reader, made_of.clinic)
    keeper = Keeper(made_of.open_store, made_of.spool, metrics, idle=guard.idle, **made_of.timing.get("Keeper", {}))
    presenter = Presenter(made_of.protocol, made_of.clinic, tokens)
    metrics.gauge("spool_entries", "Entries that wait in the spool for the store.", lambda: keeper.waiting)
    metrics.gauge(
        "pending_messages",
        "Messages that Rasa has not answered yet.",
        lambda: sum(len(each.pending) for each in registry),
    )
    rasa = Rasa(settings.rasa_url, **made_of.timing.get("Rasa", {}))
    queue = Queue(guard, keeper, rasa, presenter, metrics, **made_of.timing.get("Queue", {}))
    socket = Socket(queue, registry, tokens, presenter, door)

    async def run(app: web.Application) -> AsyncIterator[None]:
        log.quiet_loop(asyncio.get_running_loop())
        await rasa.open()
        await outbound.open()
        recovered = asyncio.Event()
        beside = [
            asyncio.create_task(_beside(queue, keeper, registry, sms, queue.now(), recovered)),
            asyncio.create_task(nudges.run_for_ever()),
        ]
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(recovered.wait(), RECOVERY_SECONDS)
        yield
        for task in beside:
            task.cancel()
        await sms.close()
        await socket.close()
        await queue.close()
        await outbound.close()
        await receipts.close()
        await rasa.close()
        keeper.close()

    outbound = Outbound(keeper, metrics, settings.secret, **made_of.timing.get("Outbound", {}))
    found = providers(options, f"http://127.0.0.1:{settings.gateway_port}")
    number = options.sms_number if found else None
    chat = WebChat(
        queue, registry, tokens, presenter, made_of.protocol, door, metrics, texting=number is not None
    )
    hand_over = HandOver(queue, keeper, tokens, door, presenter, settings.secret, metrics, number)
    arrivals = Arrivals(Spool(settings.var / "arrivals"), settings.secret)
    sms = Sms(queue, keeper, registry, outbound, hand_over, arrivals, found, settings.secret, metrics)
    nudges = Nudges(queue, keeper, registry, guard, sms, settings.secret, metrics)
    receipts = Receipts(
        queue, keeper, registry, outbound, found, settings.secret, metrics, opted_out=sms.mute,
        **made_of.timing.get("Receipts", {}),
    )  # fmt: skip
    app = web.Application(middlewares=[door.middleware], client_max_size=LARGEST_READ)
    health, site = Health(guard, keeper, rasa, metrics), Site(made_of.clinic, settings.demo)
    for part in (chat, socket, hand_over, sms, receipts, health, site):
        app.add_routes(part.routes())
    app.cleanup_ctx.append(run)
    app[PARTS] = {
        "queue": queue,
        "keeper": keeper,
        "registry": registry,
        "tokens": tokens,
        "metrics": metrics,
        "guard": guard,
        "sms": sms,
        "nudges": nudges,
        "outbound": outbound,
    }
    return app


def providers(options: Options, here: str) -> dict[str, Provider]:
    """The SMS providers that are set up; `here` is our own address on this machine."""
    found: dict[str, Provider] = {}
    if options.twilio_account and options.twilio_token and options.twilio_from:
        found["twilio"] = Twilio(
            options.twilio_account, options.twilio_token, options.twilio_from, options.public_url, options.twilio_api
        )
    if options.kannel_secret and options.kannel_user and options.kannel_password and options.kannel_from:
        found["kannel"] = Kannel(
            options.kannel_secret, options.kannel_url, options.kannel_user, options.kannel_password,
            options.kannel_from, here,
        )  # fmt: skip
    return found


async def _beside(
    queue: Queue, keeper: Keeper, registry: Registry, sms: Sms, started: datetime, recovered: asyncio.Event
) -> None:
    """What runs beside the web server: first what a crash left behind, oldest first, then the spool when it fills."""
    try:
        await keeper.replay()
    except Exception as error:  # noqa: BLE001 - tried again below
        log.failure("spool.replay_failed", error)
    for id, channel, pending in await keeper.unanswered(started):
        conversation = registry.get(id, channel)
        await queue.restore(conversation)
        pending.text = no_payload(pending.text)[:LONGEST]
        if conversation.channel == "sms":
            sms.attach(conversation)
        queue.enqueue(conversation, pending)
    await sms.resume()
    recovered.set()
    await keeper.replay_for_ever()


def main() -> None:
    """Entry point of `python -m intake.gateway`."""
    log.set_up()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        settings = Settings.from_env()
        options = Options.from_env(settings)
    except SettingsError as error:
        sys.exit(f"The gateway cannot start. {error}")
    application = build(settings, options, parts(settings))
    gc.freeze()  # protocol and reader: going through them all for garbage would stop everything for a third of a second
    turn = Turn(settings.database_url, "gateway")
    _wait_for(turn)
    log.event("gateway.starting", port=settings.gateway_port, mode=settings.mode)
    web.run_app(
        application,
        host=options.host,
        port=settings.gateway_port,
        access_log=None,
        print=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        handler_cancellation=False,
    )
    turn.give_up()


def _wait_for(turn: Turn) -> None:
    """Stand by while another gateway works on this database: a patient's messages are put in order inside one process.

    A database that does not answer holds up nobody: advice must not wait for it.
    """
    said = False
    while True:
        try:
            if turn.take():
                return
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody can tell whose turn it is
            log.failure("gateway.turn_unknown", error)
            return
        if not said:
            log.event("gateway.standing_by", reason="another gateway works on this database")
        said = True
        time.sleep(STAND_BY_SECONDS)
