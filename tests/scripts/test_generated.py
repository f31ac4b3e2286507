"""What scripts write from other files is current in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ("scripts/domain", "--check"),
        ("scripts/annotate", "--check", "tests/stories", "data/nlu"),
        ("scripts/last_resort", "--check"),
    ],
    ids=["domain.yml", "annotations of stories and examples", "the last resort of gateway and widget"],
)
def test_generated_files_are_current(command: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
