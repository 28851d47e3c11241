from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import Site, served


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "PUNCHDOWN_HOME", "PUNCHDOWN_JSON", "PUNCHDOWN_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path) as site:
        yield site
