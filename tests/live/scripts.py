"""Written conversations: what the patient says, and what must come back, turn by turn and at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "conversations"
EXPECTATIONS = {"asked", "disposition", "text_contains", "text_lacks", "nothing"}

# A patient with back pain for three months and no warning sign; what is not listed is answered "none".
ANSWERS = {
    "Q0": "yes",
    "Q1": "Me; 45; Female",
    "Q2": "my lower back has hurt for 3 months, it came on slowly, 5 out of 10, about the same",
    "Q9": "no",
    "Q10": "Low back",
    "Q11": "Over 3 months",
    "Q11b": "About the same",
    "Q12": "Little by little",
    "Q13": "5",
    "Q-summary": "Yes, that is right",
    "Q14": "4",
    "Q14e": "4",
    "Q14g": "5",
    "Q15": "Walking or standing",
    "Q17": "Heat or ice",
    "Q17b": "A little",
    "Q20": "Less pain",
    "Q21": "555-555-0199, mornings are good",
    "SMS-00": "YES",
    "SMS-01": "52",
    "SMS-01b": "1",
    "SMS-02": "low back pain for 3 months",
    "SMS-04t": "?",
    "SMS-09": "N",
    "SMS-10": "3",
    "SMS-11": "5",
    "SMS-11b": "2",
    "SMS-12": "5",
    "SMS-13": "4",
    "SMS-14": "4",
    "SMS-15": "4",
    "SMS-16": "C",
    "SMS-17": "B",
    "SMS-18": "1",
    "SMS-summary": "Y",
}
SMS_NONE = "0"


@dataclass(frozen=True)
class Script:
    """One conversation; a turn is {say, expect} or {until: question}, which answers all before it as `ANSWERS` does."""

    name: str
    turns: list[dict[str, Any]]
    channel: str = "web"
    end: dict[str, Any] = field(default_factory=dict)
    file: str = ""  # without its ending
    gap: str | None = None  # why it does not go so yet; fails when it does


def scripts() -> list[Script]:
    """All written conversations."""
    files = {path.stem: YAML(typ="safe").load(path) for path in sorted(FOLDER.glob("*.yml"))}
    return [Script(**row, file=file) for file, rows in files.items() for row in rows]


@dataclass(frozen=True)
class Reply:
    """What came back on one message."""

    messages: list[dict[str, Any]]

    def _custom(self, key: str) -> list[str]:
        return [each["custom"][key] for each in self.messages if (each.get("custom") or {}).get(key)]

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(each["text"] for each in self.messages if each.get("text"))

    @property
    def asked(self) -> str | None:
        """The question that is open now, if one was asked."""
        return (self._custom("asked") or [None])[-1]

    @property
    def disposition(self) -> str | None:
        """The level that was shown first."""
        return (self._custom("disposition") or [None])[0]

    def problems(self, expect: dict[str, Any]) -> list[str]:
        """Where the reply is not as expected."""
        unknown = set(expect) - EXPECTATIONS
        found = [f"unknown expectation {each}" for each in sorted(unknown)]
        if expect.get("nothing") and self.messages:
            found.append(f"something was said: {self.text!r}")
        found += [
            f"{key} is {getattr(self, key)!r}, not {expect[key]!r}"
            for key in ("asked", "disposition")
            if key in expect and getattr(self, key) != expect[key]
        ]
        found += [f"{words!r} is missing" for words in _list(expect.get("text_contains")) if words not in self.text]
        found += [f"{words!r} was said" for words in _list(expect.get("text_lacks")) if words in self.text]
        return [f"{each}\n{self.text}" for each in found]


def answer_to(question: str | None) -> str:
    """What the patient of `ANSWERS` says to a question."""
    return ANSWERS.get(question or "", SMS_NONE if (question or "").startswith("SMS") else "none")


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
