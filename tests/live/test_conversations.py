"""Whole conversations with the trained model and the real actions: texts, questions asked, slots and rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from actions.surroundings import clinic, store
from intake.scheduling import wording
from intake.store.models import Appointment, Handoff
from tests.live.harness import Conversation, HungActions, load_agent

pytestmark = pytest.mark.asyncio
Start = Callable[..., Conversation]

SCREENS = ("Q3", "Q4", "Q5", "Q6", "Q7", "Q8")


def asked(messages: list[dict[str, Any]]) -> list[str]:
    return [
        message["custom"]["asked"] for message in messages if message.get("custom") and message["custom"].get("asked")
    ]


def dispositions(messages: list[dict[str, Any]]) -> list[str]:
    return [
        message["custom"]["disposition"]
        for message in messages
        if message.get("custom") and message["custom"].get("disposition")
    ]


def said(messages: list[dict[str, Any]]) -> str:
    return "\n".join(message["text"] for message in messages if message.get("text"))


def handoffs(conversation: Conversation) -> list[Handoff]:
    with store().reading() as session:
        return list(session.scalars(select(Handoff).where(Handoff.conversation_id == conversation.sender)))


def appointments(conversation: Conversation) -> list[Appointment]:
    with store().reading() as session:
        rows = session.scalars(select(Appointment).where(Appointment.conversation_id == conversation.sender))
        return [row for row in rows if row.status == "booked"]


async def to_question(conversation: Conversation, question: str) -> list[dict[str, Any]]:
    """Answers everything with a clean, chronic history until `question` is asked."""
    answers = {
        "Q0": "yes",
        "Q1": "Me; 45; Female",
        "Q9": "no",
        "Q14": "4",
        "Q14e": "4",
        "Q14g": "5",
        "Q2": "my lower back has hurt for 3 months, it came on slowly, 5 out of 10, about the same",
        "Q15": "Walking or standing",
        "Q17": "Heat or ice",
        "Q17b": "A little",
        "Q20": "less pain",
        "Q-summary": "yes",
        "Q21": "555-555-0199",
    }
    messages = await conversation.say("hello")
    for _ in range(40):
        open_question = asked(messages)[-1]
        if open_question == question:
            return messages
        messages = await conversation.say(answers.get(open_question, "none"))
    raise AssertionError(f"{question} was never asked")


async def test_a_numb_groin_is_sent_to_the_er_and_stands_on_the_desk(patient: Start) -> None:
    conversation = patient()
    messages = await conversation.say("numb between my legs since yesterday")
    assert said(messages).startswith("Go to the ER now")
    assert dispositions(messages) == ["er_now"]
    [row] = handoffs(conversation)
    assert row.disposition == "er_now"
    assert "R101" in row.rule_ids


async def test_after_the_advice_a_yes_is_answered_and_nothing_more_is_asked(patient: Start) -> None:
    conversation = patient()
    await conversation.say("numb between my legs since yesterday")
    messages = await conversation.say("yes")
    assert said(messages).startswith("Good. Go now")
    assert asked(messages) == []


async def test_after_the_advice_a_no_is_answered_with_911(patient: Start) -> None:
    conversation = patient()
    await conversation.say("numb between my legs since yesterday")
    assert said(await conversation.say("no")).startswith("Call 911")


async def test_three_months_of_pain_end_with_a_booked_visit_confirmed_from_its_row(patient: Start) -> None:
    conversation = patient()
    messages = await to_question(conversation, "appointment_choice")
    assert "These times are free" in said(messages)
    messages = await conversation.say("2")
    [row] = appointments(conversation)
    assert "Your visit is booked" in said(messages)
    assert wording.booked(row, clinic()) in said(messages)
    assert [handoff.disposition for handoff in handoffs(conversation)] == ["routine"]


async def test_saying_no_to_the_times_books_nothing(patient: Start) -> None:
    conversation = patient()
    await to_question(conversation, "appointment_choice")
    messages = await conversation.say("no thanks")
    assert "booked" not in said(messages)
    assert appointments(conversation) == []


async def test_who_comes_second_for_a_time_chooses_another(patient: Start) -> None:
    first, second = patient(), patient()
    await to_question(first, "appointment_choice")
    await to_question(second, "appointment_choice")
    assert "Your visit is booked" in said(await first.say("1"))
    messages = await second.say("1")
    assert "That time was just taken" in said(messages)
    assert "These times are free" in said(messages)
    assert appointments(second) == []
    assert "Your visit is booked" in said(await second.say("2"))
    assert appointments(second)[0].starts_at != appointments(first)[0].starts_at


async def test_a_booked_visit_can_be_moved_and_cancelled(patient: Start) -> None:
    conversation = patient()
    await to_question(conversation, "appointment_choice")
    await conversation.say("1")
    first = appointments(conversation)[0].starts_at
    messages = await conversation.say("I need to move my appointment to another day")
    assert "appointment_choice" in asked(messages)
    await conversation.say("3")
    [moved] = appointments(conversation)
    assert moved.starts_at != first
    assert "is cancelled" in said(await conversation.say("please cancel my appointment"))
    assert appointments(conversation) == []


@pytest.mark.parametrize(
    "question", ["Q0", "Q1", "Q2", *SCREENS, "Q9", "Q14", "Q15", "Q20", "Q21", "appointment_choice"]
)
async def test_a_red_flag_is_caught_at_every_question(patient: Start, question: str) -> None:
    conversation = patient()
    await to_question(conversation, question)
    messages = await conversation.say("I wet myself this morning and I cannot feel it when I wipe")
    assert dispositions(messages)[0] == "er_now"
    assert said(messages).startswith("Go to the ER now")
    assert "er_now" in [row.disposition for row in handoffs(conversation)]


async def test_a_red_flag_after_booking_is_caught(patient: Start) -> None:
    conversation = patient()
    await to_question(conversation, "appointment_choice")
    await conversation.say("1")
    messages = await conversation.say("thanks! by the way my crotch went numb an hour ago")
    assert dispositions(messages)[:1] == ["er_now"]


async def test_a_question_in_between_is_answered_and_the_open_one_asked_again(patient: Start) -> None:
    conversation = patient()
    await to_question(conversation, "Q7")
    messages = await conversation.say("what is a nerve block?")
    assert "nerve" in said(messages)
    assert asked(messages) == ["Q7"]


async def test_a_person_is_promised_only_with_a_row(patient: Start) -> None:
    conversation = patient()
    messages = await conversation.say("I want to talk to a real person")
    assert "555-555-0100" in said(messages)
    assert handoffs(conversation)[0].human


async def test_without_consent_nothing_more_is_asked(patient: Start) -> None:
    conversation = patient()
    await conversation.say("hi")
    messages = await conversation.say("no")
    assert "We will not ask more" in said(messages)
    assert asked(messages) == []


async def test_two_answers_that_are_not_understood_offer_a_person(patient: Start) -> None:
    conversation = patient()
    await to_question(conversation, "Q9")
    assert "I did not get that" in said(await conversation.say("hmm well you know how it is"))
    messages = await conversation.say("hmm well you know how it is really")
    assert "PERSON" in said(messages)
    assert asked(messages)[-1] == "Q9"


@pytest.mark.parametrize("nonsense", ["", "🙂🙂", "x" * 10_000, "/inform{}", "<script>alert(1)</script>", "\x00\x01"])
async def test_nonsense_loses_nothing(patient: Start, nonsense: str) -> None:
    conversation = patient()
    await to_question(conversation, "Q7")
    await conversation.say(nonsense)
    messages = await conversation.say("none")
    assert asked(messages)[-1] == "Q8"


async def test_by_sms_the_questions_are_the_text_message_ones(patient: Start) -> None:
    conversation = patient("sms")
    assert asked(await conversation.say("hi")) == ["SMS-00"]
    assert asked(await conversation.say("YES")) == ["SMS-01"]
    assert asked(await conversation.say("52")) == ["SMS-01b"]


async def test_with_a_hung_action_server_the_turn_ends_with_the_advice(database: str) -> None:
    async with HungActions() as endpoint:
        conversation = Conversation(load_agent(endpoint), "test-hung")
        messages = await conversation.say("numb between my legs since yesterday")
    assert said(messages).startswith("Go to the ER now")
    assert "booked" not in said(messages)


async def test_without_the_action_server_the_advice_still_comes(patient_without_actions: Conversation) -> None:
    messages = await patient_without_actions.say("numb between my legs since yesterday")
    assert said(messages).startswith("Go to the ER now")
    assert "booked" not in said(messages)
