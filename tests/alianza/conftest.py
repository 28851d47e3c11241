from __future__ import annotations

import pytest

from installer.alianza.client import Alianza
from tests.alianza.stand_in import StandIn, client


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
async def platform(stand_in: StandIn) -> Alianza:
    made = client(stand_in)
    await made.sign_in()
    return made
