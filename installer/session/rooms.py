"""The composition root: every room a session uses, opened when it is first needed and closed in the end."""

from __future__ import annotations

import ipaddress
import os
import random
import secrets
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from installer.clock import Clock
from installer.domain.credential import RandBelow, Secret
from installer.errors import DiskUnusable, JournalUnusable, UsageFault
from installer.files import make_folder
from installer.session.settings import REHEARSAL, REHEARSAL_PASSPHRASE, Settings
from installer.session.vault_state import VaultNeed, vault_need

if TYPE_CHECKING:
    from installer.alianza.client import Alianza
    from installer.domain.job import PlatformAddress, SiteJob
    from installer.domain.mac import MacAddress
    from installer.domain.registrar import Registrar
    from installer.journal.store import Journal
    from installer.journal.vault import Vault
    from installer.journal.view import JournalView
    from installer.profiles import PlatformProfile, Profiles
    from installer.provisioning.logbook import Records
    from installer.provisioning.visit import Watcher
    from installer.rehearsal.thread import PlatformThread
    from installer.session.signing import Signing
    from installer.session.unlocking import Unlocking

CUSTOM = "custom"
JOURNAL = "journal.sqlite3"
DRAFTS = "drafts"
REBUILT = "journal.rebuilt"
"""What `journal rebuild` writes before it sets the damaged one aside."""
_SHORTEST_WINDOW = 5.0
_REHEARSAL_KDF = 2**10
"""The rehearsal's passphrase is published, so a costly derivation would guard nothing."""


@dataclass
class Rooms:
    """What a session holds. `watcher` is told of every moment of a run.

    Raises UsageFault for a quiet window that is too short for the platform named.
    """

    settings: Settings
    clock: Clock
    watcher: Watcher
    randbelow: RandBelow = secrets.randbelow
    chance: random.Random = field(default_factory=random.SystemRandom)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack)
    _journal: Journal | None = None

    def __post_init__(self) -> None:
        window, platform = self.settings.quiet_window, self.settings.platform
        if window is None or window >= _SHORTEST_WINDOW or (platform is None and not self.settings.base_url):
            return
        if not self.is_rehearsal and not _is_loopback(self.base_url):
            raise UsageFault(
                f"a quiet window of {window:g} s is too short for a platform across a network",
                code="quiet-window",
                remedy=f"{_SHORTEST_WINDOW:g} seconds or more",
            )

    @cached_property
    def home(self) -> Path:
        """The folder that holds all, made private."""
        try:
            for each in (self.settings.home, self.folder):
                make_folder(each)
                each.chmod(0o700)
        except OSError as fault:
            raise DiskUnusable(
                f"the home folder cannot be used: {fault.strerror}",
                code="disk",
                remedy="choose another --home",
            ) from fault
        return self.folder

    @property
    def folder(self) -> Path:
        """Where the home is, or will be once something is kept; a rehearsal has one of its own inside it."""
        return self.settings.home / REHEARSAL if self.is_rehearsal else self.settings.home

    @property
    def is_rehearsal(self) -> bool:
        """Whether this is the embedded rehearsal platform."""
        return self.settings.platform == REHEARSAL and self.settings.base_url is None

    @cached_property
    def profiles(self) -> Profiles:
        """The kit's profiles with the home's overrides."""
        from installer.profiles import Profiles

        override = self.settings.home / "profiles"
        return Profiles.load(override if override.is_dir() else None)

    @cached_property
    def platform_profile(self) -> PlatformProfile | None:
        """The platform's profile, None for a base URL without one. Raises UsageFault."""
        name = self.settings.platform
        if name is None:
            if self.settings.base_url is None:
                raise UsageFault(
                    "no platform is named", code="no-platform", remedy="give --platform or --base-url"
                )
            return None
        profile = self.profiles.platforms.get(name)
        if profile is None:
            known = ", ".join(self.profiles.platforms)
            raise UsageFault(f"no platform profile “{name}”", code="no-platform", remedy=f"one of {known}")
        return profile

    @cached_property
    def rehearsal(self) -> PlatformThread:
        """The embedded platform, started."""
        from installer.session.rehearsing import start_rehearsal

        thread = start_rehearsal(self.home)
        self._closing.callback(thread.stop)
        return thread

    @property
    def quiet_window(self) -> float:
        """Seconds between the two listings of protocol R4."""
        window = self.settings.quiet_window
        if window is None:
            return 2.0 if self.is_rehearsal else 30.0
        return window

    @property
    def registrar(self) -> Registrar:
        """Where lines register, as far as anybody said it."""
        from installer.domain.registrar import Registrar

        if self.is_rehearsal:
            platform = self.rehearsal.platform
            return Registrar(platform.registrar_host, platform.registrar_port, platform.sip_domain, "udp")
        profile = self.platform_profile
        return profile.registrar if profile else Registrar()

    def begin_unlocking(self) -> None:
        """Derive the vault's key on a thread while the rest starts; a failure is told at the first need."""
        self._unlocking.begin(self.folder)

    @cached_property
    def vault(self) -> Vault:
        """The home's vault, unlocked, or made at the first need. Raises VaultUnusable."""
        return self._unlocking.vault(self.home)

    def unlock(self, passphrase: Secret) -> None:
        """Open the vault, or make it, under `passphrase`. Raises VaultUnusable, and all is as before then."""
        from installer.session.unlocking import Unlocking

        self.vault = Unlocking(passphrase).vault(self.home)
        self.settings = replace(self.settings, passphrase=passphrase)

    @cached_property
    def _unlocking(self) -> Unlocking:
        from installer.session.unlocking import Unlocking

        if self.is_rehearsal:
            return Unlocking(Secret(REHEARSAL_PASSPHRASE), cost=_REHEARSAL_KDF)
        return Unlocking(self.settings.passphrase)

    @property
    def journal_path(self) -> Path:
        """Where the journal is. Raises JournalUnusable where its rebuilding was cut short."""
        path = self.folder / JOURNAL
        if not path.exists() and path.with_name(REBUILT).exists():
            raise JournalUnusable(
                "rebuilding the journal was cut short",
                code="rebuild-unfinished",
                remedy="run `punchdown journal rebuild` again",
            )
        return path

    def open_journal(self, path: Path) -> Journal:
        """The journal at `path` for writing, under this home's vault; the caller closes it."""
        from installer.journal.store import Journal

        operator, locks = self.settings.operator, self.home / "locks"
        return Journal.open(path, self.vault, clock=self.clock, operator=operator, locks=locks)

    @cached_property
    def records(self) -> Records:
        """The home's journal, writable: vault unlocked, or made at the first need."""
        from installer.provisioning.logbook import Records

        journal = self.open_journal(self.journal_path)
        self._closing.callback(journal.close)
        self._journal = journal
        return Records(journal, self.vault, self.profiles.gateways)

    @property
    def held_records(self) -> Records | None:
        """The journal where it was opened for writing already."""
        return self.records if self._journal is not None else None

    def dry_records(self, *, sealed: bool = False) -> Records:
        """The home's journal to read and to plan on: what is appended ends with the process, no vault needed.

        Secrets are known where the vault was opened, or opens with what the settings give; where `sealed`
        ones will be read, also by the system's keyring.
        """
        from installer.journal.scratch import ScratchJournal
        from installer.journal.store import Journal
        from installer.provisioning.logbook import Records

        path = self.journal_path
        base: Journal | JournalView | None = None
        opens = self.settings.passphrase is not None or self.is_rehearsal
        if path.exists() and (opens or (sealed and vault_need(self.home) is VaultNeed.NOTHING)):
            _ = self.records
        if self._journal is not None:
            base = self._journal
        elif path.exists():
            base = Journal.open_read_only(path)
            self._closing.callback(base.close)
        return Records(ScratchJournal(base, self.clock), None, self.profiles.gateways)

    async def platform(self) -> Alianza:
        """The platform, signed in once. Raises UsageFault, SignInFailure or NetworkFailure."""
        return await self.signing.platform()

    @cached_property
    def signing(self) -> Signing:
        """Who is signed in."""
        from installer.session.signing import Signing

        return Signing(self, self._closing)

    async def address(self) -> PlatformAddress:
        """What a job is fixed to: profile, base URL and the partition of who is signed in."""
        from installer.domain.job import PlatformAddress

        client = await self.platform()
        return PlatformAddress(*self.named, client.signed_in.partition_id)

    @property
    def named(self) -> tuple[str, str]:
        """Profile and base URL of a job's address, known before anybody signs in. Raises UsageFault."""
        return self.settings.platform or CUSTOM, REHEARSAL if self.is_rehearsal else self.base_url

    def hold_gateways(self, *jobs: SiteJob, others: Collection[MacAddress] = ()) -> ExitStack:
        """The locks of the jobs, their hardware and `others`, held until the stack is closed (protocol R9).

        The records have caught up by then. Raises Busy.
        """
        from installer.session.holding import hold_gateways

        return hold_gateways(self.home / "locks", self._holder, self.records, jobs, others)

    def opening_jobs(self) -> AbstractAsyncContextManager[None]:
        """No other run of the home opens a job meanwhile; the records have caught up. Raises Busy."""
        from installer.session.holding import opening_jobs

        return opening_jobs(self.home / "locks", self._holder, self.records)

    @property
    def _holder(self) -> str:
        return f"{self.settings.operator} (pid {os.getpid()})"

    async def close(self) -> None:
        """Sign out, stop the rehearsal, let go of the journal."""
        await self._closing.aclose()

    @property
    def base_url(self) -> str:
        """Where the platform's API is; the rehearsal is started for it. Raises UsageFault."""
        if self.is_rehearsal:
            return self.rehearsal.platform.url
        profile = self.platform_profile
        return self.settings.base_url or (profile.base_url if profile else "")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
