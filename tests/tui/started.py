"""The kit as a person starts it, by scripts/run.py, and the way in to the rehearsal that it holds."""

import hashlib
import importlib.util
import json
import shutil
import sys
import sysconfig
import urllib.request
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from installer.clock import system_clock
from installer.domain.credential import Secret
from installer.journal.store import Journal
from installer.journal.vault import Vault
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Logbook, Records
from installer.rehearsal import seed
from installer.rehearsal.control import CONTROL_HEADER
from installer.rehearsal.faults import Rule
from installer.rehearsal.ledger import entry_from_json
from installer.rehearsal.platform import RehearsalPlatform
from installer.session.rooms import JOURNAL
from installer.session.settings import REHEARSAL_PASSPHRASE
from installer.session.vault_state import VAULT
from scripts.environment import ROOT
from tests.crash.scene import Ear
from tests.provisioning.auditor import Auditor
from tests.provisioning.kit import PROFILES, Kit
from tests.provisioning.site import Site

_TOKEN = "the-control-token-of-a-test"
_PLANTED = f"""
import sys
if "installer" in sys.orig_argv:
    from installer.rehearsal.platform import RehearsalPlatform
    RehearsalPlatform.__init__.__kwdefaults__["control_token"] = {_TOKEN!r}
"""
"""Whoever starts a rehearsal platform without a token of their own gets one that the test knows."""


class Checkout:
    """scripts/run.py with a private environment that is ready: nothing is installed, all is this Python's."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        for lock in ROOT.glob("requirements*.lock"):
            shutil.copy(lock, folder)
        environment = _module(folder / "scripts" / "environment.py")
        made = environment.HOME / environment.key(environment.RUN_LOCK)
        environment.create(made, ROOT, Path(sysconfig.get_path("purelib")))
        mark = hashlib.sha256(environment.RUN_LOCK.read_bytes()).hexdigest()
        (made / "installed-run").write_text(mark, "ascii")
        self._planted = folder / "planted"
        self._planted.mkdir()
        (self._planted / "sitecustomize.py").write_text(_PLANTED)
        self._script = folder / "scripts" / "run.py"

    def command(self, *arguments: object) -> list[object]:
        """What a person types."""
        return [sys.executable, self._script, *arguments]

    @property
    def variables(self) -> dict[str, str]:
        """What it is typed among: a home of its own is where it keeps all."""
        return {"PYTHONPATH": str(self._planted)}


class Control:
    """The owner's way in to the rehearsal platform that lives in the screen's process."""

    def __init__(self, rehearsal: Path) -> None:
        self._ports = rehearsal / "ports.json"

    def faults(self, *rules: Rule) -> None:
        """From now on these, counted anew."""
        self._ask("PUT", "faults", [asdict(rule) for rule in rules])

    def expire_tokens(self) -> None:
        """Nobody is signed in any more, and nobody was told."""
        self._ask("POST", "expire-tokens")

    def created(self) -> int:
        """How many lines were made."""
        entries = [entry_from_json(each) for each in json.loads(self._ask("GET", "ledger"))["entries"]]
        return sum(each.committed and each.operation == "create-line" for each in entries)

    def _ask(self, method: str, what: str, given: object = None) -> bytes:
        port, _ = json.loads(self._ports.read_bytes())
        url, body = f"http://127.0.0.1:{port}/_rehearsal/{what}", json.dumps(given).encode()
        request = urllib.request.Request(url, body, {CONTROL_HEADER: _TOKEN}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return bytes(answer.read())


class Rehearsed(Site):
    """What a rehearsal left behind, once nobody runs it any more, and the home that was at work there.

    `auditor` holds it against how every rehearsal begins.
    """

    def __init__(self, home: Path) -> None:
        self.served = False
        self.kits: list[Kit] = []
        self.platform = RehearsalPlatform(home / "before")
        self.auditor = Auditor(self)
        self.platform.desk.close()
        self.platform = RehearsalPlatform(home / "platform")
        self.kits = [_Home(home, self.platform)]


class _Home(Kit):
    """The home that a screen was at work in: the wire was not listened to, all else is read off the disk."""

    def __init__(self, home: Path, platform: RehearsalPlatform) -> None:
        self.name, self.platform, self.user = "screen", platform, seed.USERS[0]
        self.vault = Vault.open(home / VAULT, passphrase=Secret(REHEARSAL_PASSPHRASE), keyring=None)
        self.journal = Journal.open(
            home / JOURNAL, self.vault, clock=system_clock(), operator="test", locks=home / "locks"
        )
        self.records = Records(self.journal, self.vault, PROFILES.gateways)
        self.door = Ear()  # type: ignore[assignment] # what an auditor reads of a door

    def close(self) -> None:
        self.journal.close()

    @property
    def record(self) -> JobRecord:
        (record,) = self.records.all()
        return record

    @property
    def logbook(self) -> Logbook:
        return Logbook(self.records, self.record.job.id)


def _module(path: Path) -> ModuleType:
    """The copy that stands there, which knows its own place."""
    spec = importlib.util.spec_from_file_location("copied_environment", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
