"""Where the patient wants to go in the conversation: back, on without answering, or not understood at all."""

from __future__ import annotations

from intake.conversation.turns import BACK, OFF_TOPIC, WHY, is_aside
from intake.protocol.load import Protocol
from intake.protocol.model import Status
from intake.triage.record import Record
from intake.triage.statements import VALID

FIRM = ("consent",)  # slots that nobody goes back to: a no can be said at any time


def says_something(record: Record, turn: int) -> bool:
    """The turn left something in the record."""
    return (
        record.answers[turn] is not None
        or any(each.turn == turn for each in record.statements)
        or any(each.turn == turn for each in record.values)
    )


def goes_back(record: Record, turn: int) -> bool:
    """The patient wants to change the last answer and does not say to what."""
    return record.turns[turn].intent == BACK and not says_something(record, turn)


def reopened(record: Record, protocol: Protocol) -> str | None:
    """The question that the patient has gone back to and not answered again yet."""
    answered: list[str] = []
    back: str | None = None
    for number, question in enumerate(record.answers):
        if goes_back(record, number):
            back = answered.pop() if answered else back
        elif question is not None:
            known = protocol.question_for(question)
            answered = [each for each in answered if each != question]
            answered += [] if known is None or known.slot in FIRM else [question]
            back = None
    return back


def refused(record: Record, protocol: Protocol) -> str | None:
    """The safety question that was just declined for the first time: say why it is asked, and ask once more (3E)."""
    said = [number for number in range(len(record.turns)) if says_something(record, number)]
    last = said[-1] if said else 0
    question = protocol.question_for(record.turns[last].asked) if said else None
    if question is None or question.allow_skip:
        return None
    declined = {each.id for each in record.statements if each.turn == last and each.status is Status.declined}
    before = {each.id for each in record.statements if each.turn < last and each.status is Status.declined}
    weighty = any(protocol.findings[id].tier == 1 for id in declined)
    return record.turns[last].asked if weighty and not declined & before else None


def misunderstood(record: Record) -> int:
    """How many answers in a row said nothing that could be read."""
    count = 0
    for number in reversed(range(len(record.turns))):
        turn = record.turns[number]
        aside = is_aside(turn.intent) and turn.intent != OFF_TOPIC
        if aside or turn.intent == WHY or goes_back(record, number):
            continue
        if says_something(record, number):
            break
        count += 1
    return count


def returns(record: Record) -> bool:
    """The last message comes so long after the one before that the safety questions are asked again (3E)."""
    return len(record.turns) > 1 and record.turns[-1].at - record.turns[-2].at > VALID
