"""The patient's record: a pure fold over the turns of a conversation, every statement with its provenance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intake.protocol.model import Status
from intake.triage.statements import NOT_ASKED, Record, Statement, Turn, Value

__all__ = ["NOT_ASKED", "Record", "Statement", "Turn", "Value", "asks", "dated", "fold"]


def fold(turns: Iterable[Turn], reader: Any, protocol: Any) -> Record:
    """Read every turn in the light of its question and add up what was said."""
    record = Record()
    for turn in turns:
        record = _add(record, turn, reader.read(turn.text, turn.asked, turn.at.date()), protocol)
    return record


def _add(record: Record, turn: Turn, reading: Any, protocol: Any) -> Record:
    number, question = len(record.turns), protocol.question_for(turn.asked) if turn.asked else None
    picked = [option for option in question.options if option.id in reading.picked] if question else []
    statements = _mentioned(turn, number, reading, protocol)
    for option in picked:
        statements = _denied(record, turn, number, option, statements)
        if option.timing:
            statements += _dated(record, turn, number, option, dated(question, turn.asked or "", protocol))
    answered = set(reading.answered)
    if question and (answered or picked):
        answered.add(question.slot)
    if question and (question.kind == "text" or any(each.timing for each in picked)):
        answered.add(question.id + "".join((turn.asked or "").partition(":")[1:]))
    values = (
        Value(id, value, number, turn.text, turn.at, reading.correction)
        for id, value in _facts(reading, picked, protocol)
    )
    return Record(
        turns=(*record.turns, turn),
        statements=(*record.statements, *statements),
        values=(*record.values, *values),
        covered=(*record.covered, asks(question)),
        answered=record.answered | answered,
    )


def _mentioned(turn: Turn, number: int, reading: Any, protocol: Any) -> list[Statement]:
    correction: Any = "words" if reading.correction else None
    return [
        Statement(each.id, _status(each, protocol), each.course, each.timing, number, each.text,
                  turn.asked if each.explicit else None, turn.at, correction)
        for each in reading.mentions if each.id in protocol.findings
    ]  # fmt: skip


def _denied(record: Record, turn: Turn, number: int, option: Any, statements: list[Statement]) -> list[Statement]:
    """Add what the picked option denies; a clarifier takes back what an option with several things had set."""
    denied = set(option.absent) - {each.id for each in statements if each.status is not Status.absent}
    return [each for each in statements if each.id not in denied] + [
        Statement(id, Status.absent, turn=number, words=option.text, asked=turn.asked, at=turn.at,
                  correction="clarifier" if record.only_picked(id) else None)
        for id in sorted(denied)
    ]  # fmt: skip


def _dated(record: Record, turn: Turn, number: int, option: Any, ids: frozenset[str]) -> list[Statement]:
    """Say again, with its time, what was said before without one."""
    return [
        Statement(id, record.state(id), timing=option.timing, turn=number, words=record.evidence(id).words,
                  asked=turn.asked, at=turn.at)
        for id in sorted(ids) if record.dateless(id)
    ]  # fmt: skip


def _facts(reading: Any, picked: list[Any], protocol: Any) -> Iterable[tuple[str, Any]]:
    """Return the facts of a reading; "none" to a question about a set is a value of that set.

    The date of a nerve sign ("over 3 months ago, same since") says nothing about how long the pain has lasted.
    """
    facts = {} if any(option.timing for option in picked) else dict(reading.facts)
    if reading.human:
        facts["wants_person"] = "yes"
    if reading.bare == "none":
        empty = (id for id in reading.answered if id in protocol.facts and "none" in protocol.facts[id].values)
        facts = {**dict.fromkeys(empty, ("none",)), **facts}
    return [(id, value) for id, value in facts.items() if id in protocol.facts]


def _status(mention: Any, protocol: Any) -> Status:
    """A history item is present when it holds now or ever held."""
    past = mention.status is Status.past and protocol.findings[mention.id].kind == "history"
    return Status.present if past else mention.status


def asks(question: Any) -> frozenset[str]:
    """Return the findings that a question's options set."""
    return frozenset(id for option in question.options for id in option.findings) if question else frozenset()


def dated(question: Any, asked: str, protocol: Any) -> frozenset[str]:
    """Return the findings that a timing follow-up is about; `asked` may name one picked option ("Q4t:numb")."""
    option = asked.partition(":")[2]
    sources = [protocol.questions[id] for id in question.applies_to or filter(None, [question.after])]
    return frozenset(
        id for each in sources for picked in each.options if option in ("", picked.id) for id in picked.findings
    )
