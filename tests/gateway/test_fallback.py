import re
import time

import pytest

from intake.gateway import fallback
from intake.protocol.clinic import GSM7
from intake.protocol.model import Disposition


def test_every_level_that_is_an_emergency_has_advice():
    assert set(fallback.ADVICE) == {each for each in Disposition if each.is_emergency} == set(fallback.PATTERNS)


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
        "took the whole " * 1300,
        "between leg " * 1600,
        "." * 20_000,
    ],
)
def test_long_texts_take_no_time(text):
    started = time.monotonic()
    fallback.level(text)
    assert time.monotonic() - started < 1
