"""Room on the disk that is kept for the last outcomes."""

from __future__ import annotations

import os
from pathlib import Path

from installer.files import disk_faults, write_whole

RESERVE_LENGTH = 1_000_000


class Reserve:
    """A file of 1 MB that is given up so that the last outcomes fit on a full disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self) -> None:
        """Makes it where it is not, random: a file system may store zeros as nothing. Raises DiskUnusable."""
        if not self._path.exists():
            write_whole(self._path, os.urandom(RESERVE_LENGTH))

    def free(self) -> bool:
        """Gives it up; whether there was one. Raises DiskUnusable."""
        with disk_faults(self._path):
            try:
                self._path.unlink()
            except FileNotFoundError:
                return False
        return True
