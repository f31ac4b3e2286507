"""A real Kannel on loopback, and phones behind its simulated carrier."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
HOW_TO = "Kannel is not installed: apt-get install kannel kannel-extras (no server has to run)"
CLINIC = "+15550009999"
UNREACHABLE = "+15559"  # the carrier takes no text for numbers that begin so
CONFIG = """
group = core
admin-port = {admin}
admin-password = {secret}
admin-interface = 127.0.0.1
admin-allow-ip = 127.0.0.1
smsbox-port = {smsbox}
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = carrier
port = {carrier}
connect-allow-ip = 127.0.0.1
denied-prefix = {unreachable}

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
mo-recode = true
http-request-retry = 30
http-queue-delay = 1

group = sendsms-user
username = clinic
password = {secret}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:{gateway}/sms/kannel?key={secret}&from=%p&to=%P&text=%b&charset=%C&id=%I"
"""


def installed() -> bool:
    """Whether Kannel and its test tools are on this machine."""
    return bool(_program("bearerbox") and _program("smsbox") and FAKESMSC.exists())


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Kannel:
    """bearerbox and smsbox with a configuration of their own; they end with the test, whatever happens."""

    def __init__(self, folder: Path, gateway: int, secret: str) -> None:
        self.secret, self.gateway = secret, gateway
        self.ports = {name: free_port() for name in ("admin", "smsbox", "carrier", "sendsms")}
        self._config = folder / "kannel.conf"
        text = CONFIG.format(**self.ports, gateway=gateway, secret=secret, unreachable=UNREACHABLE)
        self._config.write_text(text)
        self._log = (folder / "kannel.log").open("wb")
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def sendsms_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"

    def start(self) -> None:
        for name, port in (("bearerbox", "smsbox"), ("smsbox", "sendsms")):
            command = [_program(name), "-v", "4", str(self._config)]
            self._processes.append(subprocess.Popen(command, stdout=self._log, stderr=self._log))
            _wait_for(self.ports[port])

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()

    async def fakesmsc(self, sender: str, text: str, seconds: float = 20.0) -> str:
        """Send one text with Kannel's own simulator of a carrier; the first reply, as the simulator prints it."""
        process = await asyncio.create_subprocess_exec(
            str(FAKESMSC), "-r", str(self.ports["carrier"]), "-m", "1", f"{sender} {CLINIC} text {text}",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )
        try:
            return await asyncio.wait_for(_reply(process, sender), seconds)
        finally:
            process.kill()
            await process.wait()


class Carrier:
    """The phones: everything texted to and from them passes this connection, one text a line."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.arrived: defaultdict[str, list[str]] = defaultdict(list)  # whole texts, by number
        self.parts: defaultdict[str, list[bytes]] = defaultdict(list)  # as they were sent
        self._open: dict[tuple[str, str], dict[int, bytes]] = {}

    async def __aenter__(self) -> Carrier:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *unused: object) -> None:
        self._reading.cancel()
        self._writer.close()

    async def text(self, sender: str, words: str) -> None:
        kind, data = ("text", words) if words.isascii() else ("ucs2", quote(words.encode("utf-16-be")))
        self._writer.write(f"{sender} {CLINIC} {kind} {data}\n".encode())
        await self._writer.drain()

    async def until(self, number: str, count: int, seconds: float = 20.0) -> list[str]:
        for _ in range(int(seconds / 0.02)):
            if len(self.arrived[number]) >= count:
                break
            await asyncio.sleep(0.02)
        assert len(self.arrived[number]) >= count, self.arrived[number]
        return self.arrived[number]

    async def _read(self) -> None:
        async for line in self._reader:
            _, number, kind, rest = line.rstrip(b"\n").decode().split(" ", 3)
            if kind != "udh":
                data = rest.encode() if kind == "text" else unquote_to_bytes(rest.replace("+", " "))
                self._arrive(number, [data])
                continue
            header, _, data = rest.split(" ", 2)
            *_, reference, total, place = unquote_to_bytes(header)
            found = self._open.setdefault((number, f"{reference}/{total}"), {})
            found[place] = unquote_to_bytes(data.replace("+", " "))
            if len(found) == total:
                del self._open[number, f"{reference}/{total}"]
                self._arrive(number, [found[each] for each in sorted(found)])

    def _arrive(self, number: str, parts: list[bytes]) -> None:
        self.parts[number] += parts
        whole = b"".join(parts)
        # UCS-2 or Kannel's own UTF-8: our texts always hold plain letters, whose first byte in UCS-2 is zero.
        self.arrived[number].append(whole.decode("utf-16-be" if b"\0" in whole else "utf-8"))


async def _reply(process: asyncio.subprocess.Process, number: str) -> str:
    assert process.stdout
    async for line in process.stdout:
        if b"Got message" in line and f" {number} ".encode() in line:
            return line.decode("utf-8", "replace")
    raise AssertionError("fakesmsc has ended without a reply")


def _wait_for(port: int) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("Kannel does not come up")


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)
