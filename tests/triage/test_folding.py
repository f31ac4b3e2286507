"""The fold that remembers gives the same record as the fold from the beginning."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from intake.language.reader import Reader
from intake.protocol.load import load
from intake.triage.folding import KEPT, Folding
from intake.triage.record import Record, Turn, fold

PROTOCOL = load()
READER = Reader(PROTOCOL)
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
SAID = [
    (None, "my low back hurts for 3 weeks, no fever"), ("Q0", "yes"), ("Q1", "Me; 45; Female"), ("Q3", "none"),
    ("Q4", "Leaking pee, or not knowing when I need to go"), ("Q4t:leak", "Over 3 months ago, same since"),
    ("Q4", "none"), ("Q13", "actually it's 7"),
]  # fmt: skip
TURNS = [Turn(asked, text, NOON + timedelta(minutes=at)) for at, (asked, text) in enumerate(SAID)]


class Counting:
    """A reader that counts."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, *said: object) -> object:
        self.reads += 1
        return READER.read(*said)  # type: ignore[arg-type]


def test_each_prefix_of_a_conversation_folds_as_it_would_afresh() -> None:
    remembering = Folding(READER, PROTOCOL)
    for end in range(len(TURNS) + 1):
        assert remembering(TURNS[:end]) == fold(TURNS[:end], READER, PROTOCOL)


def test_asked_twice_nothing_is_read_twice() -> None:
    reader = Counting()
    remembering = Folding(reader, PROTOCOL)
    for end in range(1, len(TURNS) + 1):
        remembering(TURNS[:end])
        remembering(TURNS[:end])
    once = Counting()
    fold(TURNS, once, PROTOCOL)
    assert reader.reads == once.reads


def test_conversations_that_begin_alike_are_not_mixed_up() -> None:
    remembering = Folding(READER, PROTOCOL)
    other = [*TURNS[:3], Turn("Q3", "Coughing blood", NOON)]
    remembering(TURNS)
    assert remembering(other) == fold(other, READER, PROTOCOL)
    assert remembering(TURNS) == fold(TURNS, READER, PROTOCOL)


def test_what_is_remembered_is_bounded() -> None:
    remembering = Folding(READER, PROTOCOL)
    for number in range(KEPT + 20):
        remembering([Turn(None, str(number), NOON)])
    assert len(remembering._known) <= KEPT
    assert remembering([]) == Record()
