"""A message is read the same way in every process, whatever order Python's sets have there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MESSAGE = "I was in a car crash an hour ago and I cannot move my legs, no fever, my crotch is numb and I wet myself"


def read(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "intake", "explain"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=MESSAGE, capture_output=True, text=True, timeout=120
    )
    return done.stdout


def test_the_order_of_what_is_read_does_not_depend_on_the_process() -> None:
    first, second, third = map(read, ("1", "2", "3"))
    assert first
    assert first == second == third
