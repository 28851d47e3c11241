"""What the first frame does without."""

import subprocess
import sys
from pathlib import Path

import pytest

from installer.planning.outcome import OutcomeKind
from installer.session import Session, Settings
from tests.cli.kit import ROOT
from tui import words

_LOADED = """\
import sys
import installer.cli.demo, installer.cli.screen, tui.app, tui.screens.signin, tui.screens.visits
print(*{name.split(".")[0] for name in sys.modules})
"""
HEAVY = {"pydantic", "httpx", "sqlite3", "openpyxl", "cryptography", "reportlab", "qrcode", "starlette"}


def test_it_loads_no_library_of_the_engine() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"textual", "tui", "installer"} <= loaded
    assert not HEAVY & loaded


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


def test_every_outcome_has_its_word() -> None:
    assert set(words.OUTCOMES) == {kind.value for kind in OutcomeKind}
