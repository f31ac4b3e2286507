"""What the patient has still to be asked: the minimum screen (3F) and the one next best question."""

from __future__ import annotations

from typing import Any

from intake.protocol.model import Question, Status
from intake.triage import conditions
from intake.triage.asking import asks, dated, denied, facts_of, settled
from intake.triage.statements import NOT_ASKED, Record

SKIPPABLE = frozenset({"sexual_dysfunction"})  # beside mood


def items(protocol: Any, slot: str) -> frozenset[str]:
    """Return the findings that the questions of a slot (and of its second half on SMS) ask about, on both channels."""
    return frozenset().union(*(asks(each) for each in protocol.questions.values() if each.slot in (slot, f"{slot}_2")))


def minimum(protocol: Any) -> frozenset[str]:
    """Return the findings of the minimum screen (3F), on both channels."""
    return frozenset().union(*(items(protocol, slot) for slot in protocol.minimum_screen))


def skippable(protocol: Any) -> frozenset[str]:
    """Return the findings that may be declined without blocking self-care (3F item 8): 988 is shown then."""
    mood = (asks(each) for each in protocol.questions.values() if each.slot.startswith("screen_mood"))
    return frozenset(id for root in SKIPPABLE.union(*mood) for id in protocol.family(root))


def missing(record: Record, protocol: Any, channel: str | None = None) -> tuple[str, ...]:
    """Return the questions of the minimum screen without an explicit answer, in asking order.

    Without a channel: of the channel with less left to ask; a patient may change from web to SMS.
    """
    if channel is None:
        return min((missing(record, protocol, each) for each in ("web", "sms")), key=len)
    slots, may_skip = set(protocol.minimum_screen), skippable(protocol)
    return tuple(
        each.id
        for each in protocol.order(channel)
        if each.slot in slots and _applies(each, record, protocol) and _lacks(each, record, protocol, may_skip)
    )


def _lacks(question: Question, record: Record, protocol: Any, may_skip: frozenset[str]) -> bool:
    """Say whether an item of the question is without a yes or a no; questions without findings need their facts."""
    ids = asks(question)
    if ids:
        return not all(
            settled(id, record, protocol) or (record.state(id) is Status.declined and id in may_skip) for id in ids
        )
    return not any(record.facts(fact) for fact in facts_of(question) - record.stale)


def _applies(question: Question, record: Record, protocol: Any) -> bool:
    """Say whether a question is to be asked: its condition holds, doubts count; a follow-up has something to date."""
    if question.ask_if is not None and conditions.evaluate(question.ask_if, record, protocol, "maybe") is None:
        return False
    if any(option.timing for option in question.options):
        return any(record.dateless(id) for id in dated(question, "", protocol))
    return True


def due(question: Question, record: Record, protocol: Any) -> str | None:
    """Return how the question is asked next, or None when it is answered or does not apply.

    A follow-up that is asked once for each picked option names the option: "Q4t:numb".
    """
    if not _applies(question, record, protocol):
        return None
    if question.each:
        sources = [protocol.questions[id] for id in question.applies_to or filter(None, [question.after])]
        options = [option for each in sources for option in each.options if any(map(record.dateless, option.findings))]
        picked = [each for each in options if all(map(record.positive, each.findings))] or options
        names = (f"{question.id}:{each.id}" for each in picked)
        return next((name for name in names if name not in record.answered), None)
    return None if _answered(question, record, protocol) else question.id


def next_question(record: Record, protocol: Any, channel: str) -> str | None:
    """Return the next question that is due, or None: urgent ones first, then a doubt about a tier-1 item.

    Then the protocol's order. Only what is urgent comes before consent; clarifiers come on demand only.
    """

    def place(question: Question) -> tuple[bool, bool]:
        return not question.urgent, question.kind != "consent" and not _doubted(question, record, protocol)

    order = sorted((each for each in protocol.order(channel) if not each.on_demand), key=place)
    asked = (due(each, record, protocol) for each in order)
    return next((each for each in asked if each), None)


def _doubted(question: Question, record: Record, protocol: Any) -> bool:
    """Say whether the question asks about a tier-1 item on which something doubtful was said and not yet asked."""
    return any(record.pending(id) and protocol.findings[id].tier == 1 for id in asks(question) & record.doubts)


def _answered(question: Question, record: Record, protocol: Any) -> bool:
    """Say whether the question got its answer: every item, any of its facts, or, for free text, any reply."""
    if question.kind == "consent":
        return record.fact("consent") is not None  # a wish to talk to a person is no consent
    if question.id in record.answered or record.facts(question.slot):
        return True  # a fact that was told in free text (where it hurts, what was tried) is not asked again
    ids, facts = asks(question), frozenset(question.clarifies) or facts_of(question)
    if question.kind == "form" and question.fact:
        return question.fact in record.answered or bool(record.facts(question.fact))  # the age; the rest is a help
    if question.clarifies:
        return question.slot in record.answered or any(record.facts(fact) for fact in facts - record.stale)
    if question.after and ids and ids <= asks(protocol.questions[question.after]):
        return question.slot in record.answered  # asks about the same items once more: which of them are old
    if ids:
        ids = frozenset(id for option in question.options for id in denied(option))
        return all(id in record.answered or (record.state(id) != NOT_ASKED and not record.pending(id)) for id in ids)
    return any(fact in record.answered or record.facts(fact) for fact in facts - record.stale)
