# ruff: noqa: PLC0415 - what a process imports is part of what is measured
"""The journal: what a step costs, durable before and after its call, beside a raw append and a slow call."""

import json
import os
import time
from io import FileIO
from pathlib import Path
from statistics import median

from scripts.bench_kit import Measurement, Scale, child, work
from scripts.bench_site import OPERATOR, PASSWORD, account_id, phone

CALL = 0.08
_BODY = json.dumps({"referenceId": "x" * 36, "referenceType": "SPECIALTY_LINE"}).encode()
_ROW = b"x" * 450
_TRANSACTIONS = 2


def measure_journal(scale: Scale, folder: Path) -> list[Measurement]:
    """One step, intended and done: two synced transactions of three rows."""
    found = child("bench_journal", "steps", folder, scale.appends)
    step, raw = found["step"], found["raw"]
    shown = f"{step * 1000:.2f} ms"
    return [
        Measurement(
            "journal, a step",
            shown,
            f"{raw * 1000:.2f} ms, {_TRANSACTIONS} raw appends with fsync",
            step / raw,
        ),
        Measurement("journal, a step beside its call", shown, f"{CALL * 1000:.0f} ms", step / CALL, 0.05),
    ]


def steps(folder: str, count: str) -> dict[str, float]:
    """Median seconds of a step in a journal that grows by `count`, and of raw appends in turn with it."""
    from installer.clock import system_clock
    from installer.domain.credential import Secret
    from installer.domain.gateway import FxsPort, GatewayPlace
    from installer.domain.job import PlatformAddress
    from installer.domain.line import Account
    from installer.domain.numbers import TelephoneNumber
    from installer.journal.events import JobOpened, StepDone, StepIntended, StepSent
    from installer.journal.store import Entry, Journal
    from installer.journal.vault import Vault
    from installer.planning.steps import Action, StepKey
    from installer.provisioning.logbook import Logbook, Records

    home = Path(folder)
    vault = Vault.create(home / "vault.json", passphrase=Secret(PASSWORD), keyring=None, cost=2**10)
    clock = system_clock()
    locks = home / "locks"
    with Journal.open(home / "j.sqlite3", vault, clock=clock, operator=OPERATOR, locks=locks) as journal:
        records = Records(journal, vault, {})
        account = Account(account_id(0), account_id(0), "Site", "ACTIVE")
        opened = JobOpened(PlatformAddress("bench", "http://127.0.0.1", "bench"), account, "Site")
        records.append("J1", Entry(opened))
        logbook = Logbook(records, "J1")
        port = FxsPort(GatewayPlace("GW-1"), 1)
        keys = [
            StepKey(port, Action.ROUTE_NUMBER, TelephoneNumber(phone(0, n)), 1) for n in range(int(count))
        ]
        taken: dict[str, list[float]] = {"step": [], "raw": []}
        with (home / "raw").open("ab", buffering=0) as file:
            for key in keys:
                begun = time.perf_counter()
                frozen = StepIntended(
                    key, "PATCH", f"/{key.number}", logbook.body_mac(_BODY), "line-1", "null"
                )
                logbook.note(Entry(frozen, _BODY), Entry(StepSent(key, 1)))
                logbook.note(Entry(StepDone(key, "line-1", None, ())))
                taken["step"].append(time.perf_counter() - begun)
                taken["raw"].append(_raw(file))
        return {name: median(each) for name, each in taken.items()}


def _raw(file: FileIO) -> float:
    """Seconds that the same number of synced appends to a plain file take."""
    begun = time.perf_counter()
    for _ in range(_TRANSACTIONS):
        file.write(_ROW)
        os.fsync(file.fileno())
    return time.perf_counter() - begun


if __name__ == "__main__":
    work({"steps": steps})
