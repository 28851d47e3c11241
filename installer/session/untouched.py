"""Whether a home holds anything yet, told by its files alone: the first frame is drawn before any is read."""

from __future__ import annotations

from pathlib import Path

from installer.session.rooms import DRAFTS, JOURNAL, REBUILT
from installer.session.settings import REHEARSAL


def is_untouched(home: Path) -> bool:
    """Whether neither a visit nor a draft was ever kept in `home`, nor in the rehearsal inside it."""
    folders = (home, home / REHEARSAL)
    try:
        return not any(
            (folder / JOURNAL).exists() or (folder / REBUILT).exists() or any((folder / DRAFTS).glob("*.csv"))
            for folder in folders
        )
    except OSError:
        return False  # who reads it will say what is wrong
