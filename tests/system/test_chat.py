"""`make chat` at a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.system.clinic import Clinic

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SECONDS = 120
CURSOR_ASKED, CURSOR = b"\x1b[6n", b"\x1b[1;1R"  # the prompt asks the terminal where its cursor is


class Terminal:
    """A program in a pseudo-terminal: what it shows, and a keyboard."""

    def __init__(self, command: list[str], cwd: str) -> None:
        self._screen, inside = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            command, cwd=cwd, stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
        )  # fmt: skip
        os.close(inside)

    def see(self, words: str) -> None:
        """Waits for words, over line ends, that were not seen before; goes on behind them."""
        deadline = time.monotonic() + SECONDS
        while words not in (flat := " ".join(self.shown.split())):
            assert time.monotonic() < deadline, f"{words!r} was not shown, but: {flat[-2000:]!r}"
            if select.select([self._screen], [], [], 0.2)[0]:
                try:
                    seen = os.read(self._screen, 65536)
                except OSError as over:  # Linux says so when the program has ended
                    raise AssertionError(f"{words!r} was not shown, but: {flat[-2000:]!r}") from over
                if CURSOR_ASKED in seen:
                    os.write(self._screen, CURSOR)
                self.shown += ANSI.sub("", seen.decode(errors="replace"))
        self.shown = flat.partition(words)[2]

    def type(self, line: str) -> None:
        """Types a line."""
        os.write(self._screen, line.encode() + b"\r")

    def end(self) -> None:
        """Ends the program and all it has started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._screen)


@pytest.fixture
def chat(clinic: Clinic) -> Iterator[Terminal]:
    terminal = Terminal([sys.executable, "scripts/chat"], str(clinic.folder))
    yield terminal
    terminal.end()


def test_a_danger_and_a_complaint_are_answered_at_the_terminal(chat: Terminal) -> None:
    chat.see("Your input ->")
    chat.type("my lower back has hurt for 3 months")
    chat.see("Is it OK to start?")
    chat.see("Your input ->")
    chat.type("numb between my legs since yesterday")
    chat.see("Go to the ER now, even at night.")
    chat.see("Are you going?")
    chat.see("Your input ->")
    chat.type("/stop")
    assert chat.process.wait(60) == 0
