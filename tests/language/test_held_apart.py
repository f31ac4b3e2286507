"""The held part is unseen: none of its messages is, or nearly is, something that the reader was built or learned from."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

from intake.language.bayes import examples_in
from intake.protocol.load import load

ROOT = Path(__file__).resolve().parents[2]
NEAR = 0.6  # share of the pairs of neighbouring words that two messages have in common


def held() -> Iterator[str]:
    for path in sorted((ROOT / "tests" / "language" / "held").glob("*.jsonl")):
        yield from (json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines())


def seen() -> Iterator[str]:
    for path in sorted((ROOT / "tests" / "language" / "work").glob("*.jsonl")):
        yield from (json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines())
    for path in sorted((ROOT / "data" / "second_net").glob("*.tsv")):
        yield from (line.partition("\t")[2] for line in path.read_text(encoding="utf-8").splitlines())
    yield from (text for _, text in examples_in(ROOT / "data" / "nlu"))
    for finding in load().findings.values():
        yield from finding.near_misses
    for path in sorted((ROOT / "tests" / "protocol" / "findings").glob("*.yml")):
        twin = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        yield from (row["text"] if isinstance(row, dict) else row for rows in twin.values() for row in rows or [])


def pairs(text: str) -> frozenset[str]:
    words = ["<", *re.findall(r"[a-z0-9]+", text.lower().replace("'", "")), ">"]
    return frozenset(f"{left} {right}" for left, right in zip(words, words[1:], strict=False))


def test_no_held_message_is_nearly_one_that_was_seen() -> None:
    by_pair: dict[str, set[frozenset[str]]] = defaultdict(set)
    for text in seen():
        for pair in pairs(text):
            by_pair[pair].add(pairs(text))
    for text in held():
        own = pairs(text)
        if len(own) < 5:
            continue  # "yes please" is anybody's
        for other in set().union(*(by_pair[pair] for pair in own if pair in by_pair)):
            assert len(own & other) / len(own | other) < NEAR, "a held message is nearly one that was seen"
