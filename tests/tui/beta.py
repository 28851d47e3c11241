"""A platform that the kit takes for Beta, so that somebody has to sign in and a vault has to be opened."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from installer.domain.credential import Secret
from installer.domain.mac import parse_mac
from installer.journal.vault import Vault
from installer.rehearsal import seed
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from installer.session import Session, Settings
from installer.session.drafting import Draft, editing, filling
from tests.session.office import CHEAP, PASSPHRASE, Town, number
from tests.tui.stage import TOWER, Stage
from tui.app import PunchdownApp
from tui.screens import STEPS

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


@asynccontextmanager
async def screen(settings: Settings, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Stage]:
    """The app on `settings`; what ended it as a defect fails the test."""
    app = PunchdownApp(settings, STEPS)
    async with app.run_test(size=size) as pilot:
        on = Stage(app, pilot)
        try:
            yield on
        except BaseException as failure:
            if app.defect is not None:
                raise app.defect from failure
            failure.add_note(on.text)
            raise
    assert app.defect is None, app.defect


seen = Stage.seen


async def submit(on: Stage, text: str) -> None:
    """Text into the line that has the focus, then Enter."""
    await on.paste(text)
    await on.press("enter")


def planned(session: Session, lines: int = 2, mac: str = "00:50:58:12:34:00") -> Draft:
    """A visit of the tower: one gateway, lines in series, kept as a draft."""
    draft = editing.add_gateway(session.drafting.begin(TOWER, "Tower"), session.drafting.models["4"])
    draft = filling.fill(draft, range(lines), "line_name", "Elevator 1")
    draft = filling.fill(draft, range(lines), "line_use", "elevator")
    for column in ("caller_id", "e911_callback", "inbound_number"):
        draft = filling.fill(draft, range(lines), column, number(0))
    draft = editing.bind_gateway(draft, "GW-1", parse_mac(mac), "SN1")
    session.drafting.keep(draft)
    return draft
