"""How fast the reader is and how much memory it takes, measured in a fresh process (`python -m benchmarks.speed`)."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from datetime import date, datetime, timezone
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.language.reader import Reader

LONG = range(250, 351)  # characters of the messages that the reading time is told of
DAYS = [date(2026, 11, day) for day in range(1, 8)]  # one round each; what else the machine does only makes one slower


@dataclass(frozen=True)
class Speed:
    """Milliseconds, seconds and megabytes."""

    all_ms: float  # reading one message, the median of the work part
    long_ms: float  # the same for messages of about 300 characters
    load_s: float  # processor time from an imported spaCy to the first message
    loaded_mb: float  # the most that the process held until then, Python and spaCy included
    memory_mb: float  # the same after all messages of the work part


def measured() -> Speed:
    """The speed in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.speed"], capture_output=True, text=True, check=True)
    return Speed(**json.loads(done.stdout))


def _measure() -> Speed:
    import spacy  # noqa: F401 - its import is no part of the load time

    began = time.process_time()
    from intake.conversation.understanding import Understander
    from intake.explain import EXAMPLES
    from intake.language.intents import examples_in
    from intake.protocol.load import load

    understander = Understander(load(), examples_in(EXAMPLES))
    understander.understand("my back hurts", None, datetime.now(timezone.utc))
    load_s = time.process_time() - began
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    from benchmarks.language import messages

    texts = dict.fromkeys(message["text"] for message in messages("work"))
    times = {text: _fastest(understander.reader, text) for text in texts}
    return Speed(
        1000 * median(times.values()),
        1000 * median(spent for text, spent in times.items() if len(text) in LONG),
        load_s,
        memory_mb,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _fastest(reader: Reader, text: str) -> float:
    """Seconds; each round is another day, because a reading is kept."""
    spent = []
    for day in DAYS:
        began = time.perf_counter()
        reader.read(text, None, day)
        spent.append(time.perf_counter() - began)
    return min(spent)


if __name__ == "__main__":
    print(json.dumps(asdict(_measure())))
