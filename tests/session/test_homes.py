"""A home that cannot be made, one in which nothing was done, and a vault that opens or stays shut."""

from pathlib import Path
from typing import ClassVar

import pytest

from installer.domain.credential import Secret
from installer.errors import DiskUnusable, VaultUnusable
from installer.session import Session, Settings
from tests.session.office import YES, Technician, Town, rows


@pytest.mark.parametrize("passphrase", [None, Secret("not it")])
async def test_a_locked_vault_stops_every_write_before_it_is_made(
    ada: Technician, town: Town, passphrase: Secret | None
) -> None:
    await ada.prepare(rows(1))
    async with ada.session(passphrase=passphrase) as session:
        with pytest.raises(VaultUnusable):
            await session.visits.apply(ada.sheet(rows(1)), YES)
        with pytest.raises(VaultUnusable):
            await session.visits.apply(None, YES)
    assert not town.requests


async def test_without_passphrase_and_keyring_a_new_home_has_no_vault(
    ada: Technician, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installer.session.unlocking.system_keyring", lambda: None)
    async with ada.session(home=ada.folder / "new", passphrase=None) as session:
        with pytest.raises(VaultUnusable):
            await session.visits.prepare(ada.sheet(rows(1)), YES)
    assert not (ada.folder / "new" / "vault.json").exists()
    assert not town.requests


async def test_a_vault_in_the_systems_keyring_opens_for_a_sheet_with_credentials(
    ada: Technician, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ring:
        kept: ClassVar[dict[str, str]] = {}

        def get(self, name: str) -> str | None:
            return self.kept.get(name)

        def set(self, name: str, value: str) -> None:
            self.kept[name] = value

    monkeypatch.setattr("installer.session.unlocking.system_keyring", Ring)
    changes = {"home": ada.folder / "new", "passphrase": None}
    async with ada.session(**changes) as session:
        await session.visits.apply(ada.sheet(rows(1)), YES)
        sheet = ada.exported(session.visits.runs[0])
    for verb in ("plan", "audit", "apply"):
        async with ada.session(**changes) as session:
            if verb == "apply":
                await session.visits.apply(sheet, YES)
            else:
                await getattr(session.visits, verb)(sheet, YES, None)
            (run,) = session.visits.runs
            assert run.error is None
            assert not run.differences
            assert not session.visits.findings
    assert len(town.writes()) == 2


async def test_a_home_that_cannot_be_made_is_said_before_anything_else(ada: Technician, town: Town) -> None:
    blocked = ada.folder / "file"
    blocked.write_text("in the way")
    async with ada.session(home=blocked / "home") as session:
        with pytest.raises(DiskUnusable):
            await session.visits.prepare(ada.sheet(rows(1)), YES)
    assert not town.requests


@pytest.mark.parametrize(
    "kept", ["journal.sqlite3", "rehearsal/journal.sqlite3", "drafts/D1.csv", "rehearsal/drafts/D1.csv"]
)
def test_a_home_is_untouched_until_a_visit_or_draft_is_kept(folder: Path, kept: str) -> None:
    home = folder / "home"
    assert Session(Settings(home)).is_untouched
    path = home / kept
    path.parent.mkdir(parents=True)
    path.touch()
    assert not Session(Settings(home)).is_untouched
    assert not Session(Settings(home, platform="rehearsal")).is_untouched
