from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import Site, served


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    """A platform that answers on loopback, and a home that signs in there."""
    with served(folder) as site:
        yield site
