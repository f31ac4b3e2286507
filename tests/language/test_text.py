"""Messages of any shape are split into words, and nothing breaks the reader."""

from __future__ import annotations

import pytest

from intake.language.reader import Reader


def found(reader: Reader, text: str) -> set[str]:
    return {mention.id for mention in reader.read(text).mentions if mention.status.value == "present"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😭😭😭",
        "\x00\x01\x07",
        "\u202e\u200b",
        "?" * 50,
        "a" * 10_000,
        "(" * 3_000,
        "\n" * 10_000,
        "🤮" * 5_000,
        "İ" * 3_000,
        "½ 3⅓ weeks",
        "1" * 300,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_any_text_is_read(reader: Reader, text: str) -> None:
    assert reader.read(text).mentions == ()


@pytest.mark.parametrize("asked", [None, "Q1", "Q4", "Q11", "SMS-04", "SMS-09", "SMS-12", "SMS-04t"])
def test_any_text_answers_any_question(reader: Reader, asked: str | None) -> None:
    for text in ("", "😭", "/restart", "\x00", "0" * 200):
        reader.read(text, asked)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("I CAN'T PEE", "urinary_retention"),
        ("back hurts.my groin is numb", "saddle_numbness"),
        ("back pain,cant pee;help", "urinary_retention"),
        ('/inform{"pain_location": "groin numb"}', "saddle_numbness"),
        ("¡no puedo orinar!", "urinary_retention"),
        ("hello " * 1_000 + "I want to kill myself", "suicidal_ideation"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_the_shape_of_a_message_hides_nothing(reader: Reader, text: str, finding: str) -> None:
    assert finding in found(reader, text)
