"""What can ever be answered: which findings and facts something can set, and so which rules can fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .conditions import UNSTATED

if TYPE_CHECKING:
    from .load import Protocol


class Reach:
    """What the questions and the language files of one protocol can set."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self.asked_findings: set[str] = set()
        self.asked_values: dict[str, list[Any]] = {}
        for question in protocol.questions.values():
            if question.fact:
                self.asked_values.setdefault(question.fact, [])
            for facts in (question.none_facts, *(option.facts for option in question.options)):
                for fact, value in facts.items():
                    self.asked_values.setdefault(fact, []).extend(value if isinstance(value, list) else [value])
            for option in question.options:
                self.asked_findings.update(option.findings)
        self.said_facts = set(protocol.language.get("values") or {})

    def finding(self, id: str) -> bool:
        """Whether a finding or one of its children can become present."""
        known = self._protocol.findings
        return any(
            member in self.asked_findings or known[member].phrases or known[member].free_text
            for member in self._protocol.family(id)
        )

    def fact(self, id: str, wanted: Any) -> bool:
        """Whether a fact can take one of the wanted values."""
        fact = self._protocol.facts[id]
        if fact.free_text or id in self.said_facts or wanted == UNSTATED:
            return True
        if id not in self.asked_values:
            return False
        if fact.kind not in ("choice", "set"):
            return True
        return any(one in self.asked_values[id] for one in (wanted if isinstance(wanted, list) else [wanted]))

    def condition(self, condition: Any) -> bool:
        """Whether a well-formed condition can ever hold."""
        if isinstance(condition, str):
            return self.finding(condition)
        if "of" in condition:
            return sum(map(self.condition, condition["of"])) >= int(condition["at_least"])
        ((key, value),) = condition.items()
        if key == "any":
            return any(map(self.condition, value))
        if key == "all":
            return all(map(self.condition, value))
        if key == "condition":
            return self.condition(self._protocol.conditions[value])
        return self.fact(str(key), value) if key in self._protocol.facts else self.finding(str(key))
