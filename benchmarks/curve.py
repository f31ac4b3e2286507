"""Sensitivity against false alarms: what moving the second net's limit would bring, drawn as results/sensitivity.svg.

Each point is a limit from which on a message that resembles an emergency is taken for one; the phrases' own findings
count at every limit. False alarms are counted on near misses (hard negatives) alone.
"""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402

from benchmarks.language import EMERGENCY, is_near_miss, messages  # noqa: E402
from intake.language.reader import Mention, Reader  # noqa: E402
from intake.language.second_net import SecondNet  # noqa: E402
from intake.protocol.load import Protocol, load  # noqa: E402
from intake.triage.assess import floor  # noqa: E402
from intake.triage.record import Record, Statement  # noqa: E402

LIMITS = np.linspace(0.05, 1.0, 20)

Rows = tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]  # emergency, near miss, danger: per message


def _by_phrases(protocol: Protocol, mentions: list[Mention]) -> bool:
    record = Record(statements=tuple(Statement(m.id, m.status, m.course, m.timing, 0, m.text) for m in mentions))
    level = floor(record, protocol, datetime(2026, 1, 1)).disposition
    return level is not None and level.is_emergency


def dangers(part: str) -> Rows:
    """Of each message that answers no question: is it an emergency, a near miss, and how dangerous is it (0 to 1)?"""
    protocol = load()
    reader, net = Reader(protocol), SecondNet(protocol.language["second_net"])
    rows = []
    for message in messages(part):
        if message["asked"]:
            continue
        words, tags, mentions = reader.phrases_found(message["text"])
        danger = 1.0 if _by_phrases(protocol, mentions) else net.likeness(words, tags, mentions).danger
        rows.append((message["disposition"] in EMERGENCY, is_near_miss(message), danger))
    emergency, near_miss, danger = (np.array(column) for column in zip(*rows, strict=True))
    return emergency, near_miss & ~emergency, danger


def points(part: str) -> list[tuple[float, float, float]]:
    """(limit, sensitivity, false alarms) for each limit."""
    emergency, near_miss, danger = dangers(part)
    return [(limit, (danger >= limit)[emergency].mean(), (danger >= limit)[near_miss].mean()) for limit in LIMITS]


def sensitivity_at(false_alarms: float, rows: Rows) -> float:
    """The highest sensitivity of all limits that give at most this share of false alarms; nan when none does."""
    emergency, near_miss, danger = rows
    limits = [limit for limit in np.unique(danger) if (danger >= limit)[near_miss].mean() <= false_alarms]
    return float((danger >= min(limits))[emergency].mean()) if limits else math.nan


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
