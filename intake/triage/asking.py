"""What a question is about: the findings it asks, those still open, those that "none of these" denies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intake.protocol.model import Option, Question, Status
from intake.triage.statements import NOT_ASKED, Record


def asks(question: Question | None) -> frozenset[str]:
    """Return the findings that a question's options set."""
    return frozenset(id for option in question.options for id in option.findings) if question else frozenset()


def facts_of(question: Question) -> frozenset[str]:
    """Return the facts that a question's answers fill."""
    own = [question.fact] if question.fact else []
    return frozenset([*own, *(fact for option in question.options for fact in option.facts)])


def dated(question: Question, asked: str, protocol: Any) -> frozenset[str]:
    """Return the findings that a timing follow-up is about; `asked` may name one picked option ("Q4t:numb")."""
    return frozenset(id for picked in dated_options(question, asked, protocol) for id in picked.findings)


def dated_options(question: Question, asked: str, protocol: Any) -> tuple[Option, ...]:
    """Return the options that a timing follow-up is about."""
    option = asked.partition(":")[2]
    sources = [protocol.questions[id] for id in question.applies_to or filter(None, [question.after])]
    return tuple(picked for each in sources for picked in each.options if option in ("", picked.id))


def settled(id: str, record: Record, protocol: Any) -> bool:
    """Say whether there is a yes or a no; a yes to something more specific is a yes to the item."""
    if record.state(id) == NOT_ASKED:
        return any(record.state(each) is Status.present for each in protocol.family(id))
    return record.state(id) in (Status.present, Status.absent)


def asked_again(question: Question, asked: str | None, record: Record) -> bool:
    """Say whether the patient has answered the question before and goes back to it; `record` holds what is fresh."""
    return asked in record.answers and all(
        record.state(id) != NOT_ASKED for option in question.options for id in denied(option)
    )


def open_options(question: Question, record: Record, protocol: Any) -> tuple[Option, ...]:
    """Return the options of a batch that ask for something not known yet; all of them when asked once more."""
    if question.kind != "batch" or asked_again(question, question.id, record):
        return tuple(question.options)
    left = tuple(
        each
        for each in question.options
        if not each.findings or not all(_told(id, record, protocol) for id in each.findings)
    )
    return left if any(each.findings for each in left) else tuple(question.options)


def _told(id: str, record: Record, protocol: Any) -> bool:
    """Say whether the patient has said yes, or no in own words; a no to another question may have meant less."""
    in_words = any(each.asked is None for each in record.said(id))
    return settled(id, record, protocol) and (record.state(id) is not Status.absent or in_words)


def denied(option: Option) -> tuple[str, ...]:
    """Return the findings that are denied when the option is not picked."""
    return tuple(option.findings if option.denies is None else option.denies)


def deniable(question: Question, picked: Iterable[Option], record: Record, protocol: Any) -> frozenset[str]:
    """Return the findings that a batch denies by not being picked: what was asked and what is more specific.

    Not what was said to be there before, and nothing beside an option that leaves the rest open.
    """
    if any(option.leaves_rest for option in picked):
        return frozenset()
    again = asked_again(question, question.id, record)
    asked = {id for option in open_options(question, record, protocol) for id in denied(option)}
    return frozenset(
        child
        for id in asked
        for child in protocol.family(id)
        if again or not any(record.state(each) is Status.present for each in protocol.family(child))
    )
