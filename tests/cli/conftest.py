from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import Site, served


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path) as site:
        yield site
