"""The patient's record: a pure fold over the turns of a conversation, every statement with its provenance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from intake.protocol.model import Status
from intake.triage.asking import asked_again, asks, dated, deniable, facts_of
from intake.triage.statements import NOT_ASKED, Record, Statement, Turn, Value

__all__ = ["NOT_ASKED", "Record", "Statement", "Turn", "Value", "asks", "dated", "fold"]

NUMBER = re.compile(r"\W*\d+\W*$")
MEASURED = ("pain_severity", "pain_duration_days", "age")  # what a number without words could mean
DECLINES, CORRECTS = "decline_to_answer", "correct_answer"
WISHES = ("treatments_tried", "goals")  # named in a question, they are asked about


def fold(turns: Iterable[Turn], reader: Any, protocol: Any) -> Record:
    """Read every turn in the light of its question and add up what was said."""
    record = Record()
    for turn in turns:
        record = add(record, turn, reader, protocol)
    return record


def add(record: Record, turn: Turn, reader: Any, protocol: Any) -> Record:
    """Return the record with one more turn."""
    asked, reading = _read(turn, reader)
    number, question = len(record.turns), protocol.question_for(asked) if asked else None
    picked = [option for option in question.options if option.id in reading.picked] if question else []
    firm = reading.bare not in ("unsure", "declined")
    again = (
        question is not None
        and firm
        and bool(reading.answered or picked)
        and asked_again(question, turn.asked, record.fresh(turn.at))
    )
    statements = _mentioned(turn, number, reading, question, picked, protocol)
    if question is not None and question.kind == "batch":
        statements = _asked_only(statements, question, picked, record, turn, protocol)
    for option in picked:
        statements = _denied(record, turn, number, option, statements)
        if question and option.timing:
            statements += _dated(record, turn, number, option, dated(question, turn.asked or "", protocol), again)
    if again or (question is not None and question.corrects):
        about = asks(question) if again else None
        statements = [_correcting(each, about, protocol) for each in statements]
    answered = set(reading.answered)
    if question and (answered or picked):
        answered.add(question.slot)
    if question and (question.kind == "text" or any(each.timing for each in picked)):
        answered.add(question.id + "".join((turn.asked or "").partition(":")[1:]))
    own = facts_of(question) if question else frozenset()
    corrects = reading.correction or (question is not None and question.corrects)
    values = (
        Value(id, value, number, turn.text, turn.at, corrects or (again and id in own))
        for id, value in _facts(turn, reading, picked, question, protocol)
    )
    return Record(
        turns=(*record.turns, turn),
        statements=(*record.statements, *statements),
        values=(*record.values, *values),
        covered=(*record.covered, asks(question)),
        answers=(*record.answers, turn.asked if question and (answered or question.kind == "text") else None),
        answered=record.answered | answered,
    )


def _read(turn: Turn, reader: Any) -> tuple[str | None, Any]:
    """The question that a turn answers, and its reading.

    A refusal in any words is a skip; a correction that names nothing ("go back") answers no question.
    """
    reading = reader.read(turn.text, turn.asked, turn.at.date())
    if turn.asked is None or turn.intent not in (DECLINES, CORRECTS) or reading.picked or reading.bare:
        return turn.asked, reading
    alone = reader.read(turn.text, None, turn.at.date())
    if alone.mentions or alone.facts:
        return turn.asked, reading
    return (turn.asked, reader.read("skip", turn.asked)) if turn.intent == DECLINES else (None, alone)


def _mentioned(
    turn: Turn, number: int, reading: Any, question: Any, picked: list[Any], protocol: Any
) -> list[Statement]:
    correction: Any = "words" if reading.correction else None
    course = question.course if question else None
    chosen = {id for option in picked for id in option.findings}
    return [
        Statement(each.id, _status(each, protocol), (each.id in chosen and course) or each.course, each.timing, number,
                  each.text, turn.asked if each.explicit else None, turn.at, correction)
        for each in reading.mentions if each.id in protocol.findings
    ]  # fmt: skip


def _asked_only(
    statements: list[Statement], question: Any, picked: list[Any], record: Record, turn: Turn, protocol: Any
) -> list[Statement]:
    """Leave out denials of what the patient was not asked, because it was known or stood beside something else."""
    denials = deniable(question, picked, record.fresh(turn.at), protocol)
    denials |= {id for option in picked for id in option.absent}
    return [each for each in statements if each.status is not Status.absent or each.asked is None or each.id in denials]


def _correcting(statement: Statement, about: frozenset[str] | None, protocol: Any) -> Statement:
    """An answer given anew replaces the earlier one (`about` its findings; None: about all that was said)."""
    concerned = about is None or any(statement.id in protocol.family(id) for id in about)
    return replace(statement, correction="words") if concerned and statement.correction is None else statement


def _denied(record: Record, turn: Turn, number: int, option: Any, statements: list[Statement]) -> list[Statement]:
    """Add what the picked option denies; a clarifier takes back what an option with several things had set."""
    denied = set(option.absent) - {each.id for each in statements if each.status is not Status.absent}
    return [each for each in statements if each.id not in denied] + [
        Statement(id, Status.absent, turn=number, words=option.text, asked=turn.asked, at=turn.at,
                  correction="clarifier" if record.only_picked(id) else None)
        for id in sorted(denied)
    ]  # fmt: skip


def _dated(record: Record, turn: Turn, number: int, option: Any, ids: frozenset[str], again: bool) -> list[Statement]:
    """Say again, with its time, what was said before without one, or with another when the patient goes back."""
    return [
        Statement(id, record.state(id), timing=option.timing, turn=number, words=record.evidence(id).words,
                  asked=turn.asked, at=turn.at, correction="words" if again else None)
        for id in sorted(ids) if record.dateless(id) or (again and record.positive(id))
    ]  # fmt: skip


def _facts(turn: Turn, reading: Any, picked: list[Any], question: Any, protocol: Any) -> Iterable[tuple[str, Any]]:
    """Return the facts of a reading; "none" to a question about a set is a value of that set.

    The date of a nerve sign ("over 3 months ago, same since") says nothing about how long the pain has lasted, a lone
    number only what was asked for, and a question ("what is a nerve block?") nothing about what was tried.
    """
    facts = {} if any(option.timing for option in picked) else dict(reading.facts)
    if question is not None and NUMBER.match(turn.text):
        facts = {id: value for id, value in facts.items() if id not in MEASURED or id in facts_of(question)}
    if turn.is_question:
        facts = {id: value for id, value in facts.items() if id not in WISHES}
    if reading.human or turn.intent == "request_human":
        facts["wants_person"] = "yes"
    if reading.bare == "none":
        empty = (id for id in reading.answered if id in protocol.facts and "none" in protocol.facts[id].values)
        facts = {**dict.fromkeys(empty, ("none",)), **facts}
    return [(id, value) for id, value in facts.items() if id in protocol.facts]


def _status(mention: Any, protocol: Any) -> Status:
    """A history item is present when it holds now or ever held."""
    past = mention.status is Status.past and protocol.findings[mention.id].kind == "history"
    return Status.present if past else mention.status
