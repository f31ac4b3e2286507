"""The trained agent, loaded once, with the real actions on an empty database."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.harness import Conversation, DeadActions, InProcessActions, load_agent


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("live")
    url = f"sqlite:///{folder / 'intake.db'}"
    os.environ["DATABASE_URL"] = url
    yield url


@pytest.fixture(scope="session")
def agent(database: str) -> object:
    return load_agent(InProcessActions())


@pytest.fixture(scope="session")
def agent_without_actions(database: str) -> object:
    return load_agent(DeadActions())


@pytest.fixture
def patient(agent: object) -> Callable[..., Conversation]:
    def start(channel: str = "web") -> Conversation:
        return Conversation(agent, f"test-{uuid.uuid4().hex}", channel)  # type: ignore[arg-type]

    return start


@pytest.fixture
def patient_without_actions(agent_without_actions: object) -> Conversation:
    return Conversation(agent_without_actions, f"test-{uuid.uuid4().hex}")  # type: ignore[arg-type]
