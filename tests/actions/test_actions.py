"""The custom actions: all are registered, and each does with a hand-made tracker what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from ruamel.yaml import YAML

from actions import surroundings
from actions.appointments import ActionBookAppointment, ActionCancelAppointment, ValidateBookingForm, chosen
from actions.intake_form import ValidateIntakeForm
from actions.summary import ActionSummarise

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["a", "b", "c"]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'intake.db'}")
    surroundings.store.cache_clear()
    yield
    surroundings.store.cache_clear()


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(ROOT / "domain.yml"))


def asks(question: str) -> dict[str, Any]:
    custom = {"asked": question, "disposition": None}
    return {"event": "bot", "text": "?", "data": {"custom": custom}, "timestamp": 1.8e9}


def says(text: str, intent: str = "inform_symptoms") -> dict[str, Any]:
    return {"event": "user", "text": text, "timestamp": 1.8e9, "parse_data": {"intent": {"name": intent}}}


def tracker(events: list[dict[str, Any]], loop: str | None = None, **slots: Any) -> Tracker:
    last = next((each for each in reversed(events) if each["event"] == "user"), {})
    latest = {"text": last.get("text"), "intent": (last.get("parse_data") or {}).get("intent") or {}}
    active = {"name": loop} if loop else {}
    return Tracker("t-1", slots, latest, events, False, None, active, "action_listen")


async def run(
    action: Any, at: Tracker, domain: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, at, domain or {})
    return {each["name"]: each["value"] for each in events if each["event"] == "slot"}, dispatcher.messages


def answered(question: str, text: str, slot: str) -> list[dict[str, Any]]:
    return [asks(question), says(text), {"event": "slot", "name": slot, "value": text, "timestamp": 1.8e9}]


def test_the_actions_of_the_domain_are_those_that_are_written(domain: dict[str, Any]) -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    assert sorted(executor.actions) == sorted(domain["actions"])


@pytest.mark.parametrize(
    ("text", "key"),
    [("1", "a"), ("2.", "b"), ("the third", "c"), ("number 2", "b"), ("option 3 please", "c"), ("first one", "a"),
     ("b", "b"), ("0", None), ("4", None), ("yes", None), ("12", None), ("tuesday", None), ("", None)],
)  # fmt: skip
def test_a_time_is_chosen_only_by_its_number_or_key(text: str, key: str | None) -> None:
    assert chosen(text, KEYS) == key


def test_yes_chooses_when_there_is_one_time_only() -> None:
    assert chosen("Yes please", ["a"]) == "a"
    assert chosen("yes", []) is None


async def test_the_intake_asks_for_consent_first(domain: dict[str, Any]) -> None:
    slots, _ = await run(ValidateIntakeForm(), tracker([says("my back hurts")]), domain)
    assert slots["requested_slot"] == "consent"


async def test_an_answer_leads_to_the_next_question(domain: dict[str, Any]) -> None:
    at = tracker(answered("Q0", "yes", "consent"), "intake_form", requested_slot="consent")
    slots, messages = await run(ValidateIntakeForm(), at, domain)
    assert slots["requested_slot"] == "patient"
    assert messages == []


async def test_an_answer_that_says_nothing_is_asked_again_with_help(domain: dict[str, Any]) -> None:
    at = tracker(answered("Q0", "hmm", "consent"), "intake_form", requested_slot="consent", asked="Q0")
    slots, messages = await run(ValidateIntakeForm(), at, domain)
    assert (slots["requested_slot"], slots["consent"]) == ("consent", None)
    assert "I did not get that" in messages[0]["text"]


async def test_the_form_steps_back_for_what_is_no_answer(domain: dict[str, Any]) -> None:
    events = [asks("Q0"), says("what is a nerve block?", "faq_nerve_block")]
    slots, messages = await run(ValidateIntakeForm(), tracker(events, "intake_form", requested_slot="consent"), domain)
    assert (slots, messages) == ({}, [])


async def test_without_consent_nothing_is_asked(domain: dict[str, Any]) -> None:
    at = tracker(answered("Q0", "no", "consent"), "intake_form", requested_slot="consent")
    slots, _ = await run(ValidateIntakeForm(), at, domain)
    assert slots["requested_slot"] is None


async def test_no_time_is_offered_before_the_screens() -> None:
    slots, _ = await run(ValidateBookingForm(), tracker([says("book me in")], "booking_form"))
    assert slots == {"requested_slot": None}


async def test_nothing_is_booked_without_a_choice() -> None:
    _, messages = await run(ActionBookAppointment(), tracker([says("hm")]))
    assert messages == []


async def test_a_choice_that_is_no_time_books_nothing() -> None:
    _, messages = await run(ActionBookAppointment(), tracker([says("1")], appointment_choice="2020-01-01|nobody"))
    assert "booked" not in str(messages)


async def test_a_visit_that_does_not_exist_cannot_be_cancelled() -> None:
    slots, messages = await run(ActionCancelAppointment(), tracker([says("cancel it", "cancel_appointment")]))
    assert slots == {"appointment_id": None}
    assert "no booked visit" in messages[0]["text"]


async def test_a_minor_is_told_that_a_guardian_must_go_on() -> None:
    events = [asks("Q0"), says("yes"), asks("Q1"), says("Me; 15; Female")]
    _, messages = await run(ActionSummarise(), tracker(events))
    assert "parent or guardian" in messages[0]["text"]
