from pathlib import Path

import pytest

from installer.journal.vault import Vault
from tests.journal.homes import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def vault(home: Home) -> Vault:
    return home.create_vault()
