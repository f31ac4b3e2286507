"""The written conversations, with the trained model, the real actions and a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from actions.surroundings import clinic, store
from intake.scheduling import wording
from intake.store.models import Appointment, Handoff
from tests.live.harness import Conversation
from tests.live.scripts import Reply, Script, answer_to, scripts

Start = Callable[..., Conversation]
SCRIPTS = scripts()
END = {"slots", "handoff", "appointments"}


def handoffs(conversation: Conversation) -> list[Handoff]:
    with store().reading() as session:
        return list(session.scalars(select(Handoff).where(Handoff.conversation_id == conversation.sender)))


def booked(conversation: Conversation) -> list[Appointment]:
    with store().reading() as session:
        rows = session.scalars(select(Appointment).where(Appointment.conversation_id == conversation.sender))
        return [row for row in rows if row.status == "booked"]


OPENINGS: dict[tuple[str, str], tuple[Any, Reply]] = {}  # of a conversation that begins with `until`, before any row


async def opened(conversation: Conversation, channel: str, question: str) -> Reply:
    if (channel, question) in OPENINGS:
        tracker, reply = OPENINGS[channel, question]
        await conversation.take_over(tracker)
        return reply
    reply = await until(conversation, question, None)
    if not handoffs(conversation):
        OPENINGS[channel, question] = (await conversation.tracker(), reply)
    return reply


async def until(conversation: Conversation, question: str, reply: Reply | None) -> Reply:
    for _ in range(40):
        if reply is not None and reply.asked == question:
            return reply
        reply = Reply(await conversation.say("hello" if reply is None else answer_to(reply.asked)))
    raise AssertionError(f"{question} was never asked")


def case(script: Script) -> Any:
    marks = [pytest.mark.xfail(reason=script.gap, strict=True)] if script.gap else []
    return pytest.param(script, id=script.name, marks=marks)


@pytest.mark.parametrize("script", [case(script) for script in SCRIPTS])
async def test_a_conversation_goes_as_written(patient: Start, script: Script) -> None:
    conversation, reply = patient(script.channel), None
    for turn in script.turns:
        if "until" in turn and reply is None:
            reply = await opened(conversation, script.channel, turn["until"])
        elif "until" in turn:
            reply = await until(conversation, turn["until"], reply)
        else:
            reply = Reply(await conversation.say(turn["say"]))
        problems = reply.problems(turn.get("expect", {}))
        assert not problems, f"after {turn.get('say', turn.get('until'))!r}: " + "\n".join(problems)
        if "is booked:" in reply.text:
            [row] = booked(conversation)
            assert wording.booked(row, clinic(), script.channel == "sms") in reply.text, "the confirmation is the row's"
    await assert_end(conversation, script.end)


async def assert_end(conversation: Conversation, end: dict[str, Any]) -> None:
    assert set(end) <= END
    for slot, value in end.get("slots", {}).items():
        assert await conversation.slot(slot) == value, slot
    if "handoff" in end:
        rows = handoffs(conversation)
        wanted = end["handoff"]
        if wanted is None:
            assert rows == []
        else:
            assert rows, "no hand-off row"
            assert {key: getattr(rows[-1], key) for key in wanted} == wanted
    if "appointments" in end:
        assert len(booked(conversation)) == end["appointments"]


def test_every_conversation_has_its_own_name() -> None:
    names = [script.name for script in SCRIPTS]
    assert len(names) == len(set(names))
