"""The NLU component: entities that Rasa can write, and a turn that survives whatever goes wrong."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.reader import NOT_READ, IntakeReader, entities
from intake.conversation.understanding import Understander
from intake.protocol.load import load


@pytest.fixture(scope="module")
def reader() -> IntakeReader:
    return IntakeReader([("greet", "hello"), ("inform_symptoms", "it aches")], None, None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander(load(), [("greet", "hello"), ("inform_symptoms", "it aches")])


def read(reader: IntakeReader, text: str) -> Message:
    return reader.process([Message({TEXT: text})])[0]


def test_a_finding_carries_its_status_as_a_role(reader: IntakeReader) -> None:
    found = [(each["value"], each["role"]) for each in read(reader, "my groin is numb, no fever").get(ENTITIES)
             if each["entity"] == "finding"]  # fmt: skip
    assert ("saddle_numbness", "present") in found
    assert ("fever", "absent") in found


@pytest.mark.parametrize(
    "text",
    ["my lower back hurts for 3 months, no fever, my crotch is numb", "pain down both legs since tuesday, 7 out of 10",
     "chest pain right now", "🙂", "", "   "],
)  # fmt: skip
def test_entities_lie_within_the_text_and_never_overlap(understander: Understander, text: str) -> None:
    found = entities(understander.understand(text, None, datetime.now(timezone.utc)), len(text))
    assert all(0 <= each["start"] < each["end"] <= len(text) for each in found)
    spans = sorted({(each["start"], each["end"]) for each in found})
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))


def test_a_red_flag_is_an_emergency_whatever_the_classifier_thinks(reader: IntakeReader) -> None:
    assert read(reader, "hello, my crotch is numb").get(INTENT)["name"] == "report_emergency"


def test_an_exception_does_not_end_the_turn(reader: IntakeReader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise ValueError

    monkeypatch.setattr(reader._understander, "understand", fails)
    assert read(reader, "hello").get(INTENT)["name"] == NOT_READ
