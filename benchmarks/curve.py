"""Sensitivity against false alarms: what moving the second net's limit would bring, drawn as results/sensitivity.svg.

Each point is a limit from which on a message that resembles an emergency is taken for one; the phrases' own findings
count at every limit. False alarms are counted on near misses (hard negatives) alone.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402

from benchmarks.language import EMERGENCY, is_near_miss, messages  # noqa: E402
from intake.language.reader import Mention, Reader  # noqa: E402
from intake.language.second_net import SecondNet  # noqa: E402
from intake.protocol.load import Protocol, load  # noqa: E402
from intake.triage.assess import floor  # noqa: E402
from intake.triage.record import Record, Statement  # noqa: E402

LIMITS = np.linspace(0.05, 1.0, 20)


def _by_phrases(protocol: Protocol, mentions: list[Mention]) -> bool:
    record = Record(statements=tuple(Statement(m.id, m.status, m.course, m.timing, 0, m.text) for m in mentions))
    level = floor(record, protocol, datetime(2026, 1, 1)).disposition
    return level is not None and level.is_emergency


def points(part: str) -> list[tuple[float, float, float]]:
    """(limit, sensitivity, false alarms) for each limit."""
    protocol = load()
    reader, net = Reader(protocol), SecondNet(protocol.language["second_net"])
    rows = []
    for message in messages(part):
        if message["asked"]:
            continue
        words, tags, mentions = reader.phrases_found(message["text"])
        rows.append(
            (
                message["disposition"] in EMERGENCY,
                is_near_miss(message),
                _by_phrases(protocol, mentions),
                net.likeness(words, tags, mentions).danger,
            )
        )
    emergency, near_miss, caught, danger = (np.array(column) for column in zip(*rows, strict=True))
    near_miss &= ~emergency
    return [
        (limit, (caught | (danger >= limit))[emergency].mean(), (caught | (danger >= limit))[near_miss].mean())
        for limit in LIMITS
    ]


def draw(parts: dict[str, list[tuple[float, float, float]]], path: Path) -> None:
    """One line for each part, its points named by their limits."""
    figure, axes = pyplot.subplots(figsize=(7, 5))
    for part, each in parts.items():
        axes.plot([100 * row[2] for row in each], [100 * row[1] for row in each], marker="o", label=f"{part} part")
        for limit, sensitivity, false in each[::3]:
            axes.annotate(f"{limit:.2f}", (100 * false, 100 * sensitivity), fontsize=7)
    axes.set(xlabel="near misses taken for an emergency, %", ylabel="emergencies that get the emergency floor, %")
    axes.legend()
    axes.grid(visible=True)
    figure.savefig(path)
