"""The programs that tests with real components start, and the Debian packages they come in."""

import os
import shutil
import subprocess
from pathlib import Path

from scripts.environment import say

PACKAGES = {
    "curl": "curl",
    "sipp": "sip-tester",
    "soffice": "libreoffice-calc-nogui",
    "strace": "strace",
    "tmux": "tmux",
}
APT = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")


def install_missing() -> None:
    """Installs what is missing where this is Debian and we are root; anywhere else changes nothing.

    A failure is only said: the tests that need a missing program then say so themselves.
    """
    packages = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if not packages or not may_install():
        return
    say(f"installing {', '.join(packages)} …")
    variables = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        [*APT, "update"],
        [*APT, "install", "--yes", "--no-install-recommends", *packages],
    ):
        outcome = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        if outcome.returncode:
            say(f"{' '.join(command)} failed:\n{outcome.stderr.strip()}")


def may_install(release: Path = Path("/etc/os-release")) -> bool:
    """Whether this is Debian, or made from it, and we are root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    fields = dict(line.split("=", 1) for line in release.read_text("utf-8").splitlines() if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    return "debian" in names
