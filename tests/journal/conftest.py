from pathlib import Path

import pytest

from installer.journal.vault import Vault
from tests.journal.homes import Home


@pytest.fixture
def home(folder: Path) -> Home:
    return Home(folder)


@pytest.fixture
def vault(home: Home) -> Vault:
    return home.create_vault()
