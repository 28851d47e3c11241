"""What the first frame does without."""

import subprocess
import sys

from tests.cli.kit import ROOT

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
