import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from intake.gateway.text import SLASHES, clean, no_payload

PREFIXES = [
    "/",
    "//",
    " /",
    "\t/",
    "\n/",
    "\r\n/",
    "\u00a0/",
    "\u2003/",
    "\u3000/",
    "\u200b/",
    "\u200c/",
    "\u200d/",
    "\u2060/",
    "\ufeff/",
    "\u00ad/",
    "\u202e/",
    "\u2066/",
    "\x00/",
    "\x07/",
    "\x1b/",
    "\u061c/",
    '"/',
    "'/",
    "\u201c/",
    "\u2018/",
    "\u00ab/",
    "`/",
    "\"'/",
    "' /",
    "\u0301/",
    "\u20dd/",
    "\u02bc/",
    "\u02b0/",
    "\uff0f",
    "\u2044",
    "\u2215",
    "\u29f8",
    "\\/",
    "\uff3c",
    "\u2571",
    "/ /",
    "/\u200b/",
    "\u200b\u200b//",
    "\ue000/",
    "/\u202d",
    "\u2028/",
    "\u2029/",
    "\x85/",
    "\x0b/",
    "\x0c/",
    "\x1c/",
]
PAYLOADS = ["restart", "session_start", 'inform_symptoms{"finding": "none"}', "back", "greet@0.9", "affirm"]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("prefix", PREFIXES, ids=ascii)
def test_no_prefix_makes_an_intent_payload(prefix, payload):
    sent = UserMessage(no_payload(prefix + payload)).text  # Rasa strips once more
    assert sent == payload or not sent.startswith("/")
    assert not sent.startswith(tuple(SLASHES))
    assert payload in sent


@given(st.text(max_size=60))
def test_nothing_that_can_be_typed_starts_with_a_slash_for_rasa(text):
    assert not (UserMessage(no_payload(text)).text or "").startswith(tuple(SLASHES))


@pytest.mark.parametrize(
    "text", ["my back hurts", "7/10", "5/5 pain and/or numbness", "it's 9/10", '"shooting" pain', "¿me duele?", "No. 3"]
)
def test_ordinary_text_stays_as_it_is(text):
    assert no_payload(text) == text


def test_a_message_of_slashes_only_is_not_empty():
    assert no_payload("///") and "/" not in no_payload("///")


def test_control_and_invisible_characters_are_dropped_and_lines_kept():
    assert clean("a\x00b\u200bc\nd\te\ud800") == "abc\nd\te\ufffd"
