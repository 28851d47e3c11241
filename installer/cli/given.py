"""What the options say before a session begins: its settings but for secrets, and where its home is."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from installer.session import Settings
from installer.text import safe

if TYPE_CHECKING:
    from installer.cli.options import Options


def settings_of(options: Options, home: Path) -> Settings:
    """The session's settings, but for secrets."""
    return Settings(
        home=home,
        platform=options.platform,
        base_url=options.base_url,
        ca_file=options.ca_file,
        username=options.username,
        operator=safe(options.operator or _operator(), 80),
        out=options.out,
        concurrency=options.concurrency,
        deadline=options.deadline,
        quiet_window=options.quiet_window,
    )


def default_home() -> Path:
    """The user's data folder of this kit."""
    from platformdirs import user_data_path

    return user_data_path("punchdown", appauthor=False)


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return ""
