"""A conversation with the trained model in this process, the real actions included; `rasa test` never runs them."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

MODEL = Path(__file__).resolve().parents[2] / "models" / "intake.tar.gz"


class InProcessActions(EndpointConfig):
    """Rasa's action endpoint without a server: runs the action in this process."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__("http://in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = None,
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Answers as the action server would."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as rejection:
            return {"error": str(rejection), "action_name": rejection.action_name, "events": [], "responses": []}


class DeadActions(EndpointConfig):
    """An action server that is down."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9/webhook")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Refuses."""
        raise ConnectionRefusedError


class HungActions:
    """An action server that accepts and never answers, on a free port of this machine."""

    async def __aenter__(self) -> EndpointConfig:
        """Starts it; the endpoint to reach it by."""
        self._server = await asyncio.start_server(lambda reader, writer: asyncio.sleep(600), "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return EndpointConfig(f"http://127.0.0.1:{port}/webhook")

    async def __aexit__(self, *unused: object) -> None:
        """Stops it."""
        self._server.close()


def load_agent(actions: EndpointConfig) -> Agent:
    """The trained agent with its own empty tracker store; a missing model is an error, never the newest other one."""
    if not MODEL.is_file():
        raise FileNotFoundError(f"{MODEL.name} is missing: run `make train`")
    logging.getLogger("rasa").setLevel(logging.ERROR)
    configure_structlog(logging.ERROR)  # without it Rasa prints what patients say
    return Agent.load(
        MODEL,
        action_endpoint=actions,
        tracker_store=InMemoryTrackerStore(Domain.empty()),
        lock_store=InMemoryLockStore(),
    )


class Conversation:
    """One patient talking to the agent."""

    def __init__(self, agent: Agent, sender: str, channel: str = "web") -> None:
        self._agent = agent
        self.sender = sender
        self._channel = channel

    async def take_over(self, tracker: Any) -> None:
        """Goes on where another conversation stands, as if all its events had happened here."""
        store = self._agent.tracker_store
        own = await store.get_or_create_tracker(self.sender, append_action_listen=False)
        for event in tracker.events:
            own.update(event, self._agent.domain)
        await store.save(own)

    async def say(self, text: str) -> list[dict[str, Any]]:
        """Sends one message and returns the replies: text messages and custom payloads in order."""
        output = CollectingOutputChannel()
        await self._agent.handle_message(UserMessage(text, output, self.sender, input_channel=self._channel))
        return output.messages

    async def texts(self, text: str) -> list[str]:
        """The reply texts to one message."""
        return [message["text"] for message in await self.say(text) if message.get("text")]

    async def tracker(self) -> Any:
        """The tracker of this conversation."""
        return await self._agent.tracker_store.retrieve(self.sender)

    async def slot(self, name: str) -> Any:
        """The value of a slot."""
        return (await self.tracker()).get_slot(name)
