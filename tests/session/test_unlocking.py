"""The vault opens ahead, on a thread; nothing is made before something is kept in it."""

from pathlib import Path

import pytest

from installer.domain.credential import Secret
from installer.errors import VaultUnusable
from installer.session.unlocking import Unlocking
from installer.session.vault_state import VAULT

RIGHT, WRONG = Secret("correct horse"), Secret("battery staple")
CHEAP = 2**10


def made(folder: Path) -> str:
    return Unlocking(RIGHT, CHEAP).vault(folder).id


def test_a_vault_begun_ahead_is_the_one_that_stands(folder: Path) -> None:
    stands = made(folder)
    ahead = Unlocking(RIGHT, CHEAP)
    ahead.begin(folder)
    assert ahead.vault(folder).id == stands


def test_one_that_is_made_ahead_stands_nowhere_before_it_is_needed(folder: Path) -> None:
    ahead = Unlocking(RIGHT, CHEAP)
    ahead.begin(folder)
    assert ahead._making is not None
    ahead._making.result()
    assert not list(folder.iterdir())
    vault = ahead.vault(folder)
    assert (folder / VAULT).exists()
    assert Unlocking(RIGHT, CHEAP).vault(folder).id == vault.id


def test_one_that_somebody_else_made_meanwhile_is_opened_instead(folder: Path) -> None:
    ahead = Unlocking(RIGHT, CHEAP)
    ahead.begin(folder)
    stands = made(folder)
    assert ahead.vault(folder).id == stands


def test_a_wrong_passphrase_is_told_at_the_first_need(folder: Path) -> None:
    made(folder)
    ahead = Unlocking(WRONG, CHEAP)
    ahead.begin(folder)
    with pytest.raises(VaultUnusable) as told:
        ahead.vault(folder)
    assert told.value.code == "vault-wrong-key"


def test_without_a_passphrase_nothing_is_begun(folder: Path) -> None:
    ahead = Unlocking(None)
    ahead.begin(folder)
    assert (ahead._opening, ahead._making) == (None, None)
