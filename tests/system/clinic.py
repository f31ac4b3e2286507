"""The whole clinic as `make run` starts it: an own copy of the project, free ports, an own database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from intake.store.database import Store, open_store

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "tests", "results", "var", "node_modules", "__pycache__")
START_SECONDS = 240
# What the command line of each process holds besides its port.
PROGRAMS = {"rasa": "-m rasa run", "actions": "-m rasa_sdk", "gateway": "-m intake.gateway"}


PORTS = ("GATEWAY_PORT", "DESK_PORT", "RASA_PORT", "ACTIONS_PORT")


def free_ports() -> dict[str, str]:
    """A port for each process; all are held until the last is found, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in PORTS]
        return {name: str(each.getsockname()[1]) for name, each in zip(PORTS, sockets, strict=True)}


class Clinic:
    """All processes, and the means to end, freeze and bring back one of them."""

    def __init__(self, folder: Path) -> None:
        self.folder, ports = folder, free_ports()
        self.url = f"http://127.0.0.1:{ports['GATEWAY_PORT']}"
        self.rasa_url = f"http://127.0.0.1:{ports['RASA_PORT']}"
        self.desk_url = f"http://127.0.0.1:{ports['DESK_PORT']}"
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        self._output = (folder / "run.log").open("w+")
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CI")}
        self._run = subprocess.Popen(
            [sys.executable, folder / "scripts" / "run"], cwd=folder, env={**environment, **ports},
            stdout=self._output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._store: Store | None = None

    @property
    def output(self) -> str:
        """What `make run` has printed."""
        return Path(self._output.name).read_text(encoding="utf-8")

    @property
    def store(self) -> Store:
        """The clinic's database."""
        self._store = self._store or open_store(f"sqlite:///{self.folder / 'var' / 'intake.db'}")
        return self._store

    @property
    def desk_password(self) -> str:
        """As `make run` has printed it."""
        return self.output.partition("password: ")[2].split()[0]

    def wait_until_open(self) -> None:
        """Until `make run` says that the clinic is open."""
        wait_for(lambda: "The DEMO clinic is open" in self.output or self._run.poll() is not None, START_SECONDS)
        assert self._run.poll() is None, self.output

    def wait_until_gateway_answers(self) -> None:
        """After it was started anew."""
        wait_for(lambda: answers(f"{self.url}/health"))

    def pid(self, name: str) -> int:
        """The process, once it runs; not the one that keeps it running."""
        wait_for(lambda: self._pids(name, kept=True))
        return self._pids(name, kept=True)[0]

    def kill(self, name: str) -> None:
        """End a process the hard way; it is started again by what keeps it."""
        os.kill(self.pid(name), signal.SIGKILL)

    @contextmanager
    def dead(self, name: str) -> Iterator[None]:
        """Kill a process and let nothing start it again, until the end of the block."""
        keepers = self._pids(name, kept=False)
        assert keepers, f"nothing keeps {name}"
        self._signal(keepers, signal.SIGSTOP)
        try:
            self.kill(name)
            yield
        finally:
            self._signal(keepers, signal.SIGCONT)

    @contextmanager
    def hung(self, name: str) -> Iterator[None]:
        """Freeze a process: it accepts connections and answers nothing, until the end of the block."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def stop(self) -> int:
        """Stop as Ctrl-C does; the exit code."""
        if self._store:
            self._store.close()
        if self._run.poll() is None:
            self._run.send_signal(signal.SIGINT)
        code = self._run.wait(60)
        self._output.close()
        return code

    def _pids(self, name: str, kept: bool) -> list[int]:
        """Of the processes of this name in this clinic: the program itself, or what keeps it running."""
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,pgid=,args="], capture_output=True, text=True, check=True)
        rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
        ours = self._family(rows)
        return [
            int(pid) for pid, _, _, command in rows
            if pid in ours and PROGRAMS[name] in command and ("scripts/keep" in command) != kept
        ]  # fmt: skip

    def _family(self, rows: list[list[str]]) -> set[str]:
        """Ids of all processes that `make run` has started, directly or not."""
        family = {str(self._run.pid)}
        while more := {pid for pid, parent, *_ in rows if parent in family} - family:
            family |= more
        return family

    @staticmethod
    def _signal(pids: list[int], number: int) -> None:
        for pid in pids:
            os.kill(pid, number)


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    """Until something is so; an error when it does not come about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether something answers with success."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False
