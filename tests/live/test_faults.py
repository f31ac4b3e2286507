"""The advice when the action server is down or hangs: it comes first, nothing says "booked", nothing breaks."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.utils.endpoints import EndpointConfig

from tests.live.harness import DeadActions, load_agent

DANGERS = {
    "numb between my legs since yesterday": "Go to the ER now",
    "crushing chest pain right now and I can't breathe": "Call 911 now",
    "I am going to kill myself tonight with my pills": "You matter",
}


class HangingActions(EndpointConfig):
    """An action server that takes the request and never answers."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9/webhook")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Waits longer than anybody would."""
        await asyncio.sleep(3600)


@pytest.fixture(scope="module", params=[DeadActions, HangingActions], ids=["down", "hanging"])
def crippled(request: Any, database: str) -> Any:
    return load_agent(request.param())


async def heard(agent: Any, *messages: str) -> list[str]:
    """What the patient has got within two seconds of each message."""
    sender, texts = f"test-{uuid.uuid4().hex}", []
    for message in messages:
        output = CollectingOutputChannel()
        with contextlib.suppress(asyncio.TimeoutError):  # it hangs; what came before counts
            await asyncio.wait_for(agent.handle_message(UserMessage(message, output, sender, input_channel="web")), 2)
        texts += [each["text"] for each in output.messages if each.get("text")]
    return texts


@pytest.mark.parametrize("danger", DANGERS)
async def test_the_advice_comes_first(crippled: Any, danger: str) -> None:
    texts = await heard(crippled, danger)
    assert texts, "nothing came"
    assert texts[0].startswith(DANGERS[danger])


@pytest.mark.parametrize("danger", DANGERS)
async def test_nothing_says_booked_or_that_somebody_was_told(crippled: Any, danger: str) -> None:
    said = " ".join(await heard(crippled, danger)).lower()
    assert not [word for word in ("booked", "will try to call", "i have asked", "we told") if word in said]


async def test_a_question_is_answered_without_actions(crippled: Any) -> None:
    assert (await heard(crippled, "should I use heat or ice?"))[:1] != []


async def test_the_advice_comes_after_other_messages_too(crippled: Any) -> None:
    texts = await heard(crippled, "hello", "numb between my legs since yesterday")
    assert [text for text in texts if text.startswith("Go to the ER now")]


async def test_the_wish_for_a_visit_books_nothing(crippled: Any) -> None:
    said = " ".join(await heard(crippled, "I want to book an appointment", "1")).lower()
    assert "booked" not in said
