"""A patient who comes back: after minutes, after days in the middle of a screen, for a second visit, after weeks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.live.harness import Conversation
from tests.live.scripts import Reply, answer_to

Start = Callable[..., Conversation]
DAY = 24 * 3600


async def to(conversation: Conversation, question: str, **answers: str) -> Reply:
    """Answers until `question` is asked; `answers` by question, else those of the scripts."""
    reply = Reply(await conversation.say("hello"))
    for _ in range(40):
        if reply.asked == question:
            return reply
        reply = Reply(await conversation.say(answers.get(reply.asked or "") or answer_to(reply.asked)))
    raise AssertionError(f"{question} was never asked")


async def later(conversation: Conversation, patient: Start, days: float) -> Conversation:
    """The same conversation as another process finds it in the tracker store, so many days later."""
    tracker = copy.deepcopy(await conversation.tracker())
    for event in tracker.events:
        event.timestamp -= days * DAY
    again = patient()
    await again.take_over(tracker)
    return again


async def asked_until(conversation: Conversation, reply: Reply, last: str) -> list[str]:
    """What is asked from here to `last`."""
    questions = []
    while reply.asked != last and len(questions) < 40:
        questions.append(str(reply.asked))
        reply = Reply(await conversation.say(answer_to(reply.asked)))
    return questions


async def test_after_minutes_in_another_process_the_open_question_is_answered(patient: Start) -> None:
    first = patient()
    await to(first, "Q7")
    again = await later(first, patient, days=0.02)
    reply = Reply(await again.say("none"))
    assert reply.asked == "Q8"
    assert "Welcome back" not in reply.text


async def test_after_two_days_the_safety_questions_are_asked_again(patient: Start) -> None:
    first = patient()
    await to(first, "Q7")
    again = await later(first, patient, days=2)
    reply = Reply(await again.say("none"))
    assert "more than a day" in reply.text
    questions = await asked_until(again, reply, "Q8")
    assert questions[:4] == ["Q3", "Q4", "Q5", "Q6"]
    assert "Q1" not in questions, "who it is about does not change"


async def test_at_a_second_visit_the_yes_stays_and_the_no_is_asked_again(patient: Start) -> None:
    first = patient()
    await to(first, "Q-safety-net", Q7="Losing weight without trying", appointment_choice="no thanks")
    await first.say("yes")
    again = await later(first, patient, days=5)
    reply = Reply(await again.say("my back is still bad"))
    assert "Has anything changed" in reply.text
    questions = await asked_until(again, reply, "Q7")
    assert {"Q3", "Q4", "Q5", "Q6"} <= set(questions)
    assert not {"Q0", "Q1"} & set(questions)
    reply = Reply(await again.say("none"))
    slots: dict[str, Any] = (await again.tracker()).current_slot_values()
    assert slots["findings"]["weight_loss"]["status"] == "present"
    assert "Q-summary" not in questions


async def test_after_three_weeks_all_is_new(patient: Start) -> None:
    first = patient()
    await to(first, "Q-summary", Q7="Losing weight without trying")
    await first.say("yes")
    again = await later(first, patient, days=21)
    reply = Reply(await again.say("hello, my neck hurts now"))
    assert reply.asked == "Q0"
    assert "Welcome back" not in reply.text


async def test_a_red_flag_of_three_weeks_ago_is_advised_anew(patient: Start) -> None:
    first = patient()
    await first.say("my crotch is numb since yesterday")
    again = await later(first, patient, days=21)
    reply = Reply(await again.say("my crotch is numb since yesterday"))
    assert reply.disposition == "er_now"
