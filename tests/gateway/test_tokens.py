import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.gateway.tokens import Refused, Tokens

ORIGIN = "https://clinic.test"
SECRET = "x7Qp2Lw9Vb4Nt6Rz1Kd8Hs3Jf5Gm0Yc-"


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tokens(clock):
    return Tokens(SECRET, idle=1800, absolute=12 * 3600, clock=clock)


def test_a_token_opens_its_conversation(tokens):
    assert tokens.verify(tokens.issue("abc", ORIGIN), ORIGIN).conversation == "abc"


def test_a_token_from_another_origin_is_refused(tokens):
    with pytest.raises(Refused, match="foreign origin"):
        tokens.verify(tokens.issue("abc", ORIGIN), "https://evil.example")


def test_a_token_of_another_secret_is_refused(tokens):
    with pytest.raises(Refused):
        tokens.verify(Tokens(SECRET[::-1]).issue("abc", ORIGIN), ORIGIN)


@given(st.data())
def test_a_token_with_any_character_changed_is_refused(data):
    tokens = Tokens(SECRET, clock=Clock())
    token = tokens.issue("abc", ORIGIN)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda each: each != token[place]))
    with pytest.raises(Refused):
        tokens.verify(token[:place] + other + token[place + 1 :], ORIGIN)


@pytest.mark.parametrize("junk", ["", ".", "a.b", "x" * 5000, "\u00e9.\u00e9", "null", "W10.", None, 7, ["a"]])
def test_junk_is_refused(tokens, junk):
    with pytest.raises(Refused):
        tokens.verify(junk, ORIGIN)


def test_fields_cannot_be_moved_between_conversation_and_origin(tokens):
    body, _, mac = tokens.issue("abc", ORIGIN).partition(".")
    forged = base64.urlsafe_b64encode(b'["victim","https://clinic.test",1e9]').rstrip(b"=").decode()
    with pytest.raises(Refused):
        tokens.verify(f"{forged}.{mac}", ORIGIN)


def test_an_idle_session_ends_and_a_used_one_goes_on(tokens, clock):
    token = tokens.issue("abc", ORIGIN)
    for _ in range(5):
        clock.now += 1700
        tokens.verify(token, ORIGIN)
    clock.now += 1801
    with pytest.raises(Refused, match="expired"):
        tokens.verify(token, ORIGIN)


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(tokens, clock):
    token = tokens.issue("abc", ORIGIN)
    for _ in range(12 * 3600 // 1700):
        clock.now += 1700
        tokens.verify(token, ORIGIN)
    clock.now += 1700
    with pytest.raises(Refused, match="expired"):
        tokens.verify(token, ORIGIN)


def test_an_ended_session_stays_ended(tokens):
    token = tokens.issue("abc", ORIGIN)
    tokens.end("abc")
    with pytest.raises(Refused):
        tokens.verify(token, ORIGIN)


def test_a_restart_does_not_end_a_fresh_session(tokens, clock):
    assert Tokens(SECRET, clock=clock).verify(tokens.issue("abc", ORIGIN), ORIGIN)


def test_a_choice_is_read_back(tokens):
    assert tokens.read_choice("abc", tokens.choice("abc", "Q4", "numb")) == ("Q4", "numb")


def test_a_choice_of_another_conversation_is_refused(tokens):
    with pytest.raises(Refused):
        tokens.read_choice("abd", tokens.choice("abc", "Q4", "numb"))


def test_a_session_token_is_no_choice_and_a_choice_no_session_token(tokens):
    with pytest.raises(Refused):
        tokens.read_choice("abc", tokens.issue("abc", ORIGIN))
    with pytest.raises(Refused):
        tokens.verify(tokens.choice("abc", "Q4", "numb"), ORIGIN)


def test_ids_and_origins_that_run_together_give_different_choices(tokens):
    assert tokens.choice("ab", "Q4", "numb") != tokens.choice("a", "Q4", "numb")
    with pytest.raises(Refused):
        tokens.read_choice("a", tokens.choice("ab", "Q4", "numb"))
