"""`make eval`: how well messages are read that were written by people who had not seen the phrases.

    python -m benchmarks.language           both parts; results/language_misses.txt lists the work part's misses,
                                            results/sensitivity.svg plots sensitivity against false alarms
    python -m benchmarks.language --json F  the numbers as JSON as well

The work part (tests/language/work) is for improving the reader. The held part (tests/language/held) is only ever read
as numbers. Which message is in which part was decided by a hash of its id.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.speed import Speed, measured
from intake.explain import FACTS, Explainer
from intake.protocol.model import Disposition

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = ROOT / "tests" / "language"
NEVER_MISS = ("cauda_equina", "self_harm_method", "overdose", "aorta")
NOT_NOW = ("absent", "past", "other_person", "hypothetical")
EMERGENCY = ("call_911", "crisis", "er_now")


@dataclass
class Rate:
    """A proportion with its Wilson 95 % interval."""

    hits: int = 0
    n: int = 0

    def add(self, hit: bool) -> None:
        """Counts one case."""
        self.hits += hit
        self.n += 1

    @property
    def value(self) -> float:
        """Hits per case, nan without cases."""
        return self.hits / self.n if self.n else math.nan

    def bounds(self) -> tuple[float, float]:
        """Wilson score interval, 95 %."""
        if not self.n:
            return math.nan, math.nan
        z, p, n = 1.96, self.value, self.n
        centre, spread = (
            (p + z * z / (2 * n)) / (1 + z * z / n),
            z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n),
        )
        return max(0.0, centre - spread), min(1.0, centre + spread)

    def __str__(self) -> str:
        low, high = self.bounds()
        return f"{100 * self.value:6.1f} %  n={self.n:<5} ({100 * low:.1f}-{100 * high:.1f})  {self.hits}/{self.n}"


@dataclass
class Score:
    """All measures of one part."""

    rates: dict[str, Rate] = field(default_factory=lambda: defaultdict(Rate))
    by_finding: dict[tuple[str, str], Rate] = field(default_factory=lambda: defaultdict(Rate))
    intents: Counter[tuple[str, str]] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def miss(self, kind: str, message: dict[str, Any], report: dict[str, Any]) -> None:
        """Notes a miss with all that helps to understand it."""
        gold = {row["id"]: row["status"] for row in message["findings"]}
        read = {row["id"]: row["status"] for row in report["findings"]}
        labels = ("disposition", *FACTS, "intent")
        self.misses.append(
            f"[{kind}] {message['id']} ({message['group']}) asked={message['asked']} {message['text']!r}\n"
            f"      gold {gold} {[message[label] for label in labels]}\n"
            f"      read {read} {[report[label] for label in labels]} {report['rules']}"
        )


def messages(part: str) -> Iterator[dict[str, Any]]:
    """The labelled messages of one part."""
    for path in sorted((MESSAGES / part).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


@lru_cache(maxsize=1)
def labelled_ids() -> frozenset[str]:
    """The finding ids that the authors used."""
    return frozenset(
        row["id"] for part in ("work", "held") for message in messages(part) for row in message["findings"]
    )


def is_near_miss(message: dict[str, Any]) -> bool:
    """A message that looks like a red flag and is none."""
    return str(message["group"]) == "hard_negative"


def _days_right(gold: list[int | None], read: list[int | None] | None) -> bool:
    """The middle of what was read (its near end when open) lies in the labelled range, give or take 15 % or a day."""
    if read is None or read[0] is None or gold[0] is None:
        return False
    middle = read[0] if read[1] is None else (read[0] + read[1]) / 2
    slack = max(1.0, 0.15 * gold[0])
    return gold[0] - slack <= middle <= (math.inf if gold[1] is None else gold[1] + max(1.0, 0.15 * gold[1]))


def score(part: str, explainer: Explainer) -> Score:
    """Reads and judges every message of a part."""
    result = Score()
    for message in messages(part):
        began = time.perf_counter()
        report = explainer.explain(
            message["text"], message["asked"], date.fromisoformat(message["at"][:10]) if message.get("at") else None
        )
        result.seconds += time.perf_counter() - began
        _triage(message, report, result)
        _findings(message, report, result)
        _facts(message, report, result)
    return result


def _triage(message: dict[str, Any], report: dict[str, Any], result: Score) -> None:
    gold, read = message["disposition"], report["disposition"]
    if gold in EMERGENCY:
        caught = read in EMERGENCY
        result.rates["emergency caught"].add(caught)
        if message["group"] in NEVER_MISS:
            result.rates[f"  never-miss group {message['group']}"].add(caught)
        if not caught:
            result.miss("EMERGENCY MISSED", message, report)
    elif is_near_miss(message):
        false = read in EMERGENCY
        result.rates["false emergency on near misses"].add(false)
        if false:
            result.miss("FALSE EMERGENCY", message, report)
    ranks = {level.value: level.rank for level in Disposition} | {None: 99}
    result.rates["disposition exact"].add(gold == read)
    result.rates["disposition too low"].add(ranks[read] > ranks[gold])
    result.rates["disposition too high"].add(ranks[read] < ranks[gold])
    if gold != read:
        result.miss("disposition", message, report)


def _findings(message: dict[str, Any], report: dict[str, Any], result: Score) -> None:
    gold: dict[str, str] = {}
    for row in message["findings"]:
        if gold.get(row["id"]) not in ("present", "unsure"):
            gold[row["id"]] = row["status"]
    # the authors could label contract ids only: what is read beyond them (a lift, an old operation) is no mistake
    read = {row["id"]: row["status"] for row in report["findings"] if row["id"] in labelled_ids()}
    positive = [id for id, status in gold.items() if status in ("present", "unsure")]
    if positive:
        noticed = any(read.get(id) in ("present", "unsure") for id in positive)
        result.rates["red-flag message noticed"].add(noticed)
        if not noticed:
            result.miss("not noticed", message, report)
    for id, status in gold.items():
        result.by_finding[id, "present" if status in ("present", "unsure") else "not now"].add(
            read.get(id) in ("present", "unsure")
            if status in ("present", "unsure")
            else read.get(id) not in ("present", "unsure")
        )
        if status in NOT_NOW:
            wrong = read.get(id) in ("present", "unsure")
            result.rates["denied, past, others', asked: read as present"].add(wrong)
            result.rates[f"  of these {status}"].add(wrong)
            if wrong:
                result.miss(f"{status} {id} READ AS PRESENT", message, report)
        elif read.get(id) != status and message["group"] != "in_context":
            result.miss(f"finding {id} {status}", message, report)
    for id in read:
        if read[id] == "present" and id not in gold and not gold and is_near_miss(message):
            result.miss(f"invented {id}", message, report)
    if is_near_miss(message) and not gold:
        result.rates["denied, past, others', asked: read as present"].add(
            any(status == "present" for status in read.values())
        )
        result.rates["  of these idiom or explained"].add(any(status == "present" for status in read.values()))


def _facts(message: dict[str, Any], report: dict[str, Any], result: Score) -> None:
    if message["pain_duration_days"]:
        right = _days_right(message["pain_duration_days"], report["pain_duration_days"])
        result.rates["duration in range"].add(right)
        if not right:
            result.miss("duration", message, report)
    elif message["group"] == "duration":
        result.rates["duration invented"].add(report["pain_duration_days"] is not None)
        if report["pain_duration_days"]:
            result.miss("duration invented", message, report)
    if message["pain_location"]:
        right = set(message["pain_location"]) == set(report["pain_location"])
        result.rates["location right"].add(right)
        if not right:
            result.miss("location", message, report)
    if message["pain_severity"] is not None:
        right = message["pain_severity"] == report["pain_severity"]
        result.rates["severity right"].add(right)
        if not right:
            result.miss("severity", message, report)
    elif message["group"] == "onset_severity":
        result.rates["severity invented"].add(report["pain_severity"] is not None)
        if report["pain_severity"] is not None:
            result.miss("severity invented", message, report)
    if message["pain_onset"]:
        result.rates["onset right"].add(message["pain_onset"] == report["pain_onset"])
        if message["pain_onset"] != report["pain_onset"]:
            result.miss("onset", message, report)
    if message["intent"]:
        read = report["intent"]
        gold = gold_intent(message, read)
        result.intents[gold, read] += 1
        if gold != read:
            result.miss("intent", message, report)


def gold_intent(message: dict[str, Any], read: str) -> str:
    """The labelled intent; where the label is any faq, the one that was read when it is one."""
    if message["intent"] != "faq_*":
        return str(message["intent"])
    return read if read.startswith("faq_") else "faq_any"


def macro_f1(intents: Counter[tuple[str, str]]) -> tuple[float, float]:
    """(macro F1 over the labelled intents, accuracy)."""
    names = {gold for gold, _ in intents if gold != "faq_any"}
    values = []
    for name in names:
        hit = intents[name, name]
        missed = sum(count for (gold, read), count in intents.items() if gold == name and read != name)
        false = sum(count for (gold, read), count in intents.items() if gold != name and read == name)
        values.append(2 * hit / (2 * hit + missed + false) if hit or missed or false else 0.0)
    total = sum(intents.values())
    return sum(values) / len(values), sum(count for (gold, read), count in intents.items() if gold == read) / total


def report_lines(part: str, result: Score) -> Iterable[str]:
    """The table of one part."""
    n = sum(result.intents.values())
    yield f"== {part} part"
    for name in sorted(result.rates, key=lambda name: list(result.rates).index(name)):
        yield f"{name:<52} {result.rates[name]}"
    f1, accuracy = macro_f1(result.intents)
    yield f"{'intents: macro F1 / accuracy':<52} {f1:.3f} / {accuracy:.3f}  n={n}"
    yield f"{'time per message':<52} {1000 * result.seconds / max(1, n):.2f} ms (reading, triage and intent)"


def speed_lines(speed: Speed) -> Iterable[str]:
    """Time and memory of a fresh process."""
    yield f"{'reading, median of the work part':<52} {speed.all_ms:.2f} ms"
    yield f"{'reading, median of 250 to 350 characters':<52} {speed.long_ms:.2f} ms"
    yield f"{'loading once spaCy is imported':<52} {speed.load_s:.2f} s of processor time"
    yield f"{'memory: loaded / after the work part':<52} {speed.loaded_mb:.0f} / {speed.memory_mb:.0f} MB"


def finding_lines(result: Score) -> Iterable[str]:
    """Recall and rejection for each finding."""
    yield f"{'finding':<28} {'there: noticed':<46} not there: not read as present"
    for id in sorted({id for id, _ in result.by_finding}):
        yield f"{id:<28} {str(result.by_finding[id, 'present']):<46} {result.by_finding[id, 'not now']}"


def main() -> int:
    """Prints the tables and writes the misses of the work part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--part", choices=("work", "held"))
    options = parser.parse_args()
    explainer = Explainer()
    numbers: dict[str, Any] = {}
    for part in (options.part,) if options.part else ("work", "held"):
        result = score(part, explainer)
        print("\n".join(report_lines(part, result)))
        if part == "work":
            out = ROOT / "results"
            out.mkdir(exist_ok=True)
            (out / "language_misses.txt").write_text("\n".join(result.misses) + "\n", encoding="utf-8")
            print("\n".join(finding_lines(result)))
            print(f"every miss of the work part: {out.name}/language_misses.txt")
        numbers[part] = {
            name: {"value": rate.value, "n": rate.n, "bounds": rate.bounds()} for name, rate in result.rates.items()
        }
        numbers[part]["intents"] = {"macro_f1": macro_f1(result.intents)[0]}
    if not options.part:
        speed = measured()
        print("\n".join(speed_lines(speed)))
        numbers["speed"] = asdict(speed)
        from benchmarks import curve  # matplotlib takes long to load

        curve.draw({part: curve.points(part) for part in ("work", "held")}, ROOT / "results" / "sensitivity.svg")
        print("sensitivity against false alarms: results/sensitivity.svg")
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
