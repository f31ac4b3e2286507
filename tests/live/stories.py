"""The stories of `rasa test`, played with the real actions: what really happened, in the words of a story.

`python -m tests.live.stories` plays every story again and writes what happened into tests/stories: read the
difference before it is kept. `rasa test` alone would stay green where a form swallows a message.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import uuid
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from ruamel.yaml import YAML

from tests.live.harness import Conversation, InProcessActions, load_agent

FOLDER = Path(__file__).resolve().parents[1] / "stories"
ANNOTATION = re.compile(r"\[([^\]]+)\](\[\{.*?\}\]|\{[^}]*\})")
SILENT = ("action_listen", "action_extract_slots", "action_session_start")
Step = dict[str, Any]


def stories(path: Path) -> list[dict[str, Any]]:
    """The stories of a file."""
    return list(YAML(typ="safe").load(path)["stories"])


def plain(text: str) -> str:
    """A patient's words without the annotations."""
    return ANNOTATION.sub(r"\1", text)


def turns_of(story: dict[str, Any]) -> list[tuple[str, list[Step]]]:
    """Each message of the patient, and the steps that follow it."""
    turns: list[tuple[str, list[Step]]] = []
    for step in story["steps"]:
        if "user" in step:
            turns.append((plain(step["user"]), []))
        else:
            turns[-1][1].append(dict(step))
    return turns


def steps_of(events: list[dict[str, Any]]) -> list[Step]:
    """The events of one turn as a story tells them: actions, and what a form asks for next."""
    steps: list[Step] = []
    for event in events:
        if event["event"] == "action" and event["name"] not in SILENT:
            steps.append({"action": event["name"]})
        elif event["event"] == "active_loop":
            asks_nothing = event["name"] is None and {"slot_was_set": [{"requested_slot": None}]} in steps[-1:]
            place = len(steps) - 1 if asks_nothing else len(steps)
            steps.insert(place, {"active_loop": event["name"]})
        elif event["event"] == "slot" and event["name"] == "requested_slot":
            wanted = {"slot_was_set": [{"requested_slot": event["value"]}]}
            if "slot_was_set" in (steps[-1:] or [{}])[0]:
                steps[-1] = wanted
            else:
                steps.append(wanted)
    return steps


class Player:
    """Plays messages with the real actions; an opening that many stories share is played once."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._openings: dict[tuple[str, ...], tuple[Any, list[list[Step]]]] = {}

    async def play(self, messages: list[str]) -> list[list[Step]]:
        """What follows each message."""
        done = next(n for n in range(len(messages), -1, -1) if n == 0 or tuple(messages[:n]) in self._openings)
        tracker, played = self._openings.get(tuple(messages[:done]), (None, []))
        conversation, played = Conversation(self._agent, f"test-{uuid.uuid4().hex}"), list(played)
        if tracker is not None:
            await conversation.take_over(tracker)
        for number, message in enumerate(messages[done:], done + 1):
            seen = len((await conversation.tracker()).events) if number > 1 else 0
            await conversation.say(message)
            tracker = await conversation.tracker()
            played.append(steps_of([event.as_dict() for event in list(tracker.events)[seen:]]))
            if tracker.active_loop_name == "intake_form" and not tracker.get_slot("handoff_id"):
                self._openings[tuple(messages[:number])] = (tracker, list(played))  # nothing is in the database yet
        return played


async def _written_anew(agent: Agent, player: Player, story: dict[str, Any]) -> dict[str, Any]:
    steps: list[Step] = []
    messages = [message for message, _ in turns_of(story)]
    for message, played in zip(messages, await player.play(messages), strict=True):
        intent = (await agent.parse_message(message))["intent"]["name"]
        steps += [{"user": message, "intent": intent}, *played]
    return {"story": story["story"], "steps": steps}


async def _write_all() -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{tempfile.mkdtemp()}/intake.db"
    agent, yaml = load_agent(InProcessActions()), YAML()
    player = Player(agent)
    yaml.width, yaml.representer.ignore_aliases = 1000, lambda *_: True
    null = "tag:yaml.org,2002:null"
    yaml.representer.add_representer(type(None), lambda dump, _: dump.represent_scalar(null, "null"))
    yaml.indent(mapping=2, sequence=2, offset=0)
    for path in sorted(FOLDER.glob("test_*.yml")):
        anew = [await _written_anew(agent, player, story) for story in stories(path)]
        with path.open("w", encoding="utf-8") as file:
            file.write('version: "3.1"\nstories:\n')
            for story in anew:
                yaml.dump([story], file)
                file.write("\n")


if __name__ == "__main__":
    asyncio.run(_write_all())
