"""`make compare`: the stock Rasa pipeline and our reader, side by side on the held messages that answer no question.

Trains the stock pipeline (benchmarks/stock.yml), which takes long, and writes results/compare.md.
The held messages are read as numbers only.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.curve import Rows, dangers, sensitivity_at
from benchmarks.language import EMERGENCY, ROOT, Rate, gold_intent, is_near_miss, labelled_ids, macro_f1, messages
from benchmarks.stock import Stock
from intake.explain import Explainer
from intake.protocol.load import load

THERE = ("present", "unsure")
ENOUGH = 5  # messages with a finding, from which on its line is shown
LEVELS = (0.05, 0.1, 0.2)  # shares of false alarms


@dataclass
class Tally:
    """What one pipeline got right."""

    intents: Counter[tuple[str, str]] = field(default_factory=Counter)
    recall: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))  # by finding
    precision: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    seconds: list[float] = field(default_factory=list)

    def add(self, message: dict[str, Any], intent: str, findings: dict[str, str]) -> None:
        """Counts one message."""
        if message["intent"]:
            self.intents[gold_intent(message, intent), intent] += 1
        gold = {row["id"] for row in message["findings"] if row["status"] in THERE}
        read = {id for id, status in findings.items() if status in THERE and id in labelled_ids()}
        for id in gold:
            self.recall[id].add(id in read)
        for id in read:
            self.precision[id].add(id in gold)

    def rows(self) -> Iterator[tuple[str, str]]:
        """Name and value of each measure."""
        f1, accuracy = macro_f1(self.intents)
        yield "intents: accuracy", _percent(accuracy)
        yield "intents: macro F1", f"{f1:.3f}"
        yield "findings told: recall, all together", _percent(_together(self.recall).value)
        yield "findings told: precision, all together", _percent(_together(self.precision).value)


def _together(rates: dict[str, Rate]) -> Rate:
    return Rate(sum(rate.hits for rate in rates.values()), sum(rate.n for rate in rates.values()))


def _percent(value: float) -> str:
    return "-" if value != value else f"{100 * value:.1f} %"


def _timed(call: Callable[[str], Any], text: str, tally: Tally) -> Any:
    began = time.perf_counter()
    result = call(text)
    tally.seconds.append(time.perf_counter() - began)
    return result


def table(stock: Stock, explainer: Explainer) -> Iterator[str]:
    """The lines of the report."""
    theirs, ours = Tally(), Tally()
    fell_back, danger = Rate(), []
    kinds = []
    for message in messages("held"):
        if message["asked"]:
            continue
        answer = stock.answer(_timed(stock.parse, message["text"], theirs))
        report = _timed(explainer.explain, message["text"], ours)
        theirs.add(message, answer.intent, answer.findings)
        ours.add(message, report["intent"], {row["id"]: row["status"] for row in report["findings"]})
        fell_back.add(answer.fell_back)
        danger.append(answer.danger)
        kinds.append((message["disposition"] in EMERGENCY, is_near_miss(message), report["disposition"] in EMERGENCY))
    emergency, near_miss, alarmed = (np.array(column) for column in zip(*kinds, strict=True))
    near_miss &= ~emergency
    stock_rows: Rows = (emergency, near_miss, np.array(danger))
    yield f"Held messages that answer no question: {len(kinds)}.\n"
    yield "| measure | stock Rasa (DIET) | ours |"
    yield "|---|---|---|"
    for (name, left), (_, right) in zip(theirs.rows(), ours.rows(), strict=True):
        yield f"| {name} | {left} | {right} |"
    false = float(alarmed[near_miss].mean())
    yield (
        f"| emergencies caught at our {_percent(false)} false alarms | {_percent(sensitivity_at(false, stock_rows))}"
        f" | {_percent(float(alarmed[emergency].mean()))} |"
    )
    own = dangers("held")
    for level in LEVELS:
        caught = [_percent(sensitivity_at(level, rows)) for rows in (stock_rows, own)]
        yield f"| emergencies caught at {_percent(level)} false alarms | {' | '.join(caught)} |"
    yield f"| left to the fallback | {_percent(fell_back.value)} | 0.0 % |"
    yield f"| time per message, median | {median(theirs.seconds) / median(ours.seconds):.1f} x ours | 1 |"
    yield "\n| finding told (present or unsure) | n | stock recall | ours | stock precision | ours |"
    yield "|---|---|---|---|---|---|"
    for id in sorted(id for id, rate in ours.recall.items() if rate.n >= ENOUGH):
        cells = (theirs.recall[id], ours.recall[id], theirs.precision[id], ours.precision[id])
        yield f"| {id} | {ours.recall[id].n} | {' | '.join(_percent(rate.value) for rate in cells)} |"


def main() -> int:
    """Trains, compares and writes results/compare.md."""
    with tempfile.TemporaryDirectory() as folder:
        stock = Stock(load(), Path(folder))
        lines = list(table(stock, Explainer()))
    out = ROOT / "results" / "compare.md"
    out.parent.mkdir(exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
