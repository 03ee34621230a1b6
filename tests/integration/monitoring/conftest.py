from __future__ import annotations

import pytest
from tests.integration.monitoring import world

from opspact.contracts.models import BusinessSystem, Contract
from opspact.field.models import Collector
from opspact.monitoring.models import Check


@pytest.fixture
def contract(db: None) -> Contract:
    world.ready()
    return world.make_contract()


@pytest.fixture
def system(contract: Contract) -> BusinessSystem:
    return world.make_system()


@pytest.fixture
def collector(db: None) -> Collector:
    return world.make_collector()


@pytest.fixture
def check(contract: Contract, collector: Collector) -> Check:
    return world.make_check(contract)
