"""Processes die and hang under a running clinic: the advice comes, nothing is lost, and it is caught up on later."""

from __future__ import annotations

import asyncio

import pytest

from intake.gateway.fallback import SILENT_WEB
from tests.live.scripts import Reply, answer_to
from tests.system.clinic import Clinic
from tests.system.conftest import Arrive
from tests.system.patient import Patient

NUMB = "numb between my legs since yesterday"
ADVICE = "Go to the ER now"
SILENT = SILENT_WEB.partition("{")[0]
FAULTS = [("rasa", "dead"), ("rasa", "hung"), ("actions", "dead"), ("actions", "hung")]


async def until(patient: Patient, question: str) -> None:
    reply = await patient.say("hello")
    for _ in range(40):
        if reply.asked == question:
            return
        reply = await patient.say(answer_to(reply.asked))
    raise AssertionError(f"{question} was never asked")


async def taken_up(patient: Patient, message: str, question: str) -> bool:
    """Whether the intake goes on with this question, or a person has it (Rasa was long without actions)."""
    await patient.answered(message)
    return Reply(await patient.hear()).asked == question or [row.human for row in patient.handoffs()] == [True]


@pytest.mark.parametrize(("process", "state"), FAULTS)
async def test_the_advice_comes_and_nothing_is_lost(
    clinic: Clinic, patient: Arrive, process: str, state: str
) -> None:
    endangered, waiting, half_way = await patient(), await patient(), await patient()
    await until(half_way, "Q4")
    with getattr(clinic, state)(process):
        danger, complaint, answer = (
            await endangered.send(NUMB), await waiting.send("my back hurts"), await half_way.send("none")
        )  # fmt: skip
        reply = await endangered.hear_of(ADVICE)
        assert reply.disposition == "er_now"
        assert reply.text.startswith(ADVICE)
        endangered.find(danger)
        assert [row.disposition for row in endangered.handoffs()] == ["er_now"]
        await waiting.hear_of(SILENT)
        await half_way.hear_of(SILENT)
    await endangered.answered(danger)
    assert ADVICE not in Reply(await endangered.hear()).text, "advised twice"
    assert await taken_up(waiting, complaint, "Q0")
    assert await taken_up(half_way, answer, "Q5"), "forgotten, or asked everything again"


async def test_a_message_survives_the_death_of_the_gateway(clinic: Clinic, patient: Arrive) -> None:
    someone = await patient()
    with clinic.hung("rasa"):
        message = await someone.send("hello")
        clinic.kill("gateway")
    clinic.wait_until_gateway_answers()
    await someone.answered(message)
    assert (await someone.hear())[-1]["custom"]["asked"] == "Q0"


async def test_nothing_is_booked_twice_or_confirmed_without_its_row(clinic: Clinic, patient: Arrive) -> None:
    someone = await patient()
    await until(someone, "appointment_choice")
    with clinic.hung("actions"):
        await someone.send("1")
        reply = await someone.hear_of(SILENT)
        assert "booked" not in reply.text
        assert someone.booked() == []
    await someone.hear_of("Your visit is booked")
    assert len(someone.booked()) == 1


async def test_of_two_who_choose_the_same_time_one_gets_it(patient: Arrive) -> None:
    two = [await patient(), await patient()]
    await asyncio.gather(*(until(each, "appointment_choice") for each in two))
    replies = await asyncio.gather(*(each.say("1") for each in two))
    assert sorted("Your visit is booked" in each.text for each in replies) == [False, True]
    assert [bool(each.booked()) for each in two] == ["Your visit is booked" in each.text for each in replies]
    assert any("just taken" in each.text for each in replies)
