"""S18: an intake that is begun on the web and ended by text, through Kannel, without a question asked twice."""

from __future__ import annotations

from typing import Any

import aiohttp

from intake.store.models import Appointment
from tests.gateway.conftest import eventually
from tests.live.scripts import answer_to
from tests.sms.kannel import CLINIC, Carrier

PHONE = "+12125550123"


class Browser:
    """A patient's page."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http, self._url, self._headers, self._count = http, url, {"Origin": url}, 0

    async def call(self, method: str, path: str, **body: Any) -> Any:
        async with self._http.request(method, self._url + path, json=body or None, headers=self._headers) as response:
            assert response.status < 300, await response.text()
            return await response.json()

    async def open(self) -> None:
        self._headers["Authorization"] = f"Bearer {(await self.call('POST', '/chat/session'))['token']}"

    async def write(self, text: str) -> None:
        self._count += 1
        await self.call("POST", "/chat/messages", id=f"m{self._count}", text=text)


async def test_the_intake_goes_on_by_text_at_the_same_question(clinic, carrier: Carrier, settings, made_of) -> None:
    asked: list[str] = []
    async with aiohttp.ClientSession() as http:
        browser = Browser(http, f"http://127.0.0.1:{settings.gateway_port}")
        await browser.open()
        await browser.write("hi")
        (talk,) = [each for each in clinic.parts["registry"] if each.channel == "web" and each.turns]
        while (question := await _open_question(talk)) != "Q5":
            asked.append(_slot(made_of, question))
            await browser.write(answer_to(question))
        code = await browser.call("POST", "/chat/continue")
    answered_on_the_web = len(asked)
    assert code["number"] == CLINIC and PHONE[1:] not in str(code)
    await carrier.text(PHONE, code["text"])
    texts = await carrier.until(PHONE, 2)
    assert "we go on here by text" in texts[0]
    while "booked" not in texts[-1]:
        question = await _open_question(talk)
        asked.append(_slot(made_of, question))
        count = len(texts)
        await carrier.text(PHONE, "1" if question == "appointment_choice" else answer_to(question))
        texts = await carrier.until(PHONE, count + 1)
    assert asked[answered_on_the_web] == "screen_limbs"  # what was open on the web
    assert not {slot for slot in asked if asked.count(slot) > 1}, asked
    assert [each.status for each in clinic.rows(Appointment) if each.conversation_id == talk.id] == ["booked"]


async def _open_question(talk: Any) -> str:
    await eventually(lambda: not talk.pending and talk.messages, 10)
    return str(talk.asked)


def _slot(made_of: Any, question: str) -> str:
    found = made_of.protocol.question_for(question)
    return str(found.slot) if found else question
