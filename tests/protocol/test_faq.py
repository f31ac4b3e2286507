"""The answers to patients' questions: they say what they must, promise nothing, and can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from intake.protocol import wording
from intake.protocol.load import ROOT

YAML_ = YAML(typ="safe")
MUST = YAML_.load(Path(__file__).with_name("faq.yml"))
FAQ = {path.stem: YAML_.load(path) for path in sorted((ROOT / "faq").glob("*.yml"))}
MOST_WORDS, MOST_SEGMENTS, MOST_GRADE = 70, 3, 8.0
ASK = re.compile(r"clinician|surgeon|insurer|our team|ask yours|call|911", re.IGNORECASE)


def test_every_question_has_an_answer_and_what_it_must_say() -> None:
    assert sorted(FAQ) == sorted(MUST)


@pytest.mark.parametrize("intent", FAQ)
def test_an_answer_says_what_it_must(intent: str) -> None:
    said = FAQ[intent]["answer"].lower()
    assert [words for words in MUST[intent] if not re.search(words, said)] == []


@pytest.mark.parametrize("intent", FAQ)
@pytest.mark.parametrize("form", ["answer", "sms"])
def test_an_answer_claims_nothing(intent: str, form: str) -> None:
    entry: dict[str, Any] = FAQ[intent]
    said = entry[form].lower()
    banned = [*entry["must_not_say"], *wording.FORBIDDEN]
    assert [words for words in banned if re.search(rf"\b{re.escape(words.lower())}\b", said)] == []


@pytest.mark.parametrize("intent", FAQ)
def test_an_answer_is_short_easy_and_sends_to_a_clinician(intent: str) -> None:
    entry = FAQ[intent]
    assert len(entry["answer"].split()) <= MOST_WORDS
    assert (wording.grade(entry["answer"]) or 0) <= MOST_GRADE
    assert wording.segments(entry["sms"]) <= MOST_SEGMENTS
    assert wording.outside_gsm7(entry["sms"]) == ""
    assert ASK.search(wording.sentences(entry["answer"])[-1]), entry["answer"]
    assert entry["sources"]
