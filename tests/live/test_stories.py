"""Every story of `rasa test` happens just so with the real actions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.stories import FOLDER, Player, stories, turns_of

STORIES = [(path.stem, story) for path in sorted(FOLDER.glob("test_*.yml")) for story in stories(path)]


@pytest.fixture(scope="module")
def player(agent: Any) -> Player:
    return Player(agent)


@pytest.mark.parametrize("story", [story for _, story in STORIES], ids=[f"{file}: {s['story']}" for file, s in STORIES])
async def test_a_story_happens_as_told(player: Player, story: dict[str, Any]) -> None:
    told = turns_of(story)
    played = await player.play([message for message, _ in told])
    for (message, expected), happened in zip(told, played, strict=True):
        assert happened == expected, message


def test_no_path_is_told_more_than_three_times() -> None:
    paths: dict[str, list[str]] = {}
    for _, story in STORIES:
        steps = [{key: each for key, each in step.items() if key != "user"} for step in story["steps"]]
        paths.setdefault(repr(steps), []).append(story["story"])
    assert [names for names in paths.values() if len(names) > 3] == []


def test_every_story_has_its_own_name() -> None:
    names = [story["story"] for _, story in STORIES]
    assert len(names) == len(set(names))
