"""Small faults put into the rules, one at a time, to see whether the twins notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from intake.protocol.conditions import COMPARISON, UNSTATED
from intake.triage.assess import EMERGENCY_STAGES, _scored, most_urgent
from intake.triage.rules import Fired, fire
from tests.triage.twins import NOW, Case

NEVER, ALWAYS = {"any": []}, {"all": []}
SHIFTED = {  # a time band and its neighbours
    "new": ["yes", "le72h"],
    "recent": ["yes", "le72h"],
    "le72h": ["new"],
    "within90d": ["yes", "new"],
    "d15_90": ["within90d", "gt90d"],
    "gt90d": ["old"],
    "old": ["yes", "gt90d"],
    "worse": ["yes"],
}


@dataclass(frozen=True)
class Mutant:
    """One fault: a rule or a named condition with one piece changed."""

    where: str
    rule: str | None  # None: a named condition
    name: str
    value: Any  # the faulty rule or condition


def mutants(protocol: Any) -> Iterator[Mutant]:
    """Yield every mutant of every rule and named condition."""
    for rule in protocol.rules.values():
        for index, tier in enumerate(rule.tiers):
            yield Mutant(
                f"{rule.id} tier {index} dropped",
                rule.id,
                rule.id,
                rule.copy(update={"tiers": rule.tiers[:index] + rule.tiers[index + 1 :]}),
            )
            for key in ("when", "unless"):
                for what, faulty in variants(getattr(tier, key)):
                    tiers = [*rule.tiers[:index], tier.copy(update={key: faulty}), *rule.tiers[index + 1 :]]
                    where = f"{rule.id} tier {index} {key}: {what}"
                    yield Mutant(where, rule.id, rule.id, rule.copy(update={"tiers": tiers}))
    for name in sorted(set().union(*(named(rule, protocol) for rule in protocol.rules.values()))):
        for what, faulty in variants(protocol.conditions[name]):
            yield Mutant(f"condition {name}: {what}", None, name, faulty)


def variants(condition: Any) -> Iterator[tuple[str, Any]]:
    """Yield each way to get one piece of a condition wrong, with a description."""
    if condition is None:
        return
    if isinstance(condition, dict) and (key := next((k for k in ("any", "all", "of") if k in condition), None)):
        for index, part in enumerate(condition[key]):
            for what, faulty in variants(part):
                yield what, {**condition, key: [*condition[key][:index], faulty, *condition[key][index + 1 :]]}
        if key == "of":
            for number in {max(1, condition["at_least"] - 1), condition["at_least"] + 1} - {condition["at_least"]}:
                yield f"at_least {number}", {**condition, "at_least": number}
        return
    yield f"{condition} never", NEVER
    yield f"{condition} always", ALWAYS
    if isinstance(condition, dict):
        ((id, value),) = condition.items()
        yield from ((f"{id}: {value} -> {shifted}", {id: shifted}) for shifted in _shifts(value))


def _shifts(value: Any) -> Iterator[Any]:
    match = COMPARISON.match(value) if isinstance(value, str) else None
    if match:
        yield from (f"{match[1]} {float(match[2]) + step:g}" for step in (-1, 1))
    elif isinstance(value, list) and len(value) > 1:
        yield from ([each for each in value if each != dropped] for dropped in value if dropped != UNSTATED)
    elif isinstance(value, str):
        yield from SHIFTED.get(value, [])


class Judge:
    """Finds out whether some case notices a mutant; remembers what every case gives without it."""

    def __init__(self, protocol: Any, cases: list[Case]) -> None:
        self.protocol = protocol
        self.uses = {rule.id: named(rule, protocol) for rule in protocol.rules.values()}
        self.cases: dict[str, list[tuple[Case, Any, tuple[Fired, ...]]]] = {}
        for case in cases:
            record = _scored(case.record.fresh(NOW), case.clinic_open)
            self.cases.setdefault(case.rule, []).append((case, record, case.judge(protocol).fired))

    def notices(self, mutant: Mutant) -> bool:
        """Say whether a case of a rule that the mutant touches goes wrong."""
        if mutant.rule:
            faulty = replace(self.protocol, rules={**self.protocol.rules, mutant.name: mutant.value})
            touched = {mutant.rule}
        else:
            faulty = replace(self.protocol, conditions={**self.protocol.conditions, mutant.name: mutant.value})
            touched = {rule for rule, names in self.uses.items() if mutant.name in names}
        return any(
            self._wrong(case, record, fired, faulty, touched)
            for rule in touched
            for case, record, fired in self.cases.get(rule, [])
        )

    def _wrong(self, case: Case, record: Any, fired: tuple[Fired, ...], faulty: Any, touched: set[str]) -> bool:
        if self.protocol.rules[case.rule].stage in EMERGENCY_STAGES:  # the cheap way: fire only what may have changed
            stages = {id: faulty.rules[id] for id in touched if faulty.rules[id].stage in EMERGENCY_STAGES}
            result = [each for each in fired if each.rule not in touched] + list(fire(stages.values(), record, faulty))
            disposition = most_urgent(each.disposition for each in result)
        else:
            judged = case.judge(faulty)
            result, disposition = judged.fired, judged.disposition
        return bool(case.wrong(disposition, result))


def named(rule: Any, protocol: Any) -> set[str]:
    """Return the named conditions that a rule uses, directly or through others."""
    return _names([[tier.when, tier.unless] for tier in rule.tiers], protocol)


def _names(part: Any, protocol: Any) -> set[str]:
    if isinstance(part, list):
        return set().union(*(_names(each, protocol) for each in part))
    if not isinstance(part, dict):
        return set()
    if "condition" in part:
        return {part["condition"]} | _names(protocol.conditions[part["condition"]], protocol)
    return set().union(*(_names(each, protocol) for each in part.values()))
