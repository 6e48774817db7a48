"""The building on a fresh database."""

import pytest

from node.settings import Settings
from tests.clock import FakeClock
from tests.standing import company, founded
from tests.web.building import Building

__all__ = ["company", "founded"]


@pytest.fixture
def building(node_database: Settings, clock: FakeClock) -> Building:
    """Return the application of https://home.example with an empty database."""
    return Building(node_database, clock)
