"""What all tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.appraising_office import appraised_once, procedure  # noqa: F401  fixtures of what follows it
from tests.campaigns import Campaign, make_campaign
from tests.golden import Golden
from tests.intake_office import office, prepared  # noqa: F401  fixtures of all tests of intake
from xlscore import i18n

# A busy machine is no failure of an example. At a desk every run tries new examples; a verdict that
# decides over a landing must be the same twice.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("desk", patient)
settings.register_profile("ci", patient, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the snapshots anew")


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    """Begin in Vietnamese, whatever language a test before has spoken."""
    i18n.use("vi")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """One campaign for every test that changes nothing in its folder."""
    return make_campaign(tmp_path_factory.mktemp("campaign"))
