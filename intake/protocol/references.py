"""Do the ids in the protocol exist, and do values fit? Findings, facts, texts, questions and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import last_resort
from .conditions import BANDS, COMPARISON, DENIED, UNSTATED, Leaf, Malformed, walk
from .model import Disposition, Fact
from .source import FieldPath, Problem, did_you_mean, problem

if TYPE_CHECKING:
    from .load import Protocol

CLASS_FILES = ("classes", "status", "requests")  # files in language/ that share one set of word classes


def problems(protocol: Protocol) -> Iterator[Problem]:
    """Every id that does not exist and every value that does not fit."""
    yield from _findings(protocol)
    yield from _questions(protocol)
    yield from _rules(protocol)
    yield from _texts(protocol)
    yield from _header(protocol)
    yield from _word_classes(protocol)
    yield from _last_resort(protocol)
    for name, condition in protocol.conditions.items():
        yield from _condition(protocol, "conditions", name, (), condition)
    for info in protocol.dispositions.values():
        for key in ("text", "text_closed"):
            yield from _known_text(protocol, "dispositions", info.id.value, (key,), getattr(info, key))


def _last_resort(protocol: Protocol) -> Iterator[Problem]:
    resort = protocol.last_resort
    if resort is None:
        return
    file = protocol.root / "last_resort.yml"
    for level in Disposition:
        if level.is_emergency != (level in resort.levels):
            message = f"{level.value} {'is missing' if level.is_emergency else 'is no emergency level'}"
            yield problem(file, ("levels",), message, fix="list call_911, crisis and er_now")
    for level, words in resort.levels.items():
        if words.text not in protocol.texts:
            fix = did_you_mean(words.text, protocol.texts)
            yield problem(file, ("levels", level.value, "text"), f"no text {words.text!r}", fix=fix)
        for position, phrase in enumerate(words.phrases):
            try:
                last_resort.phrase(phrase, resort.classes)
            except last_resort.Unreadable as error:
                path = ("levels", level.value, "phrases", position)
                yield problem(file, path, str(error), fix="see the head of the file for what may stand in a phrase")


def _findings(protocol: Protocol) -> Iterator[Problem]:
    for id, finding in protocol.findings.items():
        if finding.parent is not None and finding.parent not in protocol.findings:
            fix = did_you_mean(finding.parent, protocol.findings)
            yield protocol.problem("findings", id, ("parent",), f"no finding {finding.parent!r}", fix=fix)
        elif _is_its_own_ancestor(id, protocol):
            fix = "name a wider finding, or delete parent"
            yield protocol.problem("findings", id, ("parent",), f"{id} is a parent of its own", fix=fix)
        if id in protocol.facts:
            yield protocol.problem("findings", id, (), f"{id} is also a fact", fix="rename one of them")


def _is_its_own_ancestor(id: str, protocol: Protocol) -> bool:
    parent, seen = protocol.findings[id].parent, set[str]()
    while parent is not None and parent in protocol.findings and parent not in seen:
        seen.add(parent)
        parent = protocol.findings[parent].parent
    return id in seen


def _questions(protocol: Protocol) -> Iterator[Problem]:
    for id, question in protocol.questions.items():
        for position, option in enumerate(question.options):
            for key in ("findings", "absent", "denies"):
                for index, finding in enumerate(getattr(option, key) or ()):
                    if finding not in protocol.findings:
                        path = ("options", position, key, index)
                        fix = did_you_mean(finding, protocol.findings)
                        yield protocol.problem("questions", id, path, f"no finding {finding!r}", fix=fix)
            for fact, value in option.facts.items():
                yield from _fact_value(protocol, id, ("options", position, "facts", fact), fact, value)
        for fact, value in question.none_facts.items():
            yield from _fact_value(protocol, id, ("none_facts", fact), fact, value)
        if len({option.id for option in question.options}) < len(question.options):
            yield protocol.problem("questions", id, ("options",), "two options share an id", fix="rename one")
        for fact in filter(None, [question.fact, *question.clarifies]):
            if fact not in protocol.facts:
                key = "fact" if fact == question.fact else "clarifies"
                fix = did_you_mean(fact, protocol.facts)
                yield protocol.problem("questions", id, (key,), f"no fact {fact!r}", fix=fix)
        for named in filter(None, [question.after, *question.applies_to]):
            if named not in protocol.questions:
                key = "after" if named == question.after else "applies_to"
                fix = did_you_mean(named, protocol.questions)
                yield protocol.problem("questions", id, (key,), f"no question {named!r}", fix=fix)
        yield from _condition(protocol, "questions", id, ("ask_if",), question.ask_if)


def _rules(protocol: Protocol) -> Iterator[Problem]:
    for id, rule in protocol.rules.items():
        if not rule.tiers:
            yield protocol.problem("rules", id, ("tiers",), "is empty", fix="give the rule at least one tier")
        for position, tier in enumerate(rule.tiers):
            path = ("tiers", position)
            yield from _condition(protocol, "rules", id, (*path, "when"), tier.when)
            yield from _condition(protocol, "rules", id, (*path, "unless"), tier.unless, exceptions_only=True)
            yield from _known_text(protocol, "rules", id, (*path, "text"), tier.text)


def _texts(protocol: Protocol) -> Iterator[Problem]:
    for id, text in protocol.texts.items():
        yield from _known_text(protocol, "texts", id, ("otherwise",), text.otherwise)
        slots = {question.slot for question in protocol.questions.values()}
        if text.asks is not None and text.asks not in slots:
            fix = did_you_mean(text.asks, slots)
            yield protocol.problem("texts", id, ("asks",), f"no question fills slot {text.asks!r}", fix=fix)


def _header(protocol: Protocol) -> Iterator[Problem]:
    header, file = protocol.header, protocol.root / "protocol.yml"
    slots = {question.slot for question in protocol.questions.values()}
    for channel, ids in header.order.items():
        for position, id in enumerate(ids):
            asked = protocol.questions.get(id)
            if asked is None or asked.channel != channel:
                known = [known for known, other in protocol.questions.items() if other.channel == channel]
                fix = did_you_mean(id, known)
                yield problem(file, ("order", channel, position), f"no {channel} question {id!r}", fix=fix)
    for id, question in protocol.questions.items():
        if not question.on_demand and id not in header.order.get(question.channel, []):
            yield problem(
                file,
                ("order", question.channel),
                f"question {id} is not in the order",
                fix=f"add {id} where it shall be asked",
            )
    for position, slot in enumerate(header.minimum_screen):
        if slot not in slots:
            fix = did_you_mean(slot, slots)
            yield problem(file, ("minimum_screen", position), f"no question fills slot {slot!r}", fix=fix)
    groups = {finding.group for finding in protocol.findings.values()}
    for position, line in enumerate(header.related_groups):
        for index, group in enumerate(line):
            if group not in groups:
                fix = did_you_mean(group, groups)
                yield problem(file, ("related_groups", position, index), f"no finding has group {group!r}", fix=fix)
    for position, fact in enumerate(header.packet):
        if fact not in protocol.facts:
            yield problem(file, ("packet", position), f"no fact {fact!r}", fix=did_you_mean(fact, protocol.facts))


def _word_classes(protocol: Protocol) -> Iterator[Problem]:
    """A class stands in one file only: of two the reader would take the one whose file comes last."""
    homes: dict[str, str] = {}
    for name, classes in protocol.language.items():
        for word_class in classes if name.startswith(CLASS_FILES) and classes else ():
            home = homes.setdefault(word_class, name)
            if home != name:
                fix = "join the two, or rename one of them and what uses it"
                file = protocol.root / "language" / f"{name}.yml"
                yield problem(file, (word_class,), f"{word_class} stands in {home}.yml already", fix=fix)


def _known_text(protocol: Protocol, kind: str, id: str, path: FieldPath, text: str | None) -> Iterator[Problem]:
    if text is not None and text not in protocol.texts:
        yield protocol.problem(kind, id, path, f"no text {text!r}", fix=did_you_mean(text, protocol.texts))


def _condition(
    protocol: Protocol, kind: str, id: str, path: FieldPath, condition: Any, exceptions_only: bool = False
) -> Iterator[Problem]:
    for part in walk(condition) if condition is not None else ():
        where = (*path, *part.path)
        if isinstance(part, Malformed):
            yield protocol.problem(kind, id, where, part.message, fix=part.fix)
        else:
            yield from _leaf(protocol, kind, id, where, part, exceptions_only)


def _leaf(
    protocol: Protocol, kind: str, id: str, where: FieldPath, leaf: Leaf, exceptions_only: bool
) -> Iterator[Problem]:
    def wrong(message: str, fix: str, allowed: tuple[str, ...] = ()) -> Problem:
        return protocol.problem(kind, id, where, message, fix=fix, allowed=allowed)

    fact = protocol.facts.get(leaf.id)
    if leaf.named:
        if leaf.id not in protocol.conditions:
            yield wrong(f"no condition {leaf.id!r} in conditions.yml", did_you_mean(leaf.id, protocol.conditions))
    elif exceptions_only and not (fact and fact.exception or leaf.id in protocol.findings and leaf.value == DENIED):
        allowed = tuple(name for name, other in protocol.facts.items() if other.exception)
        fix = 'use an exception fact, or {finding: "no"} for an explicit no'
        yield wrong(f"{leaf.id!r} may not stand under unless: only an explicit answer may lower a level", fix, allowed)
    elif leaf.id in protocol.findings:
        bands = (*BANDS, DENIED) if exceptions_only else BANDS
        if leaf.value is not None and leaf.value not in bands:
            yield wrong(f"{leaf.value!r} is no time band", did_you_mean(leaf.value, bands), bands)
    elif fact is None:
        known = [*protocol.findings, *protocol.facts]
        yield wrong(f"no finding or fact {leaf.id!r}", did_you_mean(leaf.id, known))
    elif leaf.value is None:
        yield wrong(f"{leaf.id!r} is a fact and needs a value", f"write {{{leaf.id}: value}}", tuple(fact.values))
    else:
        yield from (wrong(*found) for found in _tested_value(fact, leaf.value))


def _tested_value(fact: Fact, wanted: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is wrong with the value or values that a condition compares a fact to: (message, fix, allowed)."""
    for value in wanted if isinstance(wanted, list) else [wanted]:
        if value == UNSTATED:
            continue
        if fact.kind in ("number", "range"):
            match = COMPARISON.match(value) if isinstance(value, str) else None
            if match is None or match[2][0].isalpha():
                fix = 'write a comparison in quotes, ">= 28", or with a constant of protocol.yml, ">= few_weeks_days"'
                yield f"{value!r} is no comparison", fix, ()
        elif fact.kind in ("choice", "set") and value not in fact.values:
            yield f"{fact.id} has no value {value!r}", did_you_mean(value, fact.values), tuple(fact.values)


def _fact_value(protocol: Protocol, id: str, path: FieldPath, name: str, value: Any) -> Iterator[Problem]:
    """Does the value that an option sets fit its fact?"""
    fact = protocol.facts.get(name)
    if fact is None:
        yield protocol.problem("questions", id, path, f"no fact {name!r}", fix=did_you_mean(name, protocol.facts))
        return
    if fact.kind == "choice" and value not in fact.values or fact.kind == "set" and not isinstance(value, list):
        fix = "write a list" if fact.kind == "set" else did_you_mean(value, fact.values)
        message = f"{name} cannot be {value!r}"
        yield protocol.problem("questions", id, path, message, allowed=tuple(fact.values), fix=fix)
    elif fact.kind == "set" and fact.values:
        for one in value:
            if one not in fact.values:
                message = f"{name} has no value {one!r}"
                fix = did_you_mean(one, fact.values)
                yield protocol.problem("questions", id, path, message, allowed=tuple(fact.values), fix=fix)
    elif fact.kind == "range" and not (isinstance(value, list) and len(value) == 2):
        yield protocol.problem("questions", id, path, f"{name} is a range", fix="write [least, most] or [least, null]")
    elif fact.kind == "number" and not isinstance(value, (int, float)):
        yield protocol.problem("questions", id, path, f"{name} is a number", fix="write a number")
