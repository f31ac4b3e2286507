"""One reader for all tests of the language."""

from __future__ import annotations

import pytest

from intake.language.reader import Reader
from intake.protocol.load import load


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(load())
