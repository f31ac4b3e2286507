"""The one question worth asking before the advice: a clarifier or timing follow-up whose answer could lower the level.

3A.1: a clear call_911 is never held back to ask; otherwise one clarifier may ask, once, and only if it matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import Any

from intake.protocol.conditions import leaves
from intake.protocol.model import Disposition, Option, Question, Status, Timing
from intake.triage import screen
from intake.triage.asking import dated
from intake.triage.record import Record, Statement
from intake.triage.rules import EMERGENCY_STAGES, Fired, fire, most_urgent, rank

MOST = 3  # questions tried together: an exception may need several answers (R105b, R001b)

Answer = tuple[Question, Option]


def worth_asking(record: Record, protocol: Any, fired: tuple[Fired, ...], channel: str) -> str | None:
    """Return the first question without whose answer the level could not be lowered, or None."""
    level = most_urgent(each.disposition for each in fired)
    if level is None or level.rank < Disposition.er_now.rank:
        return None
    top = [each for each in fired if each.disposition is level]
    questions = [
        each for each in protocol.order(channel) if _touches(each, top, protocol) and screen.due(each, record, protocol)
    ]
    questions = sorted(questions, key=lambda each: bool(each.clarifies))[:MOST]  # the time first
    for answers in product(*([(each, option) for option in _options(each)] for each in questions)):
        if answers and _lowers(answers, level, record, protocol):
            needed = [
                each for each in answers if not _lowers([a for a in answers if a is not each], level, record, protocol)
            ]
            return screen.due((needed or answers)[0][0], record, protocol)
    return None


def _options(question: Question) -> list[Option]:
    """Return the answers that are tried: of a timing follow-up only the one that lowers most."""
    oldest = [option for option in question.options if option.timing is Timing.gt90d_stable]
    return oldest or question.options


def _touches(question: Question, top: list[Fired], protocol: Any) -> bool:
    """Say whether a question could change what the most urgent rules rest on."""
    evidence = {each.id for fired in top for each in fired.evidence}
    if any(option.timing for option in question.options):
        return bool(dated(question, "", protocol) & evidence)
    exceptions = {leaf.id for fired in top for leaf in leaves(protocol.rules[fired.rule].tiers[fired.tier].unless)}
    denied = {id for option in question.options for id in option.absent}
    return bool(exceptions & set(question.clarifies) or (question.clarifies and denied & evidence))


def _lowers(answers: Iterable[Answer], level: Disposition, record: Record, protocol: Any) -> bool:
    for question, option in answers:
        record = _told(record, question, option, protocol)
    rules = (rule for rule in protocol.rules.values() if rule.stage in EMERGENCY_STAGES)
    return rank(most_urgent(each.disposition for each in fire(rules, record, protocol))) > level.rank


def _told(record: Record, question: Question, option: Option, protocol: Any) -> Record:
    """Return the record as it would be after this answer."""
    turn = len(record.turns)
    told = (
        [
            Statement(id, record.state(id), timing=option.timing, turn=turn)
            for id in dated(question, "", protocol)
            if record.dateless(id)
        ]
        if option.timing
        else []
    )
    told += [
        Statement(id, Status.absent, turn=turn, correction="clarifier" if record.only_picked(id) else None)
        for id in option.absent
    ]
    told += [Statement(id, Status.present, turn=turn) for id in option.findings]
    return replace(record, statements=(*record.statements, *told)).plus(**option.facts)
