"""Back, refused, not understood: what the turns of a conversation ask for."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from intake.conversation.steps import misunderstood, refused, reopened
from intake.conversation.turns import WHY, goes_back, turns
from intake.language.reader import Reader
from intake.protocol.load import load
from intake.triage.record import Record, Turn, fold

PROTOCOL = load()
READER = Reader(PROTOCOL)
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
BACK = "correct_answer"
START = [("Q0", "yes", "affirm"), ("Q1", "Me; 45; Female", None), ("Q3", "none", "deny"), ("Q4", "none", "deny")]


def said(*more: tuple[str | None, str, str | None]) -> Record:
    return fold([Turn(asked, text, NOON, intent) for asked, text, intent in [*START, *more]], READER, PROTOCOL)


def test_going_back_reopens_the_question_answered_last() -> None:
    assert reopened(said(("Q5", "go back", BACK)), PROTOCOL) == "Q4"
    assert reopened(said(("Q5", "go back", BACK), ("Q4", "go back", BACK)), PROTOCOL) == "Q3"


def test_an_answer_closes_it_again() -> None:
    assert reopened(said(("Q5", "go back", BACK), ("Q4", "none", "deny")), PROTOCOL) is None


def test_a_digression_leaves_it_open() -> None:
    record = said(("Q5", "go back", BACK), ("Q4", "what is a nerve block?", "faq_nerve_block"))
    assert reopened(record, PROTOCOL) == "Q4"


def test_nobody_goes_back_before_consent() -> None:
    back = [("Q5", "go back", BACK)] * 6
    assert reopened(said(*back), PROTOCOL) == "Q1"


def test_a_correction_that_names_something_goes_nowhere() -> None:
    assert reopened(said(("Q5", "actually it's my neck", BACK)), PROTOCOL) is None


def test_a_weighty_screen_is_offered_once_more_after_the_first_refusal() -> None:
    once = said(("Q5", "skip", "decline_to_answer"))
    assert refused(once, PROTOCOL) == "Q5"
    again = said(("Q5", "skip", "decline_to_answer"), ("Q5", "that is private", "decline_to_answer"))
    assert refused(again, PROTOCOL) is None


def test_what_may_be_skipped_is_skipped_at_once() -> None:
    assert refused(said(("Q9", "skip", "decline_to_answer")), PROTOCOL) is None


def test_the_answers_that_say_nothing_are_counted_until_one_does() -> None:
    lost = [("Q5", "hmm", "out_of_scope"), ("Q5", "well", "unsure")]
    assert misunderstood(said(*lost)) == 2
    assert misunderstood(said(*lost, ("Q5", "thanks", "thank"))) == 2
    assert misunderstood(said(*lost, ("Q5", "why?", WHY))) == 2
    assert misunderstood(said(*lost, ("Q5", "none", "deny"))) == 0


@pytest.mark.parametrize(
    "text",
    ["go back", "back", "Back please", "can I go back?", "i want to change my last answer", "previous question",
     "oops, go back", "undo", "go back to the last question", "lets go back", "change that", "the previous one"],
)  # fmt: skip
def test_words_that_go_back(text: str) -> None:
    assert goes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "my back",
        "back pain",
        "the last one",
        "",
        "that",
        "my low back",
        "it came back",
        "change",
        "correct",
        "no",
        "none",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert not goes_back(text)


def test_numbers_pick_only_what_was_numbered() -> None:
    asks = {"event": "bot", "data": {"custom": {"asked": "Q5", "disposition": None}}}
    shown = {"event": "bot", "data": {"custom": {"asked": None, "numbered": ["One", "Two", "Three"]}}}
    user = {"event": "user", "timestamp": 1.8e9}
    assert [turn.text for turn in turns([asks, {**user, "text": "2"}])] == ["2"]
    assert [turn.text for turn in turns([shown, asks, {**user, "text": "1, 3"}])] == ["One\nThree"]
    assert [turn.text for turn in turns([shown, asks, {**user, "text": "7"}])] == ["7"]
    assert [turn.text for turn in turns([shown, asks, {**user, "text": "2 days"}, {**user, "text": "2"}])][1] == "2"
