import json
import pickle
import stat
from collections.abc import Callable
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.errors import KeyringLocked

from installer.domain.credential import Secret
from installer.errors import DiskUnusable, VaultUnusable
from installer.journal import vault_file
from installer.journal.vault import Keyring, Vault, system_keyring
from tests.journal.homes import CHEAP, PASSPHRASE, Home


class Drawer:
    """A keyring in memory; `forgetful` ones keep nothing."""

    def __init__(self, *, forgetful: bool = False) -> None:
        self.kept: dict[str, str] = {}
        self.forgetful = forgetful

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = "00" * 32 if self.forgetful else value


def code_of(home: Home, passphrase: Secret | None = PASSPHRASE, keyring: Keyring | None = None) -> str:
    with pytest.raises(VaultUnusable) as caught:
        Vault.open(home.vault_path, passphrase=passphrase, keyring=keyring)
    assert caught.value.remedy
    assert PASSPHRASE.reveal() not in str(caught.value)
    return caught.value.code


def rewrite(home: Home, **header: object) -> None:
    """Edits the header as somebody would who knows how the checksum is made."""
    content = json.loads(home.vault_path.read_text())
    wrap = header.pop("wrap", {})
    assert isinstance(wrap, dict)
    content["header"] |= header
    content["header"]["wrap"] |= wrap
    home.vault_path.write_text(json.dumps(content))


def test_a_vault_opens_with_its_passphrase_and_unseals_what_it_sealed(home: Home) -> None:
    made = home.create_vault()
    sealed = made.seal(b"secret", b"row 1")
    opened = home.vault()
    assert opened.unseal(sealed, b"row 1") == b"secret"
    assert opened.id == made.id
    assert opened.mac(b"body") == made.mac(b"body") != made.mac(b"other")
    assert b"secret" not in sealed


def test_the_default_cost_is_that_of_the_design(home: Home) -> None:
    Vault.create(home.vault_path, passphrase=PASSPHRASE, keyring=None)
    assert json.loads(home.vault_path.read_text())["header"]["wrap"]["n"] == 2**17
    home.vault()


def test_two_vaults_share_nothing(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "a").create_vault(), Home(tmp_path / "b").create_vault()
    assert one.id != other.id
    assert one.mac(b"x") != other.mac(b"x")
    with pytest.raises(VaultUnusable):
        other.unseal(one.seal(b"secret", b""), b"")


def test_the_file_is_private_and_holds_no_secret(home: Home) -> None:
    home.create_vault()
    assert stat.S_IMODE(home.vault_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    assert PASSPHRASE.reveal() not in home.vault_path.read_text()
    assert [path.name for path in home.folder.iterdir() if path.is_file()] == ["vault.json"]


def test_a_vault_does_not_print_or_pickle_its_keys(home: Home) -> None:
    vault = home.create_vault()
    assert repr(vault) == f"Vault({vault.id})"
    with pytest.raises(TypeError):
        pickle.dumps(vault)


def test_a_standing_vault_is_never_replaced(home: Home) -> None:
    vault = home.create_vault()
    with pytest.raises(VaultUnusable) as caught:
        home.create_vault()
    assert caught.value.code == "vault-exists"
    assert home.vault().id == vault.id


@pytest.mark.parametrize("cost", [2**9, 2**21, 2**12 + 1])
def test_a_cost_out_of_bounds_is_refused_before_it_is_paid(home: Home, cost: int) -> None:
    home.create_vault()
    rewrite(home, wrap={"n": cost})
    assert code_of(home) == "vault-damaged"


@pytest.mark.parametrize("wrap", [{"r": 2**20}, {"p": 2**20}, {"more": 1}, {"kind": "none"}, {"n": 1024.0}])
def test_no_other_parameter_is_taken_from_the_file(home: Home, wrap: dict[str, object]) -> None:
    home.create_vault()
    rewrite(home, wrap=wrap)
    assert code_of(home) == "vault-damaged"


def test_each_failure_has_its_code(home: Home) -> None:
    assert code_of(home) == "vault-missing"
    home.create_vault()
    assert code_of(home, passphrase=None) == "vault-locked"
    assert code_of(home, passphrase=Secret("")) == "vault-locked"
    assert code_of(home, passphrase=Secret("wrong")) == "vault-wrong-key"
    rewrite(home, version=2)
    assert code_of(home) == "vault-newer"
    home.vault_path.write_bytes(b"{")
    assert code_of(home) == "vault-damaged"
    home.vault_path.unlink()
    home.vault_path.mkdir()
    assert code_of(home) == "vault-damaged"


def test_a_changed_header_does_not_open_even_with_a_right_checksum(home: Home) -> None:
    home.create_vault()
    content = json.loads(home.vault_path.read_text())
    content["header"]["id"] = "ab" * 16
    header = vault_file.Header.model_validate(content["header"])
    content["checksum"] = vault_file.checksum(header, content["nonce"], content["wrapped"])
    home.vault_path.write_text(json.dumps(content))
    assert code_of(home) == "vault-wrong-key"


def test_a_vault_is_not_read_through_a_link(home: Home) -> None:
    home.create_vault()
    moved = home.vault_path.rename(home.folder / "elsewhere.json")
    home.vault_path.symlink_to(moved)
    assert code_of(home) == "vault-damaged"


@pytest.mark.parametrize("aad", [b"", b"row 2"])
def test_a_sealed_value_is_bound_to_its_place(home: Home, aad: bytes) -> None:
    vault = home.create_vault()
    with pytest.raises(VaultUnusable) as caught:
        vault.unseal(vault.seal(b"secret", b"row 1"), aad)
    assert caught.value.code == "vault-damaged"


@pytest.mark.parametrize("length", [0, 1, 11, 12, 27])
def test_a_sealed_value_cut_short_is_damage(home: Home, length: int) -> None:
    vault = home.create_vault()
    with pytest.raises(VaultUnusable):
        vault.unseal(vault.seal(b"secret", b"")[:length], b"")


def test_without_a_passphrase_the_key_goes_into_the_keyring(home: Home) -> None:
    drawer = Drawer()
    vault = Vault.create(home.vault_path, passphrase=None, keyring=drawer)
    (kept,) = drawer.kept.values()
    assert kept not in home.vault_path.read_text()
    opened = Vault.open(home.vault_path, passphrase=None, keyring=drawer)
    assert opened.unseal(vault.seal(b"secret", b""), b"") == b"secret"
    assert code_of(home) == "vault-locked"
    assert code_of(home, keyring=Drawer()) == "vault-locked"
    for wrong in ("00" * 32, "00", "no hex"):
        drawer.kept = {vault.id: wrong}
        assert code_of(home, keyring=drawer) == "vault-wrong-key"


@pytest.mark.parametrize("drawer", [None, Drawer(forgetful=True)])
def test_no_vault_is_made_without_a_place_for_its_key(home: Home, drawer: Drawer | None) -> None:
    with pytest.raises(VaultUnusable) as caught:
        Vault.create(home.vault_path, passphrase=None, keyring=drawer)
    assert caught.value.code == "vault-locked"
    assert not home.vault_path.exists()


def test_a_vault_that_cannot_be_written_is_a_matter_of_the_disk(home: Home) -> None:
    (home.folder / "vault.json.new").mkdir(parents=True)
    with pytest.raises(DiskUnusable) as caught:
        Vault.create(home.vault_path, passphrase=PASSPHRASE, keyring=None, cost=CHEAP)
    assert caught.value.code == "disk-failed"


class Backend(keyring.backend.KeyringBackend):
    """A backend of the desktop, as far as its module says."""

    priority = 1
    __module__ = "keyring.backends.SecretService"

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked
        self.entries[service, username] = password


class PlaintextKeyring(Backend):
    """What keyrings.alt would offer."""

    __module__ = "keyrings.alt.file"


class Chain(PlaintextKeyring):
    """Several backends behind one."""

    __module__ = "keyring.backends.chainer"

    def __init__(self, *backends: keyring.backend.KeyringBackend) -> None:
        super().__init__()
        self.backends = backends


Choose = Callable[[keyring.backend.KeyringBackend], None]


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Choose:
    return lambda backend: monkeypatch.setattr(keyring.core, "_keyring_backend", backend)


@pytest.mark.parametrize(
    "backend",
    [
        keyring.backends.fail.Keyring(),  # type: ignore[no-untyped-call]
        keyring.backends.null.Keyring(),  # type: ignore[no-untyped-call]
        PlaintextKeyring(),
        Chain(PlaintextKeyring()),
    ],
)
def test_no_keyring_in_the_clear_is_ever_used(
    chosen: Choose, backend: keyring.backend.KeyringBackend
) -> None:
    chosen(backend)
    assert system_keyring() is None


def test_the_keyring_of_the_system_keeps_the_key(home: Home, chosen: Choose) -> None:
    backend = Backend()
    chosen(Chain(PlaintextKeyring(), backend))
    vault = Vault.create(home.vault_path, passphrase=None, keyring=system_keyring())
    assert list(backend.entries) == [("punchdown", vault.id)]
    assert Vault.open(home.vault_path, passphrase=None, keyring=system_keyring()).id == vault.id


def test_a_locked_keyring_is_a_locked_vault(home: Home, chosen: Choose) -> None:
    backend = Backend()
    chosen(backend)
    Vault.create(home.vault_path, passphrase=None, keyring=system_keyring())
    backend.locked = True
    assert code_of(home, keyring=system_keyring()) == "vault-locked"
    home.vault_path.unlink()
    with pytest.raises(VaultUnusable) as caught:
        Vault.create(home.vault_path, passphrase=None, keyring=system_keyring())
    assert caught.value.code == "vault-locked"
