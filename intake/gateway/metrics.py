"""Counters and gauges in Prometheus' text format, without anything about a patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

HELP = {
    "messages": ("channel", "Messages received from patients."),
    "advice": ("disposition", "Advice that the safety guard sent at once."),
    "rasa_silent": ("kind", "Turns for which Rasa gave no usable answer."),
    "store": ("result", "Writes to the store: written, spooled, or lost (spool failed too)."),
    "refused": ("reason", "Requests refused."),
    "sms_sent": ("result", "Text messages handed to the provider, or why not."),
    "sms_delivery": ("state", "What became of text messages: sent, delivered, undelivered, failed."),
    "nudges": ("text", "Texts to patients who had fallen silent."),
    "sms_trouble": ("kind", "Why text messages failed; unregistered, filtered and refused need somebody to act."),
}
BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)  # seconds from a message's arrival to its being safe


class Metrics:
    """Counts by name and one label each."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = defaultdict(int)
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self._seconds = [0] * (len(BUCKETS) + 1)
        self._total = 0.0

    def count(self, name: str, label: str) -> None:
        """Add one; `label` is from a small fixed set, never a patient's text or number."""
        self._counts[name, label] += 1

    def get(self, name: str, label: str) -> int:
        """A count so far."""
        return self._counts[name, label]

    def took(self, seconds: float) -> None:
        """Note how long a message took until it was safe (advice sent, stored or spooled)."""
        self._seconds[next((index for index, limit in enumerate(BUCKETS) if seconds <= limit), len(BUCKETS))] += 1
        self._total += seconds

    def gauge(self, name: str, help: str, value: Callable[[], float]) -> None:
        """Show a value that is asked for at each scrape."""
        self._gauges[name] = (help, value)

    def text(self) -> str:
        """All of it, in the text format 0.0.4."""
        lines = []
        for name, (label, help) in HELP.items():
            lines += [f"# HELP intake_{name}_total {help}", f"# TYPE intake_{name}_total counter"]
            lines += [
                f'intake_{name}_total{{{label}="{value}"}} {count}'
                for (each, value), count in sorted(self._counts.items())
                if each == name
            ]
        for name, (help, read) in self._gauges.items():
            lines += [f"# HELP intake_{name} {help}", f"# TYPE intake_{name} gauge", f"intake_{name} {read():g}"]
        return "\n".join([*lines, *self._histogram()]) + "\n"

    def _histogram(self) -> list[str]:
        name, running = "intake_message_seconds", 0
        lines = [
            f"# HELP {name} Seconds until a message was read, answered if urgent, and stored.",
            f"# TYPE {name} histogram",
        ]
        for limit, count in zip((*map(str, BUCKETS), "+Inf"), self._seconds, strict=True):
            running += count
            lines.append(f'{name}_bucket{{le="{limit}"}} {running}')
        return [*lines, f"{name}_sum {self._total:g}", f"{name}_count {running}"]
