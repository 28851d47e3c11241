"""Whether this machine and this home are as the kit needs them: one finding per thing looked at."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from installer import __version__
from installer.domain.finding import Finding, Severity
from installer.errors import PunchdownError
from installer.session.rooms import Rooms
from installer.session.vault_state import VAULT
from installer.text import safe

if TYPE_CHECKING:
    from installer.profiles import PlatformProfile

_PARTS = ("httpx", "pydantic", "cryptography", "click", "openpyxl", "xlsxwriter", "reportlab", "qrcode")
_SKEW = timedelta(minutes=2)
_ROOM_WARNED, _ROOM_NEEDED = 100_000_000, 10_000_000
_PROXIES = ("https", "http", "all")


async def examine(rooms: Rooms) -> tuple[Finding, ...]:
    """A note for each thing that is well, a warning or an error with a remedy for each that is not."""
    return (
        *_versions(),
        *_home(rooms.settings.home),
        *_disk(rooms.settings.home),
        *_vault(rooms),
        *_journal(rooms),
        *_proxy(),
        *await _platform(rooms),
    )


def _versions() -> Iterator[Finding]:
    yield _well("python", f"Python {platform.python_version()} on {platform.system()}")
    found = []
    for name in _PARTS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            message = f"the library {name} is missing"
            yield Finding(Severity.ERROR, "library-missing", message, "install punchdown anew, by itself")
    yield _well("versions", ", ".join((f"punchdown {__version__}", *found)))


def _home(home: Path) -> Iterator[Finding]:
    if not home.is_dir():
        yield _well("home", f"{safe(str(home))} will be made at the first need")
        return
    if not os.access(home, os.W_OK | os.X_OK):
        message = f"{safe(str(home))} cannot be written"
        yield Finding(Severity.ERROR, "home-not-writable", message, "make it yours, or give another --home")
        return
    loose = [path for path in (home, *_kept(home)) if _is_open(path)] if os.name == "posix" else []
    for path in loose:
        message, remedy = f"others on this machine may reach {safe(str(path))}", "chmod go-rwx on it"
        yield Finding(Severity.WARNING, "home-open", message, remedy)
    if not loose:
        yield _well("home", f"{safe(str(home))} is private")


def _kept(home: Path) -> Iterator[Path]:
    """What the kit itself keeps there, in the home and in the rehearsal's."""
    for folder in (home, home / "rehearsal"):
        for name in ("journal.sqlite3", VAULT, "locks", "out"):
            path = folder / name
            if path.exists():
                yield path


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _disk(home: Path) -> Iterator[Finding]:
    there = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    message = f"{free // 1_000_000} MB are free where the home is"
    if free >= _ROOM_WARNED:
        yield _well("disk", message)
    else:
        severity = Severity.ERROR if free < _ROOM_NEEDED else Severity.WARNING
        yield Finding(severity, "disk-low", message, "free some space before a visit")


def _vault(rooms: Rooms) -> Iterator[Finding]:
    from installer.journal.vault import system_keyring
    from installer.session.vault_state import VaultNeed, vault_need

    keyring = "the system's keyring answers" if system_keyring() else "no keyring of the system can be used"
    yield _well("keyring", keyring)
    try:
        need = vault_need(rooms.folder)
        if (rooms.folder / VAULT).exists() and (rooms.settings.passphrase or rooms.is_rehearsal):
            _ = rooms.vault
            yield _well("vault", "the vault opens with what was given")
            return
    except PunchdownError as fault:
        yield _ill(fault)
        return
    yield {
        VaultNeed.NOTHING: _well("vault", "the vault's key lies in the system's keyring"),
        VaultNeed.PASSPHRASE: _well("vault", "the vault opens with its passphrase, which was not given"),
        VaultNeed.NEW_PASSPHRASE: _well("vault", "the first job will need --passphrase-file"),
    }[need]


def _journal(rooms: Rooms) -> Iterator[Finding]:
    from installer.journal.store import Journal

    try:
        path = rooms.journal_path
        if not path.exists():
            yield _well("journal", "no job is kept here yet")
            return
        with Journal.open_read_only(path) as view:
            yield _well("journal", f"{view.verify()} rows, every one as it was written")
    except PunchdownError as fault:
        yield _ill(fault)


def _proxy() -> Iterator[Finding]:
    from installer.alianza.origin import without_login

    found = urllib.request.getproxies()
    named = [without_login(found[scheme]) for scheme in _PROXIES if scheme in found]
    yield _well("proxy", f"proxies of the environment: {', '.join(named)}" if named else "no proxy is set")


async def _platform(rooms: Rooms) -> tuple[Finding, ...]:
    """Whether the named platform answers and tells the same time; nobody signs in."""
    if rooms.settings.platform is None and rooms.settings.base_url is None:
        return (_well("platform", "no platform is named: give --platform to look at it too"),)
    if rooms.is_rehearsal:
        return (_well("platform", "the rehearsal platform is part of the kit, and starts with each command"),)
    from installer.alianza.transport import Wire

    settings = rooms.settings
    try:
        caution = tuple(_caution(rooms.platform_profile))
    except PunchdownError as fault:
        return (_ill(fault),)
    try:
        async with Wire(rooms.base_url, ca_file=settings.ca_file, deadline=settings.deadline) as wire:
            reply = await wire.call("GET", ("v2", "authorize"))
    except PunchdownError as fault:
        return (*caution, _ill(fault))
    encrypted = wire.origin.startswith("https:")
    believed = "its certificate is believed" if encrypted else "by plain http, on this machine"
    answers = (*caution, _well("platform", f"{safe(wire.host, 80)} answers, {believed}"))
    if reply.date is None:
        return (*answers, _well("clock", "the platform did not say what time it has"))
    skew = rooms.clock.now() - reply.date
    seconds = f"{abs(skew.total_seconds()):.0f} s {'ahead of' if skew > timedelta() else 'behind'}"
    message = f"this clock is {seconds} the platform's"
    if abs(skew) <= _SKEW:
        return (*answers, _well("clock", message))
    remedy = "set this machine's clock by the network"
    return (*answers, Finding(Severity.WARNING, "clock-skew", message, remedy))


def _caution(profile: PlatformProfile | None) -> Iterator[Finding]:
    if profile is not None and profile.warning:
        yield _well("platform-warning", f"{profile.title}: {profile.warning}")


def _well(code: str, message: str) -> Finding:
    return Finding(Severity.INFO, code, message)


def _ill(fault: PunchdownError) -> Finding:
    return Finding(Severity.ERROR, fault.code, fault.message, fault.remedy)
