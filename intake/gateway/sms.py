"""SMS: verify, find the phone's conversation, honour STOP, START and HELP, acknowledge; then the web chat's queue."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from intake.gateway import fallback, handover, ledger, log
from intake.gateway.arrivals import Arrivals
from intake.gateway.keeper import Keeper
from intake.gateway.keywords import is_spanish_keyword, keyword, resumes
from intake.gateway.limits import LARGEST_BODY, LARGEST_READ, Buckets
from intake.gateway.metrics import Metrics
from intake.gateway.outbound import Outbound
from intake.gateway.providers import Inbound, Provider, Unsigned
from intake.gateway.queue import GREET, Incoming, Queue
from intake.gateway.state import Conversation, Registry
from intake.gateway.text import clean
from intake.store import Store, privacy
from intake.store.types import new_id

ACKNOWLEDGE_SECONDS = 0.8  # a provider is not kept waiting longer, however long the store takes
LOOK_UP_SECONDS = 0.3
NUMBER = re.compile(r"\+[1-9]\d{6,14}")  # E.164; short codes and names cannot be answered
MOVED = "(by text)"  # stands for the code in the conversation
ENGLISH = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
SPANISH = ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
NUMERALS = {word: number for words in (ENGLISH, SPANISH) for number, word in enumerate(words, 1)}


class Sms:
    """The SMS channel: `POST /sms/<provider>`."""

    def __init__(
        self, queue: Queue, keeper: Keeper, registry: Registry, outbound: Outbound,
        hand_over: handover.HandOver, arrivals: Arrivals, providers: dict[str, Provider], secret: str,
        metrics: Metrics, *, limit: Buckets | None = None,
    ) -> None:  # fmt: skip
        self._queue, self._keeper, self._registry, self._outbound = queue, keeper, registry, outbound
        self._hand_over, self._arrivals = hand_over, arrivals
        self._providers, self._secret, self._metrics = providers, secret, metrics
        self._limit = limit or Buckets(burst=40, per_second=0.2)  # an intake has about 25 questions
        self._warnings = Buckets(burst=1, per_second=1 / 60)
        self._by_phone: dict[str, str] = {}  # pseudonym of the number -> conversation
        self._looking_up: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._moving: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """One webhook for each provider that is set up."""
        return [
            web.route(method, f"/sms/{name}", self._webhook(each))
            for name, each in self._providers.items()
            for method in each.methods
        ]

    def _webhook(self, provider: Provider) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def webhook(request: web.Request) -> web.Response:
            body = await request.content.read(LARGEST_READ)
            try:
                inbound = provider.read(request, body)
            except Unsigned:
                self._metrics.count("refused", "signature")
                log.event("sms.unsigned", provider=provider.name)
                return web.Response(status=403)
            if inbound is None or not NUMBER.fullmatch(inbound.sender):
                return provider.acknowledge()
            task = asyncio.get_running_loop().create_task(self._take(provider, inbound))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            done, _ = await asyncio.wait({task}, timeout=ACKNOWLEDGE_SECONDS)
            if not done:
                await self._keep_arrival(provider, inbound)
            return provider.acknowledge()

        return webhook

    async def _keep_arrival(self, provider: Provider, inbound: Inbound) -> None:
        """Before a text is acknowledged that is not safe yet."""
        try:
            await asyncio.to_thread(self._arrivals.keep, provider.name, inbound, self._queue.now())
        except OSError as error:  # the task goes on, and most likely ends well
            log.failure("sms.arrival_not_kept", error, provider=provider.name)

    async def _take(self, provider: Provider, inbound: Inbound) -> None:
        try:
            with self._queue.ahead():
                conversation = await self._conversation(inbound.sender)
            self._outbound.attach(conversation, provider)
            self._metrics.count("messages", "sms")
            code = handover.code_in(inbound.text)
            if code and not conversation.muted:
                await self._move(conversation, provider, inbound, code)
            else:
                await self._handle(conversation, provider, inbound)
        except Exception as error:  # noqa: BLE001 - the provider has its answer; a retry would fail the same way
            log.failure("sms.failed", error, provider=provider.name)

    async def _handle(self, conversation: Conversation, provider: Provider, inbound: Inbound) -> None:
        """Every text is read by the guard and kept; what else happens depends on what it asks for."""
        text = clean(inbound.text)[:LARGEST_BODY]
        asks = inbound.handled.lower() if inbound.handled else keyword(text)
        photo_only = not text and inbound.media > 0
        if not text and not photo_only:
            text = "(empty)"
        number, payload = self._menu(conversation, text)
        resuming = not asks and not number and resumes(text, self._queue.said_last(conversation, "nudge"))
        for_rasa = not asks and not photo_only and not conversation.muted
        too_fast = for_rasa and not self._limit.take(conversation.id)
        outcome = await self._queue.receive(conversation, Incoming(
            f"{provider.name}:{inbound.id}", number or text or "(photo)", provider.name,
            payload=GREET if resuming else payload, aside=resuming,
            for_rasa=for_rasa and not too_fast,
        ))  # fmt: skip
        if outcome.duplicate:
            return
        quiet = inbound.handled is not None  # the provider has answered already
        in_spanish = is_spanish_keyword(text)
        if asks == "stop":
            await self._stop(conversation, quiet, in_spanish)
        elif asks == "start":
            await self._start(conversation, quiet)
        elif asks == "help" and not quiet:
            await self._queue.say(conversation, fallback.SMS_HELP, "sms_help", in_spanish=in_spanish)
        elif photo_only and not conversation.muted:
            await self._queue.say(conversation, fallback.SMS_NO_PHOTO)
        elif too_fast and self._warnings.take(conversation.id):
            await self._queue.say(conversation, fallback.TOO_FAST)

    async def _move(self, conversation: Conversation, provider: Provider, inbound: Inbound, code: str) -> None:
        """Go on here with the web chat that a code belongs to, at the question that was open there."""
        address = conversation.address or {}
        message = Incoming(f"{provider.name}:{inbound.id}", MOVED, provider.name, payload=GREET, aside=True)
        async with self._moving[address["hmac"]]:
            now_here = self._registry.get(self._by_phone[address["hmac"]], "sms")
            if message.message_id in now_here.known:  # the same webhook again
                return
            try:
                id = await self._hand_over.take(code, address)
            except Exception as error:  # noqa: BLE001 - the code is not used up; the patient may text it again
                log.failure("code.not_taken", error)
                await self._queue.say(now_here, fallback.STILL_SILENT)
                return
            if id is None:
                await self._queue.receive(now_here, replace(message, text=inbound.text, for_rasa=False))
                await self._queue.say(now_here, fallback.SMS_CODE_WRONG, "sms_code_wrong")
                return
            moved = self._registry.get(id, "sms")
            await self._queue.restore(moved)
            moved.channel, moved.address = "sms", address
            self._by_phone[address["hmac"]] = id
            self._outbound.attach(moved, provider)
            log.event("sms.moved_here", conversation=log.short(id))
            await self._queue.say(moved, fallback.SMS_MOVED, "sms_moved")
            await self._queue.receive(moved, message)

    async def _stop(self, conversation: Conversation, quiet: bool, in_spanish: bool) -> None:
        """No more texts from now on, one confirmation, and a person when safety questions were still open."""
        if conversation.muted:
            return
        conversation.muted = True
        log.event("sms.opted_out", conversation=log.short(conversation.id))
        await self._write_ledger(conversation, out=True)
        if not quiet:
            await self._queue.say(
                conversation, fallback.SMS_STOPPED, "sms_stop", last_words=True, in_spanish=in_spanish
            )
        await self._queue.leave_to_a_person_if_unfinished(conversation)

    async def _start(self, conversation: Conversation, quiet: bool) -> None:
        conversation.muted = False
        await self._write_ledger(conversation, out=False)
        if not quiet:
            await self._queue.say(conversation, fallback.SMS_STARTED, "sms_opted_in")

    async def mute(self, conversation: Conversation) -> None:
        """Honour an opt-out that the provider knows of: it refuses to send."""
        if conversation.muted:
            return
        conversation.muted = True
        await self._write_ledger(conversation, out=True)

    async def _write_ledger(self, conversation: Conversation, out: bool) -> None:
        pseudonym = (conversation.address or {}).get("hmac", "")
        now = self._queue.now()

        def write(store: Store) -> None:
            ledger.opt(store, conversation.id, pseudonym, out, now)

        for pause in (0.5, 5.0, 30.0, None):
            try:
                await self._keeper.read(write)
                return
            except Exception as error:  # noqa: BLE001 - in memory it holds already; the ledger follows
                log.failure("sms.ledger_failed", error, conversation=log.short(conversation.id))
            if pause is None:
                return
            await asyncio.sleep(pause)

    async def _conversation(self, sender: str) -> Conversation:
        """The conversation of a phone, a new one when there is none or it is over."""
        pseudonym = privacy.pseudonym(self._secret, sender)
        async with self._looking_up[pseudonym]:
            now = self._queue.now()
            known = self._by_phone.get(pseudonym)
            if known:
                conversation = self._registry.get(known, "sms")
                await self._queue.restore(conversation)
                if conversation.muted or conversation.fresh(now, ledger.EXPIRES):
                    conversation.address = conversation.address or self._address(pseudonym, sender)
                    return conversation
            try:
                phone = await self._keeper.read(
                    lambda store: ledger.find(store, pseudonym, now), LOOK_UP_SECONDS, urgent=True
                )
            except Exception as error:  # noqa: BLE001 - go on with what is known here
                log.failure("sms.look_up_failed", error)
                phone = ledger.Phone(known, False)
            id = phone.conversation or new_id()
            conversation = self._registry.get(id, "sms", new=phone.conversation is None)
            conversation.muted = phone.opted_out
            conversation.address = self._address(pseudonym, sender)
            self._by_phone[pseudonym] = id
            return conversation

    def _address(self, pseudonym: str, number: str) -> dict[str, str]:
        return {"hmac": pseudonym, "sealed": privacy.seal(self._secret, number)}

    def _menu(self, conversation: Conversation, text: str) -> tuple[str | None, str | None]:
        """Title and payload of the last question's numbered button: "1", "1.", "one", "uno" or its title."""
        last = next((each for each in reversed(conversation.messages) if each.choices or each.asked), None)
        choices = (last.choices if last else None) or {}
        if choices.get("kind") != "numbered" or choices.get("question") != conversation.question:
            return None, None
        plain = text.strip().lower().rstrip(".)")
        number = NUMERALS.get(plain, int(plain) if plain.isascii() and plain.isdigit() else 0)
        for each in choices["options"]:
            if each["number"] == number or each["text"].lower() == plain:
                return each["text"], each["payload"]
        return None, None

    async def resume(self) -> None:
        """Take in what a crash may have interrupted, and send what it kept from going out."""
        await self._take_up_arrivals()
        now = self._queue.now()
        try:
            waiting = await self._keeper.read(lambda store: ledger.unsent(store, now), 10)
        except Exception as error:  # noqa: BLE001
            log.failure("sms.resume_failed", error)
            return
        for id, seq in waiting:
            conversation = self._registry.get(id, "sms")
            await self._queue.restore(conversation)
            self.attach(conversation)
            self._outbound.send_again(conversation, seq)

    async def _take_up_arrivals(self) -> None:
        loop, now = asyncio.get_running_loop(), self._queue.now()

        def take(provider: str, inbound: Inbound) -> None:
            if provider in self._providers:
                asyncio.run_coroutine_threadsafe(self._take(self._providers[provider], inbound), loop).result()

        try:
            count = await asyncio.to_thread(self._arrivals.take_up, take, now)
        except Exception as error:  # noqa: BLE001 - they stay where they are until the next start
            log.failure("sms.arrivals_failed", error)
            return
        if count:
            log.event("sms.arrivals_taken_up", entries=count)

    def attach(self, conversation: Conversation) -> None:
        """Let a conversation that came back from the store be answered by SMS again."""
        if conversation.address and self._providers:
            self._outbound.attach(conversation, next(iter(self._providers.values())))

    async def close(self) -> None:
        """Wait for what has been acknowledged to be kept."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
