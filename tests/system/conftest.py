"""One clinic for all tests here, and patients for it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import pytest

from tests.system.clinic import Clinic
from tests.system.patient import Patient

Arrive = Callable[[], Awaitable[Patient]]


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    if shutil.which("ps") is None:
        pytest.skip("ps is missing: install procps")
    clinic = Clinic(tmp_path_factory.mktemp("system") / "clinic")
    try:
        clinic.wait_until_open()
        yield clinic
    finally:
        code = clinic.stop()
    assert code == 0, clinic.output


@pytest.fixture
async def patient(clinic: Clinic) -> AsyncIterator[Arrive]:
    async with aiohttp.ClientSession() as http:
        yield lambda: Patient(http, clinic.url, clinic.store).arrive()
