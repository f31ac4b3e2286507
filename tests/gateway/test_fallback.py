import re
import time

import pytest

from intake.gateway import fallback
from intake.protocol.clinic import GSM7
from intake.protocol.model import Disposition

CASES = {
    Disposition.call_911: [
        "chest pain",
        "I can't breathe",
        "cant breathe!!",
        "he passed out",
        "face is drooping",
        "took too many pills",
        "coughing up blood",
        "no puedo respirar",
        "Chest   pressure",
        "I'm having a heart attack",
        "worst headache of my life",
        "my throat is closing up",
        "my lips are blue",
        "I took all my pills",
        "a pulsing lump in my belly",
        "tomé muchas pastillas",
    ],
    Disposition.crisis: [
        "I want to kill myself",
        "thinking about suicide",
        "I'd be better off dead",
        "I don't want to live anymore",
        "I have a gun and want to use it",
        "quiero morir",
        "ya no quiero vivir",
    ],
    Disposition.er_now: [
        "numb between my legs",
        "no feeling in my private parts",
        "I can't pee",
        "haven't been able to pee",
        "I peed myself",
        "lost control of my bladder",
        "both legs are weak",
        "foot is dragging",
        "can’t move my legs",
        "no feeling down there",
        "my bottom is numb",
        "my legs gave out",
        "my legs are numb",
        "no puedo orinar",
    ],
}


@pytest.mark.parametrize("level, text", [(level, text) for level, texts in CASES.items() for text in texts])
def test_red_flags_are_found_by_keyword(level, text):
    assert fallback.level(text) == level


@pytest.mark.parametrize(
    "text",
    [
        "my low back hurts",
        "about three months",
        "7",
        "Yes",
        "I have tried ibuprofen",
        "when is my appointment?",
        "the bottom of my foot is numb",
        "I want to walk again",
        "my gun belt hurts my back",
    ],
)
def test_ordinary_messages_are_not(text):
    assert fallback.level(text) is None


def test_every_level_that_is_an_emergency_has_advice():
    assert set(fallback.ADVICE) == {each for each in Disposition if each.is_emergency} == set(fallback.KEYWORDS)


def test_fixed_texts_fit_one_text_message():
    texts = [
        *fallback.ADVICE.values(),
        fallback.SILENT_SMS,
        fallback.STILL_SILENT,
        fallback.NOT_PASSED_ON,
        fallback.STILL_HOLDS,
    ]
    for text in texts:
        filled = text.replace("{phone}", "555-555-0100")
        assert set(filled) <= GSM7 and len(filled) <= 160, filled


def test_no_fixed_text_promises_a_call():
    texts = [value for name, value in vars(fallback).items() if name.isupper() and isinstance(value, str)]
    assert not [
        text
        for text in [*texts, *fallback.ADVICE.values()]
        if re.search(r"(will|try to) call you|told (the|our) team", text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000,
        "numb " * 4000,
        "can not " * 2500,
        "pee " * 5000,
        " " * 20_000,
        "both legs weak" * 1000,
        "\n" * 20_000,
    ],
)
def test_long_texts_take_no_time(text):
    started = time.monotonic()
    fallback.level(text)
    assert time.monotonic() - started < 1
