import pytest

from intake.protocol import clinic, load


@pytest.fixture(scope="session")
def protocol():
    return load.load()


@pytest.fixture(scope="session")
def the_clinic():
    return clinic.load()
