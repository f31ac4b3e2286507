"""Written conversations of tests/live, held with the real clinic over the gateway's HTTP interface."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from intake.protocol.clinic import load as load_clinic
from intake.scheduling import wording
from tests.live.scripts import Reply, Script, answer_to, scripts
from tests.system.clinic import Clinic
from tests.system.patient import Patient

AT_ONCE = 5
MOST_TURNS = 40
# Beside all conversations about safety: an emergency at every stage.
CHOSEN = {
    "three months of pain end with a booked visit",
    "four days of mild pain end with self-care",
    "a booked visit is moved, then cancelled",
    "a correction in the middle of a screen is noted",
    "a question in the middle is answered and the open one asked again",
    "a person is asked for in a screen",
    "no consent, no questions",
    "no visit before the screens",
    "who tells no age is asked for it again",
}
SCRIPTS = [
    script
    for script in scripts()
    if script.channel == "web" and not script.gap and (script.file == "safety" or script.name in CHOSEN)
]


@pytest.fixture(scope="module")
def outcomes(clinic: Clinic) -> dict[str, list[str]]:
    """What went wrong in each conversation; they are held at the same time, as patients do."""

    async def hold_all() -> list[list[str]]:
        async with aiohttp.ClientSession() as http:
            patients = [Patient(http, clinic.url, clinic.store) for _ in SCRIPTS]
            places, choosing = asyncio.Semaphore(AT_ONCE), asyncio.Lock()

            async def hold(patient: Patient, script: Script) -> list[str]:
                async with places:
                    return await held(patient, script, choosing)

            return await asyncio.gather(*map(hold, patients, SCRIPTS))

    return dict(zip((script.name for script in SCRIPTS), asyncio.run(hold_all()), strict=True))


@pytest.mark.parametrize("name", [script.name for script in SCRIPTS])
def test_a_conversation_goes_as_written_through_the_gateway(outcomes: dict[str, list[str]], name: str) -> None:
    assert not outcomes[name], "\n".join(outcomes[name])


def test_all_chosen_conversations_exist() -> None:
    assert not CHOSEN - {script.name for script in SCRIPTS}


async def held(patient: Patient, script: Script, choosing: asyncio.Lock) -> list[str]:
    """Plays a conversation; where it did not go as written. One after the other they come to choose a time."""
    await patient.arrive()
    reply: Reply | None = None
    async with AsyncExitStack() as until_the_end:
        for turn in script.turns:
            if "until" in turn:
                for _ in range(MOST_TURNS):
                    if reply is not None and reply.asked == turn["until"]:
                        break
                    if reply is not None and reply.asked == "Q21":
                        await until_the_end.enter_async_context(choosing)
                    reply = await patient.say("hello" if reply is None else answer_to(reply.asked))
            else:
                reply = await patient.say(turn["say"])
            assert reply is not None
            if turn.get("until", reply.asked) != reply.asked:
                return [f"{turn['until']} was never asked"]
            problems = reply.problems(turn.get("expect", {}))
            if problems:
                return [f"after {turn}:", *problems]
            if "is booked:" in reply.text and wording.booked(patient.booked()[0], load_clinic()) not in reply.text:
                return ["the confirmation is not that of the row"]
    return ended_otherwise(patient, script.end)


def ended_otherwise(patient: Patient, end: dict[str, Any]) -> list[str]:
    """Where the rows are not as they should be."""
    problems = []
    if "handoff" in end:
        wanted = end["handoff"]
        rows = [{key: getattr(row, key) for key in wanted or ["disposition"]} for row in patient.handoffs()]
        if wanted not in (rows or [None]):
            problems.append(f"hand-off rows {rows}, not {wanted}")
    if "appointments" in end and len(patient.booked()) != end["appointments"]:
        problems.append(f"{len(patient.booked())} visits are booked, not {end['appointments']}")
    return problems
