"""Renders the protocol as one HTML page that a clinician can read, question and print: `make protocol`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import wording
from .changes import Comparison
from .check import check
from .check_wording import EMERGENCY_GRADE, MAXIMUM_GRADE, wordings
from .clinic import Clinic
from .conditions import leaves
from .flow import draw
from .load import Protocol
from .model import Disposition, Option, Rule
from .prose import plain, say
from .source import ProtocolError, read

TEMPLATE = "report.html.j2"
TWINS = Path("tests/protocol/rules")  # <rule id>.yml: the cases that each rule is tested with


@dataclass(frozen=True)
class Note:
    """A further heading under "Changes", such as the vignettes that the changes move."""

    heading: str
    lines: tuple[str, ...]


def render(protocol: Protocol, clinic: Clinic, comparison: Comparison, notes: Iterable[Note] = ()) -> str:
    """The page as HTML; it needs no other file and no network."""
    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    used = _used_by(protocol)
    return environment.get_template(TEMPLATE).render(
        protocol=protocol,
        problems=check(protocol, clinic),
        comparison=comparison,
        notes=list(notes),
        labels={info.id: info.label for info in protocol.dispositions.values()},
        by_urgency=_by_urgency(protocol),
        flows=[(channel, draw(protocol, channel)) for channel in ("web", "sms")],
        on_demand=[
            (question, plain(say(question.ask_if, protocol)))
            for question in protocol.questions.values()
            if question.on_demand or question.clarifies
        ],
        questions=_questions(protocol, clinic),
        sets=_sets,
        texts=_texts(protocol, clinic),
        findings=[
            {"finding": finding, "asked": _asked_by(protocol, id), "rules": used.get(id, [])}
            for id, finding in protocol.findings.items()
        ],
        exceptions=[
            {"fact": fact, "asked": _asked_for(protocol, id), "rules": used.get(id, [])}
            for id, fact in protocol.facts.items()
            if fact.exception
        ],
    )


def _by_urgency(protocol: Protocol) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rules grouped by their most urgent level; rules without a level (notes, a person) last."""
    groups: list[tuple[str, list[dict[str, Any]]]] = []
    for disposition in (*Disposition, None):
        rules = [_rule(rule, disposition, protocol) for rule in protocol.rules.values() if _top(rule) == disposition]
        if rules:
            info = protocol.dispositions.get(disposition) if disposition else None
            label = (
                f"{info.label} ({info.code})"
                if info
                else disposition.value
                if disposition
                else "A person or a note only"
            )
            groups.append((label, rules))
    return groups


def _top(rule: Rule) -> Disposition | None:
    return min(
        (tier.disposition for tier in rule.tiers if tier.disposition), key=lambda level: level.rank, default=None
    )


def _rule(rule: Rule, top: Disposition | None, protocol: Protocol) -> dict[str, Any]:
    return {
        "rule": rule,
        "top": top.value if top else "none",
        "tiers": [
            {"tier": tier, "when": say(tier.when, protocol), "unless": say(tier.unless, protocol)}
            for tier in rule.tiers
        ],
        "cases": _cases(protocol.root.parent / TWINS / f"{rule.id}.yml"),
    }


def _cases(twin: Path) -> list[str]:
    """Names of the cases that a rule is tested with."""
    try:
        cases = read(twin)
    except ProtocolError:
        return []
    return [str(case.get("name", "")) for case in cases if isinstance(case, dict)] if isinstance(cases, list) else []


def _questions(protocol: Protocol, clinic: Clinic) -> list[dict[str, Any]]:
    texts = {
        one.id: one.text for one in wordings(protocol, clinic) if one.kind == "questions" and one.path == ("text",)
    }
    return [
        {"question": question, "length": wording.septets(texts[id]) if question.channel == "sms" else "",
         "grade": wording.grade(texts[id])}
        for id, question in protocol.questions.items()
    ]  # fmt: skip


def _sets(option: Option) -> str:
    """What an answer sets, on one line."""
    facts = [f"{fact} = {value}" for fact, value in option.facts.items()]
    denied = [f"not {finding}" for finding in option.absent]
    return ", ".join([*option.findings, *denied, *facts, *([option.timing.value] if option.timing else [])])


def _texts(protocol: Protocol, clinic: Clinic) -> list[tuple[str, list[dict[str, Any]]]]:
    rows: dict[str, list[dict[str, Any]]] = {id: [] for id in protocol.texts}
    for one in wordings(protocol, clinic):
        if one.kind == "texts":
            length = (len(one.text) if one.language == "es" else wording.septets(one.text)) if one.sms else ""
            rows[one.id].append({
                "where": " ".join(map(str, one.path)),
                "text": one.text,
                "language": one.language,
                "length": length,
                "segments": wording.segments(one.text) if one.sms else "",
                "grade": wording.grade(one.text) if one.language == "en" else None,
                "limit": EMERGENCY_GRADE if one.emergency else MAXIMUM_GRADE,
            })  # fmt: skip
    return list(rows.items())


def _asked_by(protocol: Protocol, finding: str) -> list[str]:
    return [
        id
        for id, question in protocol.questions.items()
        if any(finding in option.findings for option in question.options)
    ]


def _asked_for(protocol: Protocol, fact: str) -> list[str]:
    return [
        id
        for id, question in protocol.questions.items()
        if question.fact == fact or any(fact in option.facts for option in question.options)
    ]


def _used_by(protocol: Protocol) -> dict[str, list[str]]:
    """Which rules use a finding, a fact or a named condition's leaves."""
    used: dict[str, list[str]] = {}
    for id, rule in protocol.rules.items():
        found: set[str] = set()
        for tier in rule.tiers:
            for condition in (tier.when, tier.unless):
                _collect(condition, protocol, found)
        for name in found:
            used.setdefault(name, []).append(id)
    return used


def _collect(condition: Any, protocol: Protocol, found: set[str]) -> None:
    for leaf in leaves(condition):
        if not leaf.named:
            found.add(leaf.id)
        elif leaf.id in protocol.conditions:
            _collect(protocol.conditions[leaf.id], protocol, found)
