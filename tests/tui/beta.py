"""A platform that the kit takes for Beta, so that somebody has to sign in and a vault has to be opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.domain.credential import Secret
from installer.domain.mac import parse_mac
from installer.journal.vault import Vault
from installer.rehearsal import seed
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from installer.session import Session, Settings
from installer.session.drafting import Draft, editing
from tests.session.office import CHEAP, PASSPHRASE, Town, written
from tests.tui.stage import Stage

ADA = seed.USERS[0]


@contextmanager
def beta(home: Path) -> Iterator[Town]:
    """The platform, and a home whose profile leads to it."""
    thread = PlatformThread(RehearsalPlatform(home.parent / "platform"))
    folder = home / "profiles" / "platforms"
    folder.mkdir(parents=True)
    (folder / "beta.toml").write_text(
        f'title = "Alianza Beta"\nbase_url = "{thread.platform.url}"\n', "utf-8"
    )
    yield Town(thread)
    thread.stop()


def with_vault(home: Path) -> None:
    """A vault that is cheap to open."""
    Vault.create(home / "vault.json", passphrase=PASSPHRASE, keyring=None, cost=CHEAP)


def ada(home: Path, **more: object) -> Settings:
    """Settings with everything given."""
    known: dict[str, object] = {
        "home": home, "platform": "beta", "username": ADA.username, "password": Secret(ADA.password),
        "passphrase": PASSPHRASE, "operator": "ada", "quiet_window": 0.05, **more,
    }  # fmt: skip
    return Settings(**known)  # type: ignore[arg-type]


async def submit(on: Stage, text: str) -> None:
    """Text into the line that has the focus, then Enter."""
    await on.paste(text)
    await on.press("enter")


def planned(session: Session, lines: int = 2, mac: str = "00:50:58:12:34:00") -> Draft:
    """A visit of the tower: one gateway, lines in series, kept as a draft."""
    draft = editing.bind_gateway(written(session.drafting, lines), "GW-1", parse_mac(mac), "SN1")
    session.drafting.keep(draft)
    return draft
